"""How much of each passage is boilerplate: sentences that stand in many records, counted over all segments.

A record counts once for each of its sentences, whatever repeats it; one that is deleted does not count. So the levels
of a snapshot are those of its living records, however these came into it, and a passage may sink when a meeting is
added that says the same. Most sentences are told apart from repeated ones by how full their place in a small table is;
only the rest is looked at one by one: some 15 ms for 365,000 passages, once a generation and process.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import sentences
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.text.points import U32

U8 = npt.NDArray[np.uint8]
# Levels above 0, which is a passage of which no more than half is boilerplate: each is an eighth more of it.
DEEPEST = 4
HALF = np.uint64(32)
# The sizes of the table of places, as powers of two: about two sentences a place.
LEAST_BITS, MOST_BITS = 8, 23


def levels(segments: Sequence[Segment], many: int) -> tuple[U8 | None, ...]:
    """Return the level of each passage, 0 to DEEPEST; None for a segment in which all are 0.

    Args:
        segments: All segments of a snapshot.
        many: In how many records a sentence stands that is boilerplate.
    """
    suspects = _suspects(segments, many)
    repeated = _repeated(segments, suspects, many)
    return tuple(of_segment(s, at, repeated) for s, at in zip(segments, suspects, strict=True))


def _suspects(segments: Sequence[Segment], many: int) -> list[Ints]:
    """Return for each segment which of its sentences may stand in many records."""
    bits = min(MOST_BITS, max(LEAST_BITS, sum(len(s.said) for s in segments).bit_length() - 1))
    shift = np.uint32(32 - bits)
    full = np.zeros(1 << bits, dtype=np.int64)
    for segment in segments:
        full += np.bincount(segment.said >> shift, minlength=len(full))
    crowded = full >= many
    found = []
    for segment in segments:
        at = np.flatnonzero(crowded.take(segment.said >> shift))
        found.append(at if segment.alive is None else at[segment.alive[segment.said_in(at)]])
    return found


def _repeated(segments: Sequence[Segment], suspects: Sequence[Ints], many: int) -> U32:
    """Return the sentences that stand in many records, ascending."""
    before, keys = 0, [np.empty(0, np.uint64)]
    for segment, at in zip(segments, suspects, strict=True):
        records = segment.record_of[segment.said_in(at)].astype(np.uint64) + np.uint64(before)
        keys.append(segment.said[at].astype(np.uint64) << HALF | records)
        before += len(segment.rec_date)
    each = np.unique(np.concatenate(keys))
    said, records = np.unique(each >> HALF, return_counts=True)
    return np.asarray(said[records >= many], dtype=np.uint32)


def of_segment(segment: Segment, suspects: Ints, repeated: U32) -> U8 | None:
    """Return the levels of a segment's passages.

    Args:
        segment: Whose passages these are.
        suspects: The places of sentences of which some may be repeated, ascending.
        repeated: The sentences that are, ascending.
    """
    if not len(repeated) or not len(suspects):
        return None
    said = segment.said[suspects]
    held = suspects[repeated.take(repeated.searchsorted(said), mode="clip") == said]
    again = np.bincount(segment.said_in(held), sentences.sizes(segment.said[held]), segment.size)
    passages = np.flatnonzero(again)
    sums = np.append(0, np.cumsum(segment.said & sentences.SIZE, dtype=np.int64))
    first = segment.said_first
    whole = sums[first[passages + 1]] - sums[first[passages]]
    found = np.zeros(segment.size, dtype=np.uint8)
    found[passages] = level(again[passages].astype(np.int64), whole)
    return found if found.any() else None


def level(again: Ints, whole: Ints) -> Ints:
    """Return the level of passages, of the size of their repeated sentences and of all their sentences."""
    return np.asarray(np.maximum(2 * DEEPEST * again // whole - DEEPEST, 0))
