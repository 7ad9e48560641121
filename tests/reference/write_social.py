"""Prints what Material's plugin `social` makes of the site in tests/social, as JSON.

Run it in a copy of that folder, with `mkdocs-material[imaging]` installed:

    cp -r tests/social /tmp/social && cd /tmp/social
    mkdocs build -d site && python .../tests/reference/write_social.py > expected.json

For each page, that is the lines it adds to the head. For each card, it is its size, the
colours of some points, and where in some boxes something is drawn: rows of pixels that
are not like the background, each with its top, bottom, left and right end.
"""

import json
import re
from pathlib import Path

from PIL import Image

WIDE = [[0, 0, 960, 150], [0, 150, 960, 480], [0, 480, 960, 630], [960, 0, 1200, 630]]
OWN = [[0, 20, 640, 175], [250, 180, 550, 240], [500, 300, 800, 420],
       [0, 330, 150, 420], [680, 0, 800, 100]]
WIDE_POINTS = [[3, 3], [940, 400], [1150, 600]]
OWN_POINTS = [[3, 3], [799, 419], [60, 370], [790, 200]]


def is_ink(pixel, background):
    return max(abs(a - b) for a, b in zip(pixel, background)) > 48


def rows(image, box):
    left, top, right, bottom = box
    background = image.getpixel((3, 3))
    found, start = [], None
    for y in range(top, bottom + 1):
        inked = y < bottom and any(
            is_ink(image.getpixel((x, y)), background) for x in range(left, right)
        )
        if inked and start is None:
            start = y
        if not inked and start is not None:
            columns = [
                x for x in range(left, right)
                if any(is_ink(image.getpixel((x, v)), background) for v in range(start, y))
            ]
            found.append([start, y, columns[0], columns[-1] + 1])
            start = None
    return found


site = Path("site")
cards = {}
for path in sorted(site.glob("assets/images/social/**/*.png")):
    image = Image.open(path).convert("RGB")
    is_wide = image.size[0] == 1200
    boxes = WIDE if is_wide else OWN
    points = WIDE_POINTS if is_wide else OWN_POINTS
    cards[str(path.relative_to(site))] = {
        "size": image.size,
        "points": [[*point, *image.getpixel(tuple(point))] for point in points],
        "boxes": [{"box": box, "rows": rows(image, box)} for box in boxes],
    }
pages = {}
for path in sorted(site.glob("**/*.html")):
    lines = path.read_text().splitlines()
    added = [line for line in lines if re.match('<meta property="', line)]
    pages[str(path.relative_to(site))] = added
print(json.dumps({"pages": pages, "cards": cards}, ensure_ascii=False, indent=1))
