"""Engines for the contract suite: every case runs on every engine there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from indexer.engines.engine import Engine
from indexer.engines.whoosh.engine import open_engine
from indexer.model import Record


@pytest.fixture(params=["whoosh"])
def opened(tmp_path: Path) -> Iterator[Callable[[Sequence[Record]], Engine]]:
    """An engine of each kind, filled with the records it is called with."""
    engines: list[Engine] = []

    def fill(records: Sequence[Record]) -> Engine:
        engine = open_engine(tmp_path / f"index{len(engines)}", create=True)
        engines.append(engine)
        with engine.writing() as writing:
            for record in records:
                writing.put(record, ())
            writing.commit()
        return engine

    yield fill
    for engine in engines:
        engine.close()
