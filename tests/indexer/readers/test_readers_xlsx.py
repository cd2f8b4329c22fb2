"""Workbooks give a line a row under each sheet's name; hidden sheets are told."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import openpyxl
import pytest

from indexer.errors import UnreadableFile
from indexer.readers import read_bytes, xlsx
from indexer.readers.source import SourceText


def source(*sheets: tuple[str, list[list[object]]], hidden: str = "") -> SourceText:
    """Return the source of a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    held = io.BytesIO()
    book.save(held)
    return next(read_bytes("a.xlsx", held.getvalue()))


def test_rows_and_values() -> None:
    """Rows are lines with bars; numbers and dates are as a person reads them; empty rows and ends are left out."""
    found = source(
        ("任务", [["序号", "事项", None], [], [1, "供水\n改造", 2.5, None], [2.0, datetime(2024, 3, 15), True]]),
        ("空", []),
        ("分工", [[None, date(2024, 3, 15), time(9, 30), datetime(2024, 3, 15, 9, 30), False]]),
    )
    assert [(line.text, line.style, line.page) for line in found.lines] == [
        ("任务", "heading", 1),
        ("序号 | 事项", "table", 1),
        ("1 | 供水 改造 | 2.5", "table", 1),
        ("2 | 2024-03-15 | 是", "table", 1),
        ("分工", "heading", 3),
        (" | 2024-03-15 | 09:30:00 | 2024-03-15 09:30 | 否", "table", 3),
    ]
    assert (found.format, found.pages, found.notices) == ("xlsx", 3, ())


def test_hidden_sheets_are_told() -> None:
    """A hidden sheet is left out with a notice."""
    found = source(("甲", [["文"]]), ("底稿", [["密"]]), hidden="底稿")
    assert "密" not in found.text
    assert found.notices == ("隐藏的工作表没有读取：底稿",)


def test_empty_and_damaged_workbooks_are_refused() -> None:
    """A workbook without text and one with broken parts are refused in words."""
    with pytest.raises(UnreadableFile, match="没有文字"):
        source(("空", []))
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    broken = held.getvalue().replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet2.xml")
    with pytest.raises(UnreadableFile, match=r"已损坏|没有文字"):
        list(read_bytes("a.xlsx", broken))


def test_a_workbook_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """More cells than any table has are refused."""
    monkeypatch.setattr(xlsx, "MOST_CELLS", 10)
    with pytest.raises(UnreadableFile, match="超过 10 个单元格"):
        source(("大", [[1, 2, 3]] * 5))
