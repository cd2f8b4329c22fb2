"""What an index holds beside the answers to queries: the values of its fields, its words, its texts, its strings.

Counts are of what a search of level "all" can find. `fillings` reads a sample where a string stands in more passages
than SAMPLED: its counts are only there to order what is asked for afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from indexer.engines.engine import NO_FILTERS
from indexer.engines.opensearch import facets, selection, tokens, walk
from indexer.engines.opensearch.executor import Place
from indexer.engines.passages import FIELDS
from indexer.text.fold import fold

Json = dict[str, Any]
SAMPLED = 2_000
AT_RANDOM = ({"pick": "asc"}, {"order": "asc"})


def values(place: Place, field: str, of_records: bool) -> facets.Ranked:
    """Return the values of a field with the number of passages, or of records for a field of records or if asked."""
    if of_records or FIELDS[field][0] == "record":
        within = [*selection.visible(place.statistics.generation), {"term": {"what": "record"}}]
    else:
        within = _reached(place)
    query = {"bool": {"filter": within}}
    answer = place.search({"query": query, "size": 0, "aggs": facets.asked((field,))})
    return facets.ranked(facets.read(place, query, (field,), answer["aggregations"])[field])


def frequent_words(place: Place, limit: int) -> facets.Ranked:
    """Return words of two characters or more with the number of passages that have them, most frequent first."""
    counted = {"terms": {"field": "v", "size": limit, "shard_size": 2 * limit + 100}}
    query = {"bool": {"filter": _reached(place)}}
    answer = place.search({"query": query, "size": 0, "aggs": {"words": counted}})
    buckets = answer["aggregations"]["words"]["buckets"]
    return facets.ranked({b["key"].replace(tokens.SPACE, " "): int(b["doc_count"]) for b in buckets})


def sample(place: Place, limit: int) -> Iterator[str]:
    """Yield the streams of at most `limit` passages chosen by a number at random; no roll of attendance is one."""
    query = {"bool": {"filter": _reached(place), "must_not": [{"term": {"section": "attendance"}}]}}
    for text in islice(_texts(place, query), limit):
        yield fold(text)


def fillings(place: Place, before: str, after: str) -> facets.Ranked:
    """Return the characters that stand between two streams, or beside one where the other is empty."""
    if not before and not after:
        return ()
    held = [selection.string(stream) for stream in (before, after) if stream]
    within = [*selection.visible(place.statistics.generation), {"term": {"what": "passage"}}]
    total: Counter[str] = Counter()
    for text in islice(_texts(place, {"bool": {"filter": [*within, *held]}}), SAMPLED):
        total.update(_between(fold(text), before, after))
    return facets.ranked(total)


def _between(stream: str, before: str, after: str) -> Iterator[str]:
    """Yield each character that has `before` in front of it and `after` behind."""
    anchor = before or after
    at = stream.find(anchor)
    while at >= 0:
        place = at + len(before) if before else at - 1
        if 0 <= place < len(stream) and stream.startswith(after, place + 1):
            yield stream[place]
        at = stream.find(anchor, at + 1)


def _texts(place: Place, query: Json) -> Iterator[str]:
    for hit in walk.walk(place.connection, place.index, query, AT_RANDOM, ["t"], step=1_000):
        yield hit["_source"]["t"]


def _reached(place: Place) -> list[Json]:
    return selection.scope("all", NO_FILTERS, place.statistics.generation)
