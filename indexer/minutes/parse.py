"""A source goes in, a Meeting or a Document comes out: the one door of this package.

No text raises. Every character of the source that is not furniture ends in exactly one paragraph, heading or roll.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from indexer.minutes import (
    agenda,
    dates,
    decisions,
    document,
    heading,
    identity,
    instruments,
    layout,
    lines,
    marks,
    opening,
    outline,
    tail,
    units,
)
from indexer.minutes.attendance import read_attendance, read_opening
from indexer.minutes.paragraphs import Block
from indexer.minutes.view import View, tidy
from indexer.model import AgendaItem, Attendance, Dates, DocNumber, Meeting, Paragraph, Record, Resolution
from indexer.readers.source import SourceText

# A text without a meeting sentence is minutes only if its heading says so.
MINUTES_TITLE = re.compile(r"会议?纪要|办公会纪要|会议记录|议定事项")
OPENING_LENGTH = 200
HEAD_ROWS = 12
LONGEST_ROLL = 8_000
LAST_MONTH, FEW = 12, 3
# 第5号令 or 附表 alone is no title that tells a genre.
SHORTEST_GENRE_TITLE = 5


def parse(source: SourceText) -> Record:
    """Read a source as minutes where it is a meeting's, else as a document."""
    if source.format == "jsonl":
        return document.listed(source)
    rows = lines.rows(source)
    if document.is_scraps(rows):
        return document.scraps(source, rows)
    return meeting(source, rows) if is_meeting(source, rows) else document.document(source, rows)


def is_meeting(source: SourceText, rows: Sequence[lines.Row]) -> bool:
    """Tell minutes and meeting news from other documents: a meeting sentence, or minutes by the heading's word."""
    title = View(source.meta.get("title", "")).stream
    opened = opening.find(rows)
    head = [row.stream for row in rows[: HEAD_ROWS if opened is None else min(opened, HEAD_ROWS)]]
    # Topics are no headings: 2. 研究…方案 tells no genre.
    until = next((at for at, text in enumerate(head) if marks.numbered(text) or "。" in text), len(head))
    head = [text for text in head[:until] if len(text) <= heading.LONGEST_TITLE]
    if any(heading.genre(text) for text in [title, *head] if len(text) > SHORTEST_GENRE_TITLE):
        return False
    return opened is not None or any(MINUTES_TITLE.search(text) for text in [title, *head])


def meeting(source: SourceText, rows: Sequence[lines.Row]) -> Meeting:
    """Return the meeting that a source's rows tell of."""
    found = layout.parts(rows)
    said = _said(found)
    end = tail.read(found.tail)
    title = heading.title(found.head, source.meta)
    number = heading.doc_number(found.head, source.meta)
    published = dates.stamp(source.meta.get("published", "")) or heading.published(found.head)
    notices = list(source.notices)
    compiled, printed = _issued(found, end)
    day = _day(said, found, [compiled, printed, published, end.signed], number, notices)
    body = _body(said, found, source, title)
    outlined = outline.outline(found.body)
    items = tuple(_item(item) for item in outlined.items)
    entries, complete = _agenda(found, items)
    notices.extend(_notices(outlined, end, found))
    return Meeting(
        id=_id(said, body, day, title, found),
        title=title,
        body=body,
        kind=said.kind,
        term=said.term,
        number=said.number,
        date=day,
        chair=said.chair,
        doc_number=number,
        dates=Dates(compiled, printed, published, end.damaged),
        source=tidy(source.meta.get("source", "")) or None,
        disclosure=end.disclosure or tail.disclosure(found.head),
        distribution=end.distribution,
        agenda=tuple(entries),
        complete=complete,
        items=items,
        paragraphs=_paragraphs(found, outlined),
        attendance=_attendance(found),
        roll=_roll(found),
        notices=tuple(dict.fromkeys(notices)),
        sources=(document.origin(source),),
    )


def _said(found: layout.Parts) -> opening.Opening:
    """Return what the meeting sentence says, completed from the lines above it."""
    said = opening.read(found.opening.view) if found.opening else opening.Opening()
    if said.chair is None:
        # News say who presided in the paragraph behind: 区委副书记、区长X主持会议.
        behind = (opening.chair(block.view) for block in found.body[:2] if "主持" in block.stream[:60])
        said = replace(said, chair=next(behind, None))
    titles = [opening.read_title(block.view) for block in found.head if len(block.stream) <= heading.LONGEST_TITLE]
    said = _titled(said, found, titles)
    for title in titles:
        said = opening.completed(said, title)
    if said.chair is None:
        labelled = (opening.chair(row.view) for row in found.roll if row.stream.startswith("主持"))
        said = replace(said, chair=next(labelled, None))
    return said


