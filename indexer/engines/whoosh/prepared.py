"""What compiled loops read of a snapshot: the table of all its segments (kernels/table.py), made once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.kernels import table
from indexer.engines.whoosh.kernels.compiling import Array
from indexer.engines.whoosh.snapshot import Snapshot

ANYWHERE = np.empty(0, dtype=np.bool_)
UNCHANGED = np.empty(0, dtype=np.uint8)


class Prepared(NamedTuple):
    """The table; the arrays that it tells the places of; and a table of masks for where there are none.

    `is_narrow` tells whether all texts are of characters of 16 bits and escapes, so that loops can lay them out.
    """

    table: Array
    arrays: list[Array]
    unmasked: Array
    is_narrow: bool


def prepared(snapshot: Snapshot) -> Prepared:
    """Return what loops read of a snapshot."""
    found: Prepared | None = snapshot.prepared.get("table")
    if found is None:
        made, arrays = table.table([_arrays(snapshot, i) for i in range(len(snapshot.segments))])
        narrow = all((segment.arrays["patch_code"] <= 0xFFFF).all() for segment in snapshot.segments)
        found = Prepared(made, arrays, table.addresses([ANYWHERE] * len(snapshot.segments)), narrow)
        snapshot.prepared["table"] = found
    return found


def _arrays(snapshot: Snapshot, which: int) -> tuple[Any, ...]:
    """Return the arrays of segment number `which`, in the order of table.KINDS."""
    segment = snapshot.segments[which]
    grams, held = segment.grams, segment.arrays
    texts = segment.codes, segment.folds, segment.cell, _told(snapshot, which), segment.begun, segment.gram_keys
    lists = grams.count, grams.starts, grams.short, grams.low, grams.bucket, grams.long
    norm = np.array(snapshot.norm(ranking.EXACT_B))
    ranks = norm, segment.heading, segment.rec_date, segment.record_of, *segment.first_lines
    patches = segment.first_patch, held["patch_at"], held["patch_code"]
    leading = [held[f"lead_{name}"] for name in ("total", "start", "passage", "tf", "lifted", "level")]
    # The leaders of a segment alone were chosen by what it tells of boilerplate: none can have fallen.
    levels = snapshot.levels(ranking.REPEATED)[which] if len(snapshot.segments) > 1 else None
    return (*texts, *lists, *ranks, *patches, *leading, UNCHANGED if levels is None else levels)


def _told(snapshot: Snapshot, which: int) -> npt.NDArray[np.uint32]:
    """Return what is told of each passage in 32 bits; see table.LENGTH_BITS."""
    segment = snapshot.segments[which]
    told: npt.NDArray[np.uint32] = segment.length.astype(np.uint32) << np.uint32(table.LENGTH_BITS)
    told[(segment.levels & ROLL) != 0] |= np.uint32(table.ROLLED)
    if len(segment.heading):
        told[segment.heading != np.arange(segment.size)] |= np.uint32(table.UNDER)
    levels = snapshot.levels(ranking.REPEATED)[which]
    if levels is not None:
        told |= levels
    return told
