"""Counts of field values over what a query finds, exact however many values and shards there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indexer.engines.opensearch.executor import Place

Json = dict[str, Any]
Counts = Mapping[str, Counter[str]]
Ranked = tuple[tuple[str, int], ...]
# Values asked for with the answer; where there are more, all of them are walked.
MOST = 5_000
STEP = 5_000


def asked(fields: Iterable[str]) -> Json:
    """Return what to ask for beside the hits."""
    return {field: {"terms": {"field": field, "size": MOST, "shard_size": 2 * MOST}} for field in fields}


def read(place: Place, query: Json, fields: Iterable[str], told: Json) -> Counts:
    """Return the counts of an answer; a field with more values than were asked for is counted to its end."""
    found = {}
    for field in fields:
        counted = told[field]
        if counted["sum_other_doc_count"] or counted["doc_count_error_upper_bound"]:
            found[field] = every(place, query, field)
        else:
            found[field] = Counter({b["key"]: int(b["doc_count"]) for b in counted["buckets"]})
    return found


def together(fields: Sequence[str], counts: Iterable[Counts]) -> dict[str, Ranked]:
    """Return the sums of several counts, most frequent first, equal ones by value."""
    totals: dict[str, Counter[str]] = {field: Counter() for field in fields}
    for one in counts:
        for field in fields:
            totals[field].update(one[field])
    return {field: ranked(total) for field, total in totals.items()}


def ranked(total: Mapping[str, int]) -> Ranked:
    """Return values with their counts, most frequent first, equal ones by value."""
    return tuple(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


def every(place: Place, query: Json, field: str) -> Counter[str]:
    """Count every value of a field, a few thousand at a time."""
    total: Counter[str] = Counter()
    composite: Json = {"size": STEP, "sources": [{"value": {"terms": {"field": field}}}]}
    while True:
        answer = place.search({"query": query, "size": 0, "aggs": {"all": {"composite": composite}}})
        buckets = answer["aggregations"]["all"]["buckets"]
        total.update({b["key"]["value"]: int(b["doc_count"]) for b in buckets})
        if len(buckets) < STEP:
            return total
        composite["after"] = buckets[-1]["key"]
