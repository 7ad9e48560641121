#!/usr/bin/env python3
"""Compares whole pages of two builds: head, header, tabs, nav, table of
contents, content, footer, scripts and the JSON of the theme's settings.

    whole_pages.py REFERENCE_FOLDER SITE_FOLDER [--show PAGE] [--json FILE]

Needs the package selectolax. Every `.html` below REFERENCE_FOLDER is looked for
below SITE_FOLDER, read as a browser reads it, and compared node by node.

What is forgiven, on both sides alike:
  * the order of attributes, the order of classes, and `x="x"` for `x`;
  * white space outside <pre>, <script>, <style> and <textarea>: runs count as
    one blank, and blanks at the edges of an element that starts a new line of
    its own (div, p, li, ..) do not count;
  * comments;
  * inside highlighted code: where one token ends and the next begins (the text
    of the code counts).
Everything else counts, icons and inline scripts to the last character.
"""
import argparse
import difflib
import json
import pathlib
import sys

from selectolax.lexbor import LexborHTMLParser

VERBATIM = {"pre", "script", "style", "textarea"}
INLINE = set(
    "a abbr b bdi bdo br button cite code data del dfn em i img input ins kbd "
    "label mark math q s samp small span strong sub sup svg time u var wbr".split()
)


def attributes(node):
    found = []
    for name, value in sorted(node.attributes.items()):
        value = value or ""
        if value == name:
            value = ""
        if name == "class":
            value = " ".join(sorted(value.split()))
        found.append(f' {name}="{value}"')
    return "".join(found)


def walk(node, out, verbatim):
    """Appends the tokens of `node`'s children."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            text = child.text_content or ""
            out.append("=" + text if verbatim else "=" + squeeze(text))
            continue
        if child.tag.startswith(("-", "_")) or child.tag == "!--":
            continue
        classes = (child.attributes.get("class") or "").split()
        out.append(f"<{child.tag}{attributes(child)}")
        if "highlight" in classes or "highlighttable" in classes:
            out.append("=" + (child.text(deep=True) or ""))
        else:
            walk(child, out, verbatim or child.tag in VERBATIM)
        out.append(f"/{child.tag}")


def squeeze(text):
    """Runs of white space as one blank; other blanks are characters."""
    words = [word for word in text.replace("\t", " ").replace("\n", " ").split(" ")]
    squeezed = []
    for word in words:
        if word or not squeezed or squeezed[-1]:
            squeezed.append(word)
    return " ".join(squeezed)


def is_edge(token):
    name = token[1:].split(" ", 1)[0]
    return token[0] in "</" and name not in INLINE


def tokens(html):
    tree = LexborHTMLParser(html)
    out = []
    for root in (tree.head, tree.body):
        if root is not None:
            out.append(f"<{root.tag}{attributes(root)}")
            walk(root, out, False)
            out.append(f"/{root.tag}")
    html_node = tree.css_first("html")
    out.insert(0, f"<html{attributes(html_node)}" if html_node is not None else "")
    kept = []
    depth = 0  # how many verbatim elements are open
    for at, token in enumerate(out):
        name = token[1:].split(" ", 1)[0]
        if token.startswith("<") and name in VERBATIM:
            depth += 1
        if token.startswith("/") and name in VERBATIM:
            depth -= 1
        if token.startswith("=") and not depth:
            if at and is_edge(out[at - 1]):
                token = "=" + token[1:].lstrip(" ")
            if at + 1 < len(out) and is_edge(out[at + 1]):
                token = "=" + token[1:].rstrip(" ")
            if token == "=":
                continue
        kept.append(token)
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=pathlib.Path)
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("--show", metavar="PAGE", help="print what differs on one page")
    parser.add_argument("--json", metavar="FILE", help="write the counts to a file")
    arguments = parser.parse_args()
    exact, different, missing = [], [], []
    for page in sorted(arguments.reference.rglob("*.html")):
        name = page.relative_to(arguments.reference).as_posix()
        ours = arguments.site / name
        if not ours.is_file():
            missing.append(name)
            continue
        a, b = (tokens(path.read_text(encoding="utf-8")) for path in (page, ours))
        (exact if a == b else different).append(name)
        if name == arguments.show:
            for line in difflib.unified_diff(a, b, "reference", "site", n=2, lineterm=""):
                print(line[:400])
    for name in missing:
        print(f"missing: {name}")
    for name in different:
        print(f"differs: {name}")
    pages = len(exact) + len(different) + len(missing)
    print(f"{len(exact)} of {pages} whole pages are exact")
    if arguments.json:
        counts = {"pages": pages, "exact": len(exact), "differ": different, "missing": missing}
        pathlib.Path(arguments.json).write_text(json.dumps(counts), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
