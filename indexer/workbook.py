"""Rows of cells as an XLSX workbook: headed, filtered, wrapped; every text stays a text and no formula is run.

A sheet holds as many rows as spreadsheets take; further ones go to further sheets, and the last one says what the
file is. Rows go out as they come (ECMA-376, texts within their cells): their number costs no memory and no disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from indexer import officefile
from indexer.archive import MOST_BYTES, Member, archive
from indexer.officefile import escaped
from indexer.spreadsheet import Cell

# The limits of the format: rows of a sheet, characters of a cell.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
WIDEST = 60  # of a column, in characters of the heading's size
ABOUT = "说明"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PLAIN, _BOLD, _WRAPPED = range(3)  # cell formats of _STYLES
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
# The format writes control characters as _x0001_, and so a text that looks like one with its sign escaped.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]")


def workbook(
    heading: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int],
    about: Iterable[tuple[str, str]] = (),
) -> Iterator[bytes]:
    """Yield the bytes of a workbook, in parts.

    Args:
        heading: What stands in the first row of each sheet.
        rows: The cells below it.
        widths: Of the columns, in characters of Latin text.
        about: What a last sheet tells of the file, as names and values.
    """
    return archive(_members(heading, iter(rows), widths, tuple(about)))


def _members(
    heading: Sequence[str], rows: Iterator[Sequence[Cell]], widths: Sequence[int], about: tuple[tuple[str, str], ...]
) -> Iterator[Member]:
    ranges: list[str] = []
    row = next(rows, None)
    while row is not None or not ranges:
        sheet = _Sheet(heading, widths)
        start = rows if row is None else chain([row], rows)
        yield f"xl/worksheets/sheet{len(ranges) + 1}.xml", sheet.parts(start)
        ranges.append(sheet.range)
        row = next(rows, None)
    names = [f"Sheet{number}" for number in range(1, len(ranges) + 1)]
    if about:
        names.append(ABOUT)
        yield f"xl/worksheets/sheet{len(names)}.xml", _Sheet((), (16, 80)).parts(iter(about))
    yield "xl/styles.xml", (officefile.XML, _STYLES)
    yield "xl/workbook.xml", (officefile.XML, _book(names, ranges))
    parts = {f"xl/worksheets/sheet{n}.xml": f"{_SPREADSHEET}.worksheet+xml" for n in range(1, len(names) + 1)}
    yield from officefile.package(
        "xl/workbook.xml",
        f"{_SPREADSHEET}.sheet.main+xml",
        {**parts, "xl/styles.xml": f"{_SPREADSHEET}.styles+xml"},
        "；".join(value for _, value in about),
    )


class _Sheet:
    """One sheet: takes rows until it is full."""

    def __init__(self, heading: Sequence[str], widths: Sequence[int]) -> None:
        self._heading, self._widths = heading, widths
        self._rows = 0

    @property
    def range(self) -> str:
        """The cells written, as A1:C7 is."""
        return f"$A$1:${_letters(max(1, len(self._heading)) - 1)}${self._rows}"

    def parts(self, rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
        """Yield the XML of the sheet."""
        yield f'{officefile.XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        if self._heading:
            yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        yield '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
        for number, width in enumerate(self._widths, 1):
            shown = min(width, WIDEST)
            yield f'<col min="{number}" max="{number}" width="{shown}" style="{_WRAPPED}" customWidth="1"/>'
        yield "</cols><sheetData>"
        written = 0
        if self._heading:
            yield self._row(self._heading, _BOLD)
        # A sheet that is full takes no row off the others.
        while self._rows < MOST_ROWS and written < MOST_BYTES and (row := next(rows, None)) is not None:
            told = self._row(row, _WRAPPED)
            written += len(told.encode())
            yield told
        yield "</sheetData>"
        if self._heading:
            yield f'<autoFilter ref="{self.range.replace("$", "")}"/>'
        yield "</worksheet>"

    def _row(self, row: Sequence[Cell], style: int) -> str:
        self._rows += 1
        cells = "".join(
            _cell(f"{_letters(column)}{self._rows}", cell, style)
            for column, cell in enumerate(row)
            if cell not in ("", None)
        )
        return f'<row r="{self._rows}">{cells}</row>'


def _cell(place: str, cell: Cell, style: int) -> str:
    if isinstance(cell, int | float):
        return f'<c r="{place}" s="{style}"><v>{cell!r}</v></c>'
    text = str(cell)
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - 1] + "…"
    text = _CONTROL.sub(lambda sign: f"_x{ord(sign[0]):04X}_", _LOOKS_ESCAPED.sub("_x005F_", text))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def _letters(column: int) -> str:
    """A to Z, AA, AB, …"""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _book(names: Sequence[str], ranges: Sequence[str]) -> str:
    """The list of sheets; the range of each filter has a hidden name, without which some programs call it damaged."""
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n}" hidden="1">{names[n]}!{found}</definedName>'
        for n, found in enumerate(ranges)
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{officefile.RELATIONS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{filters}</definedNames></workbook>"
    )
