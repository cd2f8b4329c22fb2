"""Hits as an answer has them: passages of one segment that are shown together, whose texts are read at once.

Nothing of a passage is read before it is asked for. Who reads the text of one hit reads those of the page, which a
compiled loop lays out in the time of a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from indexer.engines.engine import PassageRecord, Tier
from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot, passage_record
from indexer.engines.whoosh.top import Place

Chosen = Passages | Sequence[int]
Reader = Callable[[Segment, Chosen], Sequence[str]]


def one_by_one(segment: Segment, passages: Chosen) -> list[str]:
    """Return the texts of passages."""
    return [segment.text(int(passage)) for passage in passages]


class Shown:
    """Passages of a segment and, once one of them is asked for, their texts."""

    __slots__ = ("_read", "passages", "segment", "texts")

    def __init__(self, segment: Segment, passages: Chosen, read: Reader) -> None:
        self.segment, self.passages, self._read = segment, passages, read
        self.texts: Sequence[str] | None = None

    def read(self) -> Sequence[str]:
        """Return the texts of the passages, which are kept from now on."""
        self.texts = self._read(self.segment, self.passages)
        return self.texts


class FoundHit:
    """A passage found."""

    __slots__ = ("_at", "_shown", "score", "tier")

    def __init__(self, shown: Shown, at: int, score: float, tier: Tier) -> None:
        self._shown, self._at, self.score, self.tier = shown, at, score, tier

    @property
    def text(self) -> str:
        return (self._shown.texts or self._shown.read())[self._at]

    @property
    def passage(self) -> PassageRecord:
        return passage_record(self._shown.segment, int(self._shown.passages[self._at]))


def hits(snapshot: Snapshot, places: Iterable[Place], tier: Tier, read: Reader) -> list[FoundHit]:
    """Return the hits at some places, in their order."""
    passages: dict[int, list[int]] = {}
    shown: dict[int, Shown] = {}
    found = []
    for which, passage, score in places:
        if which not in shown:
            passages[which] = []
            shown[which] = Shown(snapshot.segments[which], passages[which], read)
        found.append(FoundHit(shown[which], len(passages[which]), score, tier))
        passages[which].append(passage)
    return found
