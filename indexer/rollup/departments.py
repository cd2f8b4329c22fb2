"""One department over time: the resolutions that it leads, reports on or supports, under any of its names.

Its names are those of the lexicon on the same level (市发改委, 市发展和改革委员会); 市 is whichever city met, so
tasks are told with the body, and can be narrowed to one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from indexer.engines.engine import Engine, Filters, RecordHead
from indexer.errors import UnknownName
from indexer.model import AgendaItem, Meeting, Resolution
from indexer.rollup import concerned
from indexer.text import lexicon
from indexer.text.fold import fold

Part = Literal["lead", "report", "support"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class Task:
    """One resolution that concerns a department, and its part in it; the first of PARTS that holds."""

    part: Part
    head: RecordHead
    item: AgendaItem
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Department:
    """A department as asked for.

    `official` is None where the lexicon does not know it; `names` are those that meetings use, most frequent first;
    `others` are further names that it has. `bodies` come with their tasks, whichever body was asked for; of a window,
    with their passages in all meetings. `next` is where the window after this one begins, None where there is none.
    """

    name: str
    official: str | None
    names: tuple[str, ...]
    others: tuple[str, ...]
    bodies: tuple[tuple[str, int], ...]
    tasks: tuple[Task, ...]
    next: int | None = None

    def having(self, part: Part) -> tuple[Task, ...]:
        """Return the tasks of one part, newest meeting first."""
        return tuple(task for task in self.tasks if task.part == part)


def department(
    engine: Engine, name: str, body: str | None = None, offset: int = 0, limit: int | None = None
) -> Department:
    """Gather what is held of a department, of one body's meetings where it is named, or of at most `limit` of them.

    Args:
        offset: 0, or the `next` of the window before.

    Raises:
        UnknownName: No resolution names the department.
    """
    values = engine.values("department")
    official = lexicon.canonical(fold(name))
    every = tuple(dict.fromkeys((name, *([official] if official else []), *lexicon.aliases(fold(name)))))
    streams = {fold(one) for one in every}
    names = tuple(value for value, _ in values if fold(value) in streams)
    if not names:
        raise UnknownName(name, concerned.near(name, (value for value, _ in values)))
    tasks, bodies, after = _tasks(engine, names, body, offset, limit)
    return Department(
        name=name,
        official=official,
        names=names,
        others=tuple(one for one in every if one not in names),
        bodies=bodies,
        tasks=tasks,
        next=after,
    )


def _tasks(
    engine: Engine, names: tuple[str, ...], body: str | None, offset: int, limit: int | None
) -> tuple[tuple[Task, ...], tuple[tuple[str, int], ...], int | None]:
    """Return the tasks of a window, or of all meetings; all bodies; and where the window after it begins."""
    filters = Filters(department=names)
    if limit is None:
        every = tuple(_of(concerned.meetings(engine, filters), names))
        counts = Counter(task.head.body or "" for task in every)
        bodies = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        return tuple(task for task in every if body is None or (task.head.body or "") == body), bodies, None
    narrow = Filters(department=names, body=(body,) if body else ())
    found = concerned.window(engine, narrow, None, offset, limit)
    bodies = concerned.bodies(engine, filters) if body else found.bodies
    return tuple(_of(found.meetings, names)), bodies, found.next


def _of(meetings: Iterable[tuple[RecordHead, Meeting]], names: tuple[str, ...]) -> Iterator[Task]:
    for head, meeting in meetings:
        for item in meeting.items:
            for resolution in item.resolutions:
                part = _part(resolution, names)
                if part:
                    yield Task(part, head, item, resolution)


def _part(resolution: Resolution, names: tuple[str, ...]) -> Part | None:
    if resolution.lead_department in names:
        return "lead"
    if resolution.reporter in names:
        return "report"
    return "support" if any(name in names for name in resolution.departments) else None
