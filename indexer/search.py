"""A request becomes an answer: what a person typed is parsed, asked of an engine, and given marks and snippets.

`Index` is the public door; faces and other programs use nothing behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from indexer import highlight
from indexer.answer import Answer, Hit, Suggestion, Total
from indexer.compare import Comparison, Side, compare, others, side
from indexer.coverage import Coverage, coverage
from indexer.engines.choose import folder_of, open_engine
from indexer.engines.engine import (
    NO_FILTERS,
    Engine,
    Filters,
    Level,
    Match,
    PassageRecord,
    RecordHead,
    Sort,
    Stats,
    Tier,
    Wanted,
)
from indexer.errors import BadParameter
from indexer.ledger import LedgerRow, ledger
from indexer.model import Record
from indexer.originals import Original, Originals
from indexer.query.parse import parse
from indexer.rollup import departments, instruments, people
from indexer.rollup.departments import Department
from indexer.rollup.directory import Entry, directory
from indexer.rollup.directory import Sort as Named
from indexer.rollup.instruments import Instrument
from indexer.rollup.people import Person
from indexer.text import kin
from indexer.timeline import By, Timeline, timeline

T = TypeVar("T")
MOST_SUGGESTIONS = 100


def open_index(location: str | Path) -> Index:
    """Open an index by its place: a folder, or an engine string such as `whoosh:FOLDER`.

    Raises:
        IndexMissing, IndexOutdated, IndexDamaged: There is none, or it cannot be answered from.
    """
    return Index(open_engine(location), folder_of(location))


class Index:
    """An open index: search it, list its records, read one. Safe to share by threads; a context manager."""

    def __init__(self, engine: Engine, place: str | Path | None = None) -> None:
        # Imported with the first index, so that importing the package stays light.
        from indexer.suggest import Suggester

        self.engine = engine
        self._place = None if place is None else Path(place)
        self._originals = None if place is None else Originals(place)
        self._suggester = Suggester(engine)
        self._kept: dict[str, tuple[int, object]] = {}

    def search(
        self,
        query: str,
        *,
        level: Level = "all",
        match: Match = "auto",
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        facets: Sequence[str] = (),
        expand: bool = True,
        first: date | None = None,
        last: date | None = None,
        **filters: Iterable[str] | str,
    ) -> Answer:
        """Answer a query.

        Args:
            query: What was typed; docs/query-language.md tells how it is read. It never raises.
            level: all, resolution or paragraph.
            match: auto fills the page with exact hits and then related ones; exact and related show one tier.
            limit: Hits wanted, 0 to 1000.
            offset: Hits passed over.
            sort: relevance, date (oldest first) or -date.
            facets: Fields whose values are counted over all that was found.
            expand: Whether aliases of a chunk are searched, too.
            first: First day of meetings, included; `last` the last one.
            **filters: body, kind, year, department, person, verdict, instrument: a value or several.

        Raises:
            BadParameter: A parameter other than the query has a value that it does not take.
        """
        started = time.perf_counter()
        if not 0 <= limit <= 1000:
            raise BadParameter("limit", limit, "0 到 1000 的整数")
        if offset < 0:
            raise BadParameter("offset", offset, "0 或更大的整数")
        parsed = parse(query, expand=expand)
        plain = kin.weighted_words(parsed.plain) if match != "exact" else ()
        wanted = Wanted(parsed, plain, level, match, _filters(filters, first, last), sort, limit, offset, tuple(facets))
        found = self.engine.find(wanted)

        def mark(text: str, tier: Tier) -> tuple[tuple[int, int], ...]:
            if tier == "exact":
                return highlight.marks(text, parsed.terms)
            return highlight.word_marks(text, [word for word, _ in plain])

        def count(other: str) -> int:
            tree = parse(other, expand=expand)
            return self.engine.find(Wanted(tree, (), level, "exact", wanted.filters, limit=0)).exact

        def meant() -> tuple[str, ...]:
            if found.exact or match == "related" or offset:
                return ()
            from indexer.correct import corrections

            return corrections(self.engine, query, parsed.node, count, self._suggester.spelled)

        tier: Tier = "exact" if match == "exact" or (match == "auto" and found.exact) else "related"
        return Answer(
            query=query,
            terms=parsed.terms,
            notices=parsed.notices,
            match=tier,
            total=Total(found.exact, found.related),
            offset=offset,
            limit=limit,
            took_ms=(time.perf_counter() - started) * 1000,
            hits=tuple([Hit(hit, mark) for hit in found.hits]),
            facets=found.facets,
            corrections=meant,
        )

    def hits(
        self,
        query: str,
        *,
        level: Level = "all",
        expand: bool = True,
        first: date | None = None,
        last: date | None = None,
        **filters: Iterable[str] | str,
    ) -> Iterator[Hit]:
        """Yield every exact hit of a query, newest first, however many; arguments are those of `search`."""
        parsed = parse(query, expand=expand)
        wanted = Wanted(parsed, (), level, "exact", _filters(filters, first, last), "-date", 1 << 31)
        return (Hit(hit, lambda text, _: highlight.marks(text, parsed.terms)) for hit in self.engine.find(wanted).hits)

    def ledger(
        self,
        query: str = "",
        *,
        expand: bool = True,
        first: date | None = None,
        last: date | None = None,
        **filters: Iterable[str] | str,
    ) -> Iterator[LedgerRow]:
        """Yield the resolutions that a query and filters choose, newest meeting first; all of them by default."""
        return ledger(self.engine, parse(query, expand=expand), _filters(filters, first, last))

    def coverage(self, *, read: bool = True) -> Coverage:
        """Tell which meetings are held and what is known to be missing; `read` looks into every record.

        What was read is kept until the index changes.
        """
        if not read:
            return coverage(self.engine, read=False)
        return self.kept("coverage", lambda: coverage(self.engine))

    def suggest(self, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return what a person who has typed `text` may be typing; may be empty.

        The text, in characters, in pinyin (in full, by initials, begun), or both mixed, stands at the beginning of the
        first ones and inside the ones after; the more frequent come first. The first call of a generation of the
        index makes the list, which takes part of a second.

        Raises:
            BadParameter: The limit is not from 0 to 100.
        """
        if not 0 <= limit <= MOST_SUGGESTIONS:
            raise BadParameter("limit", limit, f"0 到 {MOST_SUGGESTIONS} 的整数")
        return self._suggester.suggest(text, limit)

    def timeline(
        self,
        query: str,
        by: By = "month",
        *,
        level: Level = "all",
        expand: bool = True,
        first: date | None = None,
        last: date | None = None,
        **filters: Iterable[str] | str,
    ) -> Timeline:
        """Return the exact hits of a query by month or year, with the meetings held; arguments are those of `search`.

        Raises:
            BadParameter: A parameter other than the query has a value that it does not take.
        """
        wanted = _filters(filters, first, last)
        return timeline(self.engine, query, parse(query, expand=expand), by, level, wanted)

    def person(self, name: str, *, offset: int = 0, limit: int | None = None) -> Person:
        """Return what is held of a person: posts, meetings chaired and attended, mentions; raise UnknownName.

        With a limit, of so many meetings at most, the newest first; `offset` is 0 or the `next` of the answer before.
        """
        return people.person(self.engine, name, offset, limit)

    def department(
        self, name: str, *, body: str | None = None, offset: int = 0, limit: int | None = None
    ) -> Department:
        """Return the resolutions that concern a department, of one body's meetings if named; raise UnknownName.

        Offset and limit are those of `person`.
        """
        return departments.department(self.engine, name, body, offset, limit)

    def instrument(self, title: str, *, offset: int = 0, limit: int | None = None) -> Instrument:
        """Return every consideration of an instrument, oldest first; raise UnknownName.

        Offset and limit are those of `person`.
        """
        held = self.kept("titles", lambda: instruments.titles_held(self.engine))
        return instruments.instrument(self.engine, title, offset, limit, held)

    def directory(self, sort: Named) -> tuple[Entry, ...]:
        """Return all people, departments or instruments held (`sort`: person, department, instrument), by count.

        A list is made once for each state of the index.
        """
        return self.kept(f"directory {sort}", lambda: directory(self.engine, sort))

    def compare(self, a: str, b: str) -> Comparison:
        """Return two items, resolutions or paragraphs (`RECORD#ANCHOR`) side by side, marked; raise NotFound."""
        return compare(self.engine, a, b)

    def comparable(self, id: str) -> tuple[Side | PassageRecord, ...]:
        """Return what one may be compared with: its instruments' other considerations, or what is related."""
        return others(self.engine, id)

    def side(self, id: str) -> Side:
        """Return an item, resolution or paragraph as it would be compared; raise NotFound."""
        return side(self.engine, id)

    def marks(self, query: str, text: str, tier: Tier = "exact") -> tuple[tuple[int, int], ...]:
        """Return where a query stands in any text: its strings, or the words by which the related tier finds."""
        return self.marker(query, tier)(text)

    def marker(self, query: str, tier: Tier = "exact") -> Callable[[str], tuple[tuple[int, int], ...]]:
        """Return what gives the marks of one query in one text after another; the query is read once."""
        parsed = parse(query)
        if tier == "exact":
            return lambda text: highlight.marks(text, parsed.terms)
        words = [word for word, _ in kin.weighted_words(parsed.plain)]
        return lambda text: highlight.word_marks(text, words)

    def record(self, record_id: str) -> Record:
        """Return a meeting or document; raise NotFound."""
        return self.engine.record(record_id)

    meeting = record

    def original(self, sha256: str) -> Original | None:
        """Return the file with this content that a record was read from; None where the index does not keep it."""
        return self._originals.find(sha256) if self._originals else None

    def similar(self, record_id: str) -> tuple[tuple[RecordHead, float], ...]:
        """Return the documents that say nearly the same as one, with the share of the text that is in both."""
        if self._place is None:
            return ()
        from indexer.similar import similar_to

        found = similar_to(self._place, record_id)
        heads = {head.id: head for head in self.heads()} if found else {}
        return tuple((heads[other], share) for other, share in found if other in heads)

    def passage(self, passage_id: str) -> PassageRecord:
        """Return one passage by `RECORD#ANCHOR`; raise NotFound."""
        return self.engine.passage(passage_id)

    def heads(self) -> tuple[RecordHead, ...]:
        """Return all records, newest first, undated last."""
        return self.engine.heads()

    def meetings(self, *, body: str | None = None, year: int | None = None) -> tuple[RecordHead, ...]:
        """Return the meetings of a body or year, newest first; may be empty."""
        return tuple(
            head
            for head in self.engine.heads()
            if head.type == "meeting"
            and (body is None or head.body == body)
            and (year is None or (head.date is not None and head.date.year == year))
        )

    def stats(self) -> Stats:
        """Return sizes and counts."""
        return self.engine.stats()

    def generation(self) -> int:
        """Return what grows with every commit, at next to no cost."""
        return self.engine.generation()

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gives of the state of the index; made once for each of them and name."""
        generation = self.engine.generation()
        known = self._kept.get(name)
        if known is None or known[0] != generation:
            known = self._kept[name] = (generation, make())
        return known[1]  # type: ignore[return-value]  # a name stands for one make

    def committed(self) -> datetime:
        """Return when the newest generation was committed."""
        return self.engine.committed()

    def check(self) -> tuple[str, ...]:
        """Return one line for each damage found; empty for a sound index."""
        return tuple(self.engine.check())

    def close(self) -> None:
        """Let the files go."""
        self.engine.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _filters(given: dict[str, Iterable[str] | str], first: date | None, last: date | None) -> Filters:
    """Return the filters; a single value stands for a list of one."""
    if not given and first is None and last is None:
        return NO_FILTERS
    fields = set(Filters.__slots__) - {"first", "last"}
    for name in given:
        if name not in fields:
            raise BadParameter(name, given[name], f"可用的条件有 {'、'.join(sorted(fields))}")
    values = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in given.items()}
    return Filters(**values, first=first, last=last)
