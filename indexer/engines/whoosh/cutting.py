"""Folded passages go in, the postings of their words come out: the one place of this engine that segments text.

Work for one process, this one or the one beside it (`beside.py`); which of them does it changes nothing of the outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import invert
from indexer.engines.whoosh.invert import Words
from indexer.engines.whoosh.kernels.inverting import inverting
from indexer.engines.whoosh.streams import CELL, Codes
from indexer.text import words
from indexer.text.fold import fold
from indexer.text.points import FILLER, U32

# In place of a title: a name on the roll of attendance is never taken for a subject.
SILENT = "\0"
# Characters that are segmented at once: their pieces fit into a cache of 2 MB.
AT_ONCE = 1 << 13


class Folded(NamedTuple):
    """Some passages, folded, in cells (streams.py): code points, the first cell of each passage and its characters.

    `titles` has, by place among these passages, what stands over them: its words count as theirs.
    """

    codes: Codes
    cell: U32
    length: U32
    titles: dict[int, str]


class Numbers(Protocol):
    """The numbers of different pieces, in the order in which they came first; that of words.PARTING is 0."""

    def of(self, pieces: list[str]) -> U32:
        """Return the numbers of the next pieces."""

    def pieces(self) -> list[bytes]:
        """Return the different pieces, in UTF-8 and by number."""


class Dictionary:
    """Numbers as Python gives them; compiled loops do the same in a fifth of the time (kernels/numbering.py)."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._numbers[words.PARTING] = 0

    def of(self, pieces: list[str]) -> U32:
        return np.fromiter(map(self._numbers.__getitem__, pieces), np.uint32, len(pieces))

    def pieces(self) -> list[bytes]:
        return [piece.encode("utf-8", "surrogatepass") for piece in self._numbers]


class Cutting:
    """The words of a segment's passages, of so many characters or more, gathered part by part."""

    def __init__(self, characters: int) -> None:
        loops = inverting(characters)
        self._numbers: Numbers = loops.numbers() if loops else Dictionary()
        self._parts: list[tuple[U32, U32]] = []  # the numbers of some passages, and how many each of these has

    def add(self, some: Folded) -> None:
        """Segment the next passages."""
        titles = {place: title for place, title in some.titles.items() if title != SILENT}
        rows = {title: row for row, title in enumerate(dict.fromkeys(titles.values()))}
        streams = _streams(some) + "".join(fold(t).replace(words.PARTING, "") + words.PARTING for t in rows)
        found = np.concatenate([self._numbers.of(words.pieces(text)) for text in _portions(streams)])
        ends = np.flatnonzero(found == 0)
        ids, counts = found[found != 0], np.diff(ends, prepend=-1) - 1
        if titles:
            ids, counts = _titled(ids, counts, len(some.cell), {p: rows[t] for p, t in titles.items()})
        self._parts.append((ids, counts.astype(np.uint32)))

    def words(self, alive: npt.NDArray[np.bool_] | None = None) -> Words:
        """Return the words of all passages, or of those that are alive."""
        return invert.words(self._numbers.pieces(), self._parts, words.is_word, alive)


def _streams(some: Folded) -> str:
    """Return the streams of passages, each with one filler behind it; those on the roll of attendance are empty."""
    wide = some.codes.dtype.itemsize == 4
    begins = some.cell.astype(np.int64) * CELL
    kept = some.codes != FILLER
    kept[begins + some.length] = True
    for place, title in some.titles.items():
        if title == SILENT:
            kept[begins[place] : begins[place] + some.length[place]] = False
    return str(some.codes[kept].tobytes(), "utf-32-le" if wide else "utf-16-le", "surrogatepass")


def _portions(streams: str) -> Iterator[str]:
    """Yield streams in portions that stay in the cache."""
    begin = 0
    while begin < len(streams):
        end = streams.find(words.PARTING, begin + AT_ONCE) + 1 or len(streams)
        yield streams[begin:end]
        begin = end


def _titled(
    ids: U32, counts: npt.NDArray[np.int64], passages: int, titles: dict[int, int]
) -> tuple[U32, npt.NDArray[np.int64]]:
    """Return the numbers of so many passages, each with those of its title behind its own, and how many each has.

    The titles come behind all passages; `titles` has, by place, the place of its title among them.
    """
    over = np.full(passages, len(counts), dtype=np.int64)
    over[list(titles)] = passages + np.array(list(titles.values()), dtype=np.int64)
    # A passage without a title has one without pieces.
    counts, starts = np.append(counts, 0), np.append(np.cumsum(counts) - counts, 0)
    order = np.column_stack((np.arange(passages), over)).reshape(-1)
    many = counts[order]
    at = np.repeat(starts[order] - (np.cumsum(many) - many), many) + np.arange(many.sum())
    return ids[at], many.reshape(-1, 2).sum(axis=1)
