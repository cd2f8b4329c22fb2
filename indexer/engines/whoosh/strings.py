"""Exact strings on one segment: which passages hold a stream, and how often, equal to a scan with `in`.

A string of one character is all grams that begin with it; of two, one gram; a longer one is the places of its rarest
gram, verified on the characters themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.postings import LONG
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import CELL, CELL_BITS
from indexer.text.points import U32

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


class Term(NamedTuple):
    """A string as a segment knows it: its codes, the rows of its pairs in the grams, and how often each occurs.

    `most` is how often the string can occur at most: 0 where a pair of it does not occur at all.
    """

    codes: list[int]
    rows: list[int]
    counts: list[int]
    most: int


def look_up(segment: Segment, streams: Iterable[str]) -> dict[str, Term]:
    """Return what a segment knows of strings."""
    coded = {stream: segment.query_codes(stream) for stream in streams}
    return dict(zip(coded, terms(segment, list(coded.values())), strict=True))


def terms(segment: Segment, coded: Sequence[list[int]]) -> list[Term]:
    """Return the same of strings given as codes, one or more each; all pairs are looked up in one go."""
    keys = segment.gram_keys
    shift = keys.dtype.itemsize * 4
    pairs = [a << shift | b for codes in coded if min(codes) >= 0 for a, b in pairwise(codes)]
    rows: Iterator[int] = iter(())
    counts: Iterator[int] = iter(())
    if pairs and len(keys):
        wanted = np.array(pairs, dtype=keys.dtype)
        at = keys.searchsorted(wanted)
        # A gram behind the last key is looked up at the last key, which is another one.
        held = keys.take(at, mode="clip") == wanted
        rows, counts = iter(at.tolist()), iter((segment.grams.count.take(at, mode="clip") * held).tolist())
    found = []
    for codes in coded:
        if min(codes) < 0 or not len(keys):
            found.append(Term(codes, [], [], 0))
        elif len(codes) == 1:
            many = int(segment.occurrences([segment.character(codes[0])])[0])
            found.append(Term(codes, [], [many], many))
        else:
            each = list(islice(counts, len(codes) - 1))
            found.append(Term(codes, list(islice(rows, len(each))), each, min(each)))
    return found


def find(segment: Segment, stream: str, term: Term | None = None) -> Occurrences:
    """Return the passages whose stream contains `stream` (folded, not empty)."""
    term = term or look_up(segment, (stream,))[stream]
    if not term.most:
        return NONE
    if len(term.codes) == 1:
        return of_character(segment, term.codes[0])
    found = places(segment, term)
    return _grouped(segment.passages_at(found), found) if len(found) else NONE


def rarest(segments: Iterable[Segment], stream: str) -> int:
    """Return how often the rarest pair of a string occurs in all segments, however the passages lie in them."""
    pairs = [stream] if len(stream) == 1 else ["".join(pair) for pair in pairwise(stream)]
    totals = sum((segment.occurrences(pairs) for segment in segments), start=np.zeros(len(pairs), np.int64))
    return int(totals.min())


def together(known: Iterable[Term]) -> int:
    """Return the same of what each segment knows of the string."""
    counts = [term.counts for term in known if term.counts]
    return min(counts[0]) if len(counts) == 1 else min(map(sum, zip(*counts, strict=True)), default=0)


def within(segment: Segment, codes: list[int], passages: npt.NDArray[Any]) -> Occurrences:
    """Return the occurrences of a string in some passages (ascending), by reading them."""
    read = segment.read(passages)
    size = len(read.codes) - len(codes) + 1
    equal = read.codes[:size] == codes[0]
    for i, code in enumerate(codes[1:], 1):
        equal &= read.codes[i : i + size] == code
    at = equal.nonzero()[0]
    row = at >> CELL_BITS
    places = ((read.cells[row] << CELL_BITS) + (at & (CELL - 1))).astype(np.uint32)
    return _grouped(passages[read.owner[row]], places) if len(at) else NONE


def of_row(segment: Segment, row: int) -> Occurrences:
    """Return the passages that hold the pair of characters of one row of the grams."""
    found = segment.grams.list(row)
    return _grouped(segment.passages_at(found), found)


def places(segment: Segment, term: Term, among: npt.NDArray[Any] | None = None) -> U32:
    """Return the addresses, ascending, at which the two or more characters of a string stand one after the other.

    Args:
        segment: Where to look.
        term: The string; it can occur.
        among: Passages that alone are asked for (ascending); others may be left out where that saves work.
    """
    codes, rows, counts, most = term
    gram = counts.index(most)
    found = segment.grams.list(rows[gram])
    if len(rows) == 1:
        return found
    if gram:
        found = found[found >= gram] - np.uint32(gram) if found[0] < gram else found - np.uint32(gram)
    if among is not None and len(found) > AT_ONCE:
        wanted = np.zeros(segment.size, dtype=np.bool_)
        wanted[among] = True
        found = found[wanted[segment.passages_at(found)]]
    left = [i for i in range(len(codes)) if i not in (gram, gram + 1)]
    if len(found) * len(left) > AT_ONCE:
        for offset in _rarest_first(counts):
            if offset not in left:
                continue
            if len(found) * len(left) <= AT_ONCE:
                break
            left.remove(offset)
            at = segment.codes.take(found + np.uint32(offset), mode="clip")
            found = found[segment.folds.take(at) == codes[offset]]
    if not left or not len(found):
        return found
    at = segment.codes.take(found[:, None] + np.array(left, dtype=np.uint32), mode="clip")
    equal = segment.folds.take(at) == np.array([codes[i] for i in left], dtype=segment.folds.dtype)
    return found[equal.all(axis=1)]  # type: ignore[no-any-return]


def _rarest_first(counts: list[int]) -> Iterator[int]:
    """Yield the characters of a string, those of its rarer pairs first."""
    for gram in sorted(range(len(counts)), key=counts.__getitem__):
        yield from (gram, gram + 1)


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
