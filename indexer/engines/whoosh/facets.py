"""Counts of field values over the passages found, by one pass over the columns of each segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import MONTHS
from indexer.engines.passages import FIELDS
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot

Counts = Mapping[str, tuple[tuple[str, int], ...]]


def count(snapshot: Snapshot, fields: Iterable[str], found: Iterable[tuple[int, npt.NDArray[Any]]]) -> Counts:
    """Return for each field its values with the number of passages that have them, most frequent first.

    What was found comes as numbers of segments with passages; a segment may come twice.
    """
    totals = {field: np.zeros(len(snapshot.values[field].names), np.int64) for field in fields if field not in MONTHS}
    months: dict[str, Counter[str]] = {field: Counter() for field in fields if field in MONTHS}
    for which, passages in found:
        segment = snapshot.segments[which]
        if not len(passages):
            continue
        by_record = np.bincount(segment.record_of[passages], minlength=len(segment.rec_date))
        by_passage: npt.NDArray[Any] | None = None
        for field, total in totals.items():
            owners, values = segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"]
            if not len(owners):
                continue
            if FIELDS[field][0] == "passage":
                if by_passage is None:
                    by_passage = np.zeros(segment.size, dtype=np.bool_)
                    by_passage[passages] = True
                counts = np.bincount(values[by_passage[owners]], minlength=len(segment.names[field]))
            else:
                counts = np.bincount(values, weights=by_record[owners], minlength=len(segment.names[field]))
            total[snapshot.values[field].codes[which]] += counts.astype(np.int64)
        for field, by_month in months.items():
            by_month.update(_months(segment, by_record, meetings_alone=field == "meeting_month"))
    counted = {field: _named(snapshot.values[field].names, total) for field, total in totals.items()}
    return counted | {field: tuple(sorted(total.items(), key=_order)) for field, total in months.items()}


def _named(names: Sequence[str], counts: npt.NDArray[np.int64]) -> tuple[tuple[str, int], ...]:
    """Return the values that occur; those of one count stay in the order of the names."""
    held = np.flatnonzero(counts)
    held = held[np.argsort(-counts[held], kind="stable")]
    return tuple((names[i], n) for i, n in zip(held.tolist(), counts[held].tolist(), strict=True))


def _months(segment: Segment, by_record: npt.NDArray[Any], meetings_alone: bool) -> dict[str, int]:
    """Return how many of the passages found lie in each month (2024-07); undated records are left out."""
    wanted = (by_record > 0) & (segment.rec_date > 0)
    if meetings_alone:
        wanted &= segment.is_meeting
    # rec_date counts 1 January of year 1 as 1, as date.toordinal does.
    days = segment.rec_date[wanted].astype(np.int64) - 1
    months, places = np.unique((np.datetime64("0001-01-01") + days).astype("M8[M]"), return_inverse=True)
    counts = np.bincount(places, weights=by_record[wanted], minlength=len(months)).astype(np.int64)
    return dict(zip(np.datetime_as_string(months).tolist(), counts.tolist(), strict=True))


def _order(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
