#!/usr/bin/env python3
"""Compares the feeds of two builds, field by field.

    feeds.py REFERENCE_FOLDER SITE_FOLDER [--json FILE] [--show]

Every `.xml` and `.json` below REFERENCE_FOLDER that is RSS or JSON Feed is looked for
below SITE_FOLDER. A field is one value of the feed or of an entry: a title, a link, the
text, a date, an attribute.

What is forgiven:
  * dates of the build, in either feed: they are when it was made, which is no date of a
    page. Such a date is within ten minutes of the feed's own;
  * `None`, which the reference writes for an image without an address and for a length
    or type that is not known. An image without an address is none; an unknown length is 0;
  * the name of the program that made the feed;
  * in RSS, how many blanks follow each other: the reference makes them one, unless a tag
    stands between them, and where tags stand in highlighted code is forgiven.
Texts that are HTML are compared as a browser reads them (whole_pages.py); all others to
the character. Needs the package selectolax.
"""
import argparse
import datetime
import difflib
import email.utils
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

from whole_pages import tokens

BUILD = "the date of the build"


def parsed(text):
    """A date of either kind of feed, in seconds; None if it is none."""
    try:
        return datetime.datetime.fromisoformat(text).timestamp()
    except ValueError:
        pass
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None


def dated(text, built):
    """A date, or that it is the date of the build."""
    moment = parsed(text)
    return BUILD if moment is not None and abs(moment - built) < 600 else text


def of_rss(root, built):
    fields = []

    def add(path, element):
        children = list(element)
        if element.tag == "image" and element.findtext("url") == "None":
            return
        if element.tag in ("pubDate", "lastBuildDate"):
            fields.append((path, dated(element.text, built)))
        elif element.tag == "generator":
            return
        elif element.tag == "description" and "item[" in path:
            fields.append((path, [re.sub(" +", " ", it) for it in tokens(element.text or "")]))
        elif not children:
            fields.append((path, element.text or ""))
        for name, value in sorted(element.attrib.items()):
            if element.tag == "enclosure" and value in ("None", "0") and name == "length":
                value = "unknown"
            fields.append((f"{path}@{name}", value))
        counts = {}
        for child in children:
            nth = counts[child.tag] = counts.get(child.tag, 0) + 1
            add(f"{path}/{child.tag}[{nth}]", child)

    add(root.tag, root)
    return fields


def of_json(value, built):
    fields = []

    def add(path, value):
        if isinstance(value, dict):
            for name, below in value.items():
                add(f"{path}/{name}", below)
        elif isinstance(value, list):
            fields.append((path, f"{len(value)} items"))
            for nth, below in enumerate(value):
                add(f"{path}[{nth}]", below)
        elif path.endswith(("date_modified", "date_published")):
            fields.append((path, dated(value, built)))
        elif path.endswith("content_html"):
            fields.append((path, tokens(value)))
        else:
            fields.append((path, value))

    add("", value)
    return fields


def feed(path, built):
    """The fields of a feed; None if the file is none."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".xml":
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            return [("is XML", str(error))] if "<rss " in text[:400] else None
        return of_rss(root, built) if root.tag == "rss" else None
    value = json.loads(text)
    is_feed = isinstance(value, dict) and "jsonfeed" in str(value.get("version"))
    return of_json(value, built) if is_feed else None


def build_date(folder):
    """When the feeds of a folder were made: what their RSS says, or their files."""
    for path in sorted(folder.rglob("*.xml")):
        text = path.read_text(encoding="utf-8")
        if "<lastBuildDate>" in text:
            said = text.split("<lastBuildDate>", 1)[1].split("<", 1)[0]
            return parsed(said)
    return folder.stat().st_mtime


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=pathlib.Path)
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("--json", metavar="FILE", help="write the counts to a file")
    parser.add_argument("--show", action="store_true", help="print every difference")
    arguments = parser.parse_args()
    built = [build_date(folder) for folder in (arguments.reference, arguments.site)]
    fields = equal = feeds = exact = 0
    files = [*arguments.reference.rglob("*.xml"), *arguments.reference.rglob("*.json")]
    for path in sorted(files):
        expected = feed(path, built[0])
        if expected is None:
            continue
        feeds += 1
        name = path.relative_to(arguments.reference)
        ours = arguments.site / name
        found = feed(ours, built[1]) if ours.is_file() else None
        if found is None:
            print(f"missing: {name}")
            fields += len(expected)
            continue
        a, b = dict(expected), dict(found)
        wrong = [key for key in {**a, **b} if a.get(key) != b.get(key)]
        fields += len({**a, **b})
        equal += len({**a, **b}) - len(wrong)
        exact += not wrong
        if wrong:
            print(f"differs: {name}, in {len(wrong)} of {len({**a, **b})} fields")
        for key in wrong if arguments.show else []:
            print(f"  {key}")
            lines = [value if isinstance(value, list) else [str(value)] for value in (a.get(key), b.get(key))]
            for line in difflib.unified_diff(*lines, n=1, lineterm=""):
                print("    " + line[:300])
    print(f"{exact} of {feeds} feeds and {equal} of {fields} fields are equal")
    if arguments.json:
        counts = {"feeds": feeds, "exact": exact, "fields": fields, "equal": equal}
        pathlib.Path(arguments.json).write_text(json.dumps(counts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
