"""A query's mentions over time: months or years in order, each with the meetings that were held in it.

A mention is a passage of the exact tier. Periods run without gaps from the first to the last in which the index
holds a record; what is undated is counted apart. Asks an engine for counts and heads, and reads no record.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from indexer.engines.engine import Engine, Filters, Level, RecordHead, Wanted
from indexer.errors import BadParameter
from indexer.query.nodes import Query

By = Literal["month", "year"]
BYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Period:
    """One month or year: `mentions` in all that is dated in it, `in_meetings` of them in meetings.

    `meetings` counts the meetings held in it that have the body, kind and days asked for, mentions or not.
    """

    name: str
    first: date
    last: date
    mentions: int
    in_meetings: int
    meetings: int

    @property
    def per_meeting(self) -> float | None:
        """Mentions in meetings for each meeting held; None where none was."""
        return self.in_meetings / self.meetings if self.meetings else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods of one query in order of time; empty where nothing that was asked for is dated."""

    query: str
    by: By
    mentions: int
    undated: int
    notices: tuple[str, ...]
    periods: tuple[Period, ...]


def timeline(engine: Engine, text: str, query: Query, by: str, level: Level, filters: Filters) -> Timeline:
    """Return the mentions of a parsed query over time.

    Raises:
        BadParameter: `by` is neither month nor year.
    """
    unit = next((known for known in BYS if known == by), None)
    if unit is None:
        raise BadParameter("by", by, f"须为以下之一：{'、'.join(BYS)}")
    wanted = Wanted(query, (), level, "exact", filters, "-date", 0, 0, ("month", "meeting_month"))
    found = engine.find(wanted)
    dated = [head for head in engine.heads() if _asked_for(head, filters)]
    months = [head.date.isoformat()[:7] for head in dated if head.date]
    length = 7 if unit == "month" else 4
    mentions, in_meetings = (_summed(found.facets[name], length) for name in ("month", "meeting_month"))
    meetings = Counter(head.date.isoformat()[:length] for head in dated if head.date and head.type == "meeting")
    periods = tuple(
        Period(name, first, last, mentions[name], in_meetings[name], meetings[name])
        for name, first, last in _between(unit, min(months, default=""), max(months, default=""))
    )
    return Timeline(text, unit, found.exact, found.exact - mentions.total(), query.notices, periods)


def _asked_for(head: RecordHead, filters: Filters) -> bool:
    """Whether a dated record has the body, kind, year and days of the filters; what only passages have is not asked."""
    return (
        head.date is not None
        and (not filters.body or head.body in filters.body)
        and (not filters.kind or head.kind in filters.kind)
        and (not filters.year or str(head.date.year) in filters.year)
        and (filters.first is None or head.date >= filters.first)
        and (filters.last is None or head.date <= filters.last)
    )


def _summed(counts: Sequence[tuple[str, int]], length: int) -> Counter[str]:
    """Add months up by the first characters of their names: 4 for years."""
    total: Counter[str] = Counter()
    for month, count in counts:
        total[month[:length]] += count
    return total


def _between(by: By, first: str, last: str) -> Iterator[tuple[str, date, date]]:
    """Yield the periods between two months (2024-07), both included, with their first and last days."""
    if not first:
        return
    year, month = int(first[:4]), int(first[5:])
    while (year, month) <= (int(last[:4]), 12 if by == "year" else int(last[5:])):
        if by == "year":
            yield f"{year:04}", date(year, 1, 1), date(year, 12, 31)
            year, month = year + 1, 1
        else:
            yield f"{year:04}-{month:02}", date(year, month, 1), date(year, month, monthrange(year, month)[1])
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
