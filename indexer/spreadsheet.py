"""Rows of cells as CSV lines that any spreadsheet opens right and safely: UTF-8 with a byte order mark, RFC 4180.

What a spreadsheet would run as a formula is kept from it by an apostrophe in front (CWE-1236); numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"
FORMULA = tuple("=+-@\t\r＝＋－＠")  # full-width signs begin formulas in East Asian settings, too

Cell = str | int | float | None


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield each row as a line with its end, the first with the byte order mark in front; nothing for no rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    before = BOM
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        yield before + buffer.getvalue()
        before = ""
        buffer.seek(0)
        buffer.truncate()


def _safe(cell: Cell) -> str | int | float:
    if not isinstance(cell, str):
        return "" if cell is None else cell
    # A lone surrogate, as damaged files have, cannot be written as UTF-8.
    text = cell.encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) else text
