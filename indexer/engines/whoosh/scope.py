"""Which passages of a segment a request may find at all: its level, its filters, and what is not deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import NO_FILTERS, Filters, Level
from indexer.engines.passages import FIELDS, LEVEL_BITS, simplified
from indexer.engines.whoosh.segment import Segment
from indexer.text.fold import fold

Mask = npt.NDArray[np.bool_]


def scope(segment: Segment, level: Level, filters: Filters) -> Mask | None:
    """Return which passages are in reach; None where all are."""
    if filters is NO_FILTERS and not segment.dead and segment.common_levels & LEVEL_BITS[level]:
        return None
    masks = [segment.alive, _level(segment, level)]
    if filters is not NO_FILTERS:
        masks += _filtered(segment, filters)
    found: Mask | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found & mask
    return found


def _filtered(segment: Segment, filters: Filters) -> Iterator[Mask]:
    for field in FIELDS:
        values = getattr(filters, field)
        if values:
            yield holding(segment, field, codes_equal(segment, field, values))
    if filters.first or filters.last:
        yield between(segment, filters.first, filters.last)


def _level(segment: Segment, level: Level) -> Mask | None:
    bit = LEVEL_BITS[level]
    return None if segment.common_levels & bit else (segment.levels & bit) != 0


def codes_equal(segment: Segment, field: str, values: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Return which values of a field are among `values`, in whichever characters they are written."""
    names, wanted = segment.names[field], {*values, *map(simplified, values)}
    return np.fromiter((name in wanted for name in names), dtype=np.bool_, count=len(names))


def codes_containing(segment: Segment, field: str, value: str) -> npt.NDArray[np.bool_]:
    """Return which values of a field hold `value` as a part, both folded."""
    part = fold(value)
    names = segment.names[field]
    return np.fromiter((part in fold(name) for name in names), dtype=np.bool_, count=len(names))


def holding(segment: Segment, field: str, wanted: npt.NDArray[np.bool_]) -> Mask:
    """Return which passages, or the passages of which records, have one of the wanted values."""
    owners = segment.arrays[f"{field}_owner"][wanted[segment.arrays[f"{field}_value"]]]
    place, _ = FIELDS[field]
    mask = np.zeros(segment.size if place == "passage" else len(segment.rec_date), dtype=np.bool_)
    mask[owners] = True
    return mask if place == "passage" else mask[segment.record_of]


def of_records(segment: Segment, wanted: npt.NDArray[np.bool_]) -> Mask:
    """Return the passages of the records wanted."""
    return wanted[segment.record_of]


def between(segment: Segment, first: Any, last: Any) -> Mask:
    """Return the passages of records dated from `first` to `last`; undated ones are out."""
    days = segment.rec_date
    wanted = (days >= (first.toordinal() if first else 1)) & (days <= (last.toordinal() if last else 1 << 30))
    return of_records(segment, wanted)
