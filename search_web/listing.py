"""Record heads in; lists by body and year out, with the numbers that are missing between those held."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from indexer.coverage import body_name
from indexer.gaps import Gap, gaps_before, key, placeless
from indexer.report import RecordHead
from search_web.language import gettext

Gaps = Mapping[str, tuple[Gap, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a list, and the gaps between it and the number held before it."""

    head: RecordHead
    gaps: tuple[Gap, ...] = ()


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
class Outline:
    """One body with its years (newest first) and how many records each has."""

    name: str
    count: int
    years: tuple[tuple[str, int], ...]


def chosen(
    heads: Iterable[RecordHead], bodies: tuple[str, ...], kinds: tuple[str, ...], years: tuple[str, ...]
) -> list[RecordHead]:
    """Return the records that have one of the bodies, kinds and years, where any are asked for."""
    body_keys, kind_keys = {key(body) for body in bodies}, {key(kind) for kind in kinds}
    return [
        head
        for head in heads
        if (not bodies or key(head.body) in body_keys)
        and (not kinds or key(head.kind) in kind_keys)
        and (not years or (head.date is not None and f"{head.date.year:04}" in years))
    ]


class Neighbours:
    """The meetings of each body and kind in the order of their days, arranged once for a state of the index."""

    def __init__(self, heads: Iterable[RecordHead]) -> None:
        self._heads = {head.id: head for head in heads if head.type == "meeting"}
        self._missing = gaps_before(self._heads.values())
        self._groups: dict[tuple[str, str], list[RecordHead]] = defaultdict(list)
        # What is missing before a meeting whose day is not known may be missing at any place of its series.
        self._undated: dict[tuple[str, str], list[Gap]] = defaultdict(list)
        for head in self._heads.values():
            series = key(head.body), key(head.kind)
            if head.date:
                self._groups[series].append(head)
            else:
                self._undated[series] += self._missing.get(head.id, ())
        for group in self._groups.values():
            group.sort(key=_when)

    def around(self, id: str) -> tuple[Entry | None, Entry | None]:
        """Return the meetings of the same body and kind before and after one, each with the numbers missing between.

        None where there is none, where the day of this one is not known, or where its body is named without its place.
        """
        here = self._heads.get(id)
        if here is None or here.date is None or placeless(key(here.body)):
            return None, None
        series = key(here.body), key(here.kind)
        group, undated = self._groups[series], self._undated.get(series, ())
        at = next(n for n in range(bisect_left(group, _when(here), key=_when), len(group)) if group[n].id == id)
        before = group[at - 1] if at else None
        after = group[at + 1] if at + 1 < len(group) else None
        return (
            Entry(before, _between(before, here, (*self._missing.get(id, ()), *undated))) if before else None,
            Entry(after, _between(here, after, (*self._missing.get(after.id, ()), *undated))) if after else None,
        )


def _between(before: RecordHead, after: RecordHead, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Those of the gaps that lie between two meetings; none where their days and numbers are not in one order."""
    low, high = before.number or 0, after.number or 0
    return tuple(sorted((gap for gap in gaps if low < gap.first and gap.last < high), key=lambda gap: gap.first))


def outline(heads: Iterable[RecordHead]) -> tuple[Outline, ...]:
    """Return all bodies that are named, those with most records first."""
    groups: dict[str, list[RecordHead]] = defaultdict(list)
    for head in heads:
        if head.body:
            groups[key(head.body)].append(head)
    rows = []
    for group in groups.values():
        years = Counter(f"{head.date.year:04}" for head in group if head.date)
        rows.append(Outline(body_name(group), len(group), tuple(sorted(years.items(), reverse=True))))
    return tuple(sorted(rows, key=lambda row: (-row.count, row.name)))


def bodies(heads: Iterable[RecordHead], missing: Gaps) -> tuple[Body, ...]:
    """Group records by body (most records first) and year (newest first)."""
    groups: dict[str, list[RecordHead]] = defaultdict(list)
    for head in heads:
        groups[key(head.body)].append(head)
    found = (Body(body_name(group), len(group), _years(group, missing)) for group in groups.values())
    return tuple(sorted(found, key=lambda body: (-body.count, body.name)))


def year_label(year: int) -> str:
    """2024 年, or 2024; 0 stands for none."""
    return gettext("%(year)s 年") % {"year": year} if year else gettext("日期不明")


def _when(head: RecordHead) -> tuple[date, int]:
    return head.date or date.min, head.number or 0


def _years(group: list[RecordHead], missing: Gaps) -> tuple[Year, ...]:
    ordered = sorted(group, key=_when, reverse=True)
    return tuple(
        Year(year_label(year), tuple(Entry(head, missing.get(head.id, ())) for head in heads))
        for year, heads in groupby(ordered, key=lambda head: head.date.year if head.date else 0)
    )
