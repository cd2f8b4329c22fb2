"""The engine for more than one machine: an index on an OpenSearch cluster, answering from its newest generation.

What strings and words are, what a query selects and how hits are ranked is decided here and told to the server with
every request (docs/scale.md); the server keeps, counts and finds. Threads share the connection.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from indexer.engines.engine import Found, PassageRecord, RecordHead, SourceState, Stats, Wanted, Writing
from indexer.engines.opensearch import address, check, documents, executor, mapping, selection, state, values, walk
from indexer.engines.opensearch.connection import WRITING, Connection, Missing
from indexer.engines.opensearch.executor import Place
from indexer.engines.opensearch.statistics import Statistics, shard_keys
from indexer.engines.opensearch.writer import Transaction, clear, delete
from indexer.errors import GongwenError, IndexFailed, IndexMissing, IndexOutdated, NotFound
from indexer.model import Record

log = logging.getLogger(__name__)
T = TypeVar("T")
# Seconds that the copies of a new index may take before it is shown without the last of them.
COPYING = 3600
# Seconds after which a copy that no node has begun is one that there is no node for.
NO_ROOM = 10


def open_engine(place: str, *, create: bool = False) -> OpenSearchEngine:
    """Open the index at a place (see address.py); with `create`, make an empty one where there is none.

    Raises:
        IndexMissing: There is none and it is not to be made.
        IndexOutdated, IndexUnreachable, IndexRefused, IndexFailed: It cannot be answered from.
    """
    connection = Connection(address.read(place))
    try:
        return OpenSearchEngine(connection, create)
    except BaseException:
        connection.close()
        raise


@contextmanager
def replacing(place: str) -> Iterator[Writing]:
    """Open a transaction on a new index, which takes the place of the one before with its commit."""
    connection = Connection(address.read(place))
    with closing(connection):
        # Each passage is indexed once and its copies are copied as files, in half the time; nobody reads it before.
        made = make(connection, replicas=0)
        try:
            with transaction(connection, made, partial(finish, connection, made)) as writing:
                yield writing
        finally:
            if made not in aliased(connection):
                drop(connection, made)


class OpenSearchEngine:
    """An open index; see engines.engine.Engine."""

    def __init__(self, connection: Connection, create: bool = False) -> None:
        self.connection = connection
        self.name = connection.address.name
        self._lock = threading.Lock()
        # What has been learnt of the index behind the alias and of its newest generation.
        self._keys: tuple[str, tuple[str, ...]] = ("", ())
        self._place: Place | None = None
        self._heads: tuple[int, str, tuple[RecordHead, ...]] = (-1, "", ())
        self._sources: tuple[int, str, dict[str, SourceState]] = (-1, "", {})
        try:
            self._now()
        except IndexMissing:
            if not create:
                raise
            made = make(connection)
            swap(connection, made)
            self._now()

    def _now(self) -> tuple[Place, state.State]:
        """Return the newest generation and where it is asked for."""
        read = state.read(self.connection, self.name)
        held = self._place
        if held is None or held.index != read.index or held.statistics.generation != read.state.generation:
            with self._lock:
                held = self._place = self._opened(read)
        return held, read.state

    def _opened(self, read: state.Read) -> Place:
        if self._keys[0] != read.index:
            self._verify(read.index)
            self._keys = (read.index, shard_keys(self.connection, read.index))
        return Place(self.connection, read.index, Statistics(self.connection, read.index, read.state, self._keys[1]))

    def _verify(self, index: str) -> None:
        """Refuse an index of another version."""
        told = self.connection.ask("GET", f"/{index}/_mapping")[index]["mappings"]
        found, own = told.get("_meta", {}), mapping.marks()
        if found != own:
            where = str(self.connection.address)
            raise IndexOutdated(where, mapping.version(found), mapping.version(own))

    def _asked(self, ask: Callable[[Place], T]) -> T:
        """Ask the newest generation; once more where its index was replaced by another meanwhile."""
        for attempt in range(3):
            place, _ = self._now()
            try:
                return ask(place)
            except Missing as error:
                log.info("%s has been replaced: %s", place.index, error)
                if attempt == 2:
                    raise IndexMissing(str(self.connection.address)) from error
        raise AssertionError("unreachable")

    def find(self, wanted: Wanted) -> Found:
        return self._asked(lambda place: executor.run(place, wanted))

    def record(self, record_id: str) -> Record:
        found = self._asked(lambda place: self._one(place, {"rid": documents.routing(record_id), "what": "record"}))
        if found is None:
            raise NotFound(record_id, self.near(record_id))
        return documents.unpack(found["packed"])

    def near(self, record_id: str) -> tuple[str, ...]:
        """Return ids of records of the same day, or that begin alike; may be empty."""
        start = record_id[:8]
        return tuple(h.id for h in self.heads() if h.id.startswith(start))[:5]

    def passage(self, passage_id: str) -> PassageRecord:
        record_id, _, anchor = passage_id.partition("#")
        terms = {"rid": documents.routing(record_id), "anchor": anchor}
        found = self._asked(lambda place: self._one(place, terms))
        if found is not None:
            return documents.passage(found)
        there = self._asked(lambda place: self._one(place, {"rid": terms["rid"], "what": "record"}))
        raise NotFound(passage_id, (record_id,) if there else self.near(record_id))

    @staticmethod
    def _one(place: Place, terms: Mapping[str, str]) -> documents.Json | None:
        filters = [{"term": {field: value}} for field, value in terms.items()]
        query = {"bool": {"filter": [*filters, *selection.visible(place.statistics.generation)]}}
        hits = place.search({"query": query, "size": 1, "sort": [{"order": "asc"}]})["hits"]["hits"]
        found: documents.Json | None = hits[0]["_source"] if hits else None
        return found

    def _records(self, place: Place, fields: list[str]) -> Iterator[documents.Json]:
        within = [*selection.visible(place.statistics.generation), {"term": {"what": "record"}}]
        for hit in walk.walk(self.connection, place.index, {"bool": {"filter": within}}, source=fields):
            yield hit["_source"]

    def heads(self) -> tuple[RecordHead, ...]:
        def read(place: Place) -> tuple[RecordHead, ...]:
            if self._heads[:2] != (place.statistics.generation, place.index):
                found = [documents.head(body) for body in self._records(place, ["head"])]
                found.sort(key=lambda h: (h.date.toordinal() if h.date else 0, h.number or 0, h.id), reverse=True)
                self._heads = (place.statistics.generation, place.index, tuple(found))
            return self._heads[2]

        return self._asked(read)

    def sources(self) -> Mapping[str, SourceState]:
        def read(place: Place) -> Mapping[str, SourceState]:
            if self._sources[:2] != (place.statistics.generation, place.index):
                bodies = self._records(place, ["head", "sources"])
                found = {s.path: s for body in bodies for s in documents.sources(body)}
                self._sources = (place.statistics.generation, place.index, found)
            return self._sources[2]

        return self._asked(read)

    def stats(self) -> Stats:
        place, now = self._now()
        told = self.connection.ask("GET", f"/{place.index}/_stats/store,segments")["_all"]["primaries"]
        return Stats(
            meetings=now.meetings,
            documents=now.documents,
            passages=now.passages,
            segments=int(told["segments"]["count"]),
            bytes=int(told["store"]["size_in_bytes"]),
            generation=now.generation,
            format=f"opensearch {mapping.FORMAT}",
            segmenter=str(mapping.marks()["gongwen"]["segmenter"]),
        )

    def generation(self) -> int:
        return self._now()[1].generation

    def committed(self) -> datetime:
        return datetime.fromtimestamp(int(self._now()[1].committed), UTC)

    def values(self, field: str, *, of_records: bool = False) -> tuple[tuple[str, int], ...]:
        return self._asked(lambda place: values.values(place, field, of_records))

    def frequent_words(self, limit: int) -> tuple[tuple[str, int], ...]:
        return self._asked(lambda place: values.frequent_words(place, limit))

    def sample(self, limit: int) -> Iterator[str]:
        return values.sample(self._now()[0], limit)

    def fillings(self, before: str, after: str) -> tuple[tuple[str, int], ...]:
        return self._asked(lambda place: values.fillings(place, before, after))

    def check(self) -> Iterator[str]:
        return check.check(*self._now())

    def let_go(self) -> None:
        """Nothing of the cluster's files is in this process."""

    def verify(self) -> None:
        """Tell whether answers can come at all; what its files hold, the server sums up as it reads them."""
        place, _ = self._now()
        if self.connection.ask("GET", f"/_cluster/health/{place.index}")["status"] == "red":
            raise IndexFailed(self.connection.address, 503, "有分片没有任何可用的副本")

    @contextmanager
    def writing(self, jobs: int = 1) -> Iterator[Writing]:
        self._now()
        with transaction(self.connection, self.name) as writing:
            yield writing

    def close(self) -> None:
        """Let the connection go; an engine that is closed is not asked again."""
        self.connection.close()


