"""Writes tests/markdown/colours/expected.json: the classes of Pygments for the code beside it."""

import json
import pathlib

from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

ROOT = pathlib.Path(__file__).resolve().parents[1] / "markdown" / "colours"


def css_class(kind):
    while kind not in STANDARD_TYPES:
        kind = kind.parent
    return STANDARD_TYPES[kind]


def tokens(path):
    """Each token but blanks as [class, text without blanks]."""
    # As pymdownx.highlight asks for lexers.
    lexer = get_lexer_by_name(path.stem, stripnl=True)
    found = lexer.get_tokens(path.read_text().replace("\t", "    "))
    bare = (("".join(text.split()), css_class(kind)) for kind, text in found)
    return [[kind, text] for text, kind in bare if text]


languages = {path.stem: tokens(path) for path in sorted(ROOT.glob("*.txt"))}
lines = (f"{json.dumps(name)}: {json.dumps(found)}" for name, found in languages.items())
(ROOT / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
