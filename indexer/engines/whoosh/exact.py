"""The exact tier: BM25 over the strings themselves, and where and how near each other they stand in the best passages.

Every one of its passages holds what was asked for; what is left to tell is which is about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import leaders, proximity, ranking, standing, strings
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.evaluate import Evaluation, Passages
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.scope import Mask
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Scored, threshold
from indexer.query import asked
from indexer.query.nodes import Node, Or

# So many occurrences of a string in one passage tell how near it comes to another.
FEW = 4


def score(
    snapshot: Snapshot,
    which: int,
    passages: Passages,
    terms: Iterable[tuple[float, npt.NDArray[Any]]],
    lifted: Mask | None,
) -> Floats:
    """Return BM25 over strings, as weights and counts, of passages that hold them, those under a heading raised."""
    segment = snapshot.segments[which]
    norm = snapshot.norms(which, ranking.EXACT_B)[passages]
    scores = np.zeros(len(passages), dtype=np.float32)
    for weight, counts in terms:
        scores += ranking.gain(weight, counts, norm)
    if lifted is not None:
        scores[lifted] *= ranking.TITLE
    if segment.has_roll:
        scores[(segment.levels[passages] & ROLL) != 0] *= ranking.ROLL_FACTOR
    return sunk(snapshot, which, passages, scores)


def sunk(snapshot: Snapshot, which: int, passages: Passages, scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the scores of passages, or what they gain, less what they lose as boilerplate; changes them in place."""
    factors = ranking.sinking(snapshot, which)
    if factors is not None:
        scores *= factors[passages]
    return scores


class Exact:
    """The exact tier of one query: what it selects in each segment, and the scores of that."""

    def __init__(self, snapshot: Snapshot, node: Node) -> None:
        self.snapshot, self.node = snapshot, node
        self.streams = tuple(dict.fromkeys(asked.streams(node)))
        self.evaluations = [Evaluation(segment, self.streams) for segment in snapshot.segments]
        self.passages: list[Passages] = []

    def select(self, masks: Sequence[Mask | None]) -> None:
        """Find the passages of each segment, within a mask where there is one."""
        for evaluation, mask in zip(self.evaluations, masks, strict=True):
            found = evaluation.passages(self.node)
            self.passages.append(found if mask is None else found[mask[found]])

    def places(self, which: int) -> Passages | Mask:
        """Return what was found in a segment: the passages, or which of all they are."""
        return self.passages[which]

    def masks(self) -> list[Mask]:
        """Return which passages of each segment were found."""
        found = []
        for segment, passages in zip(self.snapshot.segments, self.passages, strict=True):
            held = np.zeros(segment.size, dtype=np.bool_)
            held[passages] = True
            found.append(held)
        return found

    @property
    def total(self) -> int:
        """How many passages were found."""
        return sum(map(len, self.passages))

    @cached_property
    def most(self) -> dict[str, int]:
        """The strings that are asked for, and how often each can occur at most, however segments divide them."""
        return {s: strings.together(e.term(s) for e in self.evaluations) for s in self.streams}

    @cached_property
    def weights(self) -> dict[str, float]:
        """The strings that are asked for and their idf, by how often each can occur at most."""
        found = {stream: ranking.spread_idf(self.snapshot, most) for stream, most in self.most.items()}
        for stream in asked.others(self.node):
            found[stream] *= ranking.OTHER_NAME
        return found

    def unranked(self) -> list[Scored]:
        """Return what was found, all of it scored 0."""
        return [Scored(i, found, np.zeros(len(found), np.float32)) for i, found in enumerate(self.passages)]

    def ranked(self) -> list[Scored]:
        """Return what was found with its scores; the best are told apart by where the strings stand."""
        parts = list(self._scored())
        self._place(parts)
        self._draw_near(parts)
        return parts

    def _scored(self) -> Iterator[Scored]:
        for i, passages in enumerate(self.passages):
            if len(passages):
                evaluation = self.evaluations[i]
                terms = ((weight, evaluation.counts(stream, passages)) for stream, weight in self.weights.items())
                lifted = leaders.lifts(self.snapshot.segments[i], passages)
                yield Scored(i, passages, score(self.snapshot, i, passages, terms, lifted))

    def _place(self, parts: list[Scored]) -> None:
        """Let the best passages gain by where the strings of the query stand in them."""
        telling = [(s, w) for s, w in self.weights.items() if self._tells(s)]
        for part, chosen in self._foremost(parts, ranking.READ_FOR_STANDING) if telling else ():
            segment, passages = self.snapshot.segments[part.segment], part.passages[chosen]
            gained = np.zeros(len(passages))
            for stream, weight in telling:
                places = self.evaluations[part.segment].where(stream)
                assert places is not None
                gained += weight * standing.gain(segment, passages, stream, places, self._sure)
            part.scores[chosen] += sunk(self.snapshot, part.segment, passages, gained)

    @cached_property
    def _sure(self) -> bool:
        """Whether each passage holds every string."""
        return not any(isinstance(node, Or) for node in (self.node, *getattr(self.node, "children", ())))

    def _tells(self, stream: str) -> bool:
        """Tell whether it matters where a string stands; not for one so frequent that leaders may answer for it."""
        return len(stream) > 2 or (len(stream) == 2 and self.most[stream] < leaders.FREQUENT_PAIR)

    def _foremost(self, parts: list[Scored], most: int) -> Iterator[tuple[Scored, Any]]:
        """Yield each part with an index of those of its passages that are among the best few; no roll is."""
        bound = threshold([part.scores for part in parts], most)
        for part in parts:
            segment = self.snapshot.segments[part.segment]
            if bound == -np.inf and not segment.has_roll:
                yield part, slice(None)
                continue
            chosen = (part.scores >= bound).nonzero()[0][: 2 * most]
            if segment.has_roll:
                chosen = chosen[(segment.levels[part.passages[chosen]] & ROLL) == 0]
            if len(chosen):
                yield part, chosen

    def _draw_near(self, parts: list[Scored]) -> None:
        """Let the best passages gain by how close together the strings of the query stand."""
        slots = [slot for slot in asked.slots(self.node) if slot]
        if len(slots) < 2:
            return
        most = ranking.PROXIMITY * sum(self.weights.values())
        for part, chosen in self._foremost(parts, ranking.READ_FOR_PROXIMITY):
            passages = part.passages[chosen]
            gained = most / (1 + self._gaps(part.segment, passages, slots) * (1 / ranking.NEAR))
            part.scores[chosen] += sunk(self.snapshot, part.segment, passages, gained)

    def _gaps(self, which: int, passages: Passages, slots: list[tuple[str, ...]]) -> npt.NDArray[np.float64]:
        """Return for each passage how many characters lie between one string of each slot, at best.

        The other names of a slot count as if they were as long as the one that was typed.
        """
        segment, sizes = self.snapshot.segments[which], [len(slot[0]) for slot in slots]
        wanted = [(i, stream) for i, slot in enumerate(slots) for stream in slot]
        if any(len(stream) == 1 for _, stream in wanted):
            texts = map(segment.stream, passages.tolist())
            found = ([(at, i) for i, stream in wanted for at in proximity.starts(text, stream)] for text in texts)
            return np.array([proximity.least(one, sizes) for one in found])
        places = [self.evaluations[which].where(stream) for _, stream in wanted]
        starts = segment.starts(passages)
        ends = starts + segment.length[passages]
        slot_places = [(i, held) for (i, _), held in zip(wanted, places, strict=True) if held is not None]
        return proximity.gaps(starts, ends, slot_places, sizes, FEW)
