"""How often strings and words occur in the whole index: what the weights of a ranking are made of.

The server tells it a shard at a time; it is asked once for each string of a generation. Counts include what is deleted
but not yet merged away, as those of the embedded engine do.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from indexer.engines.opensearch import tokens
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.state import State

Json = dict[str, Any]
# Strings remembered; a generation that is asked more begins again.
KEPT = 200_000


class Statistics:
    """The counts of one generation; safe to share by threads."""

    def __init__(self, connection: Connection, index: str, state: State, shards: Sequence[str]) -> None:
        """Open them; `shards` are values of routing, one for each shard."""
        self._connection, self._index, self._shards = connection, index, shards
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], int] = {}
        self.generation = state.generation
        self.passages = state.passages
        self.mean_length = max(1.0, state.characters / max(1, state.passages))

    def occurrences(self, streams: Sequence[str]) -> list[int]:
        """Return how often each string of one or two characters occurs."""
        wanted = [("c" if len(s) == 1 else "g", s.replace(" ", tokens.SPACE)) for s in streams]
        return self._counts(wanted)

    def holding(self, words: Sequence[str]) -> list[int]:
        """Return how many passages hold each word."""
        return self._counts([("w", tokens.word(word)) for word in words])

    def saying(self, sentences: Sequence[int]) -> list[int]:
        """Return how many records hold each sentence, as its number."""
        return self._counts([("s", tokens.sentence(number)) for number in sentences])

    def prepare(self, streams: Iterable[str], words: Iterable[str]) -> None:
        """Ask for all that a query needs, at once."""
        wanted = {("w", tokens.word(word)) for word in words}
        for stream in streams:
            parts = ["".join(pair) for pair in pairwise(stream)] if len(stream) > 1 else [stream]
            wanted.update(("c" if len(p) == 1 else "g", p.replace(" ", tokens.SPACE)) for p in parts)
        self._counts(sorted(wanted))

    def _counts(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        with self._lock:
            missing = list(dict.fromkeys(one for one in wanted if one not in self._known))
        if missing:
            found = self._asked(missing)
            with self._lock:
                if len(self._known) > KEPT:
                    self._known.clear()
                self._known.update(found)
                return [self._known.get(one, found.get(one, 0)) for one in wanted]
        with self._lock:
            return [self._known.get(one, 0) for one in wanted]

    def _asked(self, missing: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        document: Json = {}
        for field in ("c", "g", "w", "s"):
            said = [token for where, token in missing if where == field]
            if said:
                document[field] = " ".join(said)
        asked = {"term_statistics": True, "field_statistics": False, "positions": False, "offsets": False}
        docs = [{"doc": document, "fields": list(document), "routing": shard, **asked} for shard in self._shards]
        answer = self._connection.ask("POST", f"/{self._index}/_mtermvectors", {"docs": docs})
        found = dict.fromkeys(missing, 0)
        for one in answer["docs"]:
            for field, vectors in one.get("term_vectors", {}).items():
                for token, told in vectors["terms"].items():
                    if (field, token) in found:
                        found[field, token] += told.get("doc_freq" if field in "ws" else "ttf", 0)
        return found


def shard_keys(connection: Connection, index: str) -> tuple[str, ...]:
    """Return values of routing that lead to each shard of an index once."""
    told = connection.ask("GET", f"/{index}/_settings/index.number_of_shards")
    count = int(next(iter(told.values()))["settings"]["index"]["number_of_shards"])
    found: dict[int, str] = {}
    number = 0
    while len(found) < count:
        key = f"shard{number}"
        shards = connection.ask("GET", f"/{index}/_search_shards", routing=key)["shards"]
        found.setdefault(shards[0][0]["shard"], key)
        number += 1
    return tuple(found.values())
