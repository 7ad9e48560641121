"""Writes tests/overrides/expected.json and blog.json as MkDocs with Material builds the sites."""

import json
import pathlib
import re
import tempfile

from mkdocs.commands.build import build
from mkdocs.config import load_config

FOLDER = pathlib.Path(__file__).parents[1] / "overrides"
PART = re.compile(r"<!--x (.*?)-->(.*?)<!--/x-->", re.DOTALL)


def write(site, expected):
    path = FOLDER / expected
    known = json.loads(path.read_text())
    with tempfile.TemporaryDirectory() as built:
        config = load_config(str(FOLDER / site / "mkdocs.yml"), site_dir=built)
        build(config)
        for name, parts in known.items():
            text = (pathlib.Path(built) / name).read_text()
            found = {}
            for part, inside in PART.findall(text):
                found.setdefault(part, inside)
            for part in parts:
                parts[part] = found[part] if part else text
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")


write("site", "expected.json")
write("blog", "blog.json")
