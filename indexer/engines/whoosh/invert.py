"""Inversion by sorting: characters in cells become gram postings, word lists become word postings.

One sort of 64-bit keys (term in the high half, place in the low one) stands for the per-posting bookkeeping of a
classical inverter. Nothing is read or written here.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import kernels
from indexer.engines.whoosh.streams import Codes
from indexer.text.points import FILLER, U32

U64 = npt.NDArray[np.uint64]
MOST_TF = 255
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
# Characters whose keys are made at once, and pieces that are numbered at once: what a cache of 2 MB holds.
PIECE, AT_ONCE = 1 << 16, 1 << 13
# From so many characters or pieces on, loops are worth the half second in which they are loaded.
MANY = 2_000_000


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
    loops = kernels.inverting() if folded.dtype == np.uint16 and len(folded) >= MANY else None
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


class Numbered:
    """Pieces of passages as numbers, gathered passage by passage, to be inverted at the end.

    A piece is a word or a sign between words, as segmentation gives them.
    """

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._parts: list[tuple[U32, U32]] = []  # the numbers of some passages, and how many each of these has

    def add(self, lists: Iterable[Sequence[str]]) -> None:
        """Take the pieces of the next passages, a list each."""
        number = self._numbers.__getitem__
        ids, counts, flat = array("I"), [], list[str]()
        for pieces in lists:
            flat += pieces
            counts.append(len(pieces))
            if len(flat) > AT_ONCE:
                ids.frombytes(np.fromiter(map(number, flat), np.uintc, len(flat)).tobytes())
                flat = []
        ids.frombytes(np.fromiter(map(number, flat), np.uintc, len(flat)).tobytes())
        self._parts.append((np.array(ids, dtype=np.uint32), np.array(counts, dtype=np.uint32)))

    def words(self, is_word: Callable[[str], bool], alive: npt.NDArray[np.bool_] | None = None) -> Words:
        """Invert what was gathered; a passage without words is never found by them.

        Args:
            is_word: Tells words from signs; asked once for each different piece.
            alive: Which of the passages are there at all; all of them, if it is not given.
        """
        parts = self._parts if alive is None else list(_alive(self._parts, alive))
        spelled = [piece.encode("utf-8", "surrogatepass") for piece in self._numbers]
        used = np.ones(len(spelled), dtype=np.bool_)
        if alive is not None:
            used[:] = False
            for ids, _ in parts:
                used[ids] = True
        order = [
            i
            for i in sorted(np.flatnonzero(used).tolist(), key=spelled.__getitem__)
            if is_word(spelled[i].decode("utf-8", "replace"))
        ]
        terms, pieces = tuple(spelled[i] for i in order), sum(len(ids) for ids, _ in parts)
        loops = kernels.inverting() if pieces >= MANY else None
        if loops:
            return _counted(loops, terms, parts, order, len(spelled))
        rank = np.full(len(spelled), NONE, dtype=np.uint64)
        rank[order] = np.arange(len(order), dtype=np.uint64)
        rank[order] <<= HALF
        keyed = np.empty(pieces, dtype=np.uint64)
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


def words(lists: Iterable[Sequence[str]], is_word: Callable[[str], bool]) -> Words:
    """Invert one list of pieces a passage, in passage order."""
    numbered = Numbered()
    numbered.add(lists)
    return numbered.words(is_word)


def _alive(parts: Iterable[tuple[U32, U32]], alive: npt.NDArray[np.bool_]) -> Iterator[tuple[U32, U32]]:
    """Yield the parts without the passages that are gone."""
    passage = 0
    for ids, counts in parts:
        here = alive[passage : passage + len(counts)]
        yield ids[np.repeat(here, counts)], counts[here]
        passage += len(counts)


def _counted(
    loops: ModuleType, terms: tuple[bytes, ...], parts: Sequence[tuple[U32, U32]], order: Sequence[int], pieces: int
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
