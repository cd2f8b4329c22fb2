"""A URL's wish for a timeline in; the queries' mentions side by side out: charts, a table, and rows for a file.

Every number is a link that narrows the search to its period. Asks the index, renders nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from indexer.errors import BadParameter
from indexer.search import Index
from indexer.spreadsheet import Cell
from indexer.timeline import By, Period, Timeline
from search_web import charts, params
from search_web.charts import Column, Label, Line
from search_web.language import gettext, many, month
from search_web.language import marked as _
from search_web.params import SearchRequest
from search_web.present import Link, filter_chips

Wish = Literal["auto", "month", "year"]
Per = Literal["count", "meetings"]
WISHES: tuple[Wish, ...] = get_args(Wish)
PERS: tuple[Per, ...] = get_args(Per)
BY_LABELS: dict[Wish, str] = {"auto": _("自动"), "month": _("按月"), "year": _("按年")}
PER_LABELS: dict[Per, str] = {"count": _("提及段数"), "meetings": _("平均每次会议")}

MOST_QUERIES = 5
MOST_MONTHS = 48  # what is longer is shown by year unless asked for otherwise


@dataclass(frozen=True, slots=True)
class TimelineRequest:
    """What a URL asks for; `search` holds the filters, without a query of its own."""

    queries: tuple[str, ...]
    by: Wish
    per: Per
    search: SearchRequest

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.queries and not self.search.filtered

    def url(self, path: str = "/timeline") -> str:
        """The shortest URL that asks for this."""
        pairs = [("q", query) for query in self.queries]
        pairs += [("by", self.by)] if self.by != "auto" else []
        pairs += [("per", self.per)] if self.per != "count" else []
        pairs += self.search.pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path


@dataclass(frozen=True, slots=True)
class Count:
    """One number: what is shown, what a chart draws, the URL of its hits (None where there are none)."""

    told: str
    value: float
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """One query: its cells in order of time, and where its chart has them."""

    label: str
    timeline: Timeline
    url: str
    cells: tuple[Count, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One period of the table, with the cell of each query."""

    label: str
    meetings: int
    cells: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class TimelineView:
    """All that the page shows; charts share one scale."""

    request: TimelineRequest
    by: By
    series: tuple[Series, ...]
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    bys: tuple[Link, ...]
    pers: tuple[Link, ...]
    chips: tuple[Link, ...]
    csv: str


def timeline_request(args: params.Arguments) -> TimelineRequest:
    """Read a timeline's wish; `q` may be repeated.

    Raises:
        BadParameter: an argument has a value that it does not take.
    """
    queries = tuple(dict.fromkeys(query.strip() for query in args.getlist("q") if query.strip()))
    if len(queries) > MOST_QUERIES:
        raise BadParameter("q", f"{len(queries)} 个值", f"至多可重复 {MOST_QUERIES} 次")
    for query in queries:
        if len(query) > params.MAX_QUERY:
            raise BadParameter("q", query, f"至多 {params.MAX_QUERY} 字")
    asked = params.search_request(args)
    # What orders and pages hits says nothing here.
    plain = replace(asked, text="", match="auto", sort="relevance", limit=10, offset=0)
    return TimelineRequest(queries, params.choice(args, "by", WISHES), params.choice(args, "per", PERS), plain)


def ask(index: Index, wanted: TimelineRequest) -> tuple[Timeline, ...]:
    """Ask the index for every query, or once for all passages where only filters are given."""
    first = _one(index, wanted, wanted.queries[0] if wanted.queries else "", "month")
    by: By = "year" if wanted.by == "year" or (wanted.by == "auto" and len(first.periods) > MOST_MONTHS) else "month"
    again = first if by == "month" else _one(index, wanted, first.query, by)
    return (again, *(_one(index, wanted, query, by) for query in wanted.queries[1:]))


