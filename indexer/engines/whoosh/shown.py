"""Hits as an answer has them: places on a page go in, the hits come out, each with its text.

The texts of a page are read together, which a compiled loop does in the time of a few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from indexer.engines.engine import PassageRecord, Tier
from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot, passage_record
from indexer.engines.whoosh.top import Place

Reader = Callable[[Segment, Passages], Sequence[str]]


def one_by_one(segment: Segment, passages: Passages) -> list[str]:
    """Return the texts of passages."""
    return [segment.text(passage) for passage in passages.tolist()]


class FoundHit:
    """A passage found; what else is kept of it is read when asked for."""

    __slots__ = ("_passage", "_segment", "score", "text", "tier")

    def __init__(self, segment: Segment, passage: int, text: str, score: float, tier: Tier) -> None:
        self._segment, self._passage, self.text, self.score, self.tier = segment, passage, text, score, tier

    @property
    def passage(self) -> PassageRecord:
        return passage_record(self._segment, self._passage)


def page(segment: Segment, passages: Passages, scores: Sequence[float], tier: Tier, read: Reader) -> list[FoundHit]:
    """Return the hits at passages of one segment, in their order."""
    if not len(passages):
        return []
    rows = zip(passages.tolist(), read(segment, passages), scores, strict=True)
    return [FoundHit(segment, passage, text, score, tier) for passage, text, score in rows]


def hits(snapshot: Snapshot, places: Sequence[Place], tier: Tier, read: Reader) -> list[FoundHit]:
    """Return the hits at some places, in their order."""
    found: dict[Place, FoundHit] = {}
    for which, segment in enumerate(snapshot.segments):
        here = [place for place in places if place.segment == which]
        if here:
            passages = np.array([place.passage for place in here], dtype=np.uint32)
            found |= zip(here, page(segment, passages, [p.score for p in here], tier, read), strict=True)
    return [found[place] for place in places]
