"""The best few hundred passages of an answer as a small segment in memory: what only a reading of the texts tells.

The embedded engine's own code reads them (where a string stands, how near strings stand to each other, the mixture of
pairs and characters, what is boilerplate), so that both engines rank alike; only the statistics are those of the whole
index.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import Section
from indexer.engines.opensearch.statistics import Statistics
from indexer.engines.whoosh import boilerplate, build, invert, proximity, ranking, rescore, standing, streams, strings
from indexer.engines.whoosh.columns import SECTION_BITS, PassageRow, RecordRow
from indexer.engines.whoosh.exact import FEW, sunk
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import threshold

Floats = npt.NDArray[np.float32]
NOWHERE = Path()


class Read(Segment):
    """Texts laid out as a segment; counts of strings are those of the whole index."""

    def __init__(
        self,
        statistics: Statistics,
        texts: Sequence[str],
        sections: Sequence[Section],
        words: Sequence[str],
        sought: bool,
    ) -> None:
        laid = streams.lay_out(texts)
        rows = [PassageRow(SECTION_BITS.get(section, 0), b"", {}, place) for place, section in enumerate(sections)]
        made = build.together(
            laid,
            build.fold_codes(laid),
            lambda: invert.no_words(len(texts)),
            [RecordRow("", 0, b"", b"", {}, rows)],
            sought=sought,
        )
        made["word_count"] = np.array(statistics.holding(words), dtype=np.uint32)
        super().__init__(NOWHERE, made=made)
        self.statistics = statistics
        self._rows = {word: row for row, word in enumerate(words)}

    def occurrences(self, streams: Sequence[str]) -> Ints:
        return np.array(self.statistics.occurrences(streams), dtype=np.int64)

    def word_rows(self, words: Sequence[str]) -> list[int]:
        return [self._rows.get(word, -1) for word in words]


class Pool(Snapshot):
    """A snapshot of one segment with the totals of the whole index."""

    @cached_property
    def passages(self) -> int:
        return self._read.statistics.passages

    @cached_property
    def mean_length(self) -> float:
        return self._read.statistics.mean_length

    def levels(self, many: int) -> tuple[boilerplate.U8 | None, ...]:
        return (self._levels_by(np.arange(len(self._read.said)), many),)

    def sink(self, passages: Ints, scores: Floats) -> None:
        """Sink the scores of some passages, which asks for the sentences of these alone; changes them in place."""
        within = np.isin(self._read.said_in(np.arange(len(self._read.said))), passages)
        levels = self._levels_by(np.flatnonzero(within), ranking.REPEATED)
        if levels is not None:
            scores[passages] *= np.array(ranking.SUNK, dtype=np.float32).take(levels[passages])

    def _levels_by(self, places: Ints, many: int) -> boilerplate.U8 | None:
        """Return the levels of passages by the sentences at some places of `said`."""
        said = np.unique(self._read.said[places])
        repeated = said[np.array(self._read.statistics.saying(said.tolist()), dtype=np.int64) >= many]
        return boilerplate.of_segment(self._read, places, repeated)

    @property
    def _read(self) -> Read:
        segment = self.segments[0]
        assert isinstance(segment, Read)
        return segment


def pool(
    statistics: Statistics,
    texts: Sequence[str] = ("",),
    sections: Sequence[Section] = ("body",),
    words: Sequence[str] = (),
    *,
    sought: bool = False,
) -> Pool:
    """Lay texts out; strings are looked for in them only if `sought`.

    Of the words, no more is told than how many passages of the index hold them.
    """
    return Pool(NOWHERE, 0, (), (Read(statistics, texts, sections, words, sought),))


def add_standing(
    held: Pool, scores: Floats, rolls: npt.NDArray[np.bool_], telling: dict[str, float], sure: bool
) -> None:
    """Let the best passages gain by where the strings of the query stand in them."""
    chosen = _foremost(scores, rolls, ranking.READ_FOR_STANDING)
    segment = held.segments[0]
    for stream, weight in telling.items() if len(chosen) else ():
        places = strings.find(segment, stream).places
        assert places is not None  # of single characters alone there are none
        scores[chosen] += sunk(held, 0, chosen, weight * standing.gain(segment, chosen, stream, places, sure))


def add_nearness(
    held: Pool, scores: Floats, rolls: npt.NDArray[np.bool_], slots: Sequence[tuple[str, ...]], most: float
) -> None:
    """Let the best passages gain by how close together the strings of the query stand."""
    sizes = [len(slot[0]) for slot in slots]
    asked = [(i, stream) for i, slot in enumerate(slots) for stream in slot]
    few = None if any(len(stream) == 1 for _, stream in asked) else FEW
    chosen = _foremost(scores, rolls, ranking.READ_FOR_PROXIMITY)
    gaps = []
    for passage in chosen.tolist():
        text = held.segments[0].stream(passage)
        places = [(at, i) for i, stream in asked for at in proximity.starts(text, stream)[:few]]
        gaps.append(proximity.least(places, sizes))
    scores[chosen] += sunk(held, 0, chosen, most / (1 + np.array(gaps) / ranking.NEAR))


def add_mixture(held: Pool, scores: Floats, plain: str) -> None:
    """Add what pairs and characters of the question give."""
    asked = rescore.question(held, plain)
    if asked is not None:
        scores += rescore.score(held, 0, np.arange(len(scores)), asked)


def sink_best(held: Pool, scores: Floats, most: int) -> None:
    """Sink what is boilerplate, as far as it matters for which passages are the best few, and in which order.

    No score rises by sinking: what lies below the best few, when these have sunk, stays below and is not asked about.
    """
    first = scores >= threshold([scores], 2 * most)
    held.sink(np.flatnonzero(first), scores)
    held.sink(np.flatnonzero(~first & (scores >= threshold([scores[first]], most))), scores)


def _foremost(scores: Floats, rolls: npt.NDArray[np.bool_], most: int) -> Ints:
    """Return which passages are among the best few; no roll is."""
    bound = threshold([scores], most)
    chosen = np.flatnonzero(scores >= bound)[: 2 * most]
    return chosen[~rolls[chosen]]
