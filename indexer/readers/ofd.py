"""An OFD file (GB/T 33190) goes in, the rows of its pages come out in reading order, with what is attached to it.

Text stands where its page, the page's templates and composite units put it; nothing is drawn.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from indexer.errors import UnreadableFile
from indexer.readers.encoding import clean
from indexer.readers.layout import Piece, arrange, lines_of_pages
from indexer.readers.package import Package, attribute, local
from indexer.readers.source import SourceText

# a b c d e f as in GB/T 33190 8.3: x' = ax + cy + e, y' = bx + dy + f
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
MOST_PAGES = 5000
MOST_PIECES = 200_000
# Composite units may hold composite units; no real file nests them deeper than 2.
DEEPEST = 8
MOST_DELTAS = 100_000
# A glyph that stands further from the last than this many sizes has a space before it.
SPREAD = 1.45


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text: its first glyph's origin, the vector to the end of its last glyph, its size and direction."""

    x: float
    y: float
    end_x: float
    end_y: float
    size: float
    quarter: int
    text: str


def read(path: str, data: bytes) -> SourceText:
    """Return the rows of an OFD file.

    Raises:
        UnreadableFile: it is damaged or encrypted, or its pages hold no text but drawings or pictures.
    """
    package = Package(path, data)
    if not package.has("OFD.xml"):
        raise UnreadableFile(path, "OFD 文件缺少 OFD.xml，已损坏")
    pages: list[list[str]] = []
    attachments: list[str] = []
    drawn = 0
    for root in _all(package.xml("OFD.xml"), "DocRoot"):
        document = package.find("", root.text or "")
        if document is None:
            raise UnreadableFile(path, "OFD 文件缺少文档描述，已损坏")
        reader = _Document(package, document)
        for runs in reader.pages():
            pages.append([row for row in (clean(row)[0].rstrip() for row in arrange(list(_pieces(runs)))) if row])
            if len(pages) > MOST_PAGES:
                raise UnreadableFile(path, f"OFD 超过 {MOST_PAGES} 页的上限；请拆分后再试")
        attachments += reader.attachments()
        drawn += reader.drawn
    lines = lines_of_pages(pages)
    if not lines:
        raise UnreadableFile(
            path, "OFD 的页面只有图形或图片，没有可读的文字；请用原文件或识别后的文件" if drawn else "OFD 里没有文字"
        )
    digest = hashlib.sha256(data).hexdigest()
    return SourceText(path, "ofd", digest, lines, {}, len(pages), tuple(attachments))


class _Document:
    """One document of an OFD file: its pages, templates, composite units and attachments."""

    def __init__(self, package: Package, name: str) -> None:
        self.package = package
        self.name = name
        self.root = package.xml(name)
        self.drawn = 0
        self._pieces = 0
        self._templates = {
            attribute(page, "ID"): attribute(page, "BaseLoc") for page in _all(self.root, "TemplatePage")
        }
        self._units: dict[str, etree._Element] = {}
        for part in ("PublicRes", "DocumentRes"):
            for element in _all(self.root, part):
                resource = package.find(name, element.text or "")
                if resource is not None:
                    for unit in _all(package.xml(resource), "CompositeGraphicUnit"):
                        self._units[attribute(unit, "ID")] = unit

    def pages(self) -> Iterator[list[Run]]:
        """Yield the runs of each page in order, those of its templates with them."""
        for page in _all(self.root, "Page"):
            name = self.package.find(self.name, attribute(page, "BaseLoc"))
            self._pieces = 0
            if name is None:
                yield []
                continue
            content = self.package.xml(name)
            runs: list[Run] = []
            for template in _all(content, "Template"):
                location = self._templates.get(attribute(template, "TemplateID"))
                found = self.package.find(self.name, location) if location else None
                if found is not None:
                    runs += self._runs(self.package.xml(found), IDENTITY, 0)
            yield runs + list(self._runs(content, IDENTITY, 0))

    def attachments(self) -> list[str]:
        """Return the names of the attached files."""
        found: list[str] = []
        for element in self.root:
            if local(element) == "Attachments":
                listed = self.package.find(self.name, element.text or "")
                if listed is not None:
                    found += [attribute(item, "Name") for item in _all(self.package.xml(listed), "Attachment")]
        return [clean(name)[0] for name in found if name]

    def _runs(self, element: etree._Element, matrix: Matrix, depth: int) -> Iterator[Run]:
        """Walk through layers, blocks and units; an object's own matrix is applied before that of what holds it."""
        for child in element:
            kind = local(child)
            if kind in ("Content", "Layer", "PageBlock"):
                yield from self._runs(child, matrix, depth)
            elif kind == "TextObject":
                yield from self._text(child, _times(_placed(child), matrix))
            elif kind in ("PathObject", "ImageObject"):
                self.drawn += 1
            elif kind == "CompositeObject" and depth < DEEPEST:
                unit = self._units.get(attribute(child, "ResourceID"))
                if unit is not None:
                    yield from self._runs(unit, _times(_placed(child), matrix), depth + 1)

    def _text(self, element: etree._Element, matrix: Matrix) -> Iterator[Run]:
        size = _number(attribute(element, "Size"), 3.0)
        x = y = 0.0
        for code in element:
            text = code.text or ""
            if local(code) != "TextCode" or not text.strip():
                continue
            self._pieces += 1
            if self._pieces > MOST_PIECES:
                raise UnreadableFile(self.package.path, "OFD 的一页上文字对象太多，没有读取")
            x, y = _number(attribute(code, "X"), x), _number(attribute(code, "Y"), y)
            yield _run(text, x, y, size, _deltas(attribute(code, "DeltaX")), _deltas(attribute(code, "DeltaY")), matrix)


