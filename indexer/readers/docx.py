"""A DOCX file (and WPS's of the same kind) goes in, its paragraphs and table rows come out in order, numbers computed.

Read from the XML itself: python-docx leaves out what stands in content controls, insertions, smart tags and text
boxes, all of which offices use. Deleted and hidden text is left out; headers and footers are furniture.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from indexer.errors import UnreadableFile
from indexer.readers.docx_numbers import Numbers
from indexer.readers.encoding import clean
from indexer.readers.labels import SEPARATOR
from indexer.readers.package import Package, attribute, local
from indexer.readers.source import Line, SourceText

MAIN = re.compile(r"word/document\d*\.xml")
# What holds other blocks or runs without being text itself.
HOLDERS = frozenset(
    ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")
)
SKIPPED = frozenset(
    ("del", "moveFrom", "pPr", "rPr", "tblPr", "instrText", "delText", "Fallback", "rt", "sdtPr", "footnotePr")
)
# A last cell of so many paragraphs is text, not a value.
PARAGRAPHS = 4


@dataclass(slots=True)
class _Text:
    """A paragraph's text while it is read: finished rows, the open row, text boxes that are anchored in it."""

    rows: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    page: int | None = None


def read(path: str, data: bytes) -> SourceText:
    """Return the lines of a DOCX file.

    Raises:
        UnreadableFile: it is damaged, or holds no text.
    """
    package = Package(path, data)
    reader = _Document(package)
    body = reader.blocks(package.xml(_main_part(package)))
    lines = [*reader.around("header"), *body, *reader.notes(), *reader.around("footer")]
    if not any(line.text for line in lines):
        raise UnreadableFile(path, "Word 文件里没有文字" + ("，只有图片" if reader.pictures else ""))
    pages = reader.page if reader.breaks else None
    if pages is None:
        lines = [replace(line, page=None) for line in lines]
    embedded = tuple(name.rpartition("/")[2] for name in package.names if "/embeddings/" in name)
    return SourceText(path, "docx", hashlib.sha256(data).hexdigest(), tuple(lines), {}, pages, embedded)


def _main_part(package: Package) -> str:
    """Return the member that holds the text: some programs number it."""
    for name in package.names:
        if MAIN.fullmatch(name.lower()):
            return name
    raise UnreadableFile(package.path, "Word 文件缺少正文部分，已损坏")


class _Document:
    """Reads blocks in order, counting pages and list numbers."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.numbers = Numbers(package)
        self.page = 1
        self.breaks = 0
        self.pictures = 0

    def blocks(self, element: etree._Element) -> list[Line]:
        """Return the lines of all paragraphs and tables inside an element."""
        lines: list[Line] = []
        for child in element:
            kind = local(child)
            if kind == "p":
                lines += self._paragraph(child)
            elif kind == "tbl":
                lines += self._table(child)
            elif kind == "AlternateContent":
                lines += self.blocks(_choice(child))
            elif kind in HOLDERS or kind == "body":
                lines += self.blocks(child)
        return lines

    def around(self, kind: str) -> list[Line]:
        """Return headers or footers, each once, as furniture."""
        found: dict[str, None] = {}
        for name in self.package.names:
            if name.lower().startswith(f"word/{kind}") and name.endswith(".xml"):
                aside = _Document(self.package)
                found.update(dict.fromkeys(line.text for line in aside.blocks(self.package.xml(name)) if line.text))
        return [Line(text, None, "furniture", whole=True) for text in found]

    def notes(self) -> list[Line]:
        """Return the text of footnotes and endnotes."""
        lines: list[Line] = []
        for part in ("word/footnotes.xml", "word/endnotes.xml"):
            if self.package.has(part):
                for note in self.package.xml(part):
                    if attribute(note, "type") in ("", "normal"):
                        lines += self.blocks(note)
        return [line for line in lines if line.text]

    def _paragraph(self, element: etree._Element) -> list[Line]:
        text = _Text()
        self._inline(element, text)
        text.rows.append("".join(text.open))
        style, level, label = self.numbers.of(element, any(row.strip() for row in text.rows))
        rows = [clean(row)[0].rstrip() for row in text.rows]
        rows[0] = label + rows[0].lstrip() if label else rows[0]
        page = text.page or self.page
        last = len(rows) - 1
        lines = [Line(row, page, style, level, whole=number == last) for number, row in enumerate(rows)]
        lines = lines if any(row.strip() for row in rows) else []
        return [*lines, *(line for box in text.boxes for line in self.blocks(box))]

    def _inline(self, element: etree._Element, text: _Text) -> None:
        for child in element:
            kind = local(child)
            if kind in SKIPPED or not kind:
                continue
            if kind == "t":
                # Word leaves its page break before the first text of the paragraph that begins a page.
                text.page = text.page or self.page
                text.open.append(child.text or "")
            elif kind in ("tab", "ptab"):
                text.open.append("\t")
            elif kind in ("br", "cr"):
                self._break(child, text)
            elif kind == "lastRenderedPageBreak":
                self._turn()
            elif kind == "noBreakHyphen":
                text.open.append("-")
            elif kind == "txbxContent":
                text.boxes.append(child)
            elif kind == "AlternateContent":
                self._inline(_choice(child), text)
            elif not (kind == "r" and _hidden(child)):
                self.pictures += kind in ("drawing", "pict")
                self._inline(child, text)

    def _break(self, element: etree._Element, text: _Text) -> None:
        if attribute(element, "type") in ("page", "column"):
            return
        text.rows.append("".join(text.open))
        text.open.clear()

    def _turn(self) -> None:
        """Count a page where Word broke it when it last laid the text out."""
        self.page += 1
        self.breaks += 1

    def _table(self, element: etree._Element) -> list[Line]:
        """Return a line a row; a row of one cell, or with paragraphs in its last, gives these one by one."""
        lines: list[Line] = []
        for row in _within(element, "tr"):
            cells = [[line for line in self.blocks(cell) if line.text] for cell in _within(row, "tc")]
            while cells and not cells[-1]:
                cells.pop()
            filled = [cell for cell in cells if cell]
            if len(cells) == 1 or (filled and len(filled[-1]) >= PARAGRAPHS):
                lines += [line for cell in filled for line in cell]
            elif filled:
                joined = SEPARATOR.join(" ".join(line.text for line in cell) for cell in cells)
                lines.append(Line(joined, filled[0][0].page, "table", whole=True))
        return lines


def _within(element: etree._Element, kind: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, those inside content controls and insertions, too."""
    for child in element:
        if local(child) == kind:
            yield child
        elif local(child) in HOLDERS:
            yield from _within(child, kind)


def _choice(element: etree._Element) -> etree._Element:
    """Return the first form of content that is there in several."""
    return next((child for child in element if local(child) == "Choice"), element[0] if len(element) else element)


def _hidden(run: etree._Element) -> bool:
    for properties in run:
        if local(properties) == "rPr":
            return any(
                local(child) in ("vanish", "specVanish") and attribute(child, "val") not in ("0", "false", "off")
                for child in properties
            )
    return False
