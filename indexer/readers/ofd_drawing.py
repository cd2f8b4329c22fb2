"""A page of an OFD file goes in, a drawing of it comes out as SVG: its text, paths and pictures at their places.

Fonts are those of the machine that shows it, and seals, patterns and shadings are left out, so it is like the page
and not the page; who shows it says so.
"""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape

from lxml import etree

from indexer.errors import UnreadableFile
from indexer.readers.ofd_parts import (
    DEEPEST,
    OfdDocument,
    deltas,
    documents,
    number,
    numbers,
    placed,
)
from indexer.readers.package import Package, attribute, local

# A page of small print has 3,000 glyphs and some kilobytes; a map has a megabyte of paths.
MOST_CHARACTERS = 8_000_000
MOST_OBJECTS = 50_000
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
# What a path says (GB/T 33190 table 33), and how SVG says it; S begins a path anew.
STEPS = {"S": "M", "M": "M", "L": "L", "Q": "Q", "B": "C", "A": "A", "C": "Z"}
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
UNDRAWABLE = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
SANS = ("黑", "hei", "sans", "arial", "calibri", "圆")


def draw(path: str, data: bytes, page: int) -> bytes:
    """Return a page, counted from 1 through all documents of the file, as SVG.

    Raises:
        UnreadableFile: there is no such page, or it holds more than any page.
    """
    left = page
    for document in documents(Package(path, data)):
        for roots in document.pages():
            left -= 1
            if not left:
                return _Drawing(path, document).of(roots)
    raise UnreadableFile(path, f"没有第 {page} 页")


class _Drawing:
    """What is drawn of one page."""

    def __init__(self, path: str, document: OfdDocument) -> None:
        self.path = path
        self.document = document
        self.parts: list[str] = []
        self.held = self.objects = 0

    def of(self, roots: list[etree._Element]) -> bytes:
        """Draw what lies on the page, from the bottom up."""
        for root in roots:
            self._walk(root, 0)
        left, top, width, height = self.document.size(roots[-1]) if roots else [0.0, 0.0, 210.0, 297.0]
        self.parts.insert(
            0,
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{left:g} {top:g} {width:g} {height:g}" width="{width * 5:g}" height="{height * 5:g}">'
            f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" fill="#fff"/>',
        )
        return "".join([*self.parts, "</svg>"]).encode("utf-8", "replace")

    def _add(self, part: str) -> None:
        self.held += len(part)
        if self.held > MOST_CHARACTERS:
            raise UnreadableFile(self.path, "这一页的图形太多，没有绘出")
        self.parts.append(part)

    def _walk(self, element: etree._Element, depth: int) -> None:
        for child in element:
            kind = local(child)
            if kind in ("Content", "Layer", "PageBlock"):
                self._walk(child, depth)
                continue
            if kind not in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
                continue
            self.objects += 1
            if self.objects > MOST_OBJECTS:
                raise UnreadableFile(self.path, "这一页的图形太多，没有绘出")
            if attribute(child, "Visible").lower() == "false":
                continue
            matrix = " ".join(f"{value:g}" for value in placed(child))
            self._add(f'<g transform="matrix({matrix})"{_alpha(child, "opacity")}>')
            if kind == "TextObject":
                self._text(child)
            elif kind == "PathObject":
                self._outline(child)
            elif kind == "ImageObject":
                self._picture(child)
            elif depth < DEEPEST:
                unit = self.document.units.get(attribute(child, "ResourceID"))
                if unit is not None:
                    self._walk(unit, depth + 1)
            self._add("</g>")

    def _text(self, element: etree._Element) -> None:
        size = number(attribute(element, "Size"), 3.0)
        font = self.document.fonts.get(attribute(element, "Font"), "").lower()
        family = "sans-serif" if any(name in font for name in SANS) else "serif"
        bold = ' font-weight="bold"' if number(attribute(element, "Weight"), 400) > 500 else ""
        fill = _paint(element, "FillColor", "fill")
        x = y = 0.0
        for code in element:
            text = code.text or ""
            if local(code) != "TextCode" or not text.strip():
                continue
            x, y = number(attribute(code, "X"), x), number(attribute(code, "Y"), y)
            across, down = _places(x, deltas(attribute(code, "DeltaX"))), _places(y, deltas(attribute(code, "DeltaY")))
            # Without steps, glyphs follow each other as their font has them, which SVG does by itself.
            self._add(
                f'<text x="{across}" y="{down}" font-size="{size:g}" font-family="{family}"{fill}{bold} '
                f'xml:space="preserve">{escape(_drawable(text))}</text>'
            )

    def _outline(self, element: etree._Element) -> None:
        steps = next((child.text or "" for child in element if local(child) == "AbbreviatedData"), "")
        words = [STEPS.get(word) or (word if NUMBER.fullmatch(word) else "") for word in steps.split()]
        filled = attribute(element, "Fill").lower() == "true"
        drawn = attribute(element, "Stroke").lower() != "false"
        fill = _paint(element, "FillColor", "fill") if filled else ' fill="none"'
        stroke = _paint(element, "StrokeColor", "stroke") if drawn else ""
        rule = ' fill-rule="evenodd"' if attribute(element, "Rule") == "Even-Odd" else ""
        width = number(attribute(element, "LineWidth"), 0.353)
        self._add(f'<path d="{" ".join(words)}"{fill}{stroke} stroke-width="{width:g}"{rule}/>')

    def _picture(self, element: etree._Element) -> None:
        name = self.document.media.get(attribute(element, "ResourceID"))
        if name is None:
            return
        data = self.document.package.read(name)
        kind = next((kind for start, kind in PICTURES.items() if data.startswith(start)), None)
        if kind is None or len(data) > MOST_CHARACTERS:
            return
        # A picture fills the unit square; where it has no CTM, its boundary.
        across, down = (
            (1.0, 1.0) if attribute(element, "CTM") else [*numbers(attribute(element, "Boundary")), 1, 1][2:4]
        )
        self._add(
            f'<image width="{across:g}" height="{down:g}" preserveAspectRatio="none" '
            f'xlink:href="data:{kind};base64,{b64encode(data).decode("ascii")}"/>'
        )


def _places(start: float, steps: list[float]) -> str:
    """Return where each glyph begins, along one axis."""
    found = [start]
    for step in steps:
        found.append(found[-1] + step)
    return " ".join(f"{place:g}" for place in found)


def _paint(element: etree._Element, name: str, what: str) -> str:
    """Return a colour of an object as attributes: RGB, grey or CMYK by how many values it has; black where none."""
    colour = next((child for child in element if local(child) == name), None)
    if colour is None:
        return f' {what}="#000"'
    values = [min(255, max(0, round(value))) for value in numbers(attribute(colour, "Value"))]
    if len(values) == 1:
        values *= 3
    if len(values) == 4:
        values = [round((255 - value) * (255 - values[3]) / 255) for value in values[:3]]
    said = f"rgb({','.join(map(str, values))})" if len(values) == 3 else "#000"
    return f' {what}="{said}"{_alpha(colour, f"{what}-opacity")}'


def _alpha(element: etree._Element, what: str) -> str:
    """Return how much is seen through an object or a colour, as an attribute; "" where nothing is."""
    alpha = number(attribute(element, "Alpha"), 255)
    return f' {what}="{max(0.0, alpha) / 255:.3g}"' if alpha < 255 else ""


def _drawable(text: str) -> str:
    """Return a text with spaces for what XML may not hold."""
    return UNDRAWABLE.sub(" ", text)
