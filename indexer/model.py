"""What minutes say, as frozen values: Meeting > AgendaItem > Resolution > Paragraph, and Document for all else.

Every text value stands verbatim in the source once page breaks and stray spaces are mended; what the source
does not give is None or (), never a guess; what it gives in a damaged form is told in `notices`.
This file knows nothing of files, indexes or pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Verdict = Literal["同意", "原则同意", "通过", "原则通过", "暂缓", "不同意", "听取", "传达学习", "研究", "责成"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Role = Literal["主持", "出席", "列席", "邀请", "请假", "记录"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A natural paragraph: `span` is its half-open code-point range in the reader's text, `page` counts from 1."""

    anchor: str
    text: str
    span: tuple[int, int]
    page: int | None = None
    heading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict with what it is about and what it depends on (修改完善后, say)."""

    verdict: Verdict
    object: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next: the whole wording, the action in it and the body that acts or is asked."""

    text: str
    action: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """One 议定事项: （三） of an item has number 3 and anchor `2.3`.

    The body of an item without numbered resolutions is one resolution with number None, whose anchor is that
    of its item; its paragraphs are then `2p1`, `2p2` ….
    """

    number: int | None
    anchor: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    verdicts: tuple[Decision, ...] = ()
    reporter: str | None = None
    lead_department: str | None = None
    departments: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    next_step: NextStep | None = None
    deadline: str | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One 议题. `heading` is its line in the source, None where the item runs in without one.

    `instruments` are titles without 《》; `short_names` maps each 以下简称 to the full title or wording.
    """

    number: int
    anchor: str
    action: str | None
    title: str
    heading: Paragraph | None = None
    instruments: tuple[str, ...] = ()
    short_names: tuple[tuple[str, str], ...] = ()
    resolutions: tuple[Resolution, ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person, or one unit that sent an unnamed representative (name None)."""

    role: Role
    name: str | None
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Chair:
    """Who presided, and the office as the source words it."""

    name: str
    office: str | None = None


@dataclass(frozen=True, slots=True)
class DocNumber:
    """发文字号: `常务会议纪要〔2024〕7号` has agency code 常务会议纪要, year 2024, serial 7."""

    text: str
    agency_code: str | None = None
    year: int | None = None
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Calendar days that the tail and the page name; `compiled_text` holds a damaged 整理 date as it stands."""

    compiled: date | None = None
    printed: date | None = None
    published: date | None = None
    compiled_text: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One file that this record was read from."""

    path: str
    sha256: str
    format: str
    pages: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The minutes of one meeting. `complete` compares the listed agenda with the items; None if nothing to compare."""

    id: str
    title: str | None
    body: str | None
    kind: str | None
    term: str | None
    number: int | None
    date: date | None
    chair: Chair | None
    doc_number: DocNumber | None
    dates: Dates
    source: str | None
    disclosure: str | None
    distribution: str | None
    agenda: tuple[str, ...]
    complete: bool | None
    items: tuple[AgendaItem, ...]
    paragraphs: tuple[Paragraph, ...]
    attendance: tuple[Attendance, ...]
    roll: Paragraph | None
    notices: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A government document that is no meeting (通知, 意见, 办法, 条例 …); paragraphs carry their heading path."""

    id: str
    title: str | None
    body: str | None
    genre: str | None
    date: date | None
    doc_number: DocNumber | None
    dates: Dates
    source: str | None
    disclosure: str | None
    paragraphs: tuple[Paragraph, ...]
    notices: tuple[str, ...]
    sources: tuple[Source, ...]


Record = Meeting | Document
