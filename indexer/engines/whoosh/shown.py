"""Hits as an answer has them: places on a page go in, the hits come out, each with its text.

The texts of a page are read together, which a compiled loop does in the time of a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

from indexer.engines.engine import PassageRecord, Tier
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot, passage_record
from indexer.engines.whoosh.top import Place

Reader = Callable[[Snapshot, Sequence[Place]], Sequence[str]]


def one_by_one(snapshot: Snapshot, places: Sequence[Place]) -> list[str]:
    """Return the texts of passages."""
    return [snapshot.segments[place.segment].text(place.passage) for place in places]


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
    segments: Iterable[Segment], passages: Iterable[int], texts: Iterable[str], scores: Iterable[float], tier: Tier
) -> list[FoundHit]:
    """Return the hits at passages, in their order."""
    return [*map(FoundHit._make, zip(segments, passages, texts, scores, repeat(tier)))]


def hits(snapshot: Snapshot, places: Sequence[Place], tier: Tier, read: Reader) -> list[FoundHit]:
    """Return the hits at some places, in their order."""
    segments = [snapshot.segments[place.segment] for place in places]
    scores = [place.score for place in places]
    return page(segments, [place.passage for place in places], read(snapshot, places), scores, tier)
