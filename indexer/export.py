"""Whatever a query finds, as the parts of a file: a ledger of resolutions, or the passages themselves.

Parts are made as they are asked for; all exact hits go out, newest first, or everything where nothing is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Literal, get_args

from indexer.answer import Hit
from indexer.engines.engine import Level
from indexer.ledger import COLUMNS, WIDTHS
from indexer.report import hit_json, name_of
from indexer.search import Index
from indexer.spreadsheet import Cell, csv_lines
from indexer.workbook import workbook

Format = Literal["ledger", "xlsx", "csv", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
HIT_COLUMNS = ("日期", "机关", "会议", "议题", "结论", "牵头单位", "下一步程序", "原文", "编号", "链接")


def export(
    index: Index,
    query: str,
    form: Format,
    *,
    site: str = "",
    level: Level = "all",
    expand: bool = True,
    first: date | None = None,
    last: date | None = None,
    **filters: Iterable[str] | str,
) -> Iterator[bytes]:
    """Yield the parts of a file: lines with their ends, in UTF-8, or parts of a workbook.

    Args:
        index: What is asked.
        query: As `Index.search` takes it; "" with no filter is everything.
        form: ledger (CSV, one row a resolution), xlsx (the same as a workbook), csv (one row a passage) or jsonl
            (one passage a line).
        site: What stands in front of the paths of links, such as https://example.cn.
        level: Which passages are given; a ledger is always of whole resolutions.
        expand: Whether aliases are searched, too.
        first: First day of meetings, included; `last` the last one.
        **filters: As `Index.search` takes them.

    Raises:
        BadParameter: A filter is not known.
    """
    if form in ("ledger", "xlsx"):
        rows = (row.cells(site) for row in index.ledger(query, expand=expand, first=first, last=last, **filters))
        yield from workbook(COLUMNS, rows, WIDTHS) if form == "xlsx" else _csv(COLUMNS, rows)
        return
    hits = index.hits(query, level=level, expand=expand, first=first, last=last, **filters)
    if form == "csv":
        yield from _csv(HIT_COLUMNS, (_cells(hit, site) for hit in hits))
        return
    for hit in hits:
        told = hit_json(hit) | {"url": f"{site}{hit.url}"}
        # The score only orders the hits of one answer, and the snippet is HTML for a page.
        text = json.dumps({name: told[name] for name in told if name not in ("score", "snippet")}, ensure_ascii=False)
        yield text.encode("utf-8", "replace") + b"\n"


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write the parts of a file that appears, or takes the place of another, only when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(parts)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _csv(heading: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> Iterator[bytes]:
    return (line.encode("utf-8") for line in csv_lines(chain([heading], rows)))


def _cells(hit: Hit, site: str) -> tuple[Cell, ...]:
    passage = hit.passage
    head = passage.head
    return (
        head.date.isoformat() if head.date else None,
        head.body,
        name_of(head),
        passage.item_title,
        "、".join(passage.verdicts),
        passage.lead_department,
        passage.next_step,
        hit.text,
        hit.id,
        f"{site}{hit.url}",
    )
