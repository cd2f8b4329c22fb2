"""The records that hold passages with certain values, and names that look like one that is not held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from indexer.engines.engine import Engine, Filters, PassageRecord, RecordHead, Wanted
from indexer.errors import NotFound
from indexer.model import Meeting
from indexer.query.nodes import Everything, Node, Query
from indexer.text.fold import fold

ALL = 1 << 31  # more passages than an index holds
MOST_NEAR = 8


def passages(engine: Engine, node: Node, filters: Filters) -> Iterator[PassageRecord]:
    """Yield the passages that a node selects, those of the newest records first."""
    found = engine.find(Wanted(Query(node, (), "", ()), (), "all", "exact", filters, "-date", ALL))
    return (hit.passage for hit in found.hits)


def meetings(engine: Engine, filters: Filters, node: Node | None = None) -> Iterator[tuple[RecordHead, Meeting]]:
    """Yield the meetings with a passage that the filters, and the node, let through; each once, newest first."""
    heads = {passage.head.id: passage.head for passage in passages(engine, node or Everything(), filters)}
    for head in heads.values():
        # A record may go between the two questions, when the index changes.
        with suppress(NotFound):
            record = engine.record(head.id)
            if isinstance(record, Meeting):
                yield head, record


def near(name: str, held: Iterable[str]) -> tuple[str, ...]:
    """Return held names that contain `name`, are contained in it or differ by one character; in the order held."""
    asked = fold(name)
    found = []
    for other in held:
        stream = fold(other)
        if asked and (asked in stream or stream in asked or _one_apart(asked, stream)):
            found.append(other)
        if len(found) == MOST_NEAR:
            break
    return tuple(found)


def _one_apart(a: str, b: str) -> bool:
    return len(a) == len(b) > 1 and sum(x != y for x, y in zip(a, b, strict=True)) == 1
