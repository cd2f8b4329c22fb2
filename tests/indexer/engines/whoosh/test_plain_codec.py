"""Segments that Whoosh's own writer made are refused, with the command that makes an index of this project."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import document
from whoosh import index as whoosh_index

from indexer.engines.whoosh.engine import open_engine
from indexer.engines.whoosh.schema import schema
from indexer.errors import IndexDamaged, IndexMissing
from indexer.search import Index

COMMAND = "gongwen index 文件夹 --index"


def write_plainly(index: whoosh_index.Index) -> None:
    """Add a passage by stock Whoosh."""
    with index.writer() as writer:
        writer.add_document(id="d-x#p1", text="职业教育", w="职业教育", g="职业教育")


def test_an_index_of_the_plain_codec_is_refused_and_built_anew(tmp_path: Path) -> None:
    """It is told with the command that builds one, which then works in the same folder."""
    write_plainly(whoosh_index.create_in(str(tmp_path), schema()))
    with pytest.raises(IndexMissing, match=COMMAND):
        open_engine(tmp_path)
    engine = open_engine(tmp_path, create=True)
    with engine.writing() as writing:
        writing.put(document("a", ["职业教育条例"]), ())
        writing.commit()
    with Index(open_engine(tmp_path)) as index:
        assert [hit.id for hit in index.search('"职业教育"').hits] == ["d-a#p1"]
        assert index.check() == ()


def test_a_plain_segment_within_an_index_is_refused(tmp_path: Path) -> None:
    """What stock Whoosh wrote into an index of ours is no generation of it: it is told, never read past."""
    engine = open_engine(tmp_path, create=True)
    with engine.writing() as writing:
        writing.put(document("a", ["职业教育条例"]), ())
        writing.commit()
    write_plainly(whoosh_index.open_dir(str(tmp_path)))
    with pytest.raises(IndexDamaged, match=COMMAND):
        open_engine(tmp_path)
