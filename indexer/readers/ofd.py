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
from indexer.readers.ofd_parts import DEEPEST, IDENTITY, Matrix, OfdDocument, deltas, documents, number, placed, times
from indexer.readers.package import Package, attribute, local
from indexer.readers.source import SourceText

MOST_PAGES = 5000
MOST_PIECES = 200_000
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
    pages: list[list[str]] = []
    attachments: list[str] = []
    drawn = 0
    for document in documents(package):
        texts = _Texts(document)
        for runs in texts.pages():
            pages.append([row for row in (clean(row)[0].rstrip() for row in arrange(list(_pieces(runs)))) if row])
            if len(pages) > MOST_PAGES:
                raise UnreadableFile(path, f"OFD 超过 {MOST_PAGES} 页的上限；请拆分后再试")
        attachments += document.attachments()
        drawn += texts.drawn
    lines = lines_of_pages(pages)
    if not lines:
        raise UnreadableFile(
            path, "OFD 的页面只有图形或图片，没有可读的文字；请用原文件或识别后的文件" if drawn else "OFD 里没有文字"
        )
    digest = hashlib.sha256(data).hexdigest()
    return SourceText(path, "ofd", digest, lines, {}, len(pages), tuple(attachments))


class _Texts:
    """The text objects of one document's pages; `drawn` counts what is drawn and no text."""

    def __init__(self, document: OfdDocument) -> None:
        self.document = document
        self.drawn = 0
        self._pieces = 0

    def pages(self) -> Iterator[list[Run]]:
        """Yield the runs of each page in order, those of its templates with them."""
        for roots in self.document.pages():
            self._pieces = 0
            yield [run for root in roots for run in self._runs(root, IDENTITY, 0)]

    def _runs(self, element: etree._Element, matrix: Matrix, depth: int) -> Iterator[Run]:
        """Walk through layers, blocks and units; an object's own matrix is applied before that of what holds it."""
        for child in element:
            kind = local(child)
            if kind in ("Content", "Layer", "PageBlock"):
                yield from self._runs(child, matrix, depth)
            elif kind == "TextObject":
                yield from self._text(child, times(placed(child), matrix))
            elif kind in ("PathObject", "ImageObject"):
                self.drawn += 1
            elif kind == "CompositeObject" and depth < DEEPEST:
                unit = self.document.units.get(attribute(child, "ResourceID"))
                if unit is not None:
                    yield from self._runs(unit, times(placed(child), matrix), depth + 1)

    def _text(self, element: etree._Element, matrix: Matrix) -> Iterator[Run]:
        size = number(attribute(element, "Size"), 3.0)
        x = y = 0.0
        for code in element:
            text = code.text or ""
            if local(code) != "TextCode" or not text.strip():
                continue
            self._pieces += 1
            if self._pieces > MOST_PIECES:
                raise UnreadableFile(self.document.package.path, "OFD 的一页上文字对象太多，没有读取")
            x, y = number(attribute(code, "X"), x), number(attribute(code, "Y"), y)
            yield _run(text, x, y, size, deltas(attribute(code, "DeltaX")), deltas(attribute(code, "DeltaY")), matrix)


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
