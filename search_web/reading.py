"""A meeting in reading order, and any text with a query's terms marked.

Takes records as the index gives them; every paragraph of a meeting comes out exactly once, where the source has it.
Marked text is the one place where text becomes HTML; it is escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from indexer.model import ROLES, AgendaItem, Attendance, Document, Meeting, Paragraph, Resolution, Role
from indexer.search import Index
from search_web.language import gettext
from search_web.params import Tier

# A line of the head or tail: short, and no sentence. The longest title line seen in the samples has 39 characters.
_LINE_LENGTH = 45
_SENTENCE_ENDS = "。；！？：…"
_HEADING = re.compile(r"(?:第[一二三四五六七八九十百零〇]{1,6}[编章节]|[一二三四五六七八九十]{1,3}、)")


@dataclass(frozen=True, slots=True)
class Section:
    """One agenda item with all that stands in it, in order."""

    item: AgendaItem
    parts: tuple[Resolution | Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """The place of the attendance roll."""

    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class HeadPlace:
    """The anchors of the paragraphs that the head of a page shows already; None where there is none."""

    title: str | None
    number: str | None


Block = Paragraph | Section | Roll


@dataclass(frozen=True, slots=True)
class Place:
    """A marked place of a page and how many marks it has."""

    anchor: str
    label: str
    count: int


class Marker:
    """Mark one query in any text, by its strings or by its words; each text is looked through once."""

    def __init__(self, index: Index, query: str, tier: Tier = "exact") -> None:
        self.query = query
        self._find = index.marker(query, tier) if query else None
        self._marks: dict[str, tuple[tuple[int, int], ...]] = {}

    def __call__(self, text: str | None) -> Markup:
        """Return the text as HTML with <mark> around every hit."""
        if not text:
            return Markup()
        return escape(text) if self._find is None else marked(text, self.marks(text))

    def marks(self, text: str) -> tuple[tuple[int, int], ...]:
        """Return the half-open ranges of the text that the query hits."""
        if self._find is None:
            return ()
        found = self._marks.get(text)
        if found is None:
            found = self._marks[text] = self._find(text)
        return found

    def places(self, record: Meeting | Document) -> tuple[Place, ...]:
        """Return the marked paragraphs of a record in reading order."""
        if self._find is None:
            return ()
        counted = ((p.anchor, label, len(self.marks(p.text))) for p, label in _paragraphs(record))
        return tuple(Place(*row) for row in counted if row[2])


def marked(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """Return escaped text with <mark> around the ranges, which are in order and do not overlap."""
    parts: list[str] = []
    done = 0
    for start, end in marks:
        parts += (escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>")
        done = end
    return Markup("".join((*parts, escape(text[done:]))))


def blocks(meeting: Meeting) -> tuple[Block, ...]:
    """Return what a meeting's page shows, in the order of the source."""
    inner: dict[str, list[Paragraph]] = {item.anchor: [] for item in meeting.items}
    outer: list[tuple[int, Block]] = []
    for paragraph in meeting.paragraphs:
        home = next((item for item in meeting.items if _holds(item, paragraph)), None)
        if home:
            inner[home.anchor].append(paragraph)
        else:
            outer.append((paragraph.span[0], paragraph))
    outer += ((_extent(item)[0], Section(item, _parts(item, inner[item.anchor]))) for item in meeting.items)
    if meeting.roll:
        outer.append((meeting.roll.span[0], Roll(meeting.roll)))
    return tuple(block for _, block in sorted(outer, key=lambda pair: pair[0]))


def by_role(meeting: Meeting) -> tuple[tuple[Role, tuple[Attendance, ...]], ...]:
    """Return who attended by role, in the order of ROLES; roles that nobody had are left out."""
    groups = ((role, tuple(a for a in meeting.attendance if a.role == role)) for role in ROLES)
    return tuple((role, people) for role, people in groups if people)


def style(paragraph: Paragraph) -> Literal["heading", "line", ""]:
    """Tell a heading (一、总体要求), a line of head or tail (title, number, date) and running text ("") apart."""
    text = paragraph.text.strip()
    if len(text) > _LINE_LENGTH or text.endswith(tuple(_SENTENCE_ENDS)):
        return ""
    return "heading" if _HEADING.match(text) else "line"


def headings(document: Document) -> tuple[Paragraph, ...]:
    """Return the headings of a document for its contents; none where there are fewer than two."""
    found = tuple(p for p in document.paragraphs if style(p) == "heading")
    return found if len(found) > 1 else ()


def head_place(record: Meeting | Document) -> HeadPlace:
    """Return which paragraphs say just the title and the document number, so that the head is their place."""

    def anchor(text: str | None) -> str | None:
        return next((p.anchor for p in record.paragraphs if text and p.text.strip() == text), None)

    return HeadPlace(anchor(record.title), anchor(record.doc_number.text if record.doc_number else None))


def _parts(item: AgendaItem, inner: list[Paragraph]) -> tuple[Resolution | Paragraph, ...]:
    """The resolutions of an item and the paragraphs between them."""
    pairs: list[tuple[int, Resolution | Paragraph]] = [(p.span[0], p) for p in inner]
    pairs += ((r.paragraphs[0].span[0], r) for r in item.resolutions if r.paragraphs)
    return tuple(part for _, part in sorted(pairs, key=lambda pair: pair[0]))


def _extent(item: AgendaItem) -> tuple[int, int]:
    """The range of the source from an item's first character to its last."""
    spans = [p.span for resolution in item.resolutions for p in resolution.paragraphs]
    if item.heading:
        spans.append(item.heading.span)
    return (min(s for s, _ in spans), max(e for _, e in spans)) if spans else (0, 0)


def _holds(item: AgendaItem, paragraph: Paragraph) -> bool:
    start, end = _extent(item)
    return start <= paragraph.span[0] < end


def _paragraphs(record: Meeting | Document) -> Iterator[tuple[Paragraph, str]]:
    """Every paragraph in reading order, with what it is called in a list of places."""
    if isinstance(record, Document):
        for p in record.paragraphs:
            yield p, (gettext("第%(number)s段") % {"number": p.anchor[1:]} if p.anchor.startswith("p") else p.anchor)
        return
    for block in blocks(record):
        if isinstance(block, Roll):
            yield block.paragraph, gettext("名单")
        elif isinstance(block, Paragraph):
            yield block, gettext("正文")
        else:
            yield from _of_section(block)


def _of_section(section: Section) -> Iterator[tuple[Paragraph, str]]:
    name = gettext("议题%(number)s") % {"number": section.item.number}
    if section.item.heading:
        yield section.item.heading, name
    for part in section.parts:
        if isinstance(part, Paragraph):
            yield part, name
        else:
            label = f"{section.item.number}（{part.number}）" if part.number is not None else name
            yield from ((paragraph, label) for paragraph in part.paragraphs)
