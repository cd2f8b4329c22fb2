"""One transaction: records put and removed, sent in bulks that no reader sees, and one small document that shows them.

    put, remove ──> documents born n, or the old ones marked as died n ──> bulks ──> refresh ──> commit: generation n

A reader of generation g sees what was born up to g and has not died by then. What an interrupted transaction leaves
behind has a number that was never a generation; it is cleared away when the transaction is left, or by the next one
where the process died.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from indexer.engines.engine import SourceState
from indexer.engines.opensearch import documents, state, walk
from indexer.engines.opensearch.connection import WRITING, Connection
from indexer.engines.opensearch.documents import Written
from indexer.engines.opensearch.selection import visible
from indexer.errors import IndexFailed, NotFound
from indexer.model import Record

log = logging.getLogger(__name__)
Json = dict[str, Any]
# A bulk, in characters of its lines; the server takes 100 MB, and a queue of small ones is kinder to its memory.
BULK = 4_000_000
# Documents deleted at once.
DELETED = 10_000
# Records looked up at once.
BATCH = 500


class Transaction:
    """What build.py writes through; see engines.engine.Writing."""

    def __init__(self, connection: Connection, read: state.Read, committed: Callable[[], None] = lambda: None) -> None:
        """Begin; `committed` is called when readers of the index can see what was put."""
        self._connection = connection
        self._committed = committed
        self._sender = ThreadPoolExecutor(1, "bulk")
        self._sent: Future[None] | None = None
        self._start(read)

    def _start(self, read: state.Read) -> None:
        self._read = read
        self._number = read.state.number + 1
        self._order = read.state.order
        self._began = self._changed = False
        self._lines: list[str] = []
        self._size = 0
        # How many passages each record has that was put; the records whose standing version is to be marked.
        self._put: dict[str, int] = {}
        self._replaced: list[str] = []
        self._marked: set[str] = set()

    def put(self, record: Record, sources: Iterable[SourceState]) -> int:
        """Add a record in place of the one with its id; return the number of its passages."""
        ready = documents.of_record(record, Written(self._number, self._order, tuple(sources)))
        count = len(ready) - 1
        key = documents.routing(record.id)
        if self._put.get(key, 0) > count:
            self._send(documents.deletion(self._ids(key, range(count, self._put[key]))))
        if key not in self._put:
            self._replaced.append(key)
        self._put[key] = count
        self._order += count
        for one in ready:
            self._send(documents.action(one))
        return count

    def remove(self, record_id: str) -> bool:
        """Remove a record, committed or put before; False if there is none."""
        key = documents.routing(record_id)
        count = self._put.pop(key, None)
        if count is not None:
            self._send(documents.deletion([*self._ids(key, range(count)), f"{key}#r@{self._number}"]))
            self._mark([key])
            return True
        return bool(self._mark([key]))

    def _ids(self, key: str, places: range) -> list[str]:
        return [f"{key}#{place}@{self._number}" for place in places]

    def forget(self, path: str) -> None:
        """Forget one source; its record keeps the others. Unknown paths are passed over."""
        for hit in self._standing({"match_all": {}}, ["sources", "head"]):
            found = list(documents.sources(hit["_source"]))
            if all(s.path != path for s in found):
                continue
            for body in self._records([found[0].record_id]):
                record = documents.unpack(body["packed"])
                left = tuple(s for s in record.sources if s.path != path)
                self.put(replace(record, sources=left), [s for s in found if s.path != path])
            return

    def commit(self) -> None:
        """Let readers see what was put and removed; nothing is written where nothing was changed."""
        self._mark_replaced()
        self._flush()
        if not self._changed:
            return
        self._refresh()
        now = replace(
            self._read.state,
            generation=self._number,
            before=self._read.state.generation,
            order=self._order,
            committed=time.time(),
            open=0,
            **self._totals(),
        )
        self._start(state.write(self._connection, self._read, state.leased(now)))
        self._committed()

    def leave(self) -> None:
        """Let the lease go; what was not committed is cleared away."""
        self._sender.shutdown(wait=True)
        self._lines = []
        if self._began:
            clear(self._connection, self._read.index, self._number)
        state.write(self._connection, self._read, replace(state.released(self._read.state), open=0))

    def _mark(self, keys: list[str]) -> int:
        """Mark the standing versions of records as dead; return how many there were."""
        wanted = [key for key in keys if key not in self._marked]
        self._marked.update(wanted)
        count = 0
        for first in range(0, len(wanted) if self._read.state.generation else 0, BATCH):
            for hit in self._standing({"terms": {"rid": wanted[first : first + BATCH]}}, True):
                count += 1
                for one in again(hit["_source"], self._number):
                    self._send(documents.action(one))
        return count

    def _mark_replaced(self) -> None:
        keys, self._replaced = self._replaced, []
        self._mark(keys)

    def _standing(self, query: Json, source: bool | list[str]) -> Iterator[Json]:
        """Yield the records that readers see."""
        chosen = {"bool": {"filter": [query, {"term": {"what": "record"}}, *visible(self._read.state.generation)]}}
        return walk.walk(self._connection, self._read.index, chosen, source=source, step=BATCH)

    def _records(self, ids: list[str]) -> list[Json]:
        found = self._standing({"terms": {"rid": [documents.routing(i) for i in ids]}}, True)
        bodies = [hit["_source"] for hit in found]
        if not bodies:
            raise NotFound(ids[0])
        return bodies

    def _send(self, lines: list[str]) -> None:
        """Gather the lines of a bulk; a full one is sent while the next one is made."""
        self._changed = True
        self._lines += lines
        self._size += sum(map(len, lines))
        if self._began and self._read.state.until - time.time() < state.LEASE - state.RENEWED:
            self._read = state.write(self._connection, self._read, state.leased(self._read.state))
        if self._size >= BULK:
            self._pass_on()
        if len(self._replaced) >= BATCH:
            self._mark_replaced()

    def _pass_on(self) -> None:
        """Hand a bulk to the sender; wait until the one before has been taken, so that the server sets the pace."""
        if not self._began:
            # Who comes after a crash finds by this what to clear away.
            begun = replace(self._read.state, number=self._number, open=self._number)
            self._read = state.write(self._connection, self._read, state.leased(begun))
            self._began = True
        if self._sent:
            self._sent.result()
        lines, self._lines, self._size = self._lines, [], 0
        self._sent = self._sender.submit(self._connection.bulk, lines, self._read.index)

    def _flush(self) -> None:
        if self._lines:
            self._pass_on()
        if self._sent:
            self._sent.result()
            self._sent = None

    def _refresh(self) -> None:
        refresh(self._connection, self._read.index)

    def _totals(self) -> dict[str, Any]:
        """Count what readers of this transaction's generation are going to see."""
        query = {"bool": {"filter": visible(self._number)}}
        kinds = {"terms": {"field": "type"}}
        body = {
            "size": 0,
            "query": query,
            "aggs": {
                "passages": {
                    "filter": {"term": {"what": "passage"}},
                    "aggs": {"characters": {"sum": {"field": "len"}}},
                },
                "records": {"filter": {"term": {"what": "record"}}, "aggs": {"kinds": kinds}},
            },
        }
        path = f"/{self._read.index}/_search"
        found = self._connection.ask("POST", path, body, patience=WRITING, allow_partial_search_results="false")
        counted = found["aggregations"]
        of_kind = {b["key"]: int(b["doc_count"]) for b in counted["records"]["kinds"]["buckets"]}
        return {
            "passages": int(counted["passages"]["doc_count"]),
            "characters": int(counted["passages"]["characters"]["value"]),
            "meetings": of_kind.get("meeting", 0),
            "documents": of_kind.get("document", 0),
        }


