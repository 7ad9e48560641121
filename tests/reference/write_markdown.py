"""Writes the .html files of tests/markdown as Python-Markdown prints them.

Arguments are names of cases or what they begin with; all where none is given.
"""

import importlib
import json
import os
import pathlib
import sys

import markdown

ROOT = pathlib.Path(__file__).resolve().parents[1] / "markdown"
INCLUDED = ROOT / "included"
NAME = "!!python/name:"
APPLY = "!!python/object/apply:"


def named(path):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def resolved(value):
    """Options as MkDocs would read them from YAML."""
    if isinstance(value, str) and value.startswith(NAME):
        return named(value.removeprefix(NAME))
    if isinstance(value, list):
        return [resolved(item) for item in value]
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(APPLY):
            key, arguments = next(iter(value.items()))
            return named(key.removeprefix(APPLY))(**resolved(arguments.get("kwds", {})))
        return {key: resolved(item) for key, item in value.items()}
    return value


def converter(folder):
    own = folder / "extensions.json"
    listed = json.loads((own if own.exists() else ROOT / "extensions.json").read_text())
    options = {name: resolved(settings) for name, settings in listed}
    if "pymdownx.snippets" in options:
        options["pymdownx.snippets"]["base_path"] = [str(INCLUDED)]
    return markdown.Markdown(extensions=[name for name, _ in listed], extension_configs=options)


def main(prefixes):
    # Where MkDocs runs, which the paths of other includes are relative to.
    os.chdir(INCLUDED)
    for source in sorted(ROOT.glob("*/*.md")):
        name = f"{source.parent.name}/{source.stem}"
        if source.parent.name == "included" or not name.startswith(tuple(prefixes or [""])):
            continue
        text = source.read_bytes().decode("utf-8-sig")
        html = converter(source.parent).convert(text) + "\n"
        expected = source.with_suffix(".html")
        if not expected.exists() or expected.read_bytes() != html.encode():
            expected.write_bytes(html.encode())
            print(f"rewrote {expected.relative_to(ROOT.parent)}")


main(sys.argv[1:])
