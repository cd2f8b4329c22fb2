"""The ledger of follow-up (督办台账): one row for each resolution, with who has to do what by when.

A query chooses the resolutions that it hits, and all of an item whose heading it hits. Rows come newest meeting first,
within a meeting in its order, and are made one meeting at a time, so that any number of them needs little memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from indexer.engines.engine import NO_FILTERS, Engine, Filters, PassageRecord, RecordHead, Wanted
from indexer.errors import NotFound
from indexer.model import AgendaItem, Meeting, Resolution
from indexer.query.nodes import Everything, Query
from indexer.report import name_of, path_of
from indexer.spreadsheet import Cell

ALL = 1 << 31  # more passages than an index holds
COLUMNS = (
    *("日期", "机关", "会议", "议题", "议题文件", "结论", "条件", "牵头单位", "配合单位", "下一步程序", "期限"),
    *("议定事项原文", "编号", "链接"),
)

WIDTHS = (12, 20, 36, 36, 36, 12, 24, 18, 24, 24, 14, 60, 24, 24)  # of the columns, in characters of Latin text


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One resolution as a clerk follows it up; values are those of the meeting, verbatim."""

    head: RecordHead
    item: AgendaItem
    resolution: Resolution

    @property
    def id(self) -> str:
        """`RECORD#ANCHOR`."""
        return f"{self.head.id}#{self.resolution.anchor}"

    def cells(self, site: str = "") -> tuple[Cell, ...]:
        """Return the cells under COLUMNS; `site` is put in front of the path of the link."""
        r = self.resolution
        supporting = (name for name in r.departments if name not in (r.lead_department, r.reporter))
        return (
            self.head.date.isoformat() if self.head.date else None,
            self.head.body,
            name_of(self.head),
            self.item.title,
            "".join(f"《{title}》" for title in self.item.instruments),
            "、".join(dict.fromkeys(decision.verdict for decision in r.verdicts)),
            "；".join(dict.fromkeys(decision.condition for decision in r.verdicts if decision.condition)),
            r.lead_department,
            "、".join(supporting),
            r.next_step.text if r.next_step else None,
            r.deadline,
            r.text,
            self.id,
            f"{site}{path_of(self.head)}#{r.anchor}",
        )


def ledger(engine: Engine, query: Query, filters: Filters) -> Iterator[LedgerRow]:
    """Yield the resolutions that a query and filters choose; of all meetings where neither says anything."""
    if query.node == Everything() and filters == NO_FILTERS:
        for head in engine.heads():
            if head.type == "meeting":
                yield from _rows(engine, head, None)
        return
    found = engine.find(Wanted(query, (), "all", "exact", filters, "-date", ALL))
    # Passages of one record come one after the other.
    for head, passages in groupby((hit.passage for hit in found.hits), key=lambda passage: passage.head):
        places = {_place(passage) for passage in passages if passage.item_number is not None}
        if places:
            yield from _rows(engine, head, places)


def _place(passage: PassageRecord) -> str:
    """Return the anchor of a passage, with a sign behind where it is the heading of an item."""
    return f"{passage.anchor}/" if passage.section == "heading" else passage.anchor


def _rows(engine: Engine, head: RecordHead, places: set[str] | None) -> Iterator[LedgerRow]:
    try:
        record = engine.record(head.id)
    except NotFound:
        return  # it went between the two questions, when the index changed
    for item in record.items if isinstance(record, Meeting) else ():
        for resolution in item.resolutions:
            anchors = {resolution.anchor, f"{item.anchor}/", *(p.anchor for p in resolution.paragraphs)}
            if places is None or anchors & places:
                yield LedgerRow(head, item, resolution)
