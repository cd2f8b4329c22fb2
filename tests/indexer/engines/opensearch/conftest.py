"""Indexes on the cluster of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_hex

import pytest
from opensearch_nodes import Cluster

from indexer.engines.opensearch.address import read
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.engine import drop


@pytest.fixture
def place(cluster: Cluster) -> Iterator[str]:
    """A place for an index that goes with the test."""
    name = f"test-{token_hex(4)}"
    yield f"{cluster.place}/{name}?shards=2&replicas=1"
    connection = Connection(read(f"{cluster.place.removeprefix('opensearch:')}/{name}"))
    drop(connection, f"{name}-*")
    connection.close()
