"""Which engine a place names: a path or an engine string in, an open engine out.

Engines are imported when they are chosen, so that none costs anything to who uses another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

from indexer.engines.engine import Engine, Writing
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
        opened: Engine = _opensearch(where).open_engine(place, create=create)
        return opened
    from indexer.engines.whoosh.engine import open_engine as open_whoosh

    return open_whoosh(Path(place), create=create)


@contextmanager
def replacing(where: str | Path) -> Iterator[Writing]:
    """Open a transaction on a new index, which is at this place from its commit on.

    Raises:
        BadParameter: the place is a folder with an index in it, or its engine is not part of this installation.
        IndexUnavailable: it cannot be written.
    """
    name, _, place = engine_string(where).partition(":")
    if name == "opensearch":
        with _opensearch(where).replacing(place) as writing:
            yield writing
        return
    if Path(place).is_dir() and any(Path(place).iterdir()):
        raise BadParameter("TO", place, "须是新的或空的文件夹")
    with closing(open_engine(where, create=True)) as engine, engine.writing() as writing:
        yield writing


def _opensearch(where: str | Path) -> ModuleType:
    try:
        from indexer.engines.opensearch import engine
    except ImportError as error:
        raise BadParameter("engine", engine_string(where), "需要安装 gongwen[opensearch]") from error
    return engine


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
