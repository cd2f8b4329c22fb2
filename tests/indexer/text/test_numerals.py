"""Numerals become numbers and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.numerals import han, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("七", 7),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("八十六", 86),
        ("一百", 100),
        ("一百零六", 106),
        ("一百一十", 110),
        ("两百", 200),
        ("二〇二五", 2025),
        ("二OO三", 2003),
        ("一三二", 132),
        ("132", 132),
        ("１３", 13),
        (" 4 7 ", 47),
        ("", None),
        ("会", None),
        ("十百", None),
        ("百十千", None),
        ("二三十", None),
        ("1" * 20, None),
    ],
)
def test_numerals(text: str, value: int | None) -> None:
    """Every way of writing a number is read, and what is none gives None."""
    assert number(text) == value


@given(st.integers(1, 999))
def test_numerals_come_back(value: int) -> None:
    """A number written in characters is read as itself."""
    assert number(han(value)) == value


@pytest.mark.parametrize(("value", "text"), [(1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (106, "一百零六"), (110, "一百一十")])
def test_written_as_minutes_number_items(value: int, text: str) -> None:
    """Items are numbered 十一, not 一十一."""
    assert han(value) == text


def test_no_form_for_nought() -> None:
    """There is no item nought."""
    with pytest.raises(ValueError, match="0"):
        han(0)
