"""All people, departments or instruments that an index holds, one entry each, with the meetings that name them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from indexer.engines.engine import Engine
from indexer.rollup import instruments
from indexer.text import lexicon
from indexer.text.fold import fold
from indexer.text.initials import initial, order

# What people pass over when they look a name up: the level of a department (市, 县委), the year and 关于 of a title.
PASSED_OVER = {
    "person": re.compile(r"(?!)"),
    "department": re.compile(r"[省市州县区旗](?:委(?!员))?(?=..)"),
    "instrument": re.compile(r"(?:\d{4}(?:-\d{4})?年度?|关于|[^\w])*"),
}

Sort = Literal["person", "department", "instrument"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of them under its most frequent name; `count` adds up the meetings of each name.

    `letter`, A to Z or #, and `place` say where a list in the order of readings has it.
    """

    name: str
    count: int
    letter: str
    place: bytes
    others: tuple[str, ...] = ()


def directory(engine: Engine, sort: Sort) -> tuple[Entry, ...]:
    """Return the entries of one sort, most frequent first; may be empty."""
    same = _same(engine, sort)
    groups: dict[str, list[tuple[str, int]]] = {}
    for name, count in engine.values(sort, of_records=True):
        groups.setdefault(same(name), []).append((name, count))
    entries = (_entry(sort, key, group) for key, group in groups.items())
    return tuple(sorted(entries, key=lambda entry: (-entry.count, entry.place)))


def _entry(sort: Sort, key: str, group: list[tuple[str, int]]) -> Entry:
    """Make one entry of its names, which come most frequent first."""
    name = group[0][0]
    looked_up = PASSED_OVER[sort].sub("", fold(name) if sort == "department" else key, count=1)
    letter = initial(looked_up, surname=sort == "person")
    return Entry(name, sum(n for _, n in group), letter, order(looked_up), tuple(n for n, _ in group[1:]))


def alphabetical(entries: tuple[Entry, ...]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Return entries by letter from A to Z, # last, each letter in the order of readings."""
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.place):
        groups.setdefault(entry.letter, []).append(entry)
    return tuple(
        (letter, tuple(groups[letter])) for letter in sorted(groups, key=lambda letter: (letter == "#", letter))
    )


def _same(engine: Engine, sort: Sort) -> Callable[[str], str]:
    """Return what names of one entry have in common."""
    if sort == "person":
        return lambda name: name
    if sort == "department":
        return lambda name: lexicon.canonical(fold(name)) or fold(name)
    places = instruments.places_of(head.body for head in engine.heads())
    return lambda title: instruments.key(title, places)
