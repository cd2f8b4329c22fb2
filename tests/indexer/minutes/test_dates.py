"""Written dates become days; destroyed ones do not."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.minutes import dates
from indexer.text.fold import fold


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021年3月29日下午", date(2021, 3, 29)),
        ("202 6 年 1 月 7 日", date(2026, 1, 7)),
        ("（二〇二五年十一月三日）", date(2025, 11, 3)),
        ("二OO三年一月二十五日", date(2003, 1, 25)),
        ("二○一○年七月十日", date(2010, 7, 10)),
        ("２０２４年１２月３１日", date(2024, 12, 31)),
        ("时间: 2024-03-15", date(2024, 3, 15)),
        ("2024.3.5发布", date(2024, 3, 5)),
        ("2024/03/15", date(2024, 3, 15)),
        ("2021年2月30日", None),
        ("202431", None),
        ("2026119下午", None),
        ("2025-2035", None),
        ("3月29日", None),
        ("2021年3月", None),
    ],
)
def test_days_with_a_year(text: str, day: date | None) -> None:
    """All forms are read; no day is made of what is left of one."""
    assert dates.full(fold(text)) == day


def test_a_stamp_keeps_its_hour_apart() -> None:
    """The hour behind a day does not grow into it."""
    assert dates.stamp("2024-03-15 10:38") == date(2024, 3, 15)
    assert dates.stamp("2024-03-15T10:38:00") == date(2024, 3, 15)
    assert dates.stamp("2024 年 3 月 15 日") == date(2024, 3, 15)
    assert dates.stamp("") is None


@pytest.mark.parametrize(
    ("text", "anchor", "day"),
    [
        ("5月20日", date(2026, 6, 2), date(2026, 5, 20)),
        ("12月28日", date(2026, 1, 6), date(2025, 12, 28)),
        ("2月29日", date(2025, 3, 5), date(2024, 2, 29)),
        ("元月三日", date(2025, 3, 5), date(2025, 1, 3)),
    ],
)
def test_a_day_without_a_year(text: str, anchor: date, day: date) -> None:
    """It is the last such day before the document's own."""
    found = dates.find(fold(text))
    assert found is not None
    assert found.year is None
    assert found.on() is None
    assert dates.near(found, anchor) == day


def test_no_date() -> None:
    """A text without a date gives none."""
    assert dates.find("会议指出") is None
