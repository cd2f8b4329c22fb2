"""Inversion by sorting: characters in cells become gram postings, word lists become word postings.

One sort of 64-bit keys (term in the high half, place in the low one) stands for the per-posting bookkeeping of a
classical inverter. Nothing is read or written here.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.streams import Codes
from indexer.text.points import FILLER, U32

U64 = npt.NDArray[np.uint64]
MOST_TF = 255
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


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
    at = np.flatnonzero(folded != FILLER)
    following = np.append(folded[1:], folded.dtype.type(FILLER))[at]
    if folded.dtype == np.uint16:
        keyed = (folded[at].astype(np.uint64) << np.uint64(48)) | (following.astype(np.uint64) << HALF)
        keyed |= at.astype(np.uint64)
        keyed.sort()
        ordered: U32 | U64 = (keyed >> HALF).astype(np.uint32)
        places = (keyed & LOW).astype(np.uint32)
    else:
        wide = (folded[at].astype(np.uint64) << HALF) | following.astype(np.uint64)
        order = np.argsort(wide, kind="stable")
        ordered, places = wide[order], at[order].astype(np.uint32)
    first = _firsts(ordered)
    return Grams(ordered[first], np.append(first, len(places)).astype(np.uint32), places)


def words(lists: Iterable[Iterable[str]], is_word: Callable[[str], bool]) -> Words:
    """Invert one list of pieces a passage, in passage order; a passage without words is never found by them.

    Args:
        lists: The words of each passage, with the signs between them or without.
        is_word: Tells words from signs; asked once for each different piece.
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    ids = array("q")
    ends = [0]
    for pieces in lists:
        ids.extend(map(numbers.__getitem__, pieces))
        ends.append(len(ids))
    spelled = [piece.encode("utf-8", "surrogatepass") for piece in numbers]
    order = [
        i
        for i in sorted(range(len(spelled)), key=spelled.__getitem__)
        if is_word(spelled[i].decode("utf-8", "replace"))
    ]
    rank = np.full(len(spelled), -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    terms = rank[np.frombuffer(ids, dtype=np.int64)] if ids else np.empty(0, np.int64)
    owners = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    kept = terms >= 0
    terms, owners = terms[kept], owners[kept]
    keyed = (terms.astype(np.uint64) << HALF) | owners.astype(np.uint64)
    keyed.sort()
    return _posted(tuple(spelled[i] for i in order), keyed, np.bincount(owners, minlength=len(ends) - 1))


def _posted(terms: tuple[bytes, ...], keyed: U64, lengths: npt.NDArray[np.int64]) -> Words:
    """Return the postings of sorted (word, passage) keys with repetitions."""
    first = _firsts(keyed)
    counts = np.diff(np.append(first, len(keyed)))
    keyed = keyed[first]
    starts = np.searchsorted(keyed >> HALF, np.arange(len(terms) + 1, dtype=np.uint64))
    return Words(
        terms=terms,
        starts=starts.astype(np.uint32),
        passages=(keyed & LOW).astype(np.uint32),
        counts=np.minimum(counts, MOST_TF).astype(np.uint8),
        lengths=np.minimum(lengths, 0xFFFF).astype(np.uint16),
    )


def _firsts(ordered: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """Return where each run of equal values begins."""
    if not len(ordered):
        return np.empty(0, np.int64)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1))
