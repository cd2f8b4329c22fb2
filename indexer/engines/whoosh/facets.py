"""Counts of field values over the passages found, by one pass over the columns of each segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, overload

import numpy as np

from indexer.engines.engine import MONTHS
from indexer.engines.passages import FIELDS
from indexer.engines.whoosh.scope import Mask
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.engines.whoosh.snapshot import Snapshot

Counts = Mapping[str, Sequence[tuple[str, int]]]


def by_record(segment: Segment, held: Mask) -> Ints:
    """Return how many of the passages held each record has."""
    before: Ints = np.append(0, np.cumsum(held, dtype=np.int64))
    return np.asarray(before[segment.rec_first[1:]] - before[segment.rec_first[:-1]])


def of_records(segment: Segment, field: str, passages: Ints) -> Ints:
    """Return for each value of a record's field in how many passages' records it stands."""
    owners, values = segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"]
    return np.bincount(values, weights=passages[owners], minlength=len(segment.names[field])).astype(np.int64)


def of_passages(segment: Segment, field: str, held: Mask) -> Ints:
    """Return for each value of a passage's field how many of the passages held have it."""
    owners, values = segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"]
    return np.bincount(values[held[owners]], minlength=len(segment.names[field]))


class Way(NamedTuple):
    """How values are counted: on whole arrays, or by compiled loops (counting.py)."""

    by_record: Callable[[Segment, Mask], Ints]
    of_records: Callable[[Segment, str, Ints], Ints]
    of_passages: Callable[[Segment, str, Mask], Ints]


ON_ARRAYS = Way(by_record, of_records, of_passages)


def count(snapshot: Snapshot, fields: Iterable[str], found: Sequence[Mask], way: Way = ON_ARRAYS) -> Counts:
    """Return for each field its values with the number of passages that have them, most frequent first.

    What was found comes as one mask for each segment.
    """
    totals = {field: np.zeros(len(snapshot.values[field].names), np.int64) for field in fields if field not in MONTHS}
    months: dict[str, Counter[str]] = {field: Counter() for field in fields if field in MONTHS}
    for which, (segment, held) in enumerate(zip(snapshot.segments, found, strict=True)):
        if not held.any():
            continue
        of_each = way.by_record(segment, held)
        for field in totals:
            if not len(segment.names[field]):
                continue
            if FIELDS[field][0] == "passage":
                counts = way.of_passages(segment, field, held)
            else:
                counts = way.of_records(segment, field, of_each)
            places = snapshot.values[field].codes[which]
            if places is None:
                totals[field] += counts
            else:
                totals[field][places] += counts
        for field, by_month in months.items():
            by_month.update(_months(segment, of_each, meetings_alone=field == "meeting_month"))
    counted: dict[str, Sequence[tuple[str, int]]] = {
        field: Counted(snapshot.values[field].names, total) for field, total in totals.items()
    }
    return counted | {field: tuple(sorted(total.items(), key=_order)) for field, total in months.items()}


class Counted(Sequence[tuple[str, int]]):
    """The values that occur with their counts, most frequent first; those of one count stay in the order of the names.

    Pairs are made when they are asked for, the first few without sorting the rest: the people named in all minutes of a
    city are tens of thousands, and a page shows ten.
    """

    def __init__(self, names: Sequence[str], counts: Ints) -> None:
        self._names, self._counts = names, counts
        self._many = int(np.count_nonzero(counts))

    def __len__(self) -> int:
        return self._many

    @overload
    def __getitem__(self, i: int) -> tuple[str, int]: ...

    @overload
    def __getitem__(self, i: slice) -> tuple[tuple[str, int], ...]: ...

    def __getitem__(self, i: int | slice) -> tuple[str, int] | tuple[tuple[str, int], ...]:
        if isinstance(i, slice):
            first, last, step = i.indices(self._many)
            return tuple(self)[i] if step < 0 else self._pairs(self._first(last)[first:last:step])
        if not -self._many <= i < self._many:
            raise IndexError(i)
        return self._pairs(self._first(self._many if i < 0 else i + 1)[[i]])[0]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self._pairs(self._first(self._many)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def _first(self, many: int) -> Ints:
        """Return the values of the `many` highest counts, in order."""
        counts = self._counts
        if 0 < many < self._many:
            least = max(1, int(np.partition(counts, len(counts) - many)[len(counts) - many]))
            held = np.flatnonzero(counts >= least)
        else:
            held = np.flatnonzero(counts)
        return held[np.argsort(-counts[held], kind="stable")][:many]

    def _pairs(self, values: Ints) -> tuple[tuple[str, int], ...]:
        names = self._names
        return tuple((names[i], n) for i, n in zip(values.tolist(), self._counts[values].tolist(), strict=True))


def _months(segment: Segment, of_each: Ints, meetings_alone: bool) -> dict[str, int]:
    """Return how many of the passages found lie in each month (2024-07); undated records are left out."""
    wanted = (of_each > 0) & (segment.rec_date > 0)
    if meetings_alone:
        wanted &= segment.is_meeting
    # rec_date counts 1 January of year 1 as 1, as date.toordinal does.
    days = segment.rec_date[wanted].astype(np.int64) - 1
    months, places = np.unique((np.datetime64("0001-01-01") + days).astype("M8[M]"), return_inverse=True)
    counts = np.bincount(places, weights=of_each[wanted], minlength=len(months)).astype(np.int64)
    return dict(zip(np.datetime_as_string(months).tolist(), counts.tolist(), strict=True))


def _order(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