def _run(text: str, x: float, y: float, size: float, across: list[float], down: list[float], matrix: Matrix) -> Run:
    """Place a run of glyphs, with spaces where the glyphs are spread."""
    width = len(text) - 1
    steps = across or ([0.0] * len(down) if down else [size] * width)
    shown: list[str] = []
    for at, glyph in enumerate(text):
        step = steps[at - 1] if 0 < at <= len(steps) else 0.0
        gap = step / size if size else 0.0
        shown.append(("  " if gap > 2 * SPREAD else " " if gap > SPREAD else "") + glyph)
    end_x = x + sum(steps[:width]) + size * 0.9
    end_y = y + sum(down[:width])
    a, b, c, d, e, f = matrix
    scale = max((abs(a * d - b * c)) ** 0.5, 1e-6)
    quarter = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
    start, end = (a * x + c * y + e, b * x + d * y + f), (a * end_x + c * end_y + e, b * end_x + d * end_y + f)
    return Run(*start, *end, size * scale, quarter, "".join(shown))


def _pieces(runs: list[Run]) -> Iterator[Piece]:
    """Turn a page so that most of its text runs from left to right, and give each run its box."""
    turn = Counter(run.quarter for run in runs).most_common(1)[0][0] if runs else 0
    for run in runs:
        x0, y0 = _turned(run.x, run.y, turn)
        x1, y1 = _turned(run.end_x, run.end_y, turn)
        top, bottom = min(y0, y1) - 0.8 * run.size, max(y0, y1) + 0.2 * run.size
        yield Piece(min(x0, x1), top, max(x0, x1), bottom, run.text)


def _turned(x: float, y: float, quarter: int) -> tuple[float, float]:
    return ((x, y), (y, -x), (-x, -y), (-y, x))[quarter]


def _placed(element: etree._Element) -> Matrix:
    """Return an object's matrix: its CTM, moved to the corner of its boundary."""
    left, top = [*_numbers(attribute(element, "Boundary")), 0.0, 0.0][:2]
    own = _numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else IDENTITY
    return a, b, c, d, e + left, f + top


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies `inner` first."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _deltas(text: str) -> list[float]:
    """Return the steps between glyphs; `g 3 5` stands for 5 5 5."""
    words = text.split()[:MOST_DELTAS]
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < MOST_DELTAS:
        if words[at] == "g" and at + 2 < len(words):
            count = int(_number(words[at + 1], 0))
            found += [_number(words[at + 2], 0)] * max(0, min(count, MOST_DELTAS - len(found)))
            at += 3
        else:
            found.append(_number(words[at], 0))
            at += 1
    return found


def _numbers(text: str) -> list[float]:
    return [_number(word, 0.0) for word in text.split()[:6]]


def _number(text: str, default: float) -> float:
    try:
        number = float(text)
    except ValueError:
        return default
    return number if abs(number) < 1e7 else default


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iter() if local(element) == name]
