"""Inversion by counting, in compiled loops: the same postings as `invert.py` sorts for, in a fifth of the time.

Places come in their order, so a list is filled by walking them once its beginning is known. For pairs that is done
twice, by the second character and then by the first (a radix sort with the characters as digits).
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, compiled
from indexer.text.points import FILLER

CODES = 1 << 16


def prepare() -> None:
    """Have the loops of this module compiled."""
    grams(np.array([1, 2, FILLER], dtype=np.uint16))
    words(np.zeros(1, np.uint32), np.ones(1, np.uint32), np.zeros(1, np.int64), 1, 1)


@compiled
def grams(folded: Array) -> tuple[Array, Array, Array]:
    """Return the pairs of characters in order, where the list of each begins, and their addresses.

    `folded` are cells of 16 bits with fillers; the arrays are those of `invert.Grams`.
    """
    begins, seconds = np.zeros(CODES + 1, np.int64), np.zeros(CODES + 1, np.int64)
    size = len(folded)
    for i in range(size):
        if folded[i] != FILLER:
            begins[np.int64(folded[i]) + 1] += 1
            seconds[np.int64(folded[i + 1] if i + 1 < size else FILLER) + 1] += 1
    for code in range(CODES):
        begins[code + 1] += begins[code]
        seconds[code + 1] += seconds[code]
    count = begins[CODES]
    by_second, at = np.empty(count, np.uint32), seconds.copy()
    for i in range(size):
        if folded[i] != FILLER:
            second = folded[i + 1] if i + 1 < size else np.uint16(FILLER)
            by_second[at[second]] = i
            at[second] += 1
    places, is_first = np.empty(count, np.uint32), np.zeros(count, np.bool_)
    at, before = begins.copy(), np.full(CODES, -1, np.int64)
    lists = 0
    for second in range(CODES):
        for i in range(seconds[second], seconds[second + 1]):
            place = by_second[i]
            first = folded[place]
            if before[first] != second:
                before[first] = second
                is_first[at[first]] = True
                lists += 1
            places[at[first]] = place
            at[first] += 1
    keys, starts = np.empty(lists, np.uint32), np.empty(lists + 1, np.uint32)
    row = 0
    for i in range(count):
        if is_first[i]:
            place = np.int64(places[i])
            second = folded[place + 1] if place + 1 < size else np.uint16(FILLER)
            keys[row] = np.uint32(folded[place]) << np.uint32(16) | np.uint32(second)
            starts[row] = i
            row += 1
    starts[lists] = count
    return keys, starts, places


@compiled
def words(ids: Array, counts: Array, rank: Array, terms: int, most: int) -> tuple[Array, Array, Array, Array]:
    """Return where the list of each word begins, its passages, how often it is in each, and the words of each passage.

    Args:
        ids: The numbers of the pieces of all passages.
        counts: How many each passage has.
        rank: The word that each number stands for; -1 where it is none.
        terms: How many words there are.
        most: How often a word is said to be in a passage at most.
    """
    starts, last = np.zeros(terms + 1, np.uint32), np.full(terms, -1, np.int64)
    lengths = np.zeros(len(counts), np.int64)
    i = 0
    for passage in range(len(counts)):
        for _ in range(counts[passage]):
            word = rank[ids[i]]
            i += 1
            if word >= 0:
                lengths[passage] += 1
                if last[word] != passage:
                    last[word] = passage
                    starts[word + 1] += 1
    for word in range(terms):
        starts[word + 1] += starts[word]
    passages, often = np.empty(starts[terms], np.uint32), np.zeros(starts[terms], np.uint8)
    at = starts[:terms].astype(np.int64)
    last[:] = -1
    i = 0
    for passage in range(len(counts)):
        for _ in range(counts[passage]):
            word = rank[ids[i]]
            i += 1
            if word >= 0:
                if last[word] != passage:
                    last[word] = passage
                    passages[at[word]] = passage
                    at[word] += 1
                if often[at[word] - 1] < most:
                    often[at[word] - 1] += 1
    return starts, passages, often, lengths
