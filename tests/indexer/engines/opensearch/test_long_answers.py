"""Answers longer than what a server gives at once: far pages, whole results, and fields of many values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from made import document

from indexer.engines.choose import open_engine
from indexer.engines.engine import Sort, Wanted
from indexer.engines.opensearch import documents, facets, hits, walk
from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.errors import IndexFailed
from indexer.query.parse import parse

COUNT = 23


@pytest.fixture
def engine(place: str) -> Iterator[OpenSearchEngine]:
    """An index of documents of as many days and bodies."""
    with closing(open_engine(place, create=True)) as opened:
        assert isinstance(opened, OpenSearchEngine)
        with opened.writing() as writing:
            for number in range(COUNT):
                day = date(2024, 1, 1 + number % 28)
                writing.put(document(f"{number}", ["职业教育" * (1 + number % 5)], day, body=f"第{number}机关"), ())
            writing.commit()
        yield opened


def ids(engine: OpenSearchEngine, **options: Any) -> list[str]:
    found = engine.find(Wanted(parse("教育"), match="exact", **options))
    assert found.exact == COUNT
    return [hit.passage.id for hit in found.hits]


@pytest.mark.parametrize("sort", ["relevance", "date", "-date"])
def test_pages_beyond_the_server_s_window(
    engine: OpenSearchEngine, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server gives no page by its offset, the answer is walked, in the same order."""
    whole = ids(engine, sort=sort, limit=1000)
    assert len(set(whole)) == COUNT
    monkeypatch.setattr(walk, "WINDOW", 4)
    monkeypatch.setattr("indexer.engines.opensearch.executor.READ", 3)
    pages = [one for at in range(0, COUNT + 5, 5) for one in ids(engine, sort=sort, limit=5, offset=at)]
    assert sorted(pages) == sorted(whole)
    if sort != "relevance":
        assert pages == whole
        assert ids(engine, sort=sort, limit=1 << 31) == whole


def test_a_whole_result_is_fetched_in_parts(engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hits of a long answer are fetched as they are read; one that is gone by then is told."""
    monkeypatch.setattr(hits, "PART", 4)
    found = engine.find(Wanted(parse("教育"), match="exact", sort="-date", limit=1 << 31)).hits
    assert found[0].text
    last = documents.routing(found[-1].passage.head.id)
    again = engine.find(Wanted(parse("教育"), match="exact", sort="-date", limit=1 << 31)).hits
    query = {"query": {"term": {"rid": last}}, "_source": False}
    for row in engine.connection.ask("POST", f"/{engine.name}/_search", query)["hits"]["hits"]:
        gone = row["_id"].replace("#", "%23")
        engine.connection.ask("DELETE", f"/{row['_index']}/_doc/{gone}", routing=last, refresh="true")
    assert again[0].text
    with pytest.raises(IndexFailed, match="重新检索"):
        assert again[-1].text


def test_every_value_is_counted(engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field with more values than are asked for at once is counted to its end."""
    wanted = Wanted(parse("教育"), match="exact", limit=0, facets=("body", "month"))
    counted = engine.find(wanted).facets
    assert len(counted["body"]) == COUNT
    monkeypatch.setattr(facets, "MOST", 3)
    monkeypatch.setattr(facets, "STEP", 4)
    assert engine.find(wanted).facets == counted
    assert len(engine.values("body")) == COUNT


def test_ids_and_words_of_any_length(place: str) -> None:
    """Long ids, ids in Chinese, words and strings longer than the server's limits are kept and found."""
    word, name = "a" * 5_000, "长" * 200
    records = [document(name, [f"{word} 职业教育", "教育" * 1_500]), document("x" * 400, ["别的"], title="题" * 9_000)]
    with closing(open_engine(place, create=True)) as opened:
        with opened.writing() as writing:
            for record in records:
                writing.put(record, ())
            writing.commit()
        for record in records:
            assert opened.record(record.id) == record
        for query, count in ((word, 1), ("教育" * 1_500, 1), ("标题:别的 | 别的", 1), (word[:-1] + "b", 0)):
            assert opened.find(Wanted(parse(query), match="exact")).exact == count
        assert opened.find(Wanted(parse(word), ((word, 1.0),), match="related")).related == 0
        assert opened.passage(f"d-{name}#p2").text == "教育" * 1_500
        assert list(opened.check()) == []
