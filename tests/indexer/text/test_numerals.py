"""Numerals become numbers and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.numerals import han, number, other_forms


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


@pytest.mark.parametrize(
    ("value", "text"), [(1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (106, "一百零六"), (110, "一百一十")]
)
def test_written_as_minutes_number_items(value: int, text: str) -> None:
    """Items are numbered 十一, not 一十一."""
    assert han(value) == text


def test_no_form_for_nought() -> None:
    """There is no item nought."""
    with pytest.raises(ValueError, match="0"):
        han(0)


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("第三十四次常务会议", ("第34次常务会议",)),
        ("第34次常务会议", ("第三十四次常务会议",)),
        ("二〇二四年", ("2024年", "二○二四年")),
        ("2024年", ("二〇二四年", "二○二四年")),
        ("二零二三年十一月九日", ("2023年11月9日",)),
        ("12月31日", ("十二月三十一日",)),
        ("第十七届政府第71次会议", ("第17届政府第71次会议", "第十七届政府第七十一次会议")),
        ("百分之三点九", ("3.9%",)),
        ("3.9%", ("百分之三点九",)),
        ("38%", ("百分之三十八",)),
        ("第1000次", ()),
        ("第0次", ()),
        ("0%", ()),
        ("百分之三百百", ()),
        ("三个月", ()),
        ("日月", ()),
        ("第一产业", ()),
        ("溯政发[2024]7号", ()),
        ("2024年预算给职业教育安排了多少钱是怎么用的", ()),
        ("", ()),
    ],
)
def test_a_numeral_has_another_form(stream: str, expected: tuple[str, ...]) -> None:
    """Counted things, per cents and dates are written in digits and in Han numerals; a question is left."""
    assert other_forms(stream) == expected


@given(st.text("第次年月日百分之点〇○零一二三十百0129.%", max_size=20))
def test_any_text_has_other_forms_or_none(stream: str) -> None:
    """Whatever stands there, no form is the text itself and none is told twice."""
    forms = other_forms(stream)
    assert stream not in forms
    assert len(set(forms)) == len(forms)
