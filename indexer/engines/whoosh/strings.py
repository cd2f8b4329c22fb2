"""Exact strings on one segment: which passages hold a stream, and how often, equal to a scan with `in`.

A string of one character is all grams that begin with it; of two, one gram; a longer one is the places of its rarest
gram, verified on the characters themselves.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.postings import LONG
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import U32


class Occurrences(NamedTuple):
    """Passages in ascending order and how often each holds the string."""

    passages: npt.NDArray[Any]
    counts: npt.NDArray[Any]


NONE = Occurrences(np.empty(0, np.uint32), np.empty(0, np.int64))


def find(segment: Segment, stream: str) -> Occurrences:
    """Return the passages whose stream contains `stream` (folded, not empty)."""
    codes = segment.query_codes(stream)
    if min(codes) < 0:
        return NONE
    if len(codes) == 1:
        return _character(segment, codes[0])
    if not len(segment.gram_keys):
        return NONE
    return _grouped(segment.passages_at(places(segment, codes)))


def places(segment: Segment, codes: list[int]) -> npt.NDArray[Any]:
    """Return the addresses, ascending, at which two or more codes stand one after the other."""
    rows = gram_rows(segment, codes)
    if rows is None:
        return np.empty(0, np.uint32)
    if len(rows) == 1:
        return segment.grams.list(int(rows[0]))
    counts = segment.grams.count[rows]
    by_rarity = np.argsort(counts, kind="stable")
    rarest = int(by_rarity[0])
    found = segment.grams.list(int(rows[rarest])).astype(np.int64) - rarest
    if rarest and len(found) and found[0] < 0:
        found = found[found >= 0]
    checked = {rarest, rarest + 1}
    for gram in by_rarity[1:].tolist():
        for offset in (gram, gram + 1):
            if offset not in checked and len(found):
                checked.add(offset)
                found = found[_equal(segment, found, offset, codes[offset])]
    return found


def gram_rows(segment: Segment, codes: list[int]) -> npt.NDArray[np.int64] | None:
    """Return the rows of the grams of a string; None where one of them does not occur at all."""
    keys = segment.gram_keys
    shift = keys.dtype.itemsize * 4
    wanted = np.array([(a << shift) | b for a, b in pairwise(codes)], dtype=keys.dtype)
    rows = np.searchsorted(keys, wanted)
    if rows[rows.argmax()] == len(keys) or (keys[rows] != wanted).any():
        return None
    return rows


def _equal(segment: Segment, found: npt.NDArray[np.int64], offset: int, code: int) -> npt.NDArray[np.bool_]:
    """Tell for each place whether the folded character `offset` behind it is `code`."""
    at = segment.codes.take(found + offset, mode="clip")
    return segment.folds.take(at) == code  # type: ignore[no-any-return]


def _grouped(passages: U32) -> Occurrences:
    """Return ascending passages with repetitions as passages and counts."""
    if len(passages) < 2:
        return Occurrences(passages, np.ones(len(passages), np.int64))
    first = np.flatnonzero(passages[1:] != passages[:-1])
    first += 1
    starts = np.empty(len(first) + 1, np.int64)
    starts[0] = 0
    starts[1:] = first
    counts = np.empty(len(starts), np.int64)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1])
    counts[-1] = len(passages) - starts[-1]
    return Occurrences(passages[starts], counts)


def _character(segment: Segment, code: int) -> Occurrences:
    """Return the passages that hold one character: the lists of all grams that begin with it."""
    keys = segment.gram_keys
    shift = keys.dtype.itemsize * 4
    edges = np.array([code << shift, (code << shift) | ((1 << shift) - 1)], dtype=keys.dtype)
    first, last = (int(edge) for edge in np.searchsorted(keys, edges, side="left"))
    # The greatest key of a character ends in the filler, which is the greatest code of a 16-bit segment.
    while last < len(keys) and int(keys[last]) >> shift == code:
        last += 1
    if first == last:
        return NONE
    grams = segment.grams
    long = np.flatnonzero(grams.count[first:last] >= LONG) + first
    parts = [grams.list(int(row)) for row in long]
    parts.append(grams.short_run(first, last))
    passages = segment.passages_at(np.concatenate(parts))
    if len(passages) * 8 > segment.size:
        counts = np.bincount(passages, minlength=segment.size)
        held = np.flatnonzero(counts)
        return Occurrences(held.astype(np.uint32), counts[held])
    passages.sort()
    return _grouped(passages)


def counted(passages: npt.NDArray[Any], found: Occurrences) -> npt.NDArray[Any]:
    """Return how often each of `passages` (ascending) holds the string of `found`; 0 where it does not."""
    if passages is found.passages:
        return found.counts
    if not len(found.passages):
        return np.zeros(len(passages), np.int64)
    at = np.searchsorted(found.passages, passages)
    np.minimum(at, len(found.passages) - 1, out=at)
    return np.where(found.passages[at] == passages, found.counts[at], 0)