@contextmanager
def transaction(
    connection: Connection, name: str, committed: Callable[[], None] = lambda: None
) -> Iterator[Transaction]:
    """Open the one transaction on an index; raise IndexLocked while another is open in any process."""
    begun = state.begin(connection, name)
    try:
        writing = Transaction(connection, _clean(connection, begun), committed)
        try:
            yield writing
        except BaseException:
            # What was wrong with the transaction is told, and not what may be wrong with leaving it.
            try:
                writing.leave()
            except GongwenError as error:
                log.warning("the transaction on %s could not be left in order: %s", name, error)
            raise
        writing.leave()
    finally:
        state.HELD.discard(begun.state.token)


def _clean(connection: Connection, read: state.Read) -> state.Read:
    """Clear away what a writer that died left behind, and what no reader sees any more."""
    now = read.state
    if now.open:
        clear(connection, read.index, now.open)
    if now.before:
        delete(connection, read.index, {"range": {"died": {"lte": now.before}}})
    return state.write(connection, read, replace(now, open=0)) if now.open else read


def make(connection: Connection, replicas: int | None = None) -> str:
    """Make an empty index that no alias names yet, with as many copies as its address says or another number.

    Return its name.
    """
    where = connection.address
    copies = where.replicas if replicas is None else replicas
    name = f"{where.name}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    connection.ask("PUT", f"/{name}", mapping.body(where.shards, copies), patience=WRITING)
    first = {"what": "state", "born": 0, "state": asdict(state.State(committed=time.time()))}
    connection.ask("PUT", f"/{name}/_doc/{state.ID}", first, patience=WRITING, routing=state.ID)
    return name


