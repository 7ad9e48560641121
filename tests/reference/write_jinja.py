"""Writes what Jinja2 gives for the templates of src/theme/tests/jinja.json."""

import datetime
import json
import pathlib

import jinja2
import mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.theme import Theme

PATH = pathlib.Path(__file__).parents[2] / "src/theme/tests/jinja.json"


def context():
    """What MkDocs would pass to a template of the site of src/theme/tests."""
    config = MkDocsConfig()
    config.load_dict({"site_name": "Example", "extra": {"a": {"b": 1}}})
    items = [Link("Home", ""), Section("Part", []), Link("Forum", "https://forum.example/")]
    return {
        "config": config,
        "nav": Navigation(items, []),
        "build_date_utc": datetime.datetime(2025, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc),
        "mkdocs_version": mkdocs.__version__,
    }


def rows(cases):
    """A line for each case."""
    return ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases)


def main():
    known = json.loads(PATH.read_text())
    environment = Theme(name="mkdocs").get_env()
    for case in known["cases"] + known["differences"]:
        files = known["files"] | {"main.html": case[0]}
        environment.loader = jinja2.DictLoader(files)
        environment.cache.clear()
        try:
            case[1] = environment.get_template("main.html").render(context())
        except Exception:  # noqa: BLE001
            case[1] = None
    PATH.write_text(
        '{\n "files": ' + json.dumps(known["files"], indent=1)
        + ',\n "cases": [\n' + rows(known["cases"])
        + '\n ],\n "differences": [\n' + rows(known["differences"]) + "\n ]\n}\n"
    )


main()
