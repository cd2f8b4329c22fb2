"""All passages of a long answer in order of their dates, held as three arrays; a hit is made when it is come to.

A million hits made at once take a third of a gigabyte, and reading their texts draws the whole index into memory: what
was read of the files is let go on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar, overload

import numpy as np

from indexer.engines.whoosh import arrays
from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.top import Place, dated

H = TypeVar("H")

LONG = 10_000  # hits: a shorter answer is made at once
STRIDE = 20_000  # hits between two times that files are let go


class Walk(Sequence[H], Generic[H]):
    """The hits from `first` to `last` by date, in the order of `top.best`."""

    def __init__(
        self,
        segments: tuple[Segment, ...],
        parts: Sequence[Passages],
        newest_first: bool,
        first: int,
        last: int,
        make: Callable[[Place], H],
    ) -> None:
        """Put passages in order; `parts` has those of each segment, ascending."""
        self._segments, self._make = segments, make
        every = np.repeat(np.arange(len(parts), dtype=np.uint16), list(map(len, parts)))
        passages = np.concatenate([np.empty(0, np.uint32), *(part.astype(np.uint32) for part in parts)])
        scores = np.concatenate(
            [np.empty(0, np.int32), *(dated(s, p, newest_first) for s, p in zip(segments, parts, strict=True))]
        )
        order = np.argsort(-scores, kind="stable")[first:last]
        self._segment, self._passage, self._score = every[order], passages[order], scores[order]

    def __len__(self) -> int:
        return len(self._segment)

    @overload
    def __getitem__(self, at: int) -> H: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[H, ...]: ...
    def __getitem__(self, at: int | slice) -> H | tuple[H, ...]:
        if isinstance(at, slice):
            return tuple(self[i] for i in range(*at.indices(len(self))))
        return self._make(Place(int(self._segment[at]), int(self._passage[at]), float(self._score[at])))

    def __iter__(self) -> Iterator[H]:
        for at in range(len(self)):
            if at % STRIDE == 0:  # also before the first: to find them all drew in what they are found by
                for segment in self._segments:
                    arrays.let_go(segment.arrays)
            yield self[at]
