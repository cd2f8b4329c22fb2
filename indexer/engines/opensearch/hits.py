"""What was found, as keys at first: texts and fields are fetched for as many hits at once as are likely to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.engines.engine import PassageRecord, Tier
from indexer.engines.opensearch import documents, selection
from indexer.engines.opensearch.connection import WRITING
from indexer.errors import IndexFailed

if TYPE_CHECKING:
    from indexer.engines.opensearch.executor import Place

Json = dict[str, Any]
# Hits fetched at once. One page is fetched with the answer; of a whole result, parts as they are read.
PART = 500


@dataclass(frozen=True, slots=True)
class Key:
    """A hit's place in the order of the index, by which it is found again, and its score."""

    order: int
    score: float


class FoundHit:
    """A passage found."""

    __slots__ = ("_chunk", "_number", "score", "tier")

    def __init__(self, chunk: Chunk, number: int, score: float, tier: Tier) -> None:
        self._chunk, self._number = chunk, number
        self.score, self.tier = score, tier

    @property
    def text(self) -> str:
        text: str = self._chunk.body(self._number)["t"]
        return text

    @property
    def passage(self) -> PassageRecord:
        return documents.passage(self._chunk.body(self._number))


class Chunk:
    """Hits that are fetched together."""

    def __init__(self, place: Place, keys: Sequence[Key]) -> None:
        self._place, self._keys = place, keys
        self._bodies: list[Json] | None = None

    @classmethod
    def of(cls, place: Place, found: Sequence[tuple[Key, Tier]]) -> Iterator[FoundHit]:
        """Yield the hits of an answer; a page is fetched at once, so that no later commit can take it away."""
        for first in range(0, len(found), PART):
            some = found[first : first + PART]
            chunk = cls(place, [key for key, _ in some])
            if len(found) <= 2 * PART:
                chunk.body(0)
            for number, (key, tier) in enumerate(some):
                yield FoundHit(chunk, number, key.score, tier)

    def body(self, number: int) -> Json:
        """Return the content of one hit."""
        if self._bodies is None:
            orders = [key.order for key in self._keys]
            seen = selection.visible(self._place.statistics.generation)
            chosen = [{"terms": {"order": orders}}, {"term": {"what": "passage"}}, *seen]
            body = {"query": {"bool": {"filter": chosen}}, "size": len(orders), "track_total_hits": False}
            rows = self._place.search(body, patience=WRITING)["hits"]["hits"]
            found = {row["_source"]["order"]: row["_source"] for row in rows}
            if len(found) < len(orders):
                reason = "索引在读取期间被更新，请重新检索"
                raise IndexFailed(self._place.connection.address, 409, reason)
            self._bodies = [found[order] for order in orders]
            self._keys = ()
        return self._bodies[number]
