"""An index for assistants: the tools of `gongwen mcp` (Model Context Protocol), each a question with a typed result.

Texts are verbatim, and every result has the permalink under which a person can read on. Only `serve` knows the
protocol's library, which comes with the extra `mcp`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from indexer import __version__, wire
from indexer.citations import Style, cite, written
from indexer.engines.engine import Level, Match, PassageRecord, Sort
from indexer.errors import BadParameter, GongwenError
from indexer.query.fields import days
from indexer.report import name_of, path_of
from indexer.search import Index
from indexer.timeline import By

INSTRUCTIONS = (
    "中国政府会议纪要与公文全文检索。引用议定事项时请逐字引用 text，并附上 url；没有查到的不要推测。"
    "查询写法：空格隔开的词语都要有，“”内为原文，-词 为排除，部门:、机关:、结论:、人员: 等为字段。"
)
MOST_HITS = 50

# What tools give has no slots: the protocol's library takes the descriptors of slots for defaults.


@dataclass(frozen=True)
class Passage:
    """A passage as it stands in the minutes, with its place and what it decides."""

    id: str
    text: str
    meeting: str
    date: str | None
    body: str | None
    item: str | None
    verdicts: list[str]
    lead_department: str | None
    next_step: str | None
    url: str


@dataclass(frozen=True)
class Found:
    """The answer to a search: `exact` passages hold all of the query, `related` ones a part of its words."""

    exact: int
    related: int
    notices: list[str]
    suggestions: list[str]
    passages: list[Passage]


@dataclass(frozen=True)
class Mentions:
    """How many passages of one month or year mention a query, and how many meetings were held."""

    period: str
    mentions: int
    meetings: int


@dataclass(frozen=True)
class OverTime:
    """A query over time."""

    query: str
    by: str
    total: int
    periods: list[Mentions]
    url: str


@dataclass(frozen=True)
class Cited:
    """A citation and the permalink that it names."""

    citation: str
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools on one index; `site` is where its pages are served, "" where they are not."""

    index: Index
    site: str = ""

    def search(
        self,
        query: str,
        level: Level = "all",
        match: Match = "auto",
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        body: list[str] | None = None,
        year: list[str] | None = None,
        department: list[str] | None = None,
        person: list[str] | None = None,
        verdict: list[str] | None = None,
        instrument: list[str] | None = None,
        first_day: str = "",
        last_day: str = "",
    ) -> Found:
        """检索会议纪要与公文的段落，含原文的在前。

        level 可为 resolution（议定事项）；日期写作 2024、2024-07 或 2024-07-15。
        """
        if not 1 <= limit <= MOST_HITS:
            raise BadParameter("limit", limit, f"须为 1 至 {MOST_HITS} 的整数")
        answer = self.index.search(
            query, level=level, match=match, sort=sort, limit=limit, offset=offset,
            first=_day("first_day", first_day, last=False), last=_day("last_day", last_day, last=True),
            body=body or (), year=year or (), department=department or (), person=person or (),
            verdict=verdict or (), instrument=instrument or (),
        )  # fmt: skip
        return Found(
            answer.total.exact,
            answer.total.related,
            list(answer.notices),
            list(answer.suggestions),
            [self._passage(hit.passage) for hit in answer.hits],
        )

    def get_meeting(self, id: str) -> dict[str, Any]:
        """取一次会议或一份文件的全文：议题、议定事项、段落和出席名单，连同链接。"""
        record = self.index.record(id)
        return {**wire.to_json(record), "url": cite(record, base_url=self.site).url}

    def get_passage(self, id: str) -> Passage:
        """取一个段落，编号为 会议编号#段号，如 20240115-1a2b3c4d#1.2。"""
        return self._passage(self.index.passage(id))

    def timeline(self, query: str, by: By = "month", department: list[str] | None = None) -> OverTime:
        """一个词语按月（month）或按年（year）被提及的段数，连同各期的会议次数。"""
        found = self.index.timeline(query, by, department=department or ())
        periods = [Mentions(one.name, one.mentions, one.meetings) for one in found.periods]
        return OverTime(query, found.by, found.mentions, periods, f"{self.site}/timeline")

    def cite(self, id: str, style: Style = "gbt7714") -> Cited:
        """写出引文：gbt7714（国标）、bibtex、ris 或 csl；id 为会议、文件或段落的编号。"""
        record_id, _, anchor = id.partition("#")
        citation = cite(self.index.record(record_id), anchor, base_url=self.site, accessed=date.today())
        return Cited(written(citation, style), citation.url)

    def _passage(self, passage: PassageRecord) -> Passage:
        head = passage.head
        return Passage(
            id=passage.id,
            text=passage.text,
            meeting=name_of(head),
            date=head.date.isoformat() if head.date else None,
            body=head.body,
            item=passage.item_title,
            verdicts=list(passage.verdicts),
            lead_department=passage.lead_department,
            next_step=passage.next_step,
            url=f"{self.site}{path_of(head)}#{passage.anchor}",
        )


def serve(index: Index, site: str = "", port: int | None = None) -> None:
    """Answer assistants until they go away: on standard input and output, or by HTTP on a port of this machine.

    Raises:
        GongwenError: the extra `mcp` is not installed.
    """
    made = server(index, site)
    if port is None:
        made.run("stdio")
    else:
        made.run("streamable-http", host="127.0.0.1", port=port)


def server(index: Index, site: str = "") -> Any:
    """Return the protocol's server with all tools and a resource for every record.

    Raises:
        GongwenError: the extra `mcp` is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError as error:
        raise GongwenError('没有安装 mcp 程序库；请先运行：pip install "gongwen[mcp]"') from error
    made = MCPServer("gongwen", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    desk = Desk(index, site.rstrip("/"))
    for tool in (desk.search, desk.get_meeting, desk.get_passage, desk.timeline, desk.cite):
        made.add_tool(_told(tool, ToolError))
    made.resource("gongwen://records/{id}", mime_type="application/json", description="一次会议或一份文件的全文")(
        desk.get_meeting
    )
    return made


def _told(tool: Callable[..., Any], failure: type[Exception]) -> Callable[..., Any]:
    """Return a tool whose errors reach the assistant in words; the library hides all but its own."""

    @wraps(tool)
    def telling(*given: Any, **named: Any) -> Any:
        try:
            return tool(*given, **named)
        except GongwenError as error:
            raise failure(str(error)) from error

    return telling


def _day(name: str, text: str, *, last: bool) -> date | None:
    if not text.strip():
        return None
    span = days(text.strip())
    if span is None:
        raise BadParameter(name, text, "须为日期，如 2024、2024-07 或 2024-07-15")
    return span.last if last else span.first
