"""An element of a flattened page goes in, its text comes out as lines: one a block, one a <br>, one a table row.

White space is what a browser shows, but that a line break in the markup between two Han characters is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from indexer.readers.chrome import words
from indexer.readers.labels import SEPARATOR
from indexer.readers.page import Item, Page, is_chrome
from indexer.readers.source import Line, Style

BLOCKS = words(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th"
    " thead tr ul"
)
SPACES = re.compile("[ \t\n\r\f]+")
INDENT = re.compile("[ \t\n\r\f]*(?:\u3000|\u2003|\xa0{2,})")
WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60“”‘’]")
HEADINGS = {f"h{level}": level for level in range(1, 7)}
NUMBERED = re.compile(r"[\s\u3000]*[(（]?[\d一二三四五六七八九十①-⑳]")
# A cell with more text than this is a column of the page's layout.
LONGEST_CELL = 2000
# A last cell of so many paragraphs is text, not a value.
PARAGRAPHS = 4


@dataclass(slots=True)
class _Writer:
    """Collects inline text and makes lines of it at block ends and line breaks."""

    lines: list[Line] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    style: Style = ""
    level: int | None = None
    number: str = ""
    broken: bool = False

    def end(self, block: bool) -> None:
        """End a line; where a <br> ended the line before, tell now whether that line was a whole paragraph."""
        raw = "".join(self.parts)
        self.parts.clear()
        text = shown(raw)
        if self.broken and self.lines and (not text or INDENT.match(raw)):
            self.lines[-1] = _whole(self.lines[-1])
        if text:
            if self.number and not NUMBERED.match(text):
                text = self.number + text
            self.number = ""
            self.lines.append(Line(text, None, self.style, self.level, whole=block))
        self.broken = not block

    def put(self, text: str, style: Style) -> None:
        """Add a finished line."""
        self.lines.append(Line(text, None, style, whole=True))


def lines_of(page: Page, root: int, skip: Collection[int] = (), chrome: bool = False) -> list[Line]:
    """Return the lines of an element, without the elements at `skip` and, unless `chrome`, without menus in it."""
    writer = _Writer()
    items, whole = page.items, page.items[root].prose
    open_blocks: list[tuple[int, Item]] = []
    numbers: dict[int, int] = {}
    at, end = root, items[root].end
    while at < end:
        while open_blocks and open_blocks[-1][0] <= at:
            _leave(writer, open_blocks)
        item = items[at]
        if at != root and (at in skip or (not chrome and is_chrome(page, at, whole))):
            writer.end(True)
            at = item.end
            continue
        if item.tag == "-text":
            _add(writer, item.text, any(block.tag == "pre" for _, block in open_blocks[-3:]))
        elif item.tag == "br":
            writer.end(False)
        elif item.tag == "table" and (rows := _rows(page, at)):
            writer.end(True)
            for row in rows:
                _row(page, row, writer)
            at = item.end
            continue
        elif item.tag in BLOCKS:
            writer.end(True)
            open_blocks.append((item.end, item))
            _restyle(writer, open_blocks)
            if item.tag == "li":
                writer.number = _number(page, item, numbers)
        at += 1
    while open_blocks:
        _leave(writer, open_blocks)
    writer.end(True)
    if writer.lines:
        writer.lines[-1] = _whole(writer.lines[-1])
    return writer.lines


def shown(raw: str) -> str:
    """Return text as a browser shows it, without white space at its ends."""
    return SPACES.sub(lambda gap: _gap(raw, gap), raw).replace("\xa0", " ").strip()


def _gap(raw: str, gap: re.Match[str]) -> str:
    before, after = gap.start() - 1, gap.end()
    if "\n" in gap[0] and before >= 0 and after < len(raw) and WIDE.match(raw[before]) and WIDE.match(raw[after]):
        return ""
    return " "


def _add(writer: _Writer, text: str, preformatted: bool) -> None:
    if not preformatted:
        writer.parts.append(text)
        return
    for row_number, row in enumerate(text.split("\n")):
        if row_number:
            writer.end(False)
        writer.parts.append(row)


def _leave(writer: _Writer, open_blocks: list[tuple[int, Item]]) -> None:
    writer.end(True)
    if writer.lines:
        # What ends a block ends a paragraph, even after a last <br>.
        writer.lines[-1] = _whole(writer.lines[-1])
    open_blocks.pop()
    _restyle(writer, open_blocks)


def _restyle(writer: _Writer, open_blocks: list[tuple[int, Item]]) -> None:
    """Take the style from the innermost block that has one."""
    writer.style, writer.level = "", None
    for _, block in open_blocks[:-4:-1]:
        if block.tag in HEADINGS:
            writer.style, writer.level = "heading", HEADINGS[block.tag]
            return
        if block.tag in ("li", "dd", "dt"):
            writer.style = "list"
            return


def _number(page: Page, item: Item, numbers: dict[int, int]) -> str:
    """Return the number that a browser shows before an item of an <ol>, which is no text of the page."""
    parent = page.items[item.parent]
    if parent.tag != "ol" or "none" in (parent.attributes.get("style") or ""):
        return ""
    start = parent.attributes.get("start") or ""
    numbers[item.parent] = numbers.get(item.parent, int(start) - 1 if start.isdecimal() and len(start) < 6 else 0) + 1
    return f"{numbers[item.parent]}. "


def _rows(page: Page, table: int) -> list[list[int]]:
    """Return the cells of each row of a table of data; [] for a table that only lays out the page."""
    items = page.items
    inside = range(table + 1, items[table].end)
    # Before any cell is measured: the outer cells of tables in tables hold all the others.
    if any(items[at].tag == "table" or (items[at].tag == "caption" and page.text(at).strip()) for at in inside):
        return []
    rows: list[list[int]] = []
    for at in inside:
        tag = items[at].tag
        if tag == "tr":
            rows.append([])
        elif tag in ("td", "th") and rows:
            if sum(len(item.text) for item in items[at : items[at].end]) > LONGEST_CELL:
                return []
            rows[-1].append(at)
    return rows if any(len(row) > 1 for row in rows) else []


def _row(page: Page, row: list[int], writer: _Writer) -> None:
    cells = [lines_of(page, cell, chrome=True) for cell in row]
    filled = [cell for cell in cells if cell]
    if len(row) == 1 or (filled and len(filled[-1]) >= PARAGRAPHS):
        # 会议内容 | its paragraphs: a form around the text, not a table of data.
        for line in (line for cell in filled for line in cell):
            writer.put(line.text, "table")
    elif filled:
        while not cells[-1]:
            cells.pop()
        writer.put(SEPARATOR.join(" ".join(line.text for line in cell) for cell in cells), "table")


def _whole(line: Line) -> Line:
    return line if line.whole else Line(line.text, line.page, line.style, line.level, whole=True)
