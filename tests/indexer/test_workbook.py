"""A workbook that spreadsheets open: texts as texts, within the limits of the format."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import load_workbook

from indexer import workbook as module
from indexer.spreadsheet import Cell
from indexer.workbook import workbook


def sheets(rows: Sequence[Sequence[Cell]]) -> list[list[tuple[object, ...]]]:
    """The cells of each sheet of a workbook with two columns."""
    data = b"".join(workbook(("甲", "乙"), rows, (10, 200)))
    return [list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(data)).worksheets]


def test_cells_are_what_they_were() -> None:
    """Texts that look like formulas, links or numbers stay texts; numbers are numbers; nothing is empty."""
    rows = [("=1+1", "https://a.cn"), ("007", 7), (None, 0.5), ("", "第一行\n第二行")]
    (found,) = sheets(rows)
    assert found[0] == ("甲", "乙")
    assert found[1:] == [("=1+1", "https://a.cn"), ("007", 7), (None, 0.5), (None, "第一行\n第二行")]


def test_formulas_do_not_run() -> None:
    """A text that begins with = is stored as a string, not as a formula."""
    data = b"".join(workbook(("甲",), [("=cmd|'/c calc'!A1",)], (10,)))
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert cell.data_type == "s"


def test_texts_are_cut_where_the_format_ends() -> None:
    """A cell takes 32,767 characters; a longer text ends with …; half a surrogate pair becomes a sign."""
    (found,) = sheets([("字" * 40_000, "\ud800")])
    assert found[1] == ("字" * 32_766 + "…", "?")


def test_rows_go_on_to_further_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full sheet is followed by another with the same heading, and no row is lost."""
    monkeypatch.setattr(module, "MOST_ROWS", 4)
    found = sheets([(str(i), None) for i in range(7)])
    assert [sheet[0] for sheet in found] == [("甲", "乙")] * 3
    assert [row[0] for sheet in found for row in sheet[1:]] == [str(i) for i in range(7)]


def test_no_rows_give_a_heading() -> None:
    """A workbook of nothing opens and says what it would hold."""
    assert sheets([]) == [[("甲", "乙")]]
