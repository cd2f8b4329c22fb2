"""Which engine a place names: a path or an engine string in, an open engine out.

Engines are imported when they are chosen, so that none costs anything to who uses another.
"""

from __future__ import annotations

from pathlib import Path

from indexer.engines.engine import Engine
from indexer.errors import BadParameter

ENGINES = ("whoosh", "opensearch")


def open_engine(where: str | Path, create: bool = False) -> Engine:
    """Open the engine at a place.

    Args:
        where: a path, or "ENGINE:PLACE".
        create: make an empty index where there is none.

    Raises:
        IndexUnavailable: there is none, or it cannot be used.
        BadParameter: the engine is not part of this installation.
    """
    name, _, place = engine_string(where).partition(":")
    if name == "opensearch":
        try:
            from indexer.engines.opensearch.engine import open_engine as open_opensearch
        except ImportError as error:
            raise BadParameter("engine", engine_string(where), "需要安装 gongwen[opensearch]") from error
        return open_opensearch(place, create=create)
    from indexer.engines.whoosh.engine import open_engine as open_whoosh

    return open_whoosh(Path(place), create=create)


def engine_string(where: str | Path) -> str:
    """Return "ENGINE:PLACE" for a path or an engine string; a path may hold a colon of its own, as C: does."""
    text = str(where)
    name, colon, _ = text.partition(":")
    return text if colon and name in ENGINES else f"whoosh:{text}"


def place_of(where: str | Path) -> str:
    """Return the place alone, without the engine's name."""
    return engine_string(where).partition(":")[2]


def folder_of(where: str | Path) -> Path | None:
    """Return the folder that an index lies in, for what is kept beside it; None where it lies on servers."""
    name, _, place = engine_string(where).partition(":")
    return Path(place) if name == "whoosh" else None