def timeline_view(wanted: TimelineRequest, found: tuple[Timeline, ...]) -> TimelineView:
    """Arrange the answers for the page."""
    cells = [tuple(_cell(wanted, one, period) for period in one.periods) for one in found]
    top = charts.scale(max((cell.value for row in cells for cell in row), default=0))
    periods = found[0].periods
    rows = (
        Row(named(period.name), period.meetings, tuple(row[at] for row in cells)) for at, period in enumerate(periods)
    )
    return TimelineView(
        request=wanted,
        by=found[0].by,
        series=tuple(_series(wanted, one, row, top) for one, row in zip(found, cells, strict=True)),
        rows=tuple(row for row in rows if row.meetings or any(cell.url for cell in row.cells)),
        lines=charts.lines(top),
        labels=charts.labels([period.name for period in periods]),
        bys=tuple(Link(gettext(BY_LABELS[by]), replace(wanted, by=by).url(), by == found[0].by) for by in WISHES[1:]),
        pers=tuple(Link(gettext(PER_LABELS[per]), replace(wanted, per=per).url(), per == wanted.per) for per in PERS),
        chips=filter_chips(wanted.search, lambda without: replace(wanted, search=without).url()),
        csv=wanted.url("/timeline.csv"),
    )


def rows(found: tuple[Timeline, ...]) -> Iterator[tuple[Cell, ...]]:
    """Yield a heading and one row a period, as a spreadsheet takes them: for each query mentions and their mean."""
    names = [one.query or gettext("全部段落") for one in found]
    told = [f"{name}{gettext('：')}{gettext(per)}" for name in names for per in PER_LABELS.values()]
    yield (gettext("期间"), gettext("会议次数"), *told)
    for at, period in enumerate(found[0].periods):
        values: list[Cell] = []
        for one in found:
            mean = one.periods[at].per_meeting
            values += (one.periods[at].mentions, None if mean is None else round(mean, 4))
        yield (period.name, period.meetings, *values)


def to_json(found: tuple[Timeline, ...]) -> dict[str, object]:
    """Return the answer of `/api/v1/timeline`: the queries in the order asked, their periods in order of time."""
    return {
        "by": found[0].by,
        "timelines": [
            {
                "query": one.query,
                "mentions": one.mentions,
                "undated": one.undated,
                "notices": list(one.notices),
                "periods": [
                    {
                        "period": period.name,
                        "mentions": period.mentions,
                        "in_meetings": period.in_meetings,
                        "meetings": period.meetings,
                        "per_meeting": period.per_meeting,
                    }
                    for period in one.periods
                ],
            }
            for one in found
        ],
    }


def named(period: str) -> str:
    """2024 年 7 月, 2024 年; July 2024, 2024."""
    return month(int(period[:4]), int(period[5:])) if period[4:] else gettext("%(year)s 年") % {"year": period}


def _one(index: Index, wanted: TimelineRequest, query: str, by: By) -> Timeline:
    asked = wanted.search
    filters = {name: asked.values(name) for name in params.FILTERS}
    return index.timeline(
        query, by, level=asked.level, expand=asked.expand, first=asked.first, last=asked.last, **filters
    )


def _series(wanted: TimelineRequest, one: Timeline, cells: tuple[Count, ...], top: float) -> Series:
    url = replace(wanted.search, text=one.query, match="exact").url()
    placed = charts.columns([cell.value for cell in cells], top)
    return Series(one.query or gettext("全部段落"), one, url, cells, placed)


def _cell(wanted: TimelineRequest, one: Timeline, period: Period) -> Count:
    value: float = period.mentions
    told = charts.number(value)
    if wanted.per == "meetings":
        value = period.per_meeting or 0
        told = "—" if period.per_meeting is None else charts.number(round(value, 2))
    mentions, meetings = many("提及 %(n)s 段", period.mentions), many("会议 %(n)s 次", period.meetings)
    title = f"{named(period.name)}{gettext('：')}{one.query} {mentions}{gettext('，')}{meetings}"
    url = None
    if period.mentions:
        first = max(period.first, wanted.search.first or period.first)
        last = min(period.last, wanted.search.last or period.last)
        url = replace(wanted.search, text=one.query, match="exact", first=first, last=last).url()
    return Count(told, value, title, url)
