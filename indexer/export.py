"""Whatever a query finds, as the parts of a file: a ledger of resolutions, or the passages themselves.

Parts are made as they are asked for; all exact hits go out, newest first, or everything where nothing is asked. Each
file says what was asked, when, and of which state of the index.
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
from indexer.extract import extract
from indexer.ledger import COLUMNS, WIDTHS
from indexer.provenance import Provenance, provenance
from indexer.report import hit_json, name_of
from indexer.search import Index
from indexer.spreadsheet import Cell, csv_lines
from indexer.workbook import workbook

Format = Literal["ledger", "xlsx", "csv", "jsonl", "docx"]
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
    """Yield the parts of a file: lines with their ends, in UTF-8, or parts of a workbook or document.

    A file that ends with an error is not to be kept, whatever has come of it.

    Args:
        index: What is asked.
        query: As `Index.search` takes it; "" with no filter is everything.
        form: ledger (CSV, one row a resolution), xlsx (the same as a workbook), csv (one row a passage), jsonl
            (one passage a line, behind a line about the file) or docx (an extract to be read).
        site: What stands in front of the paths of links, such as https://example.cn.
        level: Which passages are given; a ledger is always of whole resolutions.
        expand: Whether aliases are searched, too.
        first: First day of meetings, included; `last` the last one.
        **filters: As `Index.search` takes them.

    Raises:
        BadParameter: A filter is not known.
        IndexDamaged: A file of the index was changed, and not by a commit; at the end, if meanwhile.
    """
    index.engine.let_go()  # a server that was warmed may hold much of a large index
    whole = form in ("ledger", "xlsx")
    about = provenance(index, query, level=() if whole else level, first=first, last=last, **filters)
    if whole:
        rows = (row.cells(site) for row in index.ledger(query, expand=expand, first=first, last=last, **filters))
        parts = workbook(COLUMNS, rows, WIDTHS, about.rows()) if form == "xlsx" else _csv(COLUMNS, rows, about)
        return _sound(index, parts)
    hits = index.hits(query, level=level, expand=expand, first=first, last=last, **filters)
    if form == "csv":
        parts = _csv(HIT_COLUMNS, (_cells(hit, site) for hit in hits), about)
    elif form == "docx":
        parts = extract(hits, f"检索结果：{query}" if query else "检索结果", about.rows(), site)
    else:
        parts = _lines(hits, about, site)
    return _sound(index, parts)


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write the parts of a file that appears, or takes the place of another, only when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(parts)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sound(index: Index, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts, and raise at their end if the files that they came from were changed while they were read."""
    yield from parts
    index.generation()


def _lines(hits: Iterable[Hit], about: Provenance, site: str) -> Iterator[bytes]:
    yield _line({"export": about.to_json()})
    for hit in hits:
        told = hit_json(hit) | {"url": f"{site}{hit.url}"}
        # The score only orders the hits of one answer, and the snippet is HTML for a page.
        yield _line({name: told[name] for name in told if name not in ("score", "snippet")})


def _line(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _csv(heading: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], about: Provenance) -> Iterator[bytes]:
    """Lines of CSV; what the file says of itself is the name of a last column, so that all readers find the others."""
    filled = ((*row, None) for row in rows)
    return (line.encode("utf-8") for line in csv_lines(chain([(*heading, about.line())], filled)))


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
