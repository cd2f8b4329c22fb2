"""Counts of field values over the passages found, by one pass over the columns of each segment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.passages import FIELDS
from indexer.engines.whoosh.segment import Segment

Counts = Mapping[str, tuple[tuple[str, int], ...]]


def count(fields: Iterable[str], found: Iterable[tuple[Segment, npt.NDArray[Any]]]) -> Counts:
    """Return for each field its values with the number of passages that have them, most frequent first."""
    totals: dict[str, Counter[str]] = {field: Counter() for field in fields}
    for segment, passages in found:
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
                    by_passage = np.zeros(segment.size, dtype=np.int64)
                    by_passage[passages] = 1
                weights = by_passage[owners]
            else:
                weights = by_record[owners]
            counts = np.bincount(values, weights=weights).astype(np.int64)
            names = segment.names[field]
            total.update({names[i]: int(counts[i]) for i in np.flatnonzero(counts).tolist()})
    return {field: tuple(sorted(total.items(), key=_order)) for field, total in totals.items()}


def _order(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
