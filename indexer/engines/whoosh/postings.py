"""Many ascending lists of numbers in a few arrays: short ones as they are, long ones as 16-bit parts.

    count    one entry a list: how many numbers
    start    one entry a list: where it begins in `short`, or in `low` if it is long
    short    the numbers of the short lists, 32 bits each
    low      the lower 16 bits of the numbers of the long lists
    bucket   one row a long list: how many of its numbers have the upper part 0, 1, 2 …

A long list has at least LONG numbers. Half of all postings of a real corpus lie in long lists, so this takes a
quarter off the whole; putting the parts together again costs about a nanosecond a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.arrays import Array
from indexer.text.points import U32

LONG = 1024


def pack(name: str, starts: npt.NDArray[np.generic], values: U32) -> dict[str, Array]:
    """Return the arrays of lists `values[starts[i]:starts[i + 1]]`, each name beginning with `name`."""
    starts = starts.astype(np.int64)
    count = np.diff(starts)
    long = count >= LONG
    in_long = np.repeat(long, count)
    start = np.where(long, np.cumsum(np.where(long, count, 0)), np.cumsum(np.where(long, 0, count))) - count
    chosen = values[in_long]
    rows = int(long.sum())
    width = int(values.max() >> 16) + 1 if len(values) else 1
    # Lists ascend, so a search for where each upper part begins counts them all without a key for every number.
    edges = np.arange(width + 1, dtype=np.uint64) << np.uint64(16)
    edges = np.minimum(edges, np.uint64(0xFFFFFFFF)).astype(np.uint32)
    ends = np.cumsum(count[long]).tolist()
    bucket = np.zeros((rows, width), dtype=np.uint32)
    for row, (first, last) in enumerate(zip([0, *ends], ends, strict=False)):
        at = chosen[first:last].searchsorted(edges)
        at[-1] = last - first
        bucket[row] = np.diff(at)
    return {
        f"{name}_count": count.astype(np.uint32),
        f"{name}_start": start.astype(np.uint32),
        f"{name}_short": values[~in_long],
        f"{name}_low": chosen.astype(np.uint16),
        f"{name}_bucket": bucket.reshape(-1),
        f"{name}_long": np.flatnonzero(long).astype(np.uint32),
    }


class Postings:
    """The lists of one name, read from a segment's arrays."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self.count: U32 = arrays[f"{name}_count"]  # type: ignore[assignment]
        self.starts = arrays[f"{name}_start"]
        self.short = arrays[f"{name}_short"]
        self.low = arrays[f"{name}_low"]
        self.long = arrays[f"{name}_long"]
        bucket = arrays[f"{name}_bucket"]
        self.width = len(bucket) // len(self.long) if len(self.long) else 1
        self.bucket = bucket
        self._base = np.arange(self.width, dtype=np.uint32) << np.uint32(16)

    def __len__(self) -> int:
        return len(self.count)

    def list(self, i: int) -> U32:
        """Return list i, ascending."""
        count, start = int(self.count[i]), int(self.starts[i])
        if count < LONG:
            return self.short[start : start + count]  # type: ignore[return-value]
        row = int(np.searchsorted(self.long, np.uint32(i))) * self.width
        upper = np.repeat(self._base, self.bucket[row : row + self.width])  # type: ignore[arg-type]
        upper |= self.low[start : start + count]  # type: ignore[arg-type]
        return upper

    def look_up(self, i: int, wanted: U32) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return which of the numbers wanted (ascending) list i has, and where in it; it is not empty, and not made."""
        count, start = int(self.count[i]), int(self.starts[i])
        if count < LONG:
            held = self.short[start : start + count]
            at = np.minimum(held.searchsorted(wanted), count - 1)
            has = (held[at] == wanted).nonzero()[0]
            return has, at[has]
        row = int(self.long.searchsorted(np.uint32(i))) * self.width
        sizes = self.bucket[row : row + self.width].tolist()
        low = wanted.astype(np.uint16)
        edges = wanted.searchsorted(np.arange(self.width + 1, dtype=np.uint32) << np.uint32(16)).tolist()
        places = np.zeros(len(wanted), dtype=np.int64)
        found = np.zeros(len(wanted), dtype=np.bool_)
        before = 0
        for size, first, last in zip(sizes, edges, edges[1:], strict=False):
            if size and first < last:
                part = self.low[start + before : start + before + size]
                at = np.minimum(part.searchsorted(low[first:last]), size - 1)
                found[first:last] = part[at] == low[first:last]
                places[first:last] = at + before
            before += size
        has = found.nonzero()[0]
        return has, places[has]

    @cached_property
    def before(self) -> npt.NDArray[np.int64]:
        """How many numbers the lists before each list hold; one entry more than there are lists."""
        return np.concatenate(([0], np.cumsum(self.count, dtype=np.int64)))

    def short_run(self, first: int, last: int) -> U32:
        """Return the numbers of the short lists among `first` to `last`, one list after the other."""
        short = np.flatnonzero(self.count[first:last] < LONG)
        if not len(short):
            return self.short[:0]  # type: ignore[return-value]
        begin, end = first + int(short[0]), first + int(short[-1])
        return self.short[int(self.starts[begin]) : int(self.starts[end]) + int(self.count[end])]  # type: ignore[return-value]
