"""Walking a whole result: every hit of a query in its order, however many, from one point in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indexer.engines.opensearch.connection import Connection, Missing

Json = dict[str, Any]
# Hits of one step; the server gives no more than 10,000.
STEP = 2_000
KEPT = "5m"
# The server's limit for a page told by its offset.
WINDOW = 10_000
# In the order of the index.
ORDER: tuple[Json, ...] = ({"order": "asc"},)


def walk(
    connection: Connection,
    index: str,
    query: Json,
    sort: Sequence[Json] = ORDER,
    source: bool | Sequence[str] = True,
    step: int = STEP,
) -> Iterator[Json]:
    """Yield every hit; `source` names the fields that come with each."""
    opened = connection.ask("POST", f"/{index}/_search/point_in_time", keep_alive=KEPT)["pit_id"]
    body: Json = {
        "query": query,
        "size": step,
        "sort": [*sort, {"_shard_doc": "asc"}],
        "_source": list(source) if not isinstance(source, bool) else source,
        "track_total_hits": False,
        "pit": {"id": opened, "keep_alive": KEPT},
    }
    try:
        while True:
            hits = connection.ask("POST", "/_search", body, allow_partial_search_results="false")["hits"]["hits"]
            yield from hits
            if len(hits) < step:
                return
            body["search_after"] = hits[-1]["sort"]
    finally:
        _let_go(connection, opened)


def _let_go(connection: Connection, opened: str) -> None:
    try:
        connection.ask("DELETE", "/_search/point_in_time", {"pit_id": [opened]})
    except Missing:
        return  # it had run out
