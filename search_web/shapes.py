"""The shapes of the API's answers as types, from which the description is made; records are those of `model`.

A shape with total=False is one from which `fields` chooses: all its members are there where nothing is chosen.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from indexer.answer import Kind


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
