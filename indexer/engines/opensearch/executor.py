"""One request on one generation: both tiers counted and ranked, the page wanted, and the facets of what was found.

    query tree ── filter ──> exact tier, scored by the server ──> its best 200, read and ranked again ──┐
    words ─────── clauses ─> what else holds one ──────────────> its best 700, read and ranked again ──┴─> page

Behind those that were read again the order is the server's, by the same scores less what reading adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np

from indexer.engines.engine import Found, Tier, Wanted
from indexer.engines.opensearch import documents, facets, pool, scoring, selection, walk
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.hits import Chunk, Key
from indexer.engines.opensearch.statistics import Statistics
from indexer.engines.whoosh import leaders, ranking, related, strings
from indexer.engines.whoosh.evaluate import binding
from indexer.engines.whoosh.exact import sunk
from indexer.query import asked

Json = dict[str, Any]
# As many of the exact tier are read as the embedded engine reads at most, ties included.
READ = 2 * ranking.READ_FOR_STANDING


@dataclass(frozen=True, slots=True)
class Place:
    """Where the passages are asked for: an index of a cluster, in one generation."""

    connection: Connection
    index: str
    statistics: Statistics

    def search(self, body: Json, **params: Any) -> Json:
        """Ask for hits and counts, of all shards or of none."""
        path = f"/{self.index}/_search"
        return self.connection.ask("POST", path, body, allow_partial_search_results="false", **params)

    def searches(self, bodies: Sequence[Json]) -> list[Json]:
        """Ask several such questions at once."""
        # Not by _msearch, which tells no scores of named queries.
        ask = partial(self.search, include_named_queries_score="true")
        *others, last = bodies
        waiting = [self.connection.beside.submit(ask, body) for body in others]
        answer = ask(last)
        return [*(one.result() for one in waiting), answer]


class _Part(NamedTuple):
    """The hits of a tier from `first` to `last`: how they are asked for, and whether the best are read again."""

    tier: Tier
    query: Json
    first: int
    last: int
    reading: bool
    counted: bool
    body: Json


def run(place: Place, wanted: Wanted) -> Found:
    """Answer a request."""
    return _Run(place, wanted).found()


class _Run:
    def __init__(self, place: Place, wanted: Wanted) -> None:
        self.place, self.wanted = place, wanted
        self.within = selection.scope(wanted.level, wanted.filters, place.statistics.generation)
        self.node = wanted.query.node
        self.ranked = wanted.sort == "relevance" and wanted.limit > 0
        words = [word for word, _ in wanted.words] if wanted.match != "exact" else []
        streams = dict.fromkeys((*asked.streams(self.node), *_marks(wanted.query.plain if words else "")))
        place.statistics.prepare(streams if self.ranked else (), words)
        self.bare = pool.pool(place.statistics, words=words)
        weighed = related.weigh(self.bare, wanted.words) if words else related.Weighed((), ())
        self.telling = [(words[word.rows[0]], word.weight) for word in weighed.telling]
        self.common = [(words[word.rows[0]], word.weight) for word in weighed.common]

    def found(self) -> Found:
        wanted = self.wanted
        last = wanted.offset + wanted.limit
        shown = wanted.match != "related"
        exact = self._tier("exact", wanted.offset, last if shown else 0, counted=shown)
        related: list[_Part] = []
        if self.telling and self._surely_short(last):
            # The related tier fills the page, wherever in it the exact one ends: both are asked for at once.
            related = [self._tier("related", 0, last)]
        answers = self.place.searches([part.body for part in (exact, *related)])
        size: int = answers[0]["hits"]["total"]["value"]
        if self.telling:
            before = size if wanted.match == "auto" else 0
            part = self._tier("related", max(0, wanted.offset - before), max(0, last - before))
            if not related:
                answers += self.place.searches([part.body])
            related = [part]
        hits: list[tuple[Key, Tier]] = []
        counts: list[facets.Counts] = []
        for part, answer in zip((exact, *related), answers, strict=True):
            hits += [(key, part.tier) for key in self._hits(part, answer)]
            if part.counted:
                counts.append(facets.read(self.place, part.query, wanted.facets, answer.get("aggregations", {})))
        total = facets.together(wanted.facets, counts) if wanted.facets else {}
        rest = answers[1]["hits"]["total"]["value"] if related else 0
        return Found(size, rest, tuple(Chunk.of(self.place, hits)), total)

    def _surely_short(self, last: int) -> bool:
        """Tell whether the page must reach into the related tier, and be read from its beginning, by mere counts."""
        if not self.ranked or last > ranking.READ_AGAIN:
            return False
        needed = scoring.needed(self.node)
        return self.wanted.match == "auto" and any(self.most[stream] < last for stream in needed)

    def _tier(self, tier: Tier, first: int, last: int, counted: bool = True) -> _Part:
        """Return how to ask for the hits of a tier from `first` to `last`."""
        query = self._exact if tier == "exact" else self._related
        depth = (READ if tier == "exact" else ranking.READ_AGAIN) if self.ranked else 0
        reading = self.ranked and first < min(last, depth)
        body: Json = {"query": query, "sort": self._sort, "size": 0, "_source": False, "track_total_hits": True}
        if reading:
            body |= {"size": depth, "stored_fields": "_none_", "docvalue_fields": ["read", "section"]}
        elif first < last <= walk.WINDOW:
            body |= {"size": last - first, "from": first, "stored_fields": "_none_"}
        if counted and self.wanted.facets:
            body["aggs"] = facets.asked(self.wanted.facets)
        return _Part(tier, query, first, last, reading, counted, body)

    def _hits(self, part: _Part, answer: Json) -> list[Key]:
        """Return the hits of a tier that were asked for."""
        rows = answer["hits"]["hits"]
        first, last = part.first, min(part.last, answer["hits"]["total"]["value"])
        if first >= last:
            return []
        keys = self._read(part.tier, rows, last)[first:last] if part.reading else [self._key(row) for row in rows]
        if len(keys) < last - first:
            keys += self._behind(part.query, first + len(keys), last)
        return keys

    def _behind(self, query: Json, first: int, last: int) -> list[Key]:
        """Return the hits from `first` to `last` in the server's order."""
        if last <= walk.WINDOW:
            body = {"query": query, "sort": self._sort, "from": first, "size": last - first, "stored_fields": "_none_"}
            return [self._key(row) for row in self.place.search(body)["hits"]["hits"]]
        keys = []
        for number, row in enumerate(walk.walk(self.place.connection, self.place.index, query, self._sort, False)):
            if number >= last:
                break
            if number >= first:
                keys.append(self._key(row))
        return keys

    def _key(self, row: Json) -> Key:
        return Key(row["sort"][len(self._sort) - 1], row.get("_score") or 0.0)

    @cached_property
    def _sort(self) -> list[Json]:
        return list(scoring.BY_SCORE if self.wanted.sort == "relevance" else scoring.BY_DATE[self.wanted.sort])

    def _read(self, tier: Tier, rows: list[Json], last: int) -> list[Key]:
        """Return the best hits in the order that reading them gives; behind `last` it is of no account."""
        if not rows:
            return []
        texts = [documents.from_column(row["fields"]["read"][0]) for row in rows]
        sections = [row["fields"]["section"][0] for row in rows]
        held = pool.pool(self.place.statistics, texts, sections, sought=tier == "exact")
        scores = np.array([row["_score"] for row in rows], dtype=np.float32)
        if tier == "exact":
            sunk(held, 0, np.arange(len(rows)), scores)
            self._add_exact(held, scores, np.array([section == "attendance" for section in sections]))
        else:
            self._add_related(held, scores, rows)
            pool.sink_best(held, scores, last)
        days = [row["sort"][1] or 0 for row in rows]
        orders = [row["sort"][2] for row in rows]
        found = scores.tolist()
        best = sorted(range(len(rows)), key=lambda i: (-found[i], -max(0, days[i]), orders[i]))
        return [Key(orders[i], found[i]) for i in best]

    def _add_exact(self, held: pool.Pool, scores: pool.Floats, rolls: Any) -> None:
        slots = [slot for slot in asked.slots(self.node) if slot]
        telling = {s: w for s, w in self.weights.items() if self._tells(s)}
        if telling:
            pool.add_standing(held, scores, rolls, telling, len(self.weights) == 1)
        if len(slots) > 1:
            most = ranking.PROXIMITY * sum(self.weights.values())
            pool.add_nearness(held, scores, rolls, slots, most)

    def _add_related(self, held: pool.Pool, scores: pool.Floats, rows: list[Json]) -> None:
        plain = self.wanted.query.plain
        if not any(map(str.isalnum, plain)):
            return
        norms = held.norms(0, ranking.B)
        for number, (_, weight) in enumerate(self.common):
            counts = np.array([_named(row, number) for row in rows])
            scores += np.where(counts > 0, ranking.gain(weight, counts, norms), 0)
        pool.add_mixture(held, scores, plain)

    def _tells(self, stream: str) -> bool:
        """Tell whether it matters where a string stands, as the embedded engine does."""
        return len(stream) > 2 or (len(stream) == 2 and self.most[stream] < leaders.FREQUENT_PAIR)

    @cached_property
    def most(self) -> dict[str, int]:
        """The strings that are asked for, and how often each can occur at most."""
        return {s: strings.rarest(self.bare.segments, s) for s in dict.fromkeys(asked.streams(self.node))}

    @cached_property
    def weights(self) -> dict[str, float]:
        """The strings that are asked for and their idf."""
        found = {stream: ranking.spread_idf(self.bare, most) for stream, most in self.most.items()}
        for stream in asked.others(self.node):
            found[stream] *= ranking.OTHER_NAME
        return found

    @cached_property
    def _exact(self) -> Json:
        if not self.ranked:
            return {"bool": {"filter": [*self.within, selection.selecting(self.node)]}}
        lifted = selection.lifting(self.node, self.wanted.level, self.wanted.filters) if self.weights else None
        return scoring.exact(self.node, self.within, self.weights, self.place.statistics.mean_length, lifted)

    @cached_property
    def _related(self) -> Json:
        bound = binding(self.node)
        boolean = {
            "filter": [*self.within, *([selection.selecting(bound)] if bound is not None else [])],
            "must_not": [selection.selecting(self.node)],
        }
        common = [word for word, _ in self.common] if self.ranked else []
        return scoring.related(self.telling, common, self.place.statistics.mean_length, boolean)


def _named(row: Json, number: int) -> float:
    named = row.get("matched_queries", {})
    return float(named.get(str(number), 0.0)) if isinstance(named, dict) else 0.0


def _marks(plain: str) -> Iterator[str]:
    """Yield the characters and pairs that the second look at related passages weighs."""
    chunks = "".join(c if c.isalnum() else " " for c in plain).split()
    for chunk in chunks:
        yield from chunk
        yield chunk
