"""The shapes of the API's answers as types, from which the description is made; records are those of `model`.

A shape with total=False is one from which `fields` chooses: all its members are there where nothing is chosen.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from indexer.answer import Kind
from indexer.model import Role
from indexer.rollup.departments import Part


class Head(TypedDict):
    """What names a meeting or document."""

    id: str
    title: str | None
    body: str | None
    kind: str | None
    number: int | None
    date: str | None


class Listed(TypedDict, total=False):
    """A meeting of a list."""

    id: str
    title: str | None
    body: str | None
    kind: str | None
    number: int | None
    date: str | None


class ItemName(TypedDict):
    """The agenda item that a passage stands in."""

    number: int | None
    title: str | None


class Hit(TypedDict, total=False):
    """One passage found; `marks` are [start, end) code points of `text`, `snippet` is HTML."""

    id: str
    level: Literal["resolution", "paragraph"]
    tier: Literal["exact", "related"]
    score: float
    text: str
    marks: list[tuple[int, int]]
    snippet: str
    meeting: Head
    item: ItemName | None
    verdicts: list[str]
    lead_department: str | None
    next_step: str | None
    url: str


class Passage(TypedDict, total=False):
    """One passage by its id."""

    id: str
    level: Literal["resolution", "paragraph"]
    section: Literal["heading", "resolution", "body", "attendance"]
    text: str
    meeting: Head
    item: ItemName | None
    verdicts: list[str]
    lead_department: str | None
    next_step: str | None
    url: str


class Total(TypedDict):
    """How many passages each tier holds."""

    exact: int
    related: int


class SearchReport(TypedDict):
    """The answer to a search; `next` is there while a cursor walks."""

    query: str
    terms: list[str]
    notices: list[str]
    match: Literal["exact", "related"]
    total: Total
    offset: int
    limit: int
    took_ms: float
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]]
    suggestions: list[str]
    next: NotRequired[str | None]


class Meetings(TypedDict):
    """A list of meetings, newest first."""

    total: int
    offset: int
    limit: int
    meetings: list[Listed]
    next: NotRequired[str | None]


class Suggested(TypedDict):
    """One suggestion with how often it occurs."""

    text: str
    kind: Kind
    count: int


class Suggestions(TypedDict):
    """What a person may be typing."""

    query: str
    suggestions: list[Suggested]


class TimePeriod(TypedDict):
    """One month (2024-07) or year (2024)."""

    period: str
    mentions: int
    in_meetings: int
    meetings: int
    per_meeting: float | None


class QueryOverTime(TypedDict):
    """One query's mentions in order of time."""

    query: str
    mentions: int
    undated: int
    notices: list[str]
    periods: list[TimePeriod]


class Timelines(TypedDict):
    """The queries in the order asked."""

    by: Literal["month", "year"]
    timelines: list[QueryOverTime]


class Named(TypedDict):
    """A person, department or instrument with the number of its meetings; `others` are further names of it."""

    name: str
    count: int
    letter: str
    others: list[str]


class Directory(TypedDict):
    """A list of names, those of most meetings first."""

    total: int
    offset: int
    limit: int
    entries: list[Named]


class Posted(TypedDict):
    """A unit or office that a person appeared with, from the first to the last day."""

    unit: str
    first: str | None
    last: str | None
    count: int


class Appeared(TypedDict):
    """One line of a roll, or who presided."""

    meeting: Head
    role: Role
    unit: str | None
    note: str | None


class PersonOverTime(TypedDict):
    """What is held of a name, newest first, in the meetings of a window; `meetings` counts all of them."""

    name: str
    meetings: int
    posts: list[Posted]
    chaired: list[Appeared]
    attended: list[Appeared]
    mentions: list[Passage]
    next: int | None


class Resolved(TypedDict):
    """A resolution with its place."""

    id: str
    meeting: Head
    item: ItemName
    text: str
    verdicts: list[str]
    reporter: str | None
    lead_department: str | None
    departments: list[str]
    next_step: str | None
    deadline: str | None
    url: str


class Task(Resolved):
    """A resolution that concerns a department."""

    part: Part


class DepartmentOverTime(TypedDict):
    """A department under all its names, with its tasks in the meetings of a window."""

    name: str
    official: str | None
    names: list[str]
    others: list[str]
    bodies: list[tuple[str, int]]
    tasks: list[Task]
    next: int | None


class Considered(TypedDict):
    """One consideration of an instrument, under the title written there."""

    title: str
    meeting: Head
    item: ItemName
    resolutions: list[Resolved]


class InstrumentOverTime(TypedDict):
    """An instrument and its considerations in the meetings of a window, oldest first."""

    title: str
    titles: list[str]
    considerations: list[Considered]
    next: int | None


class ComparedSide(TypedDict):
    """What is compared; `title` is that of its agenda item."""

    id: str
    meeting: Head
    title: str | None


class ComparedLine(TypedDict):
    """One paragraph; `marks` are [start, end) code points of `text` that the other side has not."""

    anchor: str
    text: str
    marks: list[tuple[int, int]]


class ComparedRow(TypedDict):
    """Two paragraphs that stand for each other; null where one stands alone."""

    a: ComparedLine | None
    b: ComparedLine | None


class Compared(TypedDict):
    """Two places side by side; `alike` is the share of characters that both have."""

    a: ComparedSide
    b: ComparedSide
    alike: float
    rows: list[ComparedRow]


class Health(TypedDict):
    """That a query works."""

    status: Literal["ok"]
    meetings: int
    passages: int


class Problem(TypedDict):
    """Problem details (RFC 9457) with extension members."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    parameter: NotRequired[str]
    takes: NotRequired[str]
    near: NotRequired[list[str]]
    command: NotRequired[str]
