"""Meetings come out in reading order, and text becomes HTML only escaped."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from indexer.model import Document, Meeting, Paragraph
from indexer.report import RecordHead
from indexer.search import Index
from search_web import reading

Heads = dict[int | None, RecordHead]


@pytest.fixture(params=[12, 13, 16])
def meeting(index: Index, heads: Heads, request: pytest.FixtureRequest) -> Meeting:
    record = index.record(heads[request.param].id)
    assert isinstance(record, Meeting)
    return record


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("无标记", (), "无标记"),
        ("职业教育", ((2, 4),), "职业<mark>教育</mark>"),
        ("<b>&", ((0, 3),), "<mark>&lt;b&gt;</mark>&amp;"),
        ("甲乙丙", ((0, 1), (1, 3)), "<mark>甲</mark><mark>乙丙</mark>"),
        ("", (), ""),
    ],
)
def test_marked_text_is_escaped(text: str, marks: tuple[tuple[int, int], ...], expected: str) -> None:
    """Only <mark> is HTML; everything of the text is escaped, inside the marks too."""
    assert reading.marked(text, marks) == expected


def test_every_paragraph_is_shown_once_in_order(meeting: Meeting) -> None:
    """The blocks hold each paragraph of the meeting exactly once, in the order of the source."""
    shown: list[Paragraph] = []
    for block in reading.blocks(meeting):
        if isinstance(block, Paragraph):
            shown.append(block)
        elif isinstance(block, reading.Roll):
            shown.append(block.paragraph)
        else:
            shown += [block.item.heading] if block.item.heading else []
            for part in block.parts:
                shown += [part] if isinstance(part, Paragraph) else part.paragraphs
    held = [*meeting.paragraphs, *([meeting.roll] if meeting.roll else [])]
    for item in meeting.items:
        held += [item.heading] if item.heading else []
        held += [p for resolution in item.resolutions for p in resolution.paragraphs]
    assert sorted(p.anchor for p in shown) == sorted(p.anchor for p in held)
    assert all(a.span[0] <= b.span[0] for a, b in pairwise(shown))


def test_places_of_marks(index: Index, heads: Heads) -> None:
    """Every marked paragraph is a place with its count; without a query there is none."""
    meeting = index.record(heads[12].id)
    places = reading.Marker(index, "市教育局").places(meeting)
    assert {"1.1p1", "1.3p1", "attendance"} <= {place.anchor for place in places}
    assert {place.label for place in places} >= {"1（1）", "1（3）", "名单"}
    assert all(place.count == 1 for place in places)
    assert reading.Marker(index, "").places(meeting) == ()


def test_places_between_resolutions(index: Index, heads: Heads) -> None:
    """A paragraph that leads in an item's resolutions counts as the item's."""
    places = reading.Marker(index, "市交通局").places(index.record(heads[16].id))
    assert [place.label for place in places] == ["议题1", "1（1）"]


def test_marker_marks_text_as_the_query_asks(index: Index) -> None:
    """The marks are the index's; nothing is marked in no text."""
    mark = reading.Marker(index, "教育")
    assert mark("职业教育<") == "职业<mark>教育</mark>&lt;"
    assert mark(None) == ""
    question = "怎样发展职业教育"
    assert reading.Marker(index, question)("发展职业教育") == "发展职业教育"
    assert "<mark>" in reading.Marker(index, question, "related")("发展职业教育")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云川市人民政府常务会议纪要", "line"),
        ("〔2023〕12号", "line"),
        ("（此件公开发布）", "line"),
        ("一、总体要求", "heading"),
        ("第十二章 附则", "heading"),
        ("第一条 为规范管理，制定本办法。", ""),
        ("会议议定以下意见：", ""),
        ("一、会议听取了汇报。", ""),
        ("长" * 46, ""),
    ],
)
def test_style_of_a_paragraph(text: str, expected: str) -> None:
    """A short text that is no sentence is a line, or a heading where it is numbered like one."""
    assert reading.style(Paragraph("p1", text, (0, len(text)))) == expected


def test_headings_of_a_document(index: Index, heads: Heads) -> None:
    """A document with two headings or more has contents."""
    document = index.record(heads[None].id)
    assert isinstance(document, Document)
    assert reading.headings(document) == ()
    parts = tuple(
        Paragraph(anchor, text, (0, 9)) for anchor, text in (("p1", "一、目标"), ("p2", "为此。"), ("p3", "二、措施"))
    )
    assert [p.anchor for p in reading.headings(replace(document, paragraphs=parts))] == ["p1", "p3"]


def test_head_is_the_place_of_title_and_number(meeting: Meeting, index: Index, heads: Heads) -> None:
    """The paragraphs that say only the title and the number are found; a record without them has none."""
    by_anchor = {p.anchor: p.text for p in meeting.paragraphs}
    place = reading.head_place(meeting)
    assert place.title
    assert place.number
    assert by_anchor[place.title] == meeting.title
    assert meeting.doc_number
    assert by_anchor[place.number] == meeting.doc_number.text
    assert reading.head_place(index.record(heads[None].id)) == reading.HeadPlace(None, None)


def test_attendance_by_role(index: Index, heads: Heads) -> None:
    """Roles stand in their own order and not in that of the roll, and everybody stands in one."""
    meeting = index.record(heads[12].id)
    assert isinstance(meeting, Meeting)
    groups = reading.by_role(meeting)
    assert [role for role, _ in groups] == ["出席", "列席", "请假", "记录"]
    assert sum(len(people) for _, people in groups) == len(meeting.attendance)
