"""CSV that spreadsheets open right, and that runs nothing there."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.spreadsheet import csv_lines


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=3), min_size=1))
def test_cells_come_back_as_they_were(rows: list[list[str]]) -> None:
    """What is written is read again, but for the apostrophe that keeps formulas from running."""
    text = "".join(csv_lines(rows))
    assert text.startswith("\ufeff")
    back = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert len(back) == len(rows)
    for cells, read in zip(rows, back, strict=True):
        assert [cell in (one, f"'{one}") for one, cell in zip(cells, read, strict=True)] == [True] * len(cells)
        assert not [cell for cell in read if cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-2", "@A1", "\t=1", "\r=1", "  =1", "＝1", "\n=1"])
def test_a_formula_is_kept_as_text(start: str) -> None:
    """A cell that a spreadsheet would run begins with an apostrophe."""
    assert next(csv_lines([[start]])).removeprefix("\ufeff").strip('"\r\n')[0] == "'"


def test_numbers_and_nothing_stay_what_they_are() -> None:
    """Numbers are written plainly, negative ones too; None is an empty cell; half a surrogate pair is a sign."""
    assert list(csv_lines([(1, -2, 0.5, None), ("甲", "a,b", 'a"b', "\ud800")])) == [
        "\ufeff1,-2,0.5,\r\n",
        '甲,"a,b","a""b",?\r\n',
    ]


def test_no_rows_give_nothing() -> None:
    """Without rows there is no file, not even its mark."""
    assert list(csv_lines([])) == []
