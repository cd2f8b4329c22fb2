"""Pages as a scanner gives them: paragraphs go in, pictures of A4 pages come out, straight or skewed, clean or grainy.

The type is Noto CJK of Debian's fonts-noto-cjk, of 16 points as GB/T 9704 sets it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
from PIL import Image, ImageDraw, ImageFont
from wrapped import typeset

FONTS = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED = 2  # the face of a Noto CJK collection
A4 = (210, 297)
DOTS = 200
POINTS, LEADING = 16, 28


def scan(
    paragraphs: Sequence[str], font: str = "NotoSerifCJK-Regular.ttc", skew: float = 0.0, grain: float = 0.0
) -> list[Any]:
    """Return the pages as pictures of 200 dots an inch; `skew` is in degrees, `grain` how far a dot may be off."""
    face = ImageFont.truetype(str(FONTS / font), round(POINTS / 72 * DOTS), index=SIMPLIFIED)
    return [_page(rows, face, skew, grain) for _, rows in typeset(paragraphs)]


def saved(pictures: Sequence[Any], kind: str) -> bytes:
    """Return pictures as one file: TIFF or PDF, or the first one alone as any other kind."""
    held = io.BytesIO()
    more = {} if kind not in ("TIFF", "PDF") else {"save_all": True, "append_images": pictures[1:], "resolution": DOTS}
    pictures[0].save(held, kind, **more)
    return held.getvalue()


def distance(one: str, other: str) -> int:
    """Return how many characters must be put in, left out or changed (Levenshtein 1966)."""
    before = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        now = [at]
        for place, its in enumerate(other, 1):
            now.append(min(before[place] + 1, now[-1] + 1, before[place - 1] + (sign != its)))
        before = now
    return before[-1]


def _page(rows: Sequence[str], face: Any, skew: float, grain: float) -> Any:
    page = Image.new("L", (_dots(A4[0]), _dots(A4[1])), 255)
    pen = ImageDraw.Draw(page)
    for at, row in enumerate(rows):
        pen.text((_dots(28), _dots(37) + at * round(LEADING / 72 * DOTS)), row, fill=0, font=face)
    if skew:
        page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if grain:
        noise = numpy.random.default_rng(1).normal(0, grain, (page.height, page.width))
        page = Image.fromarray((numpy.asarray(page) + noise).clip(0, 255).astype(numpy.uint8))
    return page


def _dots(millimetres: float) -> int:
    return round(millimetres / 25.4 * DOTS)
