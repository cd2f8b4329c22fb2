"""A real server while another process writes: new generations are answered from, and no request fails or is wrong."""

from __future__ import annotations

from pathlib import Path

import mixed
import readers
import saturation
from load import documents, served

from indexer.build import build


def test_threads_read_whole_generations(tmp_path: Path) -> None:
    """Sixteen threads that share an index see generations as they were committed, while another process commits."""
    tally = readers.run(tmp_path, 16, 4.0)
    assert tally.wrong == {}
    assert tally.answers > 0
    assert len(tally.generations) > 1


def test_a_server_while_meetings_come_and_go(tmp_path: Path) -> None:
    """Clients that search, read and export get right answers throughout, and new meetings soon (see tests/soak)."""
    build([documents(tmp_path, 10)], tmp_path / "index")
    base = mixed.counted(tmp_path / "index")
    tally = mixed.run(tmp_path / "index", base, 8.0, 4, 0.02, 0.5, ["--threads", "4"])
    assert tally.errors == {}
    assert tally.wrong == {}
    assert tally.told > 1
    # A bound against a server that never looks; how soon it is on a quiet machine is in docs/reliability.md.
    assert tally.delays
    assert max(tally.delays) < 20


def test_more_searches_than_can_be_answered(tmp_path: Path) -> None:
    """Beyond what it can do a server answers some and tells the others to come later; nothing else comes back."""
    build([documents(tmp_path, 10)], tmp_path / "index")
    with served(tmp_path / "index", "--threads", "1") as server:
        rows = saturation.step(server.port, 120, 3.0)
        again = saturation.step(server.port, 1, 0.5)
    assert {status for status, _ in rows} <= {200, 429, 503}
    assert 200 in {status for status, _ in rows}
    assert {status for status, _ in again} == {200}
