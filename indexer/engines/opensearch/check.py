"""Whether an index holds what it says: every record has its passages, the totals are right, no shard is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.engines.opensearch import facets, selection, walk
from indexer.engines.opensearch.executor import Place
from indexer.engines.opensearch.state import State
from indexer.errors import IndexUnavailable

Json = dict[str, Any]


def check(place: Place, state: State) -> Iterator[str]:
    """Yield one line for each damage found."""
    health = place.connection.ask("GET", f"/_cluster/health/{place.index}")
    if health["status"] == "red":
        yield f"索引 {place.index} 有 {health['unassigned_shards']} 个分片没有任何可用的副本"
        return
    try:
        yield from _counts(place, state)
    except IndexUnavailable as error:
        yield str(error)


def _counts(place: Place, state: State) -> Iterator[str]:
    seen = selection.visible(place.statistics.generation)
    passages = {"bool": {"filter": [*seen, {"term": {"what": "passage"}}]}}
    held = facets.every(place, passages, "rid")
    records = {"bool": {"filter": [*seen, {"term": {"what": "record"}}]}}
    meetings = documents = 0
    for hit in walk.walk(place.connection, place.index, records, source=["rid", "head", "state", "type"]):
        body = hit["_source"]
        meetings += body["type"] == "meeting"
        documents += body["type"] != "meeting"
        found, told = held.pop(body["rid"], 0), body["state"]["passages"]
        if found != told:
            yield f"{body['head']['row'][1]}：应有 {told} 段，实有 {found} 段"
    for rid, found in held.items():
        yield f"{rid}：有 {found} 段，但没有所属的会议或文件"
    for name, told, found in (("会议", state.meetings, meetings), ("文件", state.documents, documents)):
        if found != told:
            yield f"{name}应有 {told} 份，实有 {found} 份"
