"""What search.py and build.py may ask of an engine, and the values that pass between them.

An engine keeps records (meetings, documents) as passages, answers queries over passages, and gives records back.
It parses neither files nor queries, and shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol

from indexer.model import Record
from indexer.query.nodes import Query

Level = Literal["all", "resolution", "paragraph"]
Match = Literal["auto", "exact", "related"]
Sort = Literal["relevance", "date", "-date"]
Tier = Literal["exact", "related"]
Section = Literal["heading", "resolution", "body", "attendance"]

FACETS = ("year", "body", "kind", "department", "verdict", "instrument", "person")
# Countable beside FACETS, but no fields that a page lists: the month (2024-07) of every record, or of meetings alone.
MONTHS = ("month", "meeting_month")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must have: one of the values of every field that names any; days are both included."""

    body: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    instrument: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


NO_FILTERS = Filters()


class Wanted(NamedTuple):
    """One request: a parsed query, the words of its related tier, and what part of the answer is wanted.

    Each word comes with how much it counts in the query. `match` auto fills the page with the exact tier first and
    the related tier after it; `facets` names the fields (of FACETS or MONTHS) whose values are counted over all hits of
    the tiers searched.
    """

    query: Query
    words: tuple[tuple[str, float], ...] = ()
    level: Level = "all"
    match: Match = "auto"
    filters: Filters = NO_FILTERS
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What a list shows of a record: enough to name it, link it and sort it."""

    id: str
    type: Literal["meeting", "document"]
    title: str | None
    body: str | None
    kind: str | None
    number: int | None
    date: date | None


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """What an engine keeps of one passage. `id` is `RECORD#ANCHOR`."""

    id: str
    anchor: str
    level: Literal["resolution", "paragraph"]
    section: Section
    text: str
    head: RecordHead
    item_number: int | None = None
    item_title: str | None = None
    verdicts: tuple[str, ...] = ()
    lead_department: str | None = None
    next_step: str | None = None


class Hit(Protocol):
    """One passage found; `text` and `passage` are read when asked for."""

    @property
    def score(self) -> float: ...
    @property
    def tier(self) -> Tier: ...
    @property
    def text(self) -> str: ...
    @property
    def passage(self) -> PassageRecord: ...


class Found(NamedTuple):
    """An engine's answer: true counts of both tiers (related without exact), hits in order, counted facets.

    A facet's values come most frequent first, equal ones by value; it may be empty. A long answer makes its hits when
    they are come to.
    """

    exact: int
    related: int
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the index knows of one file: its hash, the record read from it, and when it was read."""

    path: str
    sha256: str
    record_id: str
    size: int = -1
    mtime_ns: int = -1


@dataclass(frozen=True, slots=True)
class Stats:
    """Sizes and counts of an index; `bytes` on disk, `generation` grows with every commit."""

    meetings: int
    documents: int
    passages: int
    segments: int
    bytes: int
    generation: int
    format: str
    segmenter: str


class Writing(Protocol):
    """One transaction: nothing is seen by readers before `commit`; leaving without it changes nothing."""

    def put(self, record: Record, sources: Iterable[SourceState]) -> int:
        """Add the record, or replace the one with its id; return the number of passages.

        Where this raises, nothing of the record was taken and the one with its id stands; the transaction goes on.
        """
        ...

    def remove(self, record_id: str) -> bool:
        """Remove a record with its sources; False if there is none."""
        ...

    def forget(self, path: str) -> None:
        """Forget one source of a record that has others."""
        ...

    def commit(self) -> None: ...


class Engine(Protocol):
    """An index that is open. Safe to share by threads; every answer comes from one generation."""

    def find(self, wanted: Wanted) -> Found: ...

    def record(self, record_id: str) -> Record:
        """Return a meeting or document; raise NotFound."""
        ...

    def passage(self, passage_id: str) -> PassageRecord:
        """Return one passage by `RECORD#ANCHOR`; raise NotFound."""
        ...

    def heads(self) -> tuple[RecordHead, ...]:
        """All records, newest first, undated last."""
        ...

    def sources(self) -> Mapping[str, SourceState]:
        """Every file known, by path."""
        ...

    def stats(self) -> Stats: ...

    def generation(self) -> int:
        """Return what grows with every commit, at next to no cost."""
        ...

    def committed(self) -> datetime:
        """Return when the newest generation was committed, at next to no cost; with a time zone."""
        ...

    def values(self, field: str, *, of_records: bool = False) -> tuple[tuple[str, int], ...]:
        """The values of a field of FACETS with the number of their passages, or records (body, kind, year, person).

        With `of_records` records are counted for every field.
        """
        ...

    def frequent_words(self, limit: int) -> tuple[tuple[str, int], ...]:
        """The most frequent words of two characters or more with the number of their passages."""
        ...

    def sample(self, limit: int) -> Iterator[str]:
        """Yield the streams of passages from all over the index, the same ones each time."""
        ...

    def fillings(self, before: str, after: str) -> tuple[tuple[str, int], ...]:
        """The characters that stand between two streams (one may be empty), the most frequent first.

        Their counts are for this order only; a string made with one is asked for before it is shown.
        """
        ...

    def check(self) -> Iterator[str]:
        """Yield one line for each damage found; nothing for a sound index."""
        ...

    def verify(self) -> None:
        """Compare every file that answers come from with its checksum; raise IndexDamaged, then and from now on."""
        ...

    def let_go(self) -> None:
        """Give back the memory that files are mapped into, before much is read; what is asked for comes back."""
        ...

    def writing(self, jobs: int = 1) -> AbstractContextManager[Writing]:
        """Open the one transaction; raise IndexLocked while another is open in any process.

        With more than one job the engine may have a process of its own work beside this one.
        """
        ...

    def close(self) -> None: ...
