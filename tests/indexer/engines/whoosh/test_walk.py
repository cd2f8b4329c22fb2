"""A long answer is walked over in the order of a short one, and lets go of what it has read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from made import document

from indexer.engines.engine import Sort, Wanted
from indexer.engines.whoosh import walk
from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.query.parse import parse


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """Documents of several days and of none, in two segments, one of them replaced."""
    made = open_engine(tmp_path / "index", create=True)
    for half in range(2):
        with made.writing() as writing:
            for number in range(half * 30, half * 30 + 31):
                day = date(2024, 1, 1) + timedelta(days=number * 7 % 11) if number % 5 else None
                writing.put(document(f"{number}", [f"第{number}件 甲乙", "丙丁", "甲乙丙丁"], day), ())
            writing.commit()
    return made


@pytest.mark.parametrize("query", ["甲乙", "", "丙丁 -第1", "不在此处"])
@pytest.mark.parametrize("sort", ["date", "-date"])
def test_walk_is_the_short_answer_at_length(engine: WhooshEngine, query: str, sort: Sort) -> None:
    """Hits, their order and counts are the same; parts of the walk can be asked for."""
    short = engine.find(Wanted(parse(query), match="exact", sort=sort, limit=1000))
    long = engine.find(Wanted(parse(query), match="exact", sort=sort, limit=walk.LONG))
    assert isinstance(long.hits, walk.Walk)
    assert (long.exact, long.related) == (short.exact, short.related)
    told = [(hit.passage.id, hit.text, hit.score, hit.tier) for hit in short.hits]
    assert [(hit.passage.id, hit.text, hit.score, hit.tier) for hit in long.hits] == told
    assert len(long.hits) == len(told) == long.exact
    assert [hit.passage.id for hit in long.hits[3:7]] == [row[0] for row in told[3:7]]
    later = engine.find(Wanted(parse(query), match="exact", sort=sort, limit=walk.LONG, offset=5))
    assert [hit.passage.id for hit in later.hits] == [row[0] for row in told[5:]]


def test_files_are_let_go_on_the_way(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was let go is read again where it is needed."""
    monkeypatch.setattr(walk, "STRIDE", 7)
    wanted = Wanted(parse("甲乙"), match="exact", sort="-date", limit=walk.LONG)
    first = [hit.text for hit in engine.find(wanted).hits]
    assert [hit.text for hit in engine.find(wanted).hits] == first
    assert len(first) == engine.find(wanted).exact > 100
    assert engine.check() is not None
    assert list(engine.check()) == []
