"""Pieces of text become numbers in compiled loops: the numbers that a dictionary would give them.

A table of open addressing over the pieces themselves; a piece that comes again is known by its characters, not by its
hash alone.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, Int, compiled
from indexer.text.points import FILLER
from indexer.text.words import PARTING

CODES = 1 << 16
# Slots at the beginning, a power of two; a table is doubled before half of it is taken.
SLOTS = 1 << 16
PRIME = np.uint64(0x9E3779B97F4A7C15)
UPPER = np.uint64(29)


def prepare() -> None:
    """Have the loops of this module compiled."""
    numbers = Table()
    numbers.of(["会", "会议", PARTING])
    numbers.grow()


class Table:
    """The numbers of different pieces; see cutting.Numbers."""

    def __init__(self) -> None:
        self._slots = np.zeros(SLOTS, np.int32)
        self._singles = np.zeros(CODES, np.int32)
        self._pool = np.zeros(SLOTS, np.uint16)
        self._starts = np.zeros(SLOTS // 2 + 2, np.int64)
        self._pool[0], self._starts[1] = FILLER, 1
        self._count = 1

    def of(self, pieces: list[str]) -> Array:
        """Return the numbers of the next pieces."""
        if not pieces:
            return np.empty(0, np.uint32)
        joined = PARTING.join(pieces) + PARTING
        codes = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), np.uint16)
        while self._count + len(pieces) > len(self._slots) // 2:
            self.grow()
        used = self._starts[self._count]
        if used + len(codes) > len(self._pool):
            self._pool = np.concatenate((self._pool, np.zeros(len(self._pool) + len(codes), np.uint16)))
        found = np.empty(len(pieces), np.uint32)
        self._count = number(codes, self._slots, self._singles, self._pool, self._starts, self._count, found)
        return found

    def grow(self) -> None:
        """Double the room for different pieces."""
        self._slots = np.zeros(2 * len(self._slots), np.int32)
        self._starts = np.concatenate((self._starts, np.zeros(len(self._slots) // 2 + 2 - len(self._starts), np.int64)))
        place(self._slots, self._pool, self._starts, self._count)

    def pieces(self) -> list[bytes]:
        """Return the different pieces, in UTF-8 and by number."""
        raw, ends = self._pool.tobytes(), (self._starts[: self._count + 1] * 2).tolist()
        spelled = (raw[begin:end].decode("utf-16-le", "surrogatepass") for begin, end in pairwise(ends))
        return [piece.encode("utf-8", "surrogatepass") for piece in spelled]


@compiled
def number(codes: Array, slots: Array, singles: Array, pool: Array, starts: Array, count: Int, found: Array) -> int:
    """Fill in the numbers of pieces; return how many different ones there are by now.

    Args:
        codes: The pieces, each with a filler behind it.
        slots: Numbers by hash, 0 where nothing is; with room for as many more as there are codes.
        singles: The numbers of pieces of one code, 0 where it has none.
        pool: The different pieces one after the other; `starts` tells where each begins, and where the last ends.
        count: How many different ones there are.
        found: The numbers.
    """
    many, i, size = np.uint64(0), np.uint64(0), np.uint64(len(codes))
    mask, one = np.uint64(len(slots) - 1), np.uint64(1)
    while i < size:
        begin = i
        key = np.uint64(codes[i])
        i += one
        while codes[i] != FILLER:
            key = (key ^ key >> UPPER) * PRIME + np.uint64(codes[i])
            i += one
        length = i - begin
        i += one
        if length == one:
            code = codes[begin]
            value = singles[code]
            if not value and code != FILLER:
                value = singles[code] = count
                pool[starts[count]] = code
                starts[count + 1] = starts[count] + 1
                count += 1
        else:
            slot = (key * PRIME >> UPPER) & mask
            value = np.int32(0)
            while slots[slot]:
                value = slots[slot]
                base = np.uint64(starts[value])
                same = np.uint64(starts[value + 1]) - base == length
                j = np.uint64(0)
                while same and j < length:
                    same = pool[base + j] == codes[begin + j]
                    j += one
                if same:
                    break
                value = np.int32(0)
                slot = (slot + one) & mask
            if not value:
                value = slots[slot] = count
                base = np.uint64(starts[count])
                pool[base : base + length] = codes[begin : begin + length]
                starts[count + 1] = base + length
                count += 1
        found[many] = value
        many += one
    return int(count)


@compiled
def place(slots: Array, pool: Array, starts: Array, count: Int) -> None:
    """Put the numbers of pieces into an empty table."""
    mask = np.uint64(len(slots) - 1)
    for value in range(1, count):
        begin, end = starts[value], starts[value + 1]
        if end - begin > 1:
            key = np.uint64(pool[begin])
            for j in range(begin + 1, end):
                key = (key ^ key >> UPPER) * PRIME + np.uint64(pool[j])
            slot = (key * PRIME >> UPPER) & mask
            while slots[slot]:
                slot = (slot + np.uint64(1)) & mask
            slots[slot] = value
