"""Which engine a place names."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.engines.choose import engine_string, folder_of, open_engine, place_of
from indexer.errors import IndexMissing


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("data/index", "whoosh:data/index"),
        (Path("data/index"), "whoosh:data/index"),
        ("whoosh:a:b", "whoosh:a:b"),
        ("opensearch:https://search.example:9200/m", "opensearch:https://search.example:9200/m"),
        ("C:\\index", "whoosh:C:\\index"),
        ("opensearch", "whoosh:opensearch"),
    ],
)
def test_engine_string(where: str | Path, expected: str) -> None:
    """A place without an engine's name before a colon is a folder of the default engine."""
    assert engine_string(where) == expected


def test_place_of() -> None:
    """The place is what stands behind the engine's name, and a path as it is."""
    assert place_of("whoosh:data/index") == place_of(Path("data/index")) == "data/index"


def test_missing_index_is_told(tmp_path: Path) -> None:
    """Opening what is not there, without leave to make it, is told as such and makes nothing."""
    with pytest.raises(IndexMissing):
        open_engine(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_folder_of_an_index_on_servers() -> None:
    """What is kept beside an index has a folder where the index has one."""
    assert folder_of("data/index") == Path("data/index")
    assert folder_of("opensearch:https://search.example/m") is None
