"""Government documents that are no minutes become paragraphs with stable anchors."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.minutes.parse import parse
from indexer.model import Document

NOTICE = """云州市人民政府办公室关于印发《云州市节水
工作方案》的通知
云政办发〔2023〕41号
各区人民政府，市各委办局：
《云州市节水工作方案》已经市政府同意，现印发给你们，请认真组织实施。
云州市人民政府办公室
2023年12月20日
（此件公开发布）
一、主要目标
到2025年，节水水平明显提高。
（一）压实责任
各区要落实属地责任。
（二）强化监管。加强执法检查。
二、保障措施
（一）加强领导
各部门要密切配合。
一、附件的条目
云州市人民政府办公室                 2023年12月21日印发"""

REGULATION = """云州市节水办法
云政规〔2024〕5号
（2024年12月3日云州市人民政府令第5号公布 自2025年1月1日起施行）
第一章　总　则
第一条　为了节约用水，制定本办法。
第二条　本办法适用于本市。
法律另有规定的，从其规定。
（一）城镇；
第二章　附　则
第一节　施行
第三条　本办法自2025年1月1日起施行。
第三条　重复的条目。"""


def read(source, text: str, **kind: str) -> Document:  # type: ignore[no-untyped-def]
    """Parse a text that is no meeting's."""
    record = parse(source(text, **kind))
    assert isinstance(record, Document)
    return record


def test_a_notice(source) -> None:  # type: ignore[no-untyped-def]
    """Title, number, genre, issuer, dates and disclosure are read."""
    d = read(source, NOTICE)
    assert d.title == "云州市人民政府办公室关于印发《云州市节水工作方案》的通知"
    assert (d.genre, d.body, d.date) == ("通知", "云州市人民政府办公室", date(2023, 12, 20))
    assert d.doc_number is not None
    assert (d.doc_number.agency_code, d.doc_number.year, d.doc_number.serial) == ("云政办发", 2023, 41)
    assert d.dates.printed == date(2023, 12, 21)
    assert d.disclosure == "此件公开发布"
    assert d.id.startswith("d-")
    assert len(d.id) == 14


def test_anchors_of_a_notice(source) -> None:  # type: ignore[no-untyped-def]
    """Numbered paragraphs keep their numbers as anchors; a number that comes again does not."""
    d = read(source, NOTICE)
    anchors = {p.text: p.anchor for p in d.paragraphs}
    assert anchors["一、主要目标"] == "一"
    assert anchors["（一）压实责任"] == "一.（一）"
    assert anchors["（二）强化监管。加强执法检查。"] == "一.（二）"
    assert anchors["（一）加强领导"] == "二.（一）"
    assert anchors["一、附件的条目"].startswith("p")
    assert len(set(anchors.values())) == len(d.paragraphs)
    under = {p.text: p.heading for p in d.paragraphs}
    assert under["各区要落实属地责任。"] == ("一、主要目标", "（一）压实责任")
    assert under["各部门要密切配合。"] == ("二、保障措施", "（一）加强领导")


def test_a_regulation(source) -> None:  # type: ignore[no-untyped-def]
    """Articles are anchors, chapters and sections headings; the day is that of its promulgation."""
    d = read(source, REGULATION)
    assert (d.genre, d.date) == ("办法", date(2024, 12, 3))
    anchors = [p.anchor for p in d.paragraphs]
    assert [a for a in anchors if a.startswith("第")] == ["第一章", "第一条", "第二条", "第二章", "第一节", "第三条"]
    under = {p.text: p.heading for p in d.paragraphs}
    assert under["法律另有规定的，从其规定。"] == ("第一章　总　则".replace("　", ""), "第二条")
    assert under["第三条　本办法自2025年1月1日起施行。"][:2] == ("第二章附则", "第一节施行")


def test_what_the_page_says_comes_first(source) -> None:  # type: ignore[no-untyped-def]
    """The page's own title, issuer and day of publication are taken."""
    d = read(
        source,
        "正文没有标题。",
        title="关于防汛的通知",
        issuer="云州市水利局",
        published="2024-03-15 10:38",
        url="https://example.org/1",
    )
    assert (d.title, d.genre, d.body) == ("关于防汛的通知", "通知", "云州市水利局")
    assert d.dates.published == d.date == date(2024, 3, 15)
    assert d.sources[0].url == "https://example.org/1"


def test_an_entry_of_a_list(source) -> None:  # type: ignore[no-untyped-def]
    """Lines of an entry are its paragraphs, its id stays behind d-, and it is a document whatever it says."""
    text = "2021年3月29日，市长主持召开市政府第132次常务会议。\n\n  第二段。"
    d = read(source, text, format="jsonl", id="law_1", title="某条例", date="2020-05-14", body="某人大")
    assert (d.id, d.title, d.genre, d.body, d.date) == ("d-law_1", "某条例", "条例", "某人大", date(2020, 5, 14))
    assert [(p.anchor, p.text) for p in d.paragraphs] == [("p1", text.split("\n")[0]), ("p2", "第二段。")]
    assert text[slice(*d.paragraphs[1].span)] == "第二段。"
    assert read(source, text, format="jsonl").id.startswith("d-")


@pytest.mark.parametrize("text", ["", "\n\n", "一", "第五条", "（一）", "标题"])
def test_next_to_nothing(source, text: str) -> None:  # type: ignore[no-untyped-def]
    """Very short texts are documents of as many paragraphs as they have lines."""
    assert len(read(source, text).paragraphs) == len(text.split())
