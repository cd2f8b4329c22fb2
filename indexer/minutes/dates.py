"""Written dates go in, calendar days come out; a date that the source destroyed is told as text and never guessed.

Reads 2021年3月29日, 二〇二五年十一月三日, 二OO三年一月五日, 2024-03-15, 2024.3.15, 202 6 年 1 月 7 日 and 11月3日,
whose year must come from elsewhere. All patterns are for the folded stream.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from indexer.minutes.view import View
from indexer.text.numerals import number

YEAR = r"(?:(?:19|20)\d\d|[一二][零〇○o九][零〇○o一二三四五六七八九]{2})"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元)"
DAY = r"(?:3[01]|[12]\d|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])"
FULL = rf"(?P<y>{YEAR})(?:年(?P<m>{MONTH})月(?P<d>{DAY})[日号]|[-./](?P<m2>{MONTH})[-./](?P<d2>{DAY})(?!\d))"
YEARLESS = rf"(?P<m3>{MONTH})月(?P<d3>{DAY})[日号]"
ANY = re.compile(rf"(?<![\d.])(?:{FULL}|(?<!年){YEARLESS})")
WHOLE = re.compile(rf"(?<![\d.]){FULL}")
# What extraction leaves of 2024年3月1日 or of 2024-2026年: digits only, or two years grown together.
DAMAGED_DAY = re.compile(r"(?<!\d)(?P<day>20[0-3]\d\d{2,4})(?:上午|下午|晚|,)")
DAMAGED_YEARS = re.compile(r"(?<!\d)20[0-3]\d20[0-4]\d年")


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a stream: its range, and the day; `year` is None where the text writes none."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    def on(self, year: int | None = None) -> date | None:
        """Return the calendar day, in the year given where the text has none; None where there is no such day."""
        year = self.year or year
        try:
            return date(year, self.month, self.day) if year else None
        except ValueError:
            return None


def find(stream: str, start: int = 0, end: int | None = None) -> Found | None:
    """Return the first date of a stream, with or without a year."""
    match = ANY.search(stream, start, len(stream) if end is None else end)
    return _found(match) if match else None


def full(stream: str) -> date | None:
    """Return the first date with a year that is a calendar day, None where there is none."""
    for match in WHOLE.finditer(stream):
        day = _found(match).on()
        if day:
            return day
    return None


def stamp(text: str) -> date | None:
    """Return the day of a time stamp (2024-03-15 10:38), whose hour must not grow together with its day."""
    words = [View(word).stream for word in text.replace("T", " ").split()]
    return next((day for word in words if (day := full(word))), None) or full(View(text).stream)


def near(found: Found, anchor: date) -> date | None:
    """Return the day that a year-less date means in a document of the anchor's date: the last one not after it."""
    day = found.on(anchor.year)
    return found.on(anchor.year - 1) if day is None or day > anchor else day


def _found(match: re.Match[str]) -> Found:
    groups = match.groupdict()
    month = groups.get("m") or groups.get("m2") or groups.get("m3") or ""
    day = groups.get("d") or groups.get("d2") or groups.get("d3") or ""
    year = groups.get("y")
    return Found(
        match.start(),
        match.end(),
        number(year) if year else None,
        1 if month == "元" else number(month) or 0,
        number(day) or 0,
    )
