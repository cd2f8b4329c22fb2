"""Other names of one body or thing: a file of groups goes in, the other names by folded name come out.

A file holds `[[group]]` tables with `names`, a list of two names or more that mean the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from indexer.text.fold import fold
from indexer.text.lexicon import departments

BUILTIN = Path(__file__).parent / "lexicon" / "aliases.toml"
# No department's name is longer; a text of any length may be asked for.
MAX_NAME = 40


def others(stream: str) -> tuple[str, ...]:
    """Return the other names of what a stream names, a department of a named place (苏州市发改委) among it."""
    if len(stream) > MAX_NAME:
        return ()
    return builtin().get(stream) or departments.aliases(stream)


@cache
def builtin() -> Mapping[str, tuple[str, ...]]:
    """Return the aliases of the package: those of its file, and the departments' other names on each level."""
    return _others([*_groups(BUILTIN), *departments.alias_groups()])


def load(*files: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the other names by folded name; a name that stands in several groups has the names of all."""
    return _others([names for file in files if file.exists() for names in _groups(file)])


def _groups(file: Path) -> list[list[str]]:
    return [group["names"] for group in tomllib.loads(file.read_text("utf-8")).get("group", [])]


def _others(groups: Iterable[list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for names in groups:
        for name in names:
            stream = fold(name)
            found.setdefault(stream, {}).update({other: None for other in names if fold(other) != stream})
    return {stream: tuple(others) for stream, others in found.items()}
