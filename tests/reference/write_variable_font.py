"""Writes tests/social/variable.ttf with fontTools: a variable font of our own.

Its letters A to Z are bars that are 100 units wide at the weight 100 and 900 at 900, of
1000 by 700 units.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables.TupleVariation import TupleVariation


def bar(width):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in [(0, 700), (width, 700), (width, 0)]:
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


builder = FontBuilder(1000, isTTF=True)
builder.setupGlyphOrder([".notdef", "space", "bar"])
codes = {code: "bar" for code in range(ord("A"), ord("Z") + 1)}
builder.setupCharacterMap({32: "space", **codes})
builder.setupGlyf({".notdef": bar(100), "space": TTGlyphPen(None).glyph(), "bar": bar(100)})
builder.setupHorizontalMetrics({name: (1000, 0) for name in [".notdef", "space", "bar"]})
builder.setupHorizontalHeader(ascent=800, descent=-200)
builder.setupNameTable({"familyName": "Bars", "styleName": "Regular"})
builder.setupOS2(usWeightClass=100, sTypoAscender=800, sTypoDescender=-200)
builder.setupPost(keepGlyphNames=False)
builder.setupFvar([("wght", 100, 100, 900, "Weight")], [])
# The points in their order, then the four of the metrics.
wider = [(0, 0), (0, 0), (800, 0), (800, 0)] + 4 * [(0, 0)]
builder.setupGvar({"bar": [TupleVariation({"wght": (0, 1, 1)}, wider)]})
builder.save(Path(__file__).parents[1] / "social/variable.ttf")
