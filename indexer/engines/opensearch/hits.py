"""What was found, as keys at first: texts and fields are fetched for as many hits at once as are likely to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer.engines.engine import PassageRecord, Tier
from indexer.engines.opensearch import documents
from indexer.engines.opensearch.connection import WRITING, Connection
from indexer.errors import IndexFailed

Json = dict[str, Any]
# Hits fetched at once. One page is fetched with the answer; of a whole result, parts as they are read.
PART = 500


@dataclass(frozen=True, slots=True)
class Key:
    """A hit's document, the value that tells its shard, and its score."""

    id: str
    routing: str
    score: float

    @classmethod
    def of(cls, row: Json) -> Key:
        return cls(row["_id"], row["_routing"], row.get("_score") or 0.0)

    def scored(self, score: float) -> Key:
        """Return the key with another score."""
        return replace(self, score=score)


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

    def __init__(self, connection: Connection, index: str, keys: Sequence[Key]) -> None:
        self._connection, self._index, self._keys = connection, index, keys
        self._bodies: list[Json] | None = None

    @classmethod
    def of(cls, connection: Connection, index: str, found: Sequence[tuple[Key, Tier]]) -> Iterator[FoundHit]:
        """Yield the hits of an answer; a page is fetched at once, so that no later commit can take it away."""
        for first in range(0, len(found), PART):
            some = found[first : first + PART]
            chunk = cls(connection, index, [key for key, _ in some])
            if len(found) <= 2 * PART:
                chunk.body(0)
            for number, (key, tier) in enumerate(some):
                yield FoundHit(chunk, number, key.score, tier)

    def body(self, number: int) -> Json:
        """Return the content of one hit."""
        if self._bodies is None:
            docs = [{"_id": key.id, "routing": key.routing} for key in self._keys]
            answer = self._connection.ask("POST", f"/{self._index}/_mget", {"docs": docs}, patience=WRITING)["docs"]
            gone = [one["_id"] for one in answer if not one.get("found")]
            if gone:
                reason = "索引在读取期间被更新，请重新检索"
                raise IndexFailed(self._connection.address, 409, f"{gone[0]} {reason}")
            self._bodies = [one["_source"] for one in answer]
            self._keys = ()
        return self._bodies[number]
