"""Whole texts become records: nothing of them is lost, values stand verbatim, and no text costs much."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import wire
from indexer.minutes.lines import rows
from indexer.minutes.parse import parse
from indexer.model import Document, Meeting, Paragraph, Record
from indexer.readers import read
from indexer.readers.source import Line, SourceText

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = CHECKOUT / "../shared"
UNSEEN = sorted(p for p in (Path(__file__).parent / "unseen").iterdir() if p.suffix != ".json")
SAMPLES = sorted(p for p in (CHECKOUT / "data/samples").iterdir() if p.is_file())
REAL = sorted([*(SHARED / "minutes").glob("*.txt"), *(SHARED / "minutes-excerpts").glob("*.txt")])
PAGES = sorted((SHARED / "documents").glob("*.html"))

MINUTES = """云州市人民政府第132次常务会议纪要
云府常纪〔2021〕7号
2021年3月29日下午，李平市长主持召开市政府第132次常务会议，听取防汛准备情况的汇报，审议《云州市节水办法》。
会议议定以下意见：
一、听取防汛准备情况的汇报
（一）原则同意市水利局关于防汛准备情况的汇报。由市水利局根据本次会议讨论意见修改完善后，按程序提请市委常委会审议。
（二）各地各部门要压实责任。
二、审议《云州市节水办法》
原则通过《云州市节水办法》（以下简称《办法》）。
由市水利局按程序以市政府名义印发。
会议还研究了其他事项。
出席：李平 王颀
列席：市水利局张剑
记录：栗涛
云州市人民政府办公室整理
2021年4月12日
（此件公开发布）
分送：各区人民政府。
云州市人民政府办公室
2021年4月14日印发"""


def paragraphs(record: Record) -> list[Paragraph]:
    """Return all that holds text in a record, in document order."""
    found = list(record.paragraphs)
    if isinstance(record, Meeting):
        found.extend([record.roll] if record.roll else [])
        for item in record.items:
            found.extend([item.heading] if item.heading else [])
            found.extend(p for r in item.resolutions for p in r.paragraphs)
    return sorted(found, key=lambda p: p.span)


def values(record: Record) -> Iterator[str | None]:
    """Give every value of a record that must stand verbatim in its source."""
    yield from (
        record.title,
        record.body,
        record.source,
        record.disclosure,
        record.doc_number and record.doc_number.text,
    )
    if isinstance(record, Document):
        return
    yield from (record.kind, record.term, record.distribution, *record.agenda)
    if record.chair:
        yield from (record.chair.name, record.chair.office)
    for item in record.items:
        yield from (item.title, item.action, *item.instruments, *(name for pair in item.short_names for name in pair))
        for r in item.resolutions:
            yield from (r.reporter, r.lead_department, r.deadline, *r.departments, *r.addressees)
            yield from (part for d in r.verdicts for part in (d.object, d.condition))
            yield from (r.next_step.text, r.next_step.body) if r.next_step else ()
    for one in record.attendance:
        # A note joins what stands in several places: agenda items, offices, the reason of leave.
        yield from (one.name, one.unit, *(one.note or "").split("；"))


def bare(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


def in_place(source: SourceText, paragraph: Paragraph) -> bool:
    """Tell whether a span points at its paragraph; page furniture and signs of emphasis may stand between its lines."""
    start, end = paragraph.span
    there, text = (re.sub(r"\*\*|__", "", bare(part)) for part in (source.text[start:end], paragraph.text))
    # In order and with the same ends: furniture may come after the very first characters.
    left = iter(there)
    return (there[:1], there[-1:]) == (text[:1], text[-1:]) and all(c in left for c in text)


def holds(source: SourceText) -> Record:
    """Parse a source and check what must hold for every record."""
    record = parse(source)
    found = paragraphs(record)
    assert all(a.span[1] <= b.span[0] for a, b in pairwise(found))
    assert len({p.anchor for p in found}) == len(found)
    content = bare("".join(row.text for row in rows(source)))
    assert bare("".join(p.text for p in found)) == content
    assert [p for p in found if not in_place(source, p)] == []
    said = "\n".join([content, bare(source.text), *map(bare, source.meta.values())])
    assert [value for value in values(record) if value and bare(value) not in said] == []
    assert wire.from_json(json.loads(json.dumps(wire.to_json(record)))) == record
    return record


@pytest.mark.parametrize("path", [*SAMPLES, *UNSEEN], ids=lambda p: p.name)
def test_samples(path: Path) -> None:
    """Every sample keeps all its text and gives only what it says."""
    for source in read(path):
        holds(source)


@pytest.mark.shared
@pytest.mark.skipif(not REAL, reason="the material beside the checkout is absent")
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem[:24])
def test_real_minutes(path: Path) -> None:
    """Real minutes and news, damaged ones too, are meetings that keep all their text and give only what they say."""
    for source in read(path):
        assert isinstance(holds(source), Meeting)


@pytest.mark.shared
@pytest.mark.skipif(not PAGES, reason="the material beside the checkout is absent")
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem[-24:])
def test_real_documents(path: Path) -> None:
    """Real notices, opinions and regulations are documents with a title, an issuer and a day."""
    for source in read(path):
        record = holds(source)
        assert isinstance(record, Document)
        assert record.title
        assert record.body
        assert record.date


def test_whole_minutes(source) -> None:  # type: ignore[no-untyped-def]
    """The parts of minutes come together in one meeting."""
    m = holds(source(MINUTES))
    assert isinstance(m, Meeting)
    assert (m.title, m.body, m.number) == ("云州市人民政府第132次常务会议纪要", "云州市人民政府", 132)
    assert m.agenda == ("防汛准备情况", "《云州市节水办法》")
    assert m.complete is True
    assert (m.date, m.dates.compiled, m.dates.printed) == (date(2021, 3, 29), date(2021, 4, 12), date(2021, 4, 14))
    assert [(r.anchor, [p.anchor for p in r.paragraphs]) for i in m.items for r in i.resolutions] == [
        ("1.1", ["1.1p1"]),
        ("1.2", ["1.2p1"]),
        ("2", ["2p1", "2p2"]),
    ]
    assert [p.anchor for p in m.paragraphs] == [f"p{n}" for n in range(1, 12)]
    assert [(a.role, a.name, a.unit) for a in m.attendance] == [
        ("出席", "李平", None),
        ("出席", "王颀", None),
        ("列席", "张剑", "市水利局"),
        ("记录", "栗涛", None),
    ]
    assert m.roll is not None
    assert m.roll.anchor == "attendance"
    assert m.items[1].short_names == (("办法", "云州市节水办法"),)
    assert m.items[0].resolutions[0].reporter == "市水利局"


def test_a_heading_gives_the_verdict_that_its_body_does_not_repeat(source) -> None:  # type: ignore[no-untyped-def]
    """传达学习…精神 as a heading counts for a body that only says what is to follow."""
    text = "2026年1月29日，县长马国主持召开县人民政府第2次常务会议。\n一、传达学习全省会议精神\n会议指出，要落实。"
    m = parse(source(text))
    assert isinstance(m, Meeting)
    assert [d.verdict for d in m.items[0].resolutions[0].verdicts] == ["传达学习"]


def test_a_roll_at_the_head(source) -> None:  # type: ignore[no-untyped-def]
    """Minutes that open with time, chair and attendance keep them apart from the items."""
    text = (
        "云州镇镇长办公会会议纪要\n时间：2025年7月10日\n地点：镇政府会议室\n主持人：邢平\n出席：王强 李明\n记录：张三\n"
        "会议研究了下列事项，现纪要如下：\n一、关于防汛工作\n会议同意防汛方案。\n二、关于道路建设\n会议决定暂缓实施。"
    )
    m = holds(source(text))
    assert isinstance(m, Meeting)
    assert (m.date, m.chair and m.chair.name, m.kind) == (date(2025, 7, 10), "邢平", "镇长办公会会议")
    assert [d.verdict for i in m.items for r in i.resolutions for d in r.verdicts] == ["同意", "暂缓"]
    assert {a.name for a in m.attendance} >= {"王强", "李明", "张三"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "5月20日，县长李靖主持召开县政府第9次常务会议。\n会议听取了防汛情况汇报。\n2026年6月2日印发",
            date(2026, 5, 20),
        ),
        (
            "12月20日，县长李靖主持召开县政府第9次常务会议。\n会议听取了防汛情况汇报。\n2026年1月2日印发",
            date(2025, 12, 20),
        ),
        ("9月15日,市长罗华主持召开市政府2023年第15次常务会议。\n会议研究了道路工作。", date(2023, 9, 15)),
        ("（二〇二五年十一月三日）\n11月3日，县长黄某主持召开县政府第97次常务会议。", date(2025, 11, 3)),
        ("3月21日，县长房荣主持召开县政府第9次常务会议。", None),
        ("2024517上午，陆川市长主持召开市政府第41次常务会议。", None),
    ],
)
def test_the_year_comes_from_the_document_or_not_at_all(source, text: str, day: date | None) -> None:  # type: ignore[no-untyped-def]
    """A year that the sentence leaves out is taken from the document's own dates, and told in a notice."""
    m = parse(source(text))
    assert isinstance(m, Meeting)
    assert m.date == day
    assert m.notices or day in (date(2023, 9, 15), date(2025, 11, 3))


