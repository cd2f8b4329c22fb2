"""Exact strings on one segment: which passages hold a stream, and how often, equal to a scan with `in`.

A string of one character is all grams that begin with it; of two, one gram; a longer one is the places of its rarest
gram, verified on the characters themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.postings import LONG
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import CELL, CELL_BITS, U32

# Candidates times characters that are verified in one step; more are verified a character at a time, rarest first.
AT_ONCE = 4096


class Occurrences(NamedTuple):
    """Passages in ascending order, how often each holds the string, and the addresses where it begins, ascending.

    Single characters have no addresses (None): their lists are not in the order of the text.
    """

    passages: npt.NDArray[Any]
    counts: npt.NDArray[Any]
    places: npt.NDArray[Any] | None


NONE = Occurrences(np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.uint32))


def find(segment: Segment, stream: str) -> Occurrences:
    """Return the passages whose stream contains `stream` (folded, not empty)."""
    codes = segment.query_codes(stream)
    if len(codes) == 1:
        return of_character(segment, codes[0]) if codes[0] >= 0 else NONE
    found = places(segment, codes)
    return _grouped(segment.passages_at(found), found) if len(found) else NONE


def bound(segment: Segment, stream: str) -> int:
    """Return how often a string can occur at most: as often as its rarest pair of characters."""
    if len(stream) == 1:
        return int(segment.occurrences([stream])[0])
    rows = gram_rows(segment, segment.query_codes(stream))
    return 0 if rows is None else int(segment.grams.count[rows].min())


def rarest(segments: Iterable[Segment], stream: str) -> int:
    """Return how often the rarest pair of a string occurs in all segments, however the passages lie in them."""
    pairs = [stream] if len(stream) == 1 else ["".join(pair) for pair in pairwise(stream)]
    totals = sum((segment.occurrences(pairs) for segment in segments), start=np.zeros(len(pairs), np.int64))
    return int(totals.min())


def within(segment: Segment, stream: str, passages: npt.NDArray[Any]) -> Occurrences:
    """Return the occurrences of a string in some passages (ascending), by reading them."""
    read = segment.read(passages)
    codes = segment.query_codes(stream)
    if min(codes) < 0:
        return NONE
    size = len(read.codes) - len(codes) + 1
    equal = read.codes[:size] == codes[0]
    for i, code in enumerate(codes[1:], 1):
        equal &= read.codes[i : i + size] == code
    at = equal.nonzero()[0]
    row = at >> CELL_BITS
    places = (read.cells[row] << CELL_BITS) + (at & (CELL - 1))
    return _grouped(passages[read.owner[row]], places) if len(at) else NONE


def of_row(segment: Segment, row: int) -> Occurrences:
    """Return the passages that hold the pair of characters of one row of the grams."""
    found = segment.grams.list(row)
    return _grouped(segment.passages_at(found), found)


def places(segment: Segment, codes: list[int]) -> npt.NDArray[Any]:
    """Return the addresses, ascending, at which two or more codes stand one after the other."""
    rows = gram_rows(segment, codes)
    if rows is None:
        return NONE.passages
    if len(rows) == 1:
        return segment.grams.list(int(rows[0]))
    counts = segment.grams.count[rows]
    rarest = int(counts.argmin())
    found = segment.grams.list(int(rows[rarest])).astype(np.int64)
    found -= rarest
    if found[0] < 0:
        found = found[found >= 0]
    left = [i for i in range(len(codes)) if i not in (rarest, rarest + 1)]
    if len(found) * len(left) > AT_ONCE:
        by_rarity = counts.argsort(kind="stable").tolist()
        for offset in dict.fromkeys(o for gram in by_rarity[1:] for o in (gram, gram + 1) if o in left):
            if len(found) * len(left) <= AT_ONCE:
                break
            left.remove(offset)
            at = segment.codes.take(found + offset, mode="clip")
            found = found[segment.folds.take(at) == codes[offset]]
    if not left or not len(found):
        return found
    at = segment.codes.take(found[:, None] + np.array(left), mode="clip")
    equal = segment.folds.take(at) == np.array([codes[i] for i in left], dtype=segment.folds.dtype)
    matched: npt.NDArray[Any] = found[equal.all(axis=1)]
    return matched


def gram_rows(segment: Segment, codes: list[int]) -> npt.NDArray[np.int64] | None:
    """Return the rows of the grams of a string; None where one of them does not occur at all."""
    keys = segment.gram_keys
    if min(codes) < 0 or not len(keys):
        return None
    shift = keys.dtype.itemsize * 4
    wanted = np.array([(a << shift) | b for a, b in pairwise(codes)], dtype=keys.dtype)
    rows = keys.searchsorted(wanted)
    # A gram behind the last key is looked up at the last key, which is another one.
    return rows if (keys.take(rows, mode="clip") == wanted).all() else None


def _grouped(passages: U32, where: npt.NDArray[Any]) -> Occurrences:
    """Return ascending passages with repetitions as passages and counts."""
    changes = (passages[1:] != passages[:-1]).nonzero()[0]
    if len(changes) + 1 == len(passages):
        return Occurrences(passages, np.ones(len(passages), np.int64), where)
    starts = np.empty(len(changes) + 2, np.int64)
    starts[0], starts[-1] = 0, len(passages)
    np.add(changes, 1, out=starts[1:-1])
    return Occurrences(passages[starts[:-1]], starts[1:] - starts[:-1], where)


def of_character(segment: Segment, code: int) -> Occurrences:
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
        return Occurrences(held.astype(np.uint32), counts[held], None)
    passages.sort()
    return _grouped(passages, passages)._replace(places=None)


def counted(passages: npt.NDArray[Any], found: Occurrences) -> npt.NDArray[Any]:
    """Return how often each of `passages` (ascending) holds the string of `found`; 0 where it does not."""
    if passages is found.passages:
        return found.counts
    if not len(found.passages):
        return np.zeros(len(passages), np.int64)
    at = found.passages.searchsorted(passages)
    np.minimum(at, len(found.passages) - 1, out=at)
    return np.where(found.passages[at] == passages, found.counts[at], 0)
