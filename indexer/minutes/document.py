"""The rows of a government document that is no meeting go in, a Document comes out.

Headings and numbered paragraphs keep their own number as anchor (一, 一.（二）, 第五条), so that inserting a paragraph
moves no other; all else is p1, p2, …. A number that stands twice, in an attachment say, anchors its first paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.minutes import dates, heading, identity, lines, marks, tail
from indexer.minutes.paragraphs import Block, blocks, line_width, single
from indexer.minutes.view import View, tidy
from indexer.model import Dates, Document, Paragraph, Source
from indexer.readers.source import SourceText
from indexer.text.numerals import han

ISSUER = re.compile(
    r"(?P<body>[\u4e00-\u9fff]{2,20}?(?:人民政府办公[厅室]|人民政府|国务院办公厅|国务院|办公[厅室]|委员会|部|局|厅|委))(?=关于|印发|转发|令|公告|通告)"
)
CHAPTER, SECTION = re.compile(r"第.{1,6}[编章]"), re.compile(r"第.{1,6}节")
LONGEST_HEADING = 60
HEAD_ROWS = 12
# The longest of the real minutes has 120 lines; a megabyte of text has some 12,000.
MOST_ROWS, SHORTEST_MEAN_ROW = 20_000, 20


@dataclass(slots=True)
class _Path:
    """Where in the document's headings the walk stands, and which anchors are taken."""

    chapters: tuple[str, ...] = ()
    item: tuple[int, str] | None = None
    sub: str | None = None
    article: str | None = None
    taken: set[str] = field(default_factory=set)
    count: int = 0

    def plain(self) -> str:
        self.count += 1
        return f"p{self.count}"

    def own(self, anchor: str) -> str:
        if anchor in self.taken:
            return self.plain()
        self.taken.add(anchor)
        return anchor

    def heading(self) -> tuple[str, ...]:
        parts = [*self.chapters, self.item[1] if self.item else None, self.sub, self.article]
        return tuple(part for part in parts if part)


def listed(source: SourceText) -> Document:
    """Return an entry of a .jsonl list: its lines are its paragraphs, its given id stays behind `d-`."""
    title = source.meta.get("title") or None
    paragraphs: list[Paragraph] = []
    start = 0
    for line in source.lines:
        text, end = line.text.strip(), start + len(line.text)
        if text:
            span = (start, end) if len(text) == len(line.text) else _span(line.text, start)
            paragraphs.append(Paragraph(f"p{len(paragraphs) + 1}", text, span, line.page))
        start = end + 1
    day = dates.stamp(source.meta.get("date", ""))
    return Document(
        id="d-" + source.meta["id"] if source.meta.get("id") else identity.document_id(title, source.text),
        title=title,
        body=source.meta.get("body") or None,
        genre=heading.genre(title),
        date=day,
        doc_number=None,
        dates=Dates(),
        source=None,
        disclosure=None,
        paragraphs=tuple(paragraphs),
        notices=source.notices,
        sources=(origin(source),),
    )


def is_scraps(rows: Sequence[lines.Row]) -> bool:
    """Tell a flood of tiny lines, a column of a table say, from a text: there is no structure to look for."""
    return len(rows) > MOST_ROWS and sum(len(row.text) for row in rows) < len(rows) * SHORTEST_MEAN_ROW


def scraps(source: SourceText, rows: Sequence[lines.Row]) -> Document:
    """Return a document whose paragraphs are its lines, with nothing else read from them."""
    title = tidy(source.meta.get("title", "")) or tidy(rows[0].text[: heading.LONGEST_TITLE])
    return Document(
        id=identity.document_id(title, source.text),
        title=title,
        body=None,
        genre=None,
        date=None,
        doc_number=None,
        dates=Dates(),
        source=None,
        disclosure=None,
        paragraphs=tuple(Paragraph(f"p{n}", row.text, (row.start, row.end), row.page) for n, row in enumerate(rows, 1)),
        notices=(*source.notices, f"共{len(rows)}行，多为零碎文字，未识别结构"),
        sources=(origin(source),),
    )


