"""Hits as an answer has them: places on a page go in, the hits come out, each with its text.

The texts of a page are read together, which a compiled loop does in the time of a few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import NamedTuple

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


class FoundHit(NamedTuple):
    """A passage found, number `place` of its segment; what else is kept of it is read when asked for."""

    segment: Segment
    place: int
    text: str
    score: float
    tier: Tier

    @property
    def passage(self) -> PassageRecord:
        return passage_record(self.segment, self.place)


def page(
    segment: Segment, passages: Passages, texts: Sequence[str], scores: Sequence[float], tier: Tier
) -> list[FoundHit]:
    """Return the hits at passages of one segment, in their order."""
    rows = zip(repeat(segment), passages.tolist(), texts, scores, repeat(tier))
    return [*map(FoundHit._make, rows)]


def hits(snapshot: Snapshot, places: Sequence[Place], tier: Tier, read: Reader) -> list[FoundHit]:
    """Return the hits at some places, in their order."""
    found: dict[Place, FoundHit] = {}
    for which, segment in enumerate(snapshot.segments):
        here = [place for place in places if place.segment == which]
        if here:
            passages = np.array([place.passage for place in here], dtype=np.uint32)
            texts = read(segment, passages)
            found |= zip(here, page(segment, passages, texts, [p.score for p in here], tier), strict=True)
    return [found[place] for place in places]
