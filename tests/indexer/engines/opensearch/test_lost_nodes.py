"""Nodes are lost while records are put and queries asked: no record goes, no answer is wrong, and all comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import opensearch_nodes
import pytest
from made import document
from opensearch_nodes import Cluster

from indexer.engines.choose import open_engine
from indexer.engines.engine import Engine, Wanted
from indexer.engines.opensearch import writer
from indexer.query.parse import parse
from indexer.search import open_index
from search_web import create_app

BEFORE, AFTER = 30, 120
QUERY = Wanted(parse("职业教育"), match="exact", limit=5)
RECOVERY = 180.0


@pytest.fixture(scope="module")
def nodes(cluster: Cluster) -> Iterator[Cluster]:
    """A cluster of its own, whose nodes can be lost (`cluster` tells whether there can be any)."""
    if not cluster.size:
        pytest.skip("the nodes were started by somebody else")
    with opensearch_nodes.cluster() as own:
        yield own


def put(engine: Engine, first: int, last: int, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Put records in one transaction, and do something else when half of them are put."""
    with engine.writing() as writing:
        for number in range(first, last):
            if number == (first + last) // 2:
                meanwhile()
            writing.put(document(f"{number}", [f"第{number}份职业教育文件"]), ())
        writing.commit()


def test_one_of_three_nodes_is_lost(nodes: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one writes and one searches a node dies: every record is there, and every answer was of one generation."""
    monkeypatch.setattr(writer, "BULK", 2_000)  # a bulk for every few records
    place = f"{nodes.place}/lost?shards=3&replicas=1"
    with closing(open_engine(place, create=True)) as engine, closing(open_engine(place)) as reader:
        put(engine, 0, BEFORE)
        nodes.wait("green")
        counts: list[int] = []
        told, done = threading.Event(), threading.Event()

        def search() -> None:
            while not done.is_set():
                counts.append(reader.find(QUERY).exact)
                told.set()

        def lose() -> None:
            assert told.wait(RECOVERY)
            nodes.lose(1)

        searching = threading.Thread(target=search)
        searching.start()
        try:
            put(engine, BEFORE, AFTER, meanwhile=lose)
        finally:
            done.set()
            searching.join(RECOVERY)
        assert reader.find(QUERY).exact == AFTER
        assert set(counts) <= {BEFORE, AFTER}
        assert BEFORE in counts
        assert list(engine.check()) == []
        nodes.start(1)
        nodes.wait("green")
        assert reader.find(QUERY).exact == AFTER


def test_all_nodes_are_lost(nodes: Cluster) -> None:
    """With no node left the pages say 503 and why; when the nodes are back they answer, without a restart."""
    place = f"{nodes.place}/all?shards=2&replicas=1"
    with closing(open_engine(place, create=True)) as engine:
        put(engine, 0, 3)
        nodes.wait("green")
    with open_index(place) as index:
        asking = create_app(index).test_client()
        asked = "/api/v1/search?q=职业教育&match=exact"
        assert asking.get(asked).get_json()["total"]["exact"] == 3
        for which in range(nodes.size):
            nodes.lose(which)
        told = asking.get(asked)
        assert told.status_code == 503
        assert "没有回答" in told.get_json()["detail"]
        assert "Retry-After" in told.headers
        assert asking.get("/search?q=职业教育").status_code == 503
        for which in range(nodes.size):
            nodes.start(which)
        nodes.wait("green")
        until = time.monotonic() + RECOVERY
        while (told := asking.get(asked)).status_code == 503 and time.monotonic() < until:
            time.sleep(0.5)
        assert told.get_json()["total"]["exact"] == 3
