"""One person over time: every meeting attended with role and unit, meetings chaired, and mentions in the text.

A person is a name as the attendance rolls write it; two people of one name cannot be told apart, which is why the
units stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from indexer.engines.engine import NO_FILTERS, Engine, Filters, PassageRecord, RecordHead
from indexer.errors import UnknownName
from indexer.model import Meeting, Role
from indexer.query.nodes import And, FieldIs, Not, Text
from indexer.rollup import concerned
from indexer.text.fold import fold


@dataclass(frozen=True, slots=True)
class Appearance:
    """One line of an attendance roll; `unit` is the office where the opening says who presided."""

    head: RecordHead
    role: Role
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A unit or office that a person appeared with, from the first to the last day; None where no day is known."""

    unit: str
    first: date | None
    last: date | None
    count: int


@dataclass(frozen=True, slots=True)
class Person:
    """All that is held of a name; appearances and mentions newest first, posts those of the last day first.

    Of a window it is what the meetings of the window hold, in all of which there are `meetings`; `next` is where the
    window after it begins, None where there is none. Mentions in records of others come with the first window.
    """

    name: str
    posts: tuple[Post, ...]
    chaired: tuple[Appearance, ...]
    attended: tuple[Appearance, ...]
    mentions: tuple[PassageRecord, ...]
    meetings: int = 0
    next: int | None = None


def person(engine: Engine, name: str, offset: int = 0, limit: int | None = None) -> Person:
    """Gather what is held of a person, in all meetings or in at most `limit` of them, newest first.

    Args:
        offset: 0, or the `next` of the window before.

    Raises:
        UnknownName: No meeting was chaired or attended by anybody of this name.
    """
    held = dict(engine.values("person"))
    if name not in held:
        raise UnknownName(name, concerned.near(name, held))
    # A name stands verbatim in the roll or the opening, so its text finds one or two passages of a meeting, not all.
    text = Text(fold(name), name)
    meetings, own, after = _own(engine, name, text, offset, limit)
    chaired, attended = [], []
    for head, meeting in meetings:
        lines = _lines(head, meeting, name)
        chaired += [line for line in lines if line.role == "主持"][:1]
        attended += [line for line in lines if line.role != "主持"]
    in_chair = {line.head.id for line in chaired}
    mentions = [
        passage
        for passage in own
        if passage.section != "attendance" and (passage.item_number is not None or passage.head.id not in in_chair)
    ]
    if not offset:
        mentions += _elsewhere(engine, name, text, limit)
        mentions.sort(key=lambda passage: passage.head.date or date.min, reverse=True)
    posts = _posts([*chaired, *attended])
    return Person(name, posts, tuple(chaired), tuple(attended), tuple(mentions), held[name], after)


def _own(
    engine: Engine, name: str, text: Text, offset: int, limit: int | None
) -> tuple[Iterable[tuple[RecordHead, Meeting]], tuple[PassageRecord, ...], int | None]:
    """Return the meetings that somebody attended with the passages that name him, and where further ones begin."""
    filters = Filters(person=(name,))
    if limit is None:
        every = tuple(concerned.passages(engine, text, filters))
        return concerned.read(engine, concerned.heads_of(every)), every, None
    found = concerned.window(engine, filters, text, offset, limit)
    return found.meetings, found.passages, found.next


def _elsewhere(engine: Engine, name: str, text: Text, limit: int | None) -> Iterator[PassageRecord]:
    """Yield the newest passages that name somebody in records of meetings that he did not attend."""
    node = And((text, Not(FieldIs("person", name))))
    found = concerned.passages(engine, node, NO_FILTERS, concerned.ALL if limit is None else limit)
    return (passage for passage in found if passage.section != "attendance")


def _lines(head: RecordHead, meeting: Meeting, name: str) -> list[Appearance]:
    """Return what a meeting says of a person, the chair first."""
    lines = []
    if meeting.chair and meeting.chair.name == name:
        lines.append(Appearance(head, "主持", meeting.chair.office))
    lines += [Appearance(head, a.role, a.unit, a.note) for a in meeting.attendance if a.name == name]
    return sorted(lines, key=lambda line: line.role != "主持")


def _posts(lines: list[Appearance]) -> tuple[Post, ...]:
    days: dict[str, list[date | None]] = {}
    for line in lines:
        if line.unit:
            days.setdefault(line.unit, []).append(line.head.date)
    posts = []
    for unit, found in days.items():
        known = [day for day in found if day]
        posts.append(Post(unit, min(known, default=None), max(known, default=None), len(found)))
    return tuple(sorted(posts, key=lambda post: (post.last or date.min, post.count), reverse=True))