def test_damage_is_told(source) -> None:  # type: ignore[no-untyped-def]
    """Destroyed days and skipped numbers stand in the notices."""
    text = (
        "2024年2月26日,吴文市长主持召开市政府第57次常务会议,审议《三年行动(20242026年)方案》。\n"
        "一、审议方案\n同意。\n三、听取汇报\n同意。\n云州市人民政府办公室整理\n202431"
    )
    m = parse(source(text))
    assert isinstance(m, Meeting)
    assert m.dates.compiled_text == "202431"
    assert m.notices == (
        "日期“202431”无法确认，原样保留",
        "议题编号不连续：缺少第2项",
        "日期“20242026年”无法确认，原样保留",
    )


def test_a_roll_beyond_measure_is_kept_but_not_read_to_its_end(source) -> None:  # type: ignore[no-untyped-def]
    """A roll longer than any real one keeps its text, and the notice says that names were left."""
    m = parse(source(f"{MINUTES.split('出席')[0]}出席：{'张三 ' * 5000}"))
    assert isinstance(m, Meeting)
    assert m.roll is not None
    assert len(m.roll.text) > 14_000
    assert "出席名单过长，只识别了前8000字" in m.notices


@pytest.mark.parametrize(
    "text",
    [
        "关于印发会议制度的通知\n各单位：\n2021年3月29日，市长主持召开会议，现将制度印发。",
        "云州市节水办法\n第一条 市长主持召开会议。",
        "Apache License\nVersion 2.0",
    ],
)
def test_what_is_no_meeting(source, text: str) -> None:  # type: ignore[no-untyped-def]
    """A notice that mentions a meeting is a document all the same."""
    assert isinstance(holds(source(text)), Document)