def document(source: SourceText, rows: Sequence[lines.Row]) -> Document:
    """Return a document that is no meeting."""
    head_rows = _head_rows(rows)
    head = single(rows[:head_rows])
    body = blocks(rows[head_rows:], line_width(rows[head_rows:]))
    title = title_of(source, head)
    signed = tail.read(body)
    published = dates.stamp(source.meta.get("published", ""))
    written = heading.written_day(head)
    return Document(
        id=identity.document_id(title, source.text),
        title=title,
        body=_issuer(source, title),
        genre=heading.genre(title),
        date=(written.on() if written else None) or signed.signed or published,
        doc_number=heading.doc_number(head, source.meta) or heading.doc_number(body[:HEAD_ROWS], {}),
        dates=Dates(signed.compiled, signed.printed, published, signed.damaged),
        source=tidy(source.meta.get("source", "")) or None,
        disclosure=signed.disclosure or tail.disclosure(head),
        paragraphs=tuple(_paragraphs([*head, *body])),
        notices=source.notices,
        sources=(origin(source),),
    )


def origin(source: SourceText) -> Source:
    """Return the record's note of the file that it was read from."""
    return Source(source.path, source.sha256, source.format, source.pages, source.meta.get("url"))


def title_of(source: SourceText, head: Sequence[Block]) -> str | None:
    """Return the page's own title, else the lines that together end as a title does, else the first line."""
    given = tidy(source.meta.get("title", ""))
    if given:
        return given
    lines_ = [block for block in head if not heading.LABEL_LINE.match(block.stream[:40])]
    for count in (1, 2, 3):
        joined = tidy("".join(block.text[: heading.LONGEST_TITLE + 1] for block in lines_[:count]))
        if len(lines_) >= count and len(joined) <= heading.LONGEST_TITLE and heading.genre(joined):
            return joined
    return heading.title(head, {})


def _head_rows(rows: Sequence[lines.Row]) -> int:
    """Return how many rows stand before the first sentence, addressee or numbered paragraph."""
    for at, row in enumerate(rows[: HEAD_ROWS * 2]):
        stream = row.stream
        if "。" in stream or marks.item(stream) or marks.article(stream) or (stream.endswith(":") and len(stream) > 3):
            return at
    return min(len(rows), 3)


def _issuer(source: SourceText, title: str | None) -> str | None:
    given = tidy(source.meta.get("body", "")) or tidy(source.meta.get("issuer", ""))
    if given:
        return given
    view = View(title or "")
    match = ISSUER.match(view.stream)
    return view.group(match, "body") if match else None


def _paragraphs(found: Sequence[Block]) -> list[Paragraph]:
    path = _Path()
    return [Paragraph(_anchor(block, path), block.text, block.span, block.page, path.heading()) for block in found]


def _anchor(block: Block, path: _Path) -> str:
    stream = block.stream
    short = stream if len(stream) <= LONGEST_HEADING and not stream.endswith("。") else None
    article = marks.article(stream)
    if article:
        return _of_article(block, article, short, path)
    item = marks.item(stream)
    if item and len(stream) > 2:
        path.item, path.sub, path.article = (
            (item.number, tidy(block.text) if short else _written(item.number)),
            None,
            None,
        )
        return path.own(_written(item.number))
    sub = marks.resolution(stream)
    if sub and path.article is None:
        path.sub = tidy(block.text) if short else f"（{_written(sub.number)}）"
        prefix = f"{_written(path.item[0])}." if path.item else ""
        return path.own(f"{prefix}（{_written(sub.number)}）")
    return path.plain()


def _of_article(block: Block, article: str, short: str | None, path: _Path) -> str:
    path.item, path.sub = None, None
    written = block.view.value(0, len(article))
    if CHAPTER.match(article) and short:
        path.chapters, path.article = (tidy(block.text),), None
    elif SECTION.match(article) and short:
        path.chapters, path.article = (*path.chapters[:1], tidy(block.text)), None
    elif article.endswith("条") or "条之" in article:
        path.article = written
    else:
        return path.plain()
    return path.own(written)


def _written(value: int) -> str:
    return han(value) if 0 < value < 1000 else str(value)


def _span(text: str, start: int) -> tuple[int, int]:
    left = len(text) - len(text.lstrip())
    return start + left, start + len(text.rstrip())
