"""Stock Whoosh reads the index through the codec and finds what a scan finds."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import document
from whoosh import index as whoosh_index
from whoosh import query, reading, scoring

from indexer.engines.whoosh import codec
from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.engines.whoosh.schema import END
from indexer.text import words
from indexer.text.fold import fold

PARAGRAPHS = ["市政府研究职业教育工作。", "职业教育改革方案，职业教育条例", "𠮷野家与安全生产", "ABC abc 工作", ""]


def filled(folder: Path, *batches: list[str]) -> WhooshEngine:
    """Return an engine with one document and one segment a batch."""
    engine = open_engine(folder, create=True)
    for i, batch in enumerate(batches):
        with engine.writing() as writing:
            writing.put(document(f"{i}", batch), ())
            writing.commit()
    return engine


def stock(folder: Path, wanted: Any) -> list[str]:
    """Return the stored ids that a stock searcher finds."""
    with whoosh_index.open_dir(str(folder)).searcher(weighting=scoring.BM25F()) as searcher:
        return sorted(hit["id"] for hit in searcher.search(wanted, limit=None))


def test_terms_and_phrases_of_stock_whoosh(tmp_path: Path) -> None:
    """Term, And, Or, Not and Phrase queries of stock Whoosh answer over both fields."""
    filled(tmp_path, PARAGRAPHS[:2], PARAGRAPHS[2:])
    assert stock(tmp_path, query.Term("w", "职业")) == ["d-0#p1", "d-0#p2"]
    assert stock(tmp_path, query.Term("w", "条例")) == ["d-0#p2"]
    assert stock(tmp_path, query.Phrase("g", ["职业", "业教", "教育", "育条"])) == ["d-0#p2"]
    assert stock(tmp_path, query.Term("g", "例" + END)) == ["d-0#p2"]
    assert stock(tmp_path, query.Term("g", "𠮷野")) == ["d-1#p1"]
    both = query.And([query.Term("w", "工作"), query.Not(query.Term("w", "职业"))])
    assert stock(tmp_path, both) == ["d-1#p2"]
    assert stock(tmp_path, query.Term("w", "没有")) == []


def test_deleted_passages_are_not_found(tmp_path: Path) -> None:
    """A passage of a removed record is in no stock answer either."""
    engine = filled(tmp_path, PARAGRAPHS[:2], PARAGRAPHS[2:])
    with engine.writing() as writing:
        writing.remove("d-0")
        writing.commit()
    assert stock(tmp_path, query.Or([query.Term("w", "职业"), query.Term("w", "工作")])) == ["d-1#p2"]


def test_reader_statistics_equal_a_count(tmp_path: Path) -> None:
    """Lengths, frequencies and stored fields equal what counting gives."""
    filled(tmp_path, PARAGRAPHS)
    counted = [Counter(words.cut(fold(p))) for p in PARAGRAPHS]
    with whoosh_index.open_dir(str(tmp_path)).reader() as reader:
        assert reader.doc_count_all() == len(PARAGRAPHS)
        assert reader.doc_frequency("w", "职业") == sum("职业" in c for c in counted)
        assert reader.frequency("w", "职业") == sum(c["职业"] for c in counted)
        assert reader.field_length("w") == sum(c.total() for c in counted)
        assert reader.max_field_length("w") == max(c.total() for c in counted)
        assert reader.min_field_length("w") == 0
        assert reader.doc_field_length(1, "w") == counted[1].total()
        assert {t.decode() for t in reader.lexicon("w")} == set().union(*counted)
        assert reader.stored_fields(0) == {"id": "d-0#p1", "text": PARAGRAPHS[0]}
        grams = {a + b for p in PARAGRAPHS for a, b in pairwise(fold(p) + END)}
        assert {t.decode() for t in reader.lexicon("g")} == grams
        info = dict(reader.iter_from("w", "职业"))[("w", "职业".encode())]
        assert (info.doc_frequency(), info.max_weight()) == (2, 2.0)
        with pytest.raises(reading.TermNotFound):
            reader.term_info("w", "没有")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.sampled_from("市政府教育职业的ab 。"), max_size=30), min_size=1, max_size=6), st.data())
def test_stock_phrases_equal_a_scan(tmp_path_factory: Any, paragraphs: list[str], data: st.DataObject) -> None:
    """A phrase of grams finds the passages whose stream holds the string, positions and all."""
    folder = tmp_path_factory.mktemp("index")
    filled(folder, paragraphs)
    stream = fold(data.draw(st.sampled_from(paragraphs)))
    if len(stream) < 3:
        return
    start = data.draw(st.integers(0, len(stream) - 3))
    part = stream[start : start + data.draw(st.integers(3, 8))]
    grams = [a + b for a, b in pairwise(part)]
    expected = [f"d-0#p{i}" for i, p in enumerate(paragraphs, 1) if part in fold(p)]
    assert stock(folder, query.Phrase("g", grams)) == sorted(expected)


def test_stock_whoosh_cannot_write_such_segments(tmp_path: Path) -> None:
    """Whoosh's own writer is refused through this codec, and so is a cursor over terms; reading goes on."""
    filled(tmp_path, PARAGRAPHS)
    index = whoosh_index.open_dir(str(tmp_path))
    with index.reader() as reader:
        with pytest.raises(codec.ReadingError):
            index.writer(codec=codec.ArrayCodec())
        with pytest.raises(codec.ReadingError):
            reader.cursor("w")
    assert stock(tmp_path, query.Term("w", "条例")) == ["d-0#p2"]