def _titled(said: opening.Opening, found: layout.Parts, titles: Sequence[opening.Opening]) -> opening.Opening:
    """Return the one of several meetings in the sentence whose number the heading bears; else the first."""
    wanted = next((title.number for title in titles if title.number is not None), None)
    if found.opening is None or wanted in (None, said.number):
        return said
    for other in opening.named_besides(found.opening.view):
        if other.number == wanted:
            return replace(other, day=said.day, series_year=said.series_year, chair=said.chair)
    return said


def _day(
    said: opening.Opening,
    found: layout.Parts,
    others: Sequence[date | None],
    number: DocNumber | None,
    notices: list[str],
) -> date | None:
    """Return the day of the meeting; a year that its sentence leaves out comes from the document's dates or number."""
    written = heading.written_day(found.head)
    if said.day is None:
        return written.on() if written else None
    if said.day.year:
        return said.day.on()
    if written and (written.month, written.day) == (said.day.month, said.day.day):
        return written.on()
    if said.series_year:
        return said.day.on(said.series_year)
    anchors = [written.on() if written else None, *others]
    anchor = next((day for day in anchors if day), None)
    day = dates.near(said.day, anchor) if anchor else None
    # Minutes of December may bear a number of the next year, but the first of a year only.
    if day is None and number and number.year and (said.day.month < LAST_MONTH or (number.serial or 0) > FEW):
        day = said.day.on(number.year)
    text = f"{said.day.month}月{said.day.day}日"
    notices.append(f"会议日期“{text}”没有年份，" + (f"按文中日期取{day.year}年" if day else "无法确定"))
    return day


def _issued(found: layout.Parts, end: tail.Tail) -> tuple[date | None, date | None]:
    """Return the days of compiling and printing: of the tail, else of the masthead."""
    masthead, is_printed = heading.masthead_day(found.head)
    return end.compiled or (None if is_printed else masthead), end.printed or (masthead if is_printed else None)


def _body(said: opening.Opening, found: layout.Parts, source: SourceText, title: str | None) -> str | None:
    body = heading.body(said, _naming(found, source, title))
    if body and not heading.is_short(body):
        return body
    headings = [block.text for block in found.head if len(block.stream) <= heading.LONGEST_TITLE]
    return heading.placed(said, [title or "", *headings]) or body


def _naming(found: layout.Parts, source: SourceText, title: str | None) -> Iterable[str]:
    """Give the texts that may name the body in full, the surest first."""
    yield from (block.text for block in found.head if len(block.stream) <= heading.LONGEST_TITLE)
    yield from (block.text for block in reversed(found.tail) if len(block.stream) <= heading.LONGEST_TITLE)
    yield title or ""
    yield source.meta.get("source", "")
    yield source.meta.get("issuer", "")
    yield from (text for text in lines.furniture(source) if "主办" in text)


def _id(said: opening.Opening, body: str | None, day: date | None, title: str | None, found: layout.Parts) -> str:
    full = body if body and not heading.is_short(body) else None
    start = found.opening or next(iter([*found.body, *found.head, *found.tail]), None)
    first = start.view.value(*start.view.sentences[0]) if start and start.view.sentences else ""
    return identity.meeting_id(full, said.kind, said.number, day, title, first[:OPENING_LENGTH])


def _item(item: outline.Item) -> AgendaItem:
    anchor = str(item.number)
    heading_text = _paragraph(anchor, item.heading) if item.heading else None
    resolutions = tuple(_resolution(item, part) for part in item.parts)
    if heading_text and len(resolutions) == 1 and resolutions[0].number is None and not resolutions[0].verdicts:
        resolutions = (replace(resolutions[0], verdicts=decisions.of_title(item.title)),)
    return AgendaItem(
        number=item.number,
        anchor=anchor,
        action=item.action,
        title=item.title,
        heading=heading_text,
        instruments=_instruments(item, resolutions),
        short_names=_short_names(item),
        resolutions=resolutions,
    )


def _resolution(item: outline.Item, part: outline.Part) -> Resolution:
    anchor = f"{item.number}.{part.number}" if part.number is not None else str(item.number)
    said = decisions.outcome([block.view for block in part.blocks])
    first = part is item.parts[0]
    reporter = said.reporter or (units.reports(View(item.title)) if first else None)
    named = said.departments
    if reporter and reporter not in named:
        named = (reporter, *named)
    return Resolution(
        number=part.number,
        anchor=anchor,
        text="\n".join(block.text for block in part.blocks),
        paragraphs=tuple(_paragraph(f"{anchor}p{n}", block) for n, block in enumerate(part.blocks, 1)),
        verdicts=said.verdicts,
        reporter=reporter,
        lead_department=said.lead_department,
        departments=named,
        addressees=said.addressees,
        next_step=said.next_step,
        deadline=said.deadline,
    )


