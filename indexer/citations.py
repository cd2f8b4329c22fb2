"""A record and an anchor in, a citation out: GB/T 7714-2015, BibTeX, RIS and CSL-JSON of one passage or a whole record.

Body, title, document number, date, item and resolution are those of the record; what it does not give is left out,
never filled in. Knows no index and no page; the day of access is told to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from indexer.errors import BadParameter, NotFound
from indexer.model import AgendaItem, Meeting, Record

Style = Literal["gbt7714", "bibtex", "ris", "csl"]
STYLES: tuple[Style, ...] = get_args(Style)
MEDIA_TYPES: dict[Style, str] = {
    "gbt7714": "text/plain",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl": "application/vnd.citationstyles.csl+json",
}

# What BibTeX reads as commands; a brace counts even behind a backslash, so that it is written by its name.
_TEX = {c: f"\\{c}" for c in "&%$#_"} | {
    "{": r"\textbraceleft ",
    "}": r"\textbraceright ",
    "\\": r"\textbackslash ",
    "~": r"\textasciitilde ",
    "^": r"\textasciicircum ",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERED = re.compile(r"第.{1,8}[次期号]")  # 第132次, 第八十六次
_PARAGRAPH = re.compile(r"(.*?)p(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says; `place` names item, resolution and paragraph, `url` is the permalink."""

    id: str
    title: str | None
    author: str | None
    number: str | None
    day: date | None
    place: str
    url: str
    accessed: date | None


def cite(record: Record, anchor: str = "", *, base_url: str = "", accessed: date | None = None) -> Citation:
    """Return the citation of a passage, an agenda item, or ("") the whole record.

    Args:
        base_url: where the pages are served; the permalink is a path alone where it is "".
        accessed: the day on which the page was read; left out where it is None.

    Raises:
        NotFound: the record has no such anchor.
        BadParameter: the base URL is no HTTP address.
    """
    if base_url and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", base_url):
        raise BadParameter("base_url", base_url, "须为网址，如 https://gongwen.example.cn")
    if anchor and anchor not in anchors(record):
        raise NotFound(f"{record.id}#{anchor}", (record.id,))
    kind = "meetings" if isinstance(record, Meeting) else "documents"
    whole = f"{record.id}#{anchor}" if anchor else record.id
    day = record.date or record.dates.printed or record.dates.published or record.dates.compiled
    return Citation(
        id=whole,
        title=_title(record),
        author=_flat(record.body),
        number=_flat(record.doc_number.text) if record.doc_number else None,
        day=day,
        place=_place(record, anchor),
        url=f"{base_url.rstrip('/')}/{kind}/{whole}",
        accessed=accessed,
    )


def anchors(record: Record) -> dict[str, str]:
    """Return every anchor that can be cited, in order of the record's parts, with what its place is called."""
    found: dict[str, str] = {}
    if isinstance(record, Meeting):
        for item in record.items:
            found |= _of_item(item)
        if record.roll:
            found["attendance"] = "出席名单"
    for paragraph in record.paragraphs:
        outer = _PARAGRAPH.fullmatch(paragraph.anchor)
        found[paragraph.anchor] = f"正文第{outer[2]}段" if outer and not outer[1] else paragraph.anchor
    return found


def written(citation: Citation, style: Style) -> str:
    """Return a citation in one of STYLES, without a line end behind it."""
    match style:
        case "gbt7714":
            return gbt7714(citation)
        case "bibtex":
            return bibtex(citation)
        case "ris":
            return "\r\n".join(_ris(citation))
        case "csl":
            return json.dumps([csl(citation)], ensure_ascii=False, indent=2)


def gbt7714(c: Citation) -> str:
    """GB/T 7714-2015, 8.2 and table B.1: 责任者. 题名[EB/OL]. (日期)[引用日期]. 路径."""
    title = ": ".join(part for part in (c.title or "无题名", c.number, c.place) if part)
    day = f"({c.day})" if c.day else ""
    accessed = f"[{c.accessed}]" if c.accessed else ""
    parts = (c.author, f"{title}[EB/OL]", day + accessed, c.url)
    return ". ".join(part for part in parts if part) + "."


def bibtex(c: Citation) -> str:
    """A BibTeX entry whose `note` tells the place; `year` and `month` stand beside biblatex's `date`."""
    fields = {
        "author": f"{{{_tex(c.author)}}}" if c.author else "",
        "title": f"{{{_tex(c.title)}}}" if c.title else "",
        "number": _tex(c.number or ""),
        "note": _tex(c.place),
        "date": f"{c.day or ''}",
        "year": f"{c.day.year}" if c.day else "",
        "month": _MONTHS[c.day.month - 1] if c.day else "",
        "url": c.url,
        "urldate": f"{c.accessed or ''}",
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9.:_-]", ":", c.id)
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def csl(c: Citation) -> dict[str, object]:
    """One item of CSL-JSON (1.0.2); `section` tells the place."""
    members = {
        "id": c.id,
        "type": "document",
        "title": c.title,
        "author": [{"literal": c.author}] if c.author else None,
        "number": c.number,
        "section": c.place,
        "issued": _parts(c.day),
        "accessed": _parts(c.accessed),
        "URL": c.url,
    }
    return {name: value for name, value in members.items() if value}


def _ris(c: Citation) -> Iterator[str]:
    fields = (
        ("TY", "GOVDOC"),
        ("ID", c.id),
        ("AU", c.author),
        ("TI", c.title),
        ("IS", c.number),
        ("SE", c.place),
        ("PY", f"{c.day.year}" if c.day else None),
        ("DA", f"{c.day:%Y/%m/%d}" if c.day else None),
        ("UR", c.url),
        ("Y2", f"{c.accessed:%Y/%m/%d}" if c.accessed else None),
    )
    yield from (f"{tag}  - {value}" for tag, value in fields if value)
    yield "ER  - "


def _of_item(item: AgendaItem) -> dict[str, str]:
    name = f"议题{item.number}“{_flat(item.title)}”" if item.title else f"议题{item.number}"
    found = {item.anchor: name}
    for resolution in item.resolutions:
        label = name if resolution.number is None else f"{name}第{resolution.number}条"
        found.setdefault(resolution.anchor, label)
        for paragraph in resolution.paragraphs:
            inner = _PARAGRAPH.fullmatch(paragraph.anchor)
            found.setdefault(paragraph.anchor, f"{label}第{inner[2]}段" if inner else label)
    return found


def _place(record: Record, anchor: str) -> str:
    return anchors(record)[anchor] if anchor else ""


def _title(record: Record) -> str | None:
    """The title with its number where it has none; else body, term, number and kind, as far as the record has them."""
    if not isinstance(record, Meeting):
        return _flat(record.title)
    number = f"第{record.number}次" if record.number is not None else ""
    if _flat(record.title):
        return _flat(
            record.title if not number or _NUMBERED.search(record.title or "") else f"{record.title}（{number}）"
        )
    named = f"{record.body or ''}{record.term or ''}{number}{record.kind or ''}"
    return _flat(named) if record.kind or number else None


def _parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in text)


def _flat(text: str | None) -> str | None:
    """One line without control characters, which no citation format can hold; None where nothing is left."""
    kept = "".join(c if c.isprintable() else " " for c in text or "")
    return " ".join(kept.split()) or None