def again(body: Json, died: int | None) -> list[documents.Ready]:
    """Return the documents of a record's version once more, marked as dead by a transaction, or as alive."""
    record = documents.unpack(body["packed"])
    return documents.of_record(record, Written(body["born"], body["order"], tuple(documents.sources(body)), died))


def clear(connection: Connection, index: str, number: int) -> None:
    """Undo what a transaction wrote that never became a generation."""
    log.info("clearing away what transaction %d of %s left", number, index)
    refresh(connection, index)
    delete(connection, index, {"term": {"born": number}})
    lines: list[str] = []
    marked = {"bool": {"filter": [{"term": {"what": "record"}}, {"term": {"died": number}}]}}
    for hit in walk.walk(connection, index, marked, step=BATCH):
        lines += [line for one in again(hit["_source"], None) for line in documents.action(one)]
        if sum(map(len, lines)) > BULK:
            connection.bulk(lines, index)
            lines = []
    if lines:
        connection.bulk(lines, index)
    # Records marked no more; passages of one that was only half marked are the ones that are left.
    refresh(connection, index)


def delete(connection: Connection, index: str, query: Json) -> None:
    """Delete what a query finds."""
    some: list[str] = []
    for hit in walk.walk(connection, index, query, source=False):
        some.append(hit["_id"])
        if len(some) == DELETED:
            connection.bulk(documents.deletion(some), index)
            some = []
    if some:
        connection.bulk(documents.deletion(some), index)
    refresh(connection, index)


def refresh(connection: Connection, index: str) -> None:
    """Let every copy of every shard see what was written."""
    shards = connection.ask("POST", f"/{index}/_refresh", patience=WRITING)["_shards"]
    if shards["failed"]:
        raise IndexFailed(connection.address, 503, f"{shards['failed']} 个分片未能更新")
