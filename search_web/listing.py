"""Record heads in; lists by body and year out, with the numbers that are missing between those held.

A number is called missing only between two held numbers of one series (body, kind, and no restart between them);
nothing is said of numbers before the first and after the last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from indexer.report import RecordHead
from indexer.text.fold import fold

NO_BODY = "机关不明"
NO_YEAR = "日期不明"


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a list, and the gap between it and the number held before it."""

    head: RecordHead
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """The records of one body and year, newest first."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The records of one body."""

    name: str
    count: int
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """What is held of the meetings of one body and kind; `gaps` in order of time."""

    body: str
    kind: str
    count: int
    first: date | None
    last: date | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """One body with its years (newest first) and how many records each has."""

    name: str
    count: int
    years: tuple[tuple[str, int], ...]


def chosen(
    heads: Iterable[RecordHead], bodies: tuple[str, ...], kinds: tuple[str, ...], years: tuple[str, ...]
) -> list[RecordHead]:
    """Return the records that have one of the bodies, kinds and years, where any are asked for."""
    body_keys, kind_keys = {_key(body) for body in bodies}, {_key(kind) for kind in kinds}
    return [
        head
        for head in heads
        if (not bodies or _key(head.body) in body_keys)
        and (not kinds or _key(head.kind) in kind_keys)
        and (not years or (head.date is not None and f"{head.date.year:04}" in years))
    ]


def outline(heads: Iterable[RecordHead]) -> tuple[Outline, ...]:
    """Return all bodies that are named, those with most records first."""
    groups: dict[str, list[RecordHead]] = defaultdict(list)
    for head in heads:
        if head.body:
            groups[_key(head.body)].append(head)
    rows = []
    for group in groups.values():
        years = Counter(f"{head.date.year:04}" for head in group if head.date)
        rows.append(Outline(_name(group), len(group), tuple(sorted(years.items(), reverse=True))))
    return tuple(sorted(rows, key=lambda row: (-row.count, row.name)))


def bodies(heads: Iterable[RecordHead], gaps: dict[str, Gap]) -> tuple[Body, ...]:
    """Group records by body (most records first) and year (newest first)."""
    groups: dict[str, list[RecordHead]] = defaultdict(list)
    for head in heads:
        groups[_key(head.body)].append(head)
    found = (Body(_name(group), len(group), _years(group, gaps)) for group in groups.values())
    return tuple(sorted(found, key=lambda body: (-body.count, body.name)))


def series(heads: Iterable[RecordHead]) -> tuple[Series, ...]:
    """Tell for each body and kind of meeting what is held and what is missing; largest first."""
    rows = []
    for group in _series(heads).values():
        days = [head.date for head in group if head.date]
        gaps = tuple(gap for run in _runs(group) for gap in _gaps(run).values())
        first, last = (min(days), max(days)) if days else (None, None)
        rows.append(Series(_name(group), group[0].kind or "会议", len(group), first, last, gaps))
    return tuple(sorted(rows, key=lambda row: (-row.count, row.body, row.kind)))


def gaps_before(heads: Iterable[RecordHead]) -> dict[str, Gap]:
    """Return the gap before each meeting that has one, by meeting id."""
    return {key: gap for group in _series(heads).values() for run in _runs(group) for key, gap in _gaps(run).items()}


def _key(name: str | None) -> str:
    """What is equal for names of one body or kind, in simplified and traditional writing."""
    return fold(name) if name else ""


def _name(group: list[RecordHead]) -> str:
    """The name that most records of a body use."""
    return Counter(head.body or NO_BODY for head in group).most_common(1)[0][0]


def _series(heads: Iterable[RecordHead]) -> dict[tuple[str, str], list[RecordHead]]:
    groups: dict[tuple[str, str], list[RecordHead]] = defaultdict(list)
    for head in heads:
        if head.type == "meeting":
            groups[_key(head.body), _key(head.kind)].append(head)
    return groups


def _runs(group: list[RecordHead]) -> list[list[RecordHead]]:
    """Split a series where its numbers start again: a number comes twice, or falls to half or less.

    A smaller fall is taken as two meetings whose dates and numbers are not in one order. Undated meetings go
    to the run that spans their number, so that no number held is called missing.
    """
    dated = sorted((h for h in group if h.date and h.number), key=lambda h: (h.date or date.min, h.number or 0))
    runs: list[list[RecordHead]] = []
    seen: set[int] = set()
    last = 0
    for head in dated:
        number = head.number or 0
        if not runs or number * 2 <= last or number in seen:
            runs.append([])
            seen = set()
        runs[-1].append(head)
        seen.add(number)
        last = number
    for head in (h for h in group if h.number and not h.date):
        for run in runs:
            numbers = [other.number or 0 for other in run]
            if min(numbers) < (head.number or 0) < max(numbers):
                run.append(head)
                break
    return runs


def _gaps(run: list[RecordHead]) -> dict[str, Gap]:
    ordered = sorted(run, key=lambda head: head.number or 0)
    found = {}
    for before, head in pairwise(ordered):
        low, high = (before.number or 0) + 1, (head.number or 0) - 1
        if low <= high:
            found[head.id] = Gap(low, high)
    return found


def _years(group: list[RecordHead], gaps: dict[str, Gap]) -> tuple[Year, ...]:
    ordered = sorted(group, key=lambda h: (h.date or date.min, h.number or 0), reverse=True)
    return tuple(
        Year(f"{year} 年" if year else NO_YEAR, tuple(Entry(head, gaps.get(head.id)) for head in heads))
        for year, heads in groupby(ordered, key=lambda head: head.date.year if head.date else 0)
    )
