"""Inversion by sorting: characters in cells become gram postings, numbered pieces become word postings.

One sort of 64-bit keys (term in the high half, place in the low one) stands for the per-posting bookkeeping of a
classical inverter. Nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.kernels.inverting import Inverting, inverting
from indexer.engines.whoosh.streams import Codes
from indexer.text.points import FILLER, U32

U64 = npt.NDArray[np.uint64]
MOST_TF = 255
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
# Characters whose keys are made at once: what a cache of 2 MB holds.
PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Grams:
    """Where each pair of folded characters begins.

    `keys` are the pairs in order, first code in the high half (the filler follows the last character of a passage);
    the addresses of pair i are `places[starts[i]:starts[i + 1]]`, ascending.
    """

    keys: U32 | U64
    starts: U32
    places: U32


@dataclass(frozen=True, slots=True)
class Words:
    """The passages of each word: `passages[starts[i]:starts[i + 1]]` ascending, `counts` beside them (at most 255).

    `terms` are UTF-8, in the order of their bytes; `lengths` counts the words of each passage.
    """

    terms: tuple[bytes, ...]
    starts: U32
    passages: U32
    counts: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.uint16]


def grams(folded: Codes) -> Grams:
    """Invert the folded characters of a segment (cells with fillers)."""
    loops = inverting(len(folded)) if folded.dtype == np.uint16 else None
    if loops:
        return Grams(*loops.grams(folded))
    if folded.dtype == np.uint16:
        keyed = _gram_keys(folded)
        keyed.sort()
        places = keyed.astype(np.uint32)
        keyed >>= HALF
        ordered: U32 | U64 = keyed.astype(np.uint32)
    else:
        at = np.flatnonzero(folded != FILLER)
        following = np.append(folded[1:], folded.dtype.type(FILLER))[at]
        wide = (folded[at].astype(np.uint64) << HALF) | following.astype(np.uint64)
        order = np.argsort(wide, kind="stable")
        ordered, places = wide[order], at[order].astype(np.uint32)
    first = _firsts(ordered)
    return Grams(ordered[first], np.append(first, len(places)).astype(np.uint32), places)


def _gram_keys(folded: Codes) -> U64:
    """Return pair and place of every character, unsorted; made in pieces that stay in the cache meanwhile."""
    keyed = np.empty(np.count_nonzero(folded != FILLER), dtype=np.uint64)
    done = 0
    for begin in range(0, len(folded), PIECE):
        some = folded[begin : begin + PIECE + 1]
        pairs = some.astype(np.uint64)
        pairs <<= np.uint64(16)
        pairs[:-1] |= some[1:]
        pairs[-1] |= np.uint64(FILLER)
        pairs <<= HALF
        pairs |= np.arange(begin, begin + len(some), dtype=np.uint64)
        pairs = pairs[:PIECE][some[:PIECE] != FILLER]
        keyed[done : done + len(pairs)] = pairs
        done += len(pairs)
    return keyed


def words(
    pieces: Sequence[bytes],
    parts: Sequence[tuple[U32, U32]],
    is_word: Callable[[str], bool],
    alive: npt.NDArray[np.bool_] | None = None,
) -> Words:
    """Invert passages of pieces; a passage without words is never found by them.

    Args:
        pieces: The different words, and signs between words, in UTF-8.
        parts: Of some passages, one after the other, the numbers of their pieces, and how many of these each has.
        is_word: Tells words from signs; asked once for each different piece.
        alive: Which of the passages are there at all; all of them, if it is not given.
    """
    if alive is not None:
        parts = list(_alive(parts, alive))
    used = np.ones(len(pieces), dtype=np.bool_)
    if alive is not None:
        used[:] = False
        for ids, _ in parts:
            used[ids] = True
    order = [
        i
        for i in sorted(np.flatnonzero(used).tolist(), key=pieces.__getitem__)
        if is_word(pieces[i].decode("utf-8", "replace"))
    ]
    terms, total = tuple(pieces[i] for i in order), sum(len(ids) for ids, _ in parts)
    loops = inverting(total)
    if loops:
        return _counted(loops, terms, parts, order, len(pieces))
    rank = np.full(len(pieces), NONE, dtype=np.uint64)
    rank[order] = np.arange(len(order), dtype=np.uint64)
    rank[order] <<= HALF
    keyed = np.empty(total, dtype=np.uint64)
    lengths = [np.empty(0, np.int64)]
    passage = done = 0
    for ids, counts in parts:
        keys = rank[ids]
        owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
        kept = keys != NONE
        owners = owners[kept]
        lengths.append(np.bincount(owners.astype(np.int64), minlength=len(counts)))
        owners += np.uint64(passage)
        owners |= keys[kept]
        keyed[done : done + len(owners)] = owners
        passage, done = passage + len(counts), done + len(owners)
    keyed = keyed[:done]
    keyed.sort()
    return _posted(terms, keyed, np.concatenate(lengths))


def no_words(passages: int) -> Words:
    """Return the words of so many passages without any."""
    return words((), ((np.empty(0, np.uint32), np.zeros(passages, np.uint32)),), str.isalnum)


def _alive(parts: Iterable[tuple[U32, U32]], alive: npt.NDArray[np.bool_]) -> Iterator[tuple[U32, U32]]:
    """Yield the parts without the passages that are gone."""
    passage = 0
    for ids, counts in parts:
        here = alive[passage : passage + len(counts)]
        yield ids[np.repeat(here, counts)], counts[here]
        passage += len(counts)


def _counted(
    loops: Inverting, terms: tuple[bytes, ...], parts: Sequence[tuple[U32, U32]], order: Sequence[int], pieces: int
) -> Words:
    """Return the postings of passages by compiled loops; `order` has the numbers of the terms, of so many pieces."""
    rank = np.full(pieces, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    ids, counts = (np.concatenate(one) for one in zip(*parts, strict=True))
    starts, passages, often, lengths = loops.words(ids, counts, rank, len(terms), MOST_TF)
    return Words(terms, starts, passages, often, np.minimum(lengths, 0xFFFF).astype(np.uint16))


def _posted(terms: tuple[bytes, ...], keyed: U64, lengths: npt.NDArray[np.int64]) -> Words:
    """Return the postings of sorted (word, passage) keys with repetitions."""
    first = _firsts(keyed)
    counts = np.diff(np.append(first, len(keyed)))
    keyed = keyed[first]
    starts = np.searchsorted(keyed, np.arange(len(terms) + 1, dtype=np.uint64) << HALF)
    return Words(
        terms=terms,
        starts=starts.astype(np.uint32),
        passages=keyed.astype(np.uint32),
        counts=np.minimum(counts, MOST_TF).astype(np.uint8),
        lengths=np.minimum(lengths, 0xFFFF).astype(np.uint16),
    )


def _firsts(ordered: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """Return where each run of equal values begins."""
    if not len(ordered):
        return np.empty(0, np.int64)
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return np.flatnonzero(begins)