def _instruments(item: outline.Item, resolutions: Sequence[Resolution]) -> tuple[str, ...]:
    """Return the titles 《》 of the item's own title and of what its verdicts are about; short names are left out."""
    named = instruments.names(View(item.title))
    short = {name for name, _ in _short_names(item)}
    for block in (block for part in item.parts for block in part.blocks):
        named.extend(name for name in instruments.considered(block.view) if name not in short)
    for resolution in resolutions:
        for decision in resolution.verdicts:
            if decision.object:
                more = instruments.names(View(decision.object))
                # 该《条例》草案 speaks of a title that stands there in full.
                named.extend(n for n in more if n not in short and not any(n != full and n in full for full in named))
    return tuple(dict.fromkeys(named))


def _short_names(item: outline.Item) -> tuple[tuple[str, str], ...]:
    blocks = [item.heading] if item.heading else []
    found: dict[str, str] = {}
    for block in [*blocks, *(block for part in item.parts for block in part.blocks)]:
        for short, full in instruments.short_names(block.view):
            found.setdefault(short, full)
    return tuple(found.items())


def _agenda(found: layout.Parts, items: Sequence[AgendaItem]) -> tuple[list[str], bool | None]:
    titles = [item.title for item in items]
    if found.topics:
        entries, open_list = agenda.of_topics([block.view for block in found.topics]), False
    elif found.opening:
        entries, open_list = agenda.listed(found.opening.view, titles)
    else:
        return [], None
    # One entry before several items is their common topic, and a list that ends with 等 leaves some out.
    comparable = entries and titles and not open_list and (len(entries) > 1 or len(titles) == 1)
    return entries, agenda.complete(entries, titles) if comparable else None


def _attendance(found: layout.Parts) -> tuple[Attendance, ...]:
    people: list[Attendance] = []
    if found.opening:
        people.extend(read_opening(found.opening.text))
    for block in [*found.body, *found.tail]:
        if outline.is_attendance(block.stream):
            people.extend(read_opening(block.text))
    rolled: list[Attendance] = []
    for text in _readable([*found.notes, "\n".join(row.text for row in found.roll)]):
        rolled.extend(read_attendance(text))
    # Who is named in the sentence and in the roll was there once, in the role that the roll gives.
    listed = {entry.name for entry in rolled if entry.name}
    return tuple(dict.fromkeys([*(entry for entry in people if entry.name not in listed), *rolled]))


def _readable(rolls: Sequence[str]) -> list[str]:
    """Return rolls up to a length that no real one reaches; what is longer is kept as text but not read for names."""
    kept, left = [], LONGEST_ROLL
    for text in sorted(filter(None, rolls), key=len, reverse=True):
        kept.append(text[:left])
        left -= len(kept[-1])
        if left <= 0:
            break
    return kept


def _roll(found: layout.Parts) -> Paragraph | None:
    if not found.roll:
        return None
    text = "\n".join(row.text for row in found.roll)
    return Paragraph("attendance", text, (found.roll[0].start, found.roll[-1].end), found.roll[0].page)


def _paragraphs(found: layout.Parts, outlined: outline.Outline) -> tuple[Paragraph, ...]:
    outside = [*found.head, *([found.opening] if found.opening else []), *found.topics, *outlined.loose, *found.tail]
    outside.sort(key=lambda block: block.start)
    return tuple(_paragraph(f"p{n}", block) for n, block in enumerate(outside, 1))


def _paragraph(anchor: str, block: Block) -> Paragraph:
    return Paragraph(anchor, block.text, block.span, block.page)


def _notices(outlined: outline.Outline, end: tail.Tail, found: layout.Parts) -> Iterable[str]:
    if sum(len(row.text) + 1 for row in found.roll) > LONGEST_ROLL:
        yield f"出席名单过长，只识别了前{LONGEST_ROLL}字"
    if end.damaged:
        yield f"日期“{end.damaged}”无法确认，原样保留"
    for number in outlined.skipped:
        yield f"议题编号不连续：缺少第{number}项"
    broken = dates.DAMAGED_DAY.search(found.opening.stream[:OPENING_LENGTH]) if found.opening else None
    if broken:
        yield f"日期“{broken['day']}”无法确认，原样保留"
    for block in [*([found.opening] if found.opening else []), *found.body]:
        for match in dates.DAMAGED_YEARS.finditer(block.stream[: OPENING_LENGTH * 5]):
            yield f"日期“{match[0]}”无法确认，原样保留"
