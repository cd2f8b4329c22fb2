"""The compiled loops that make a large segment, for who makes one: loaded where they are kept already, or not at all.

A build has no time to wait for a compiler; without them the same arrays come of sorting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from indexer.engines.whoosh.kernels import kept, memory

# From so many characters or pieces on, loops are worth the half second in which they are loaded.
MANY = 2_000_000


class Inverting(NamedTuple):
    """What the loops of inversion.py, numbering.py and leading.py do."""

    grams: Callable[..., Any]
    words: Callable[..., Any]
    numbers: Callable[[], Any]
    leaders: Callable[..., Any]


def inverting(many: int) -> Inverting | None:
    """Return the loops for so many characters or pieces; None for few, and where they are not compiled yet."""
    if many < MANY or not kept.is_whole() or not memory.may_be_executed():
        return None
    try:
        from indexer.engines.whoosh.kernels import inversion, leading, numbering
    except ImportError:
        return None
    return Inverting(inversion.grams, inversion.words, numbering.Table, leading.choose)


def prepare() -> None:
    """Have the loops compiled."""
    from indexer.engines.whoosh.kernels import inversion, leading, numbering

    for part in (inversion, leading, numbering):
        part.prepare()
