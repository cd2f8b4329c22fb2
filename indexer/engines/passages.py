"""A record becomes passages: what an engine indexes, at resolution and at paragraph level, and the fields beside it.

Every numbered resolution is a passage, and so is every paragraph of it; every other paragraph, heading and roll is
one passage. Level "all" holds each text once: the resolutions whole, and the paragraphs outside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from indexer.engines.engine import Section
from indexer.model import AgendaItem, Document, Meeting, Record, Resolution
from indexer.text import fold

# Levels as bits, so that one byte a passage answers every level filter.
IN_ALL, IN_RESOLUTION, IN_PARAGRAPH = 1, 2, 4
LEVEL_BITS = {"all": IN_ALL, "resolution": IN_RESOLUTION, "paragraph": IN_PARAGRAPH}

# A line of a roll of attendance, wherever a text of no minutes has one.
ROLL_LINE = re.compile(r"^[ \u3000]*(?:出|列|缺)[ \u3000]*席[^。:：\n]{0,6}[:：]", re.MULTILINE)

# The one field table: which values a passage carries beside its text, where they live, and whether there are several.
FieldPlace = Literal["passage", "record"]
FIELDS: dict[str, tuple[FieldPlace, bool]] = {
    "verdict": ("passage", True),
    "department": ("passage", True),
    "instrument": ("passage", True),
    "body": ("record", False),
    "kind": ("record", False),
    "year": ("record", False),
    "person": ("record", True),
}


class Passage(NamedTuple):
    """One passage of a record, in document order. `levels` are the bits of the levels that show it."""

    anchor: str
    text: str
    levels: int
    section: Section = "body"
    item_number: int | None = None
    item_title: str | None = None
    verdicts: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    lead_department: str | None = None
    next_step: str | None = None


def passages(record: Record) -> list[Passage]:
    """Return the passages of a record in document order; empty where it has no text."""
    if isinstance(record, Document):
        both = IN_ALL | IN_PARAGRAPH
        return [
            # Most texts lack the character that every roll has, which costs less to see.
            Passage(p.anchor, p.text, both, "attendance" if "席" in p.text and ROLL_LINE.search(p.text) else "body")
            for p in record.paragraphs
        ]
    placed = [(p.span[0], 0, Passage(p.anchor, p.text, IN_ALL | IN_PARAGRAPH)) for p in record.paragraphs]
    for item in record.items:
        placed.extend(_of_item(item))
    if record.roll:
        roll = Passage("attendance", record.roll.text, IN_ALL | IN_PARAGRAPH, "attendance")
        placed.append((record.roll.span[0], 0, roll))
    return [passage for _, _, passage in sorted(placed, key=lambda p: p[:2])]


def persons(record: Record) -> tuple[str, ...]:
    """Return the people of a meeting, each once, the chair first; empty for documents."""
    if isinstance(record, Document):
        return ()
    names = [record.chair.name] if record.chair else []
    names.extend(a.name for a in record.attendance if a.name)
    return tuple(dict.fromkeys(names))


def simplified(value: str) -> str:
    """Return a value in Simplified characters, so that a mirror's 雲溯市人民政府 counts with 云溯市人民政府."""
    table = fold.table()
    return "".join(chr(table.get(ord(c), ord(c))) if "\u3400" <= c <= "\u9fff" else c for c in value)


def record_values(record: Record) -> dict[str, tuple[str, ...]]:
    """Return the values of the record fields of FIELDS, body and kind simplified."""
    kind = record.kind if isinstance(record, Meeting) else record.genre
    return {
        "body": (simplified(record.body),) if record.body else (),
        "kind": (simplified(kind),) if kind else (),
        "year": (str(record.date.year),) if record.date else (),
        "person": persons(record),
    }


def _of_item(item: AgendaItem) -> Iterator[tuple[int, int, Passage]]:
    if item.heading:
        heading = Passage(
            item.anchor,
            item.heading.text,
            IN_ALL | IN_PARAGRAPH,
            "heading",
            item.number,
            item.title,
            instruments=item.instruments,
        )
        yield item.heading.span[0], 0, heading
    for resolution in item.resolutions:
        yield from _of_resolution(item, resolution)


def _of_resolution(item: AgendaItem, resolution: Resolution) -> Iterator[tuple[int, int, Passage]]:
    values: dict[str, Any] = {
        "section": "resolution" if resolution.number is not None else "body",
        "item_number": item.number,
        "item_title": item.title,
        "verdicts": tuple(dict.fromkeys(d.verdict for d in resolution.verdicts)),
        "departments": _departments(resolution),
        "instruments": item.instruments,
        "lead_department": resolution.lead_department,
        "next_step": resolution.next_step.text if resolution.next_step else None,
    }
    numbered = resolution.number is not None
    if numbered:
        start = resolution.paragraphs[0].span[0] if resolution.paragraphs else 0
        whole = Passage(resolution.anchor, resolution.text, IN_ALL | IN_RESOLUTION, **values)
        yield start, 0, whole
    levels = IN_PARAGRAPH if numbered else IN_PARAGRAPH | IN_ALL
    for i, paragraph in enumerate(resolution.paragraphs):
        yield paragraph.span[0], i + 1, Passage(paragraph.anchor, paragraph.text, levels, **values)


def _departments(resolution: Resolution) -> tuple[str, ...]:
    named = (resolution.lead_department, resolution.reporter, *resolution.departments)
    return tuple(dict.fromkeys(name for name in named if name))