PIECES = st.sampled_from(
    [
        *MINUTES.split("\n"),
        "",
        "一",
        "（一）",
        "一、",
        "出席",
        "出 席：",
        "张 三",
        "## 二、审议《",
        "》",
        "—  —",
        "202431",
        "会议听取了汇报。",
    ]
)


@given(st.lists(PIECES, max_size=12).map("\n".join) | st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_parses_and_is_kept(text: str) -> None:
    """No arrangement of lines raises or loses a character."""
    lines = tuple(Line(line) for line in text.split("\n"))
    holds(SourceText("a.txt", "txt", "0" * 64, lines))


HEAD = "2021年3月29日下午，李平市长主持召开市政府第132次常务会议，听取汇报。\n会议议定以下意见：\n一、审议《办法》\n"
HOSTILE = {
    "brackets": "（" * 100_000,
    "titles": HEAD + "《" * 100_000 + "》" * 100_000,
    "one line": HEAD + "会议原则同意由市政府办公室负责根据会议讨论意见" * 14_000,
    "units": HEAD + "由" + "市局、" * 110_000,
    "agree": HEAD + "会议同意" * 80_000,
    "short names": HEAD + "（以下简称" * 66_000,
    "digits": "1" * 1_000_000,
    "spaces": HEAD + "一 " * 330_000,
    "quotes": HEAD + "“" * 330_000,
    "names": HEAD + "出席：" + "张三 " * 100_000,
    "items": HEAD + "一、\n" * 110_000,
    "resolutions": "（一）\n" * 90_000,
    "numbers": HEAD + "1.\n" * 150_000,
    "characters": HEAD + "会\n" * 200_000,
    "sentences": HEAD + "会议同意。\n" * 66_000,
    "lines": HEAD + "1、会议同意。abcdefghijklmno\n" * 28_000,
    "responsible": HEAD + "责任单位：" * 70_000,
    "put off": HEAD + "项目暂缓，" * 66_000,
    "decided": HEAD + "会议，决定将" * 55_000,
    "topics": "会议议题：\n1.甲\n" * 40_000,
    "mastheads": "市人民政府办公室\n" * 40_000,
    "transcribed": HEAD + "出席：" + "乌云毕力格" * 60_000,
    "departments": HEAD + "市财政局抓紧，" * 50_000,
    "reports": HEAD + "汇报单位：市财政局" * 37_000,
    "pairs": HEAD + "市发改委牵头，市财政局、市审计局配合。" * 17_000,
    "chairs": HEAD + "主持人：郑  凯  " * 30_000,
    "considered": HEAD + "会议审议《" * 66_000,
    "wrapped": HEAD + "各地各部门要切实提高思想认识加强党的全面领导深化产教融合\n" * 12_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_bounded(name: str) -> None:
    """A megabyte takes less than two seconds, whatever it is made of."""
    lines = tuple(Line(line) for line in HOSTILE[name].split("\n"))
    slower = _slower()
    started = time.process_time()
    parse(SourceText("a.txt", "txt", "0" * 64, lines))
    taken = time.process_time() - started
    # On an idle machine; room for coverage, which slows loops down threefold, and for as slow a machine as this is.
    assert taken < 2 * 3 * max(slower, _slower())


def _slower() -> float:
    """Return how much slower than an idle machine this one is: there a loop of a million steps takes 67 ms."""
    started, total = time.process_time(), 0
    for i in range(1_000_000):
        total += i * i % 7
    return max(1.0, (time.process_time() - started) / 0.067)


def test_a_flood_of_scraps_is_kept_line_by_line(source) -> None:  # type: ignore[no-untyped-def]
    """Tens of thousands of tiny lines are no minutes: each is kept as a paragraph, and the notice says so."""
    record = parse(source(HEAD + "会议同意。\n" * 20_000))
    assert isinstance(record, Document)
    assert len(record.paragraphs) == 20_003
    assert [p.text for p in record.paragraphs[:2]] == HEAD.split("\n")[:2]
    assert record.notices == ("共20003行，多为零碎文字，未识别结构",)