def finish(connection: Connection, index: str) -> None:
    """Have an index copied as often as its address says, where there are nodes for that, and let the alias name it."""
    # Copied are the files of what has been flushed; what has not is indexed by every copy once more.
    connection.ask("POST", f"/{index}/_flush", patience=WRITING)
    copies = {"index": {"number_of_replicas": connection.address.replicas}}
    connection.ask("PUT", f"/{index}/_settings", copies, patience=WRITING)
    began = time.monotonic()
    while (waited := time.monotonic() - began) < COPYING:
        told = connection.ask("GET", f"/_cluster/health/{index}")
        if told["status"] == "green" or (waited > NO_ROOM and not told["initializing_shards"]):
            break
        time.sleep(0.2)
    swap(connection, index)


def swap(connection: Connection, index: str) -> None:
    """Let the alias name this index instead of the one before, at once; the one before is deleted."""
    alias = connection.address.name
    before = aliased(connection)
    if before == [index]:
        return
    actions = [{"remove": {"index": old, "alias": alias}} for old in before]
    actions.append({"add": {"index": index, "alias": alias}})
    connection.ask("POST", "/_aliases", {"actions": actions}, patience=WRITING)
    for old in before:
        drop(connection, old)


def aliased(connection: Connection) -> list[str]:
    """Return the index that the alias names; none where there is no such alias.

    Asked among our own names, as a user may see no others.
    """
    name = connection.address.name
    try:
        return list(connection.ask("GET", f"/{name}-*/_alias/{name}"))
    except Missing:
        return []


def drop(connection: Connection, index: str) -> None:
    """Delete an index, if it is there."""
    try:
        connection.ask("DELETE", f"/{index}", patience=WRITING)
    except Missing:
        log.info("%s is gone already", index)
