"""Counts of field values over the passages found, by one pass over the columns of each segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import MONTHS
from indexer.engines.passages import FIELDS
from indexer.engines.whoosh.segment import Segment

Values = list[tuple[str, int]]
Counts = Mapping[str, tuple[tuple[str, int], ...]]


def count(fields: Iterable[str], found: Iterable[tuple[Segment, npt.NDArray[Any]]]) -> Counts:
    """Return for each field its values with the number of passages that have them, most frequent first."""
    totals: dict[str, list[Values]] = {field: [] for field in fields}
    for segment, passages in found:
        if not len(passages):
            continue
        by_record = np.bincount(segment.record_of[passages], minlength=len(segment.rec_date))
        by_passage: npt.NDArray[Any] | None = None
        for field, parts in totals.items():
            if field in MONTHS:
                parts.append(_months(segment, by_record, meetings_alone=field == "meeting_month"))
                continue
            owners, values = segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"]
            if not len(owners):
                continue
            if FIELDS[field][0] == "passage":
                if by_passage is None:
                    by_passage = np.zeros(segment.size, dtype=np.int64)
                    by_passage[passages] = 1
                weights = by_passage[owners]
            else:
                weights = by_record[owners]
            counts = np.bincount(values, weights=weights).astype(np.int64)
            held = np.flatnonzero(counts)
            # By their names first and then by their counts, which leaves those of one count in the order of names.
            held = held[np.argsort(segment.name_ranks[field][held])]
            held = held[np.argsort(-counts[held], kind="stable")]
            names = segment.names[field]
            parts.append([(names[i], n) for i, n in zip(held.tolist(), counts[held].tolist(), strict=True)])
    return {field: _together(parts) for field, parts in totals.items()}


def _together(parts: list[Values]) -> tuple[tuple[str, int], ...]:
    """Add the values of several parts up; a single one is in order already."""
    if len(parts) == 1:
        return tuple(parts[0])
    total: Counter[str] = Counter()
    for part in parts:
        total.update(dict(part))
    return tuple(sorted(total.items(), key=_order))


def _months(segment: Segment, by_record: npt.NDArray[Any], meetings_alone: bool) -> Values:
    """Return how many of the passages found lie in each month (2024-07); undated records are left out."""
    wanted = (by_record > 0) & (segment.rec_date > 0)
    if meetings_alone:
        wanted &= segment.is_meeting
    # rec_date counts 1 January of year 1 as 1, as date.toordinal does.
    days = segment.rec_date[wanted].astype(np.int64) - 1
    months, places = np.unique((np.datetime64("0001-01-01") + days).astype("M8[M]"), return_inverse=True)
    counts = np.bincount(places, weights=by_record[wanted], minlength=len(months)).astype(np.int64)
    named = zip(np.datetime_as_string(months).tolist(), counts.tolist(), strict=True)
    return sorted(named, key=_order)


def _order(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
