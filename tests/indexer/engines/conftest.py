"""Engines for the contract suite: every case runs on every engine there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from secrets import token_hex

import pytest
from opensearch_nodes import Cluster

from indexer.engines.choose import open_engine
from indexer.engines.engine import Engine
from indexer.engines.opensearch.engine import OpenSearchEngine, drop
from indexer.model import Record

Opened = Callable[[Sequence[Record]], Engine]
# Indexes of one test beside each other on a server; a test of many examples has its later ones in the first of them.
BESIDE = 2


@pytest.fixture(params=["whoosh", "opensearch"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """An engine of each kind, filled with the records it is called with."""
    engines: list[Engine] = []
    place = str(tmp_path / "index")
    if request.param == "opensearch":
        cluster: Cluster = request.getfixturevalue("cluster")
        place = f"{cluster.place}/test-{token_hex(4)}"

    def fill(records: Sequence[Record]) -> Engine:
        if request.param == "opensearch" and len(engines) >= BESIDE:
            engine = engines.pop(0)
        else:
            suffix = "?shards=2&replicas=1" if request.param == "opensearch" else ""
            engine = open_engine(f"{place}{token_hex(4)}{suffix}", create=True)
        engines.append(engine)
        with engine.writing() as writing:
            for head in engine.heads():
                writing.remove(head.id)
            for record in records:
                writing.put(record, ())
            writing.commit()
        return engine

    yield fill
    for engine in engines:
        forget(engine)


def forget(engine: Engine) -> None:
    """Close an engine; an index on a server goes with it."""
    if isinstance(engine, OpenSearchEngine):
        drop(engine.connection, f"{engine.name}-*")
    engine.close()
