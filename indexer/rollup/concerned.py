"""The records that hold passages with certain values, and names that look like one that is not held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from indexer.engines.engine import Engine, Filters, PassageRecord, RecordHead, Wanted
from indexer.errors import NotFound
from indexer.model import Meeting
from indexer.query.nodes import Everything, Node, Query
from indexer.text.fold import fold

ALL = 1 << 31  # more passages than an index holds
MOST_NEAR = 8
EACH = 8  # passages of one record that a window reckons with
# Agenda items that are read for a window, some 50 µs each: fifty meetings of eight, or seven of sixty.
MOST_ITEMS = 400


@dataclass(frozen=True, slots=True)
class Window:
    """Some of the meetings that hold certain passages, newest first, with these passages.

    `next` is where the window after this one begins, None where there is none; `bodies` are all bodies with the number
    of their passages, most of them first.
    """

    meetings: tuple[tuple[RecordHead, Meeting], ...]
    passages: tuple[PassageRecord, ...]
    next: int | None
    bodies: tuple[tuple[str, int], ...]


def window(engine: Engine, filters: Filters, node: Node | None, offset: int, limit: int) -> Window:
    """Return at most `limit` meetings from an offset on, which is 0 or the `next` of the window before.

    The work is that of the window, not of all that is held: a department may be concerned by every meeting. It ends
    where MOST_ITEMS agenda items have been read.
    """
    query = Query(node or Everything(), (), "", ())
    asked = limit * EACH
    while True:
        found = engine.find(Wanted(query, (), "all", "exact", filters, "-date", asked, offset, ("body",)))
        bodies = tuple(found.facets["body"])
        meetings: list[tuple[RecordHead, Meeting]] = []
        passages: list[PassageRecord] = []
        seen: set[str] = set()
        items = begun = 0  # items read, and where the last record begins
        for place, hit in enumerate(found.hits):
            passage = hit.passage
            if passage.head.id not in seen:
                if seen and (len(seen) == limit or items >= MOST_ITEMS):
                    return Window(tuple(meetings), tuple(passages), offset + place, bodies)
                begun, count = place, len(meetings)
                seen.add(passage.head.id)
                meetings += read(engine, (passage.head,))
                items += sum(len(meeting.items) for _, meeting in meetings[count:])
            passages.append(passage)
        if len(found.hits) < asked:
            return Window(tuple(meetings), tuple(passages), None, bodies)
        if begun:  # the last record may go on behind what was asked for
            return Window(tuple(meetings[:count]), tuple(passages[:begun]), offset + begun, bodies)
        asked *= 4


def bodies(engine: Engine, filters: Filters) -> tuple[tuple[str, int], ...]:
    """Return the bodies that passages are of, with the number of their passages, most of them first."""
    query = Query(Everything(), (), "", ())
    return tuple(engine.find(Wanted(query, (), "all", "exact", filters, limit=0, facets=("body",))).facets["body"])


def passages(engine: Engine, node: Node, filters: Filters, limit: int = ALL) -> Iterator[PassageRecord]:
    """Yield the passages that a node selects, those of the newest records first."""
    found = engine.find(Wanted(Query(node, (), "", ()), (), "all", "exact", filters, "-date", limit))
    return (hit.passage for hit in found.hits)


def meetings(engine: Engine, filters: Filters, node: Node | None = None) -> Iterator[tuple[RecordHead, Meeting]]:
    """Yield the meetings with a passage that the filters, and the node, let through; each once, newest first."""
    return read(engine, heads_of(passages(engine, node or Everything(), filters)))


def heads_of(found: Iterable[PassageRecord]) -> tuple[RecordHead, ...]:
    """Return the heads of the records that passages stand in, each once, in their order."""
    return tuple({passage.head.id: passage.head for passage in found}.values())


def read(engine: Engine, heads: Iterable[RecordHead]) -> Iterator[tuple[RecordHead, Meeting]]:
    """Yield those of the records that are meetings."""
    for head in heads:
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
