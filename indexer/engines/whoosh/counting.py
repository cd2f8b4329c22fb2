"""Facets by compiled loops: the same counts as `facets.ON_ARRAYS` gives."""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.facets import Way
from indexer.engines.whoosh.kernels import columns
from indexer.engines.whoosh.scope import Mask
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.engines.whoosh.snapshot import Snapshot


def prepare(snapshot: Snapshot) -> None:
    """Have the loops of this module compiled."""
    for segment in snapshot.segments:
        held = np.zeros(segment.size, np.bool_)
        of_records(segment, "year", by_record(segment, held))
        of_passages(segment, "verdict", held)


def by_record(segment: Segment, held: Mask) -> Ints:
    """Return how many of the passages held each record has."""
    found = np.empty(len(segment.rec_date), dtype=np.int64)
    columns.by_record(segment.rec_first, held, found)
    return found


def of_records(segment: Segment, field: str, passages: Ints) -> Ints:
    """Return for each value of a record's field in how many passages' records it stands."""
    found = np.zeros(len(segment.names[field]), dtype=np.int64)
    columns.of_records(segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"], passages, found)
    return found


def of_passages(segment: Segment, field: str, held: Mask) -> Ints:
    """Return for each value of a passage's field how many of the passages held have it."""
    found = np.zeros(len(segment.names[field]), dtype=np.int64)
    columns.of_passages(segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"], held, found)
    return found


BY_LOOPS = Way(by_record, of_records, of_passages)
