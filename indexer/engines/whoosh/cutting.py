"""Folded passages go in, the postings of their words come out: the one place of this engine that segments text.

Work for one process, this one or the one beside it (`beside.py`); which of them does it changes nothing of the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.invert import Numbered, Words
from indexer.engines.whoosh.streams import CELL, Codes
from indexer.text import words
from indexer.text.fold import fold
from indexer.text.points import U32

# In place of a title: a name on the roll of attendance is never taken for a subject.
SILENT = "\0"


class Folded(NamedTuple):
    """Some passages, folded, in cells (streams.py): code points, the first cell of each passage and its characters.

    `titles` has, by place among these passages, what stands over them: its words count as theirs.
    """

    codes: Codes
    cell: U32
    length: U32
    titles: dict[int, str]


class Cutting:
    """The words of a segment's passages, gathered part by part."""

    def __init__(self) -> None:
        self._numbered = Numbered()

    def add(self, some: Folded) -> None:
        """Segment the next passages."""
        self._numbered.add(_pieces(some))

    def words(self, alive: npt.NDArray[np.bool_] | None = None) -> Words:
        """Return the words of all passages, or of those that are alive."""
        return self._numbered.words(words.is_word, alive)


def _pieces(some: Folded) -> Iterator[Sequence[str]]:
    """Yield the pieces of every stream with those of its title; the roll of attendance has none."""
    pieces = words.pieces
    wide = some.codes.dtype.itemsize == 4
    characters = some.codes.tobytes().decode("utf-32-le" if wide else "utf-16-le", "surrogatepass")
    starts = some.cell.astype(np.int64) * CELL
    ends = starts + some.length
    above: dict[str, list[str]] = {}
    for place, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        title = some.titles.get(place)
        if title == SILENT:
            yield ()
        elif title:
            if title not in above:
                above[title] = pieces(fold(title))
            yield pieces(characters[start:end]) + above[title]
        else:
            yield pieces(characters[start:end])
