"""Rows of cells as an XLSX workbook: headed, filtered, wrapped; every text stays a text and no formula is run.

A sheet holds as many rows as spreadsheets take; further ones go to further sheets. Written through a temporary file,
so that the number of rows costs little memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from indexer.spreadsheet import Cell

# The limits of the format: rows of a sheet, characters of a cell.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
CHUNK = 1 << 16
WIDEST = 60  # of a column, in characters of the heading's size
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(heading: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> Iterator[bytes]:
    """Yield the bytes of a workbook, in parts; `widths` are of the columns, in characters of Latin text."""
    # Loaded when a workbook is asked for: nothing else of the package needs it.
    from xlsxwriter import Workbook

    with tempfile.TemporaryFile() as file:
        with Workbook(file, OPTIONS) as book:
            bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
            sheet, place = None, MOST_ROWS
            for row in rows:
                if sheet is None or place == MOST_ROWS:
                    sheet, place = _sheet(book, heading, widths, bold, wrapped), 1
                _write(sheet, place, row, wrapped)
                sheet.autofilter(0, 0, place, len(heading) - 1)
                place += 1
            if sheet is None:
                _sheet(book, heading, widths, bold, wrapped)
        file.seek(0)
        while part := file.read(CHUNK):
            yield part


def _sheet(book: Any, heading: Sequence[str], widths: Sequence[int], bold: Any, wrapped: Any) -> Any:
    """Add a sheet with its heading row."""
    sheet = book.add_worksheet()  # the library has no types
    sheet.freeze_panes(1, 0)
    for column, (name, width) in enumerate(zip(heading, widths, strict=True)):
        sheet.set_column(column, column, min(width, WIDEST), wrapped)
        sheet.write_string(0, column, name, bold)
    return sheet


def _write(sheet: Any, place: int, row: Sequence[Cell], wrapped: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int | float):
            sheet.write_number(place, column, cell, wrapped)
        elif cell:
            text = cell.encode("utf-8", "replace").decode("utf-8")
            shown = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
            sheet.write_string(place, column, shown, wrapped)
