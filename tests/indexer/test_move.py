"""An index is copied between engines and is the same afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from secrets import token_hex

import pytest
from click.testing import CliRunner
from made import document, meeting
from opensearch_nodes import Cluster

from indexer.bulk import export_lines
from indexer.cli import cli
from indexer.engines.choose import open_engine, replacing
from indexer.engines.engine import SourceState, Wanted
from indexer.engines.opensearch.engine import OpenSearchEngine, aliased, drop
from indexer.errors import BadParameter, IndexMissing
from indexer.move import move
from indexer.query.parse import parse

RECORDS = [
    meeting(1, date(2024, 5, 20)),
    document("b", ["职业教育", "Open 数据"], date(2023, 1, 2)),
    document("a", ["x"]),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An index in a folder."""
    with closing(open_engine(tmp_path / "index", create=True)) as engine, engine.writing() as writing:
        for number, record in enumerate(RECORDS):
            writing.put(record, [SourceState(f"{number}.txt", f"{number}" * 64, record.id, number, number)])
        writing.commit()
    return tmp_path / "index"


@pytest.fixture
def served(cluster: Cluster) -> Iterator[str]:
    """A place on the cluster."""
    place = f"{cluster.place}/move-{token_hex(4)}?shards=2&replicas=0"
    yield place
    with closing(open_engine(place, create=True)) as engine:
        assert isinstance(engine, OpenSearchEngine)
        drop(engine.connection, f"{engine.name}-*")


def held(place: str | Path) -> tuple[list[str], list[SourceState]]:
    """Return all that an index holds: its records as lines, and its sources."""
    with closing(open_engine(place)) as engine:
        assert list(engine.check()) == []
        return list(export_lines(engine)), list(engine.sources().values())


def test_there_and_back_again(source: Path, served: str, tmp_path: Path) -> None:
    """A copy on servers, and a copy of that in a folder, hold what the index held, in its order."""
    steps: list[tuple[int, int]] = []
    moved = move(source, served, lambda done, total: steps.append((done, total)))
    assert (moved.meetings, moved.documents) == (1, 2)
    assert steps == [(1, 3), (2, 3), (3, 3)]
    move(served, tmp_path / "back")
    assert held(source) == held(served) == held(tmp_path / "back")


def test_a_copy_takes_the_place_of_the_one_before(source: Path, served: str) -> None:
    """Who has the index on servers open sees the old one until the copy is whole, and then the copy."""
    query = Wanted(parse("职业教育"), match="exact", level="paragraph")
    with closing(open_engine(served, create=True)) as engine:
        assert isinstance(engine, OpenSearchEngine)
        before = aliased(engine.connection)
        with replacing(served) as writing:
            writing.put(document("new", ["职业教育"]), ())
            assert engine.find(query).exact == 0
            writing.commit()
            assert [hit.passage.id for hit in engine.find(query).hits] == ["d-new#p1"]
        move(source, served)
        assert engine.find(query).exact == 3
        after = aliased(engine.connection)
        assert len(after) == 1
        assert after != before


def test_a_copy_that_fails_leaves_the_one_before(source: Path, served: str) -> None:
    """A copy that is not finished is nowhere, and the index is what it was."""
    move(source, served)

    def fail() -> None:
        with replacing(served) as writing:
            writing.put(document("new", ["职业教育"]), ())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert held(served) == held(source)


def test_what_cannot_be_copied(source: Path, tmp_path: Path) -> None:
    """An index is not copied onto itself, not into a folder that holds something, and not from nowhere."""
    with pytest.raises(BadParameter):
        move(source, f"whoosh:{source}")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(BadParameter):
        move(source, tmp_path / "full")
    with pytest.raises(IndexMissing):
        move(tmp_path / "none", tmp_path / "other")


def test_the_command(source: Path, tmp_path: Path) -> None:
    """`gongwen move` copies and says what; `check` finds the copy sound."""
    run = CliRunner()
    told = run.invoke(cli, ["move", str(source), str(tmp_path / "copy")])
    assert (told.exit_code, "会议 1 份" in told.output) == (0, True)
    assert '"documents": 2' in run.invoke(cli, ["move", str(source), str(tmp_path / "copy2"), "--json"]).output
    assert run.invoke(cli, ["check", "--index", str(tmp_path / "copy")]).exit_code == 0


def test_check_on_servers(source: Path, served: str) -> None:
    """`gongwen check` tells a sound index on servers, and each record that lost a passage."""
    move(source, served)
    run = CliRunner()
    assert run.invoke(cli, ["check", "--index", served]).exit_code == 0
    with closing(open_engine(served)) as engine:
        assert isinstance(engine, OpenSearchEngine)
        body = {"query": {"term": {"anchor": "1.2p2"}}}
        [hit] = engine.connection.ask("POST", f"/{engine.name}/_search", body)["hits"]["hits"]
        params = {"routing": hit["_routing"], "refresh": "true"}
        engine.connection.ask("DELETE", f"/{hit['_index']}/_doc/{hit['_id'].replace('#', '%23')}", **params)
    told = run.invoke(cli, ["check", "--index", served])
    assert told.exit_code == 1
    assert RECORDS[0].id in told.output
