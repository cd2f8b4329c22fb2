"""Heading, tail, instruments and agenda give their facts, and nothing that is not there."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.minutes import agenda, heading, instruments, tail
from indexer.minutes.opening import Opening
from indexer.minutes.paragraphs import Block
from indexer.minutes.view import View
from indexer.model import DocNumber


def lines(text: str) -> list[Block]:
    """Return the lines of a text as paragraphs."""
    return [Block(line, n, n + 1) for n, line in enumerate(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("常务会议纪要〔2024〕7号", DocNumber("常务会议纪要〔2024〕7号", "常务会议纪要", 2024, 7)),
        ("长府会议纪要〔2025〕2 号", DocNumber("长府会议纪要〔2025〕2号", "长府会议纪要", 2025, 2)),
        ("[2013]4号", DocNumber("[2013]4号", None, 2013, 4)),
        ("〔2021〕号", DocNumber("〔2021〕号", None, 2021, None)),
        ("发文字号：云政办发〔2023〕41号", DocNumber("云政办发〔2023〕41号", "云政办发", 2023, 41)),
        ("市长办公会议纪要〔2024〕第9期", DocNumber("市长办公会议纪要〔2024〕第9期", "市长办公会议纪要", 2024, 9)),
        ("国令第706号", DocNumber("国令第706号", "国令", None, 706)),
        ("文号：", None),
        ("第47次", None),
        ("会议传达了《办法》（云政办发〔2025〕68号）精神，并研究了贯彻落实工作，安排了下一步任务。", None),
    ],
)
def test_document_numbers(text: str, number: DocNumber | None) -> None:
    """A line of the heading that is a number gives it; one that is quoted in a sentence is another document's."""
    assert heading.doc_number(lines(f"标题行\n{text}"), {}) == number


def test_a_document_number_of_the_page() -> None:
    """The page's record counts where the heading has none."""
    found = heading.doc_number([], {"doc_number": "云政发〔2024〕3号"})
    assert found is not None
    assert found.serial == 3


@pytest.mark.parametrize(
    ("head", "meta", "title"),
    [
        ("云州市人民政府 常务会议纪要\n〔2021〕号", {}, "云州市人民政府常务会议纪要"),
        ("云州市人民政府\n常务会议纪要", {}, "云州市人民政府常务会议纪要"),
        ("第47次\n云州市人民政府办公室 2025年8月18日", {}, None),
        ("", {}, None),
        ("", {"title": "市政府 第5次常务会议纪要"}, "市政府第5次常务会议纪要"),
        ("加快推进区域协作工作", {}, "加快推进区域协作工作"),
        ("文件标题 某区召开全体会议\n某区召开2020年第一次全体会议", {}, "某区召开2020年第一次全体会议"),
    ],
)
def test_titles(head: str, meta: dict[str, str], title: str | None) -> None:
    """The line that names the meeting is the title; a masthead or a label is not."""
    assert heading.title(lines(head), meta) == title


@pytest.mark.parametrize(
    ("said", "texts", "body"),
    [
        (Opening(body="市政府", level="市", organ="政府"), ["云州市人民政府办公室整理"], "云州市人民政府"),
        (Opening(body="区政府", level="区", organ="政府"), ["云州市人民政府办公室"], "区政府"),
        (Opening(body="云州市人民政府", level="市", organ="政府", placed=True), [], "云州市人民政府"),
        (Opening(level="县", organ="政府"), ["临山县人民政府办公室 2026年6月2日印发"], "临山县人民政府"),
        (Opening(level="市", organ="人大常委会"), ["云州市人民政府办公室"], None),
        (Opening(), ["云州市人民政府第27次常务会议纪要"], "云州市人民政府"),
        (Opening(body="县政府", level="县", organ="政府"), ["发：各县人民政府，各部门。"], "县政府"),
        (Opening(level="县", organ="政府"), ["沙县人民政府办公室 2023年5月12日印发"], "沙县人民政府"),
        (Opening(), ["发布机构 云州区人民政府"], "云州区人民政府"),
    ],
)
def test_bodies(said: Opening, texts: list[str], body: str | None) -> None:
    """A full name counts where level and organ agree with the meeting sentence."""
    assert heading.body(said, texts) == body


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("关于印发《办法》的通知", "通知"),
        ("云州市节水办法（试行）", "办法"),
        ("市政府第5次常务会议纪要", None),
        ("市政府召开常务会议", None),
        (None, None),
    ],
)
def test_genres(title: str | None, genre: str | None) -> None:
    """A title's last word is its genre; minutes have none."""
    assert heading.genre(title) == genre


def test_tail() -> None:
    """Compiler's day, printing day, disclosure and distribution are read off their lines."""
    text = (
        "云州市人民政府办公室整理\n2021年4月12日\n（此件公开发布）\n"
        "分送：各区人民政府，\n发：各部门。\n云州市人民政府办公室\n2021年4月14日印发"
    )
    found = tail.read(lines(text))
    assert found.compiled == date(2021, 4, 12)
    assert found.printed == date(2021, 4, 14)
    assert found.disclosure == "此件公开发布"
    assert found.distribution == "各区人民政府，\n发：各部门。"
    assert found.damaged is None


def test_a_damaged_day_stays_text() -> None:
    """What extraction left of a day is kept and not read."""
    found = tail.read(lines("云州市人民政府办公室整理\n202431"))
    assert found.compiled is None
    assert found.damaged == "202431"


def test_a_tail_on_one_line() -> None:
    """Compiler and day may share a line, and the disclosure may be a field."""
    found = tail.read(lines("云州市人民政府办公室整理 2021年4月12日\n公开方式：主动公开"))
    assert found.compiled == date(2021, 4, 12)
    assert found.disclosure == "公开方式：主动公开"
    assert tail.read([]) == tail.Tail()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("审议《甲办法》《乙方案》及配套政策、《丙》", ["甲办法", "乙方案", "丙"]),
        ("审议《关于修改〈甲办法〉的决定》", ["关于修改〈甲办法〉的决定"]),
        ("审议《关于《甲办法》的说明》", ["关于《甲办法》的说明"]),
        ("关于印发 《 安置 方案 》 的请示", ["安置方案"]),
        ("同意《甲》（以下简称《乙》）", ["甲"]),
        ("审议《甲办法（草案）》", ["甲办法（草案）"]),
        ("没有《结尾的标题", []),
        ("》《》", []),
    ],
)
def test_instruments(text: str, names: list[str]) -> None:
    """The outermost titles count, without their marks; short names do not."""
    assert instruments.names(View(text)) == names


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("关于修订《人才实施细则》（以下简称《实施细则》）的汇报", [("实施细则", "人才实施细则")]),
        ("《三年方案》及4个子方案(以下简称《方案》)", [("方案", "三年方案")]),
        ("同意建立职业教育联席会议（以下简称联席会议）", [("联席会议", "建立职业教育联席会议")]),
        ("《甲》（以下简称“A”）和《乙》（简称《B》）", [("A", "甲"), ("B", "乙")]),
        ("（以下简称《空》）", []),
    ],
)
def test_short_names(text: str, short: list[tuple[str, str]]) -> None:
    """A short name stands for the title before it, or for the wording where there is none."""
    assert instruments.short_names(View(text)) == short


def test_agenda_is_cut_as_the_items_are() -> None:
    """Entries that one item's title holds in one piece are one entry."""
    text = (
        "某日，市长主持召开市政府第5次常务会议，听取防汛、抗旱、供暖工作的汇报，"
        "审议《甲》《乙》及配套政策、《丙》。会议议定以下意见："
    )
    entries, left_out = agenda.listed(
        View(text), ["听取防汛、抗旱情况汇报", "听取供暖工作的汇报", "审议《甲》", "审议《乙》及配套政策、《丙》"]
    )
    assert entries == ["防汛、抗旱", "供暖工作", "《甲》", "《乙》及配套政策、《丙》"]
    assert not left_out


@pytest.mark.parametrize(
    ("text", "entries", "left_out"),
    [
        ("市长主持召开会议，专题研究防汛、供暖等方面工作。", ["防汛", "供暖"], True),
        ("市长主持召开会议，学习甲在A、B大会上的讲话精神，审议相关文件。", ["甲在A、B大会上的讲话精神"], False),
        ("市长主持召开会议，听取教育、卫生等领域安全生产情况汇报。", ["教育、卫生等领域安全生产情况"], False),
        ("市长主持召开会议。", [], False),
    ],
)
def test_agenda_lists(text: str, entries: list[str], left_out: bool) -> None:
    """An open list says so; what names nothing is no entry."""
    assert agenda.listed(View(text), []) == (entries, left_out)


def test_complete() -> None:
    """The agenda is complete where each entry has its item and each item its entry."""
    assert agenda.complete(["防汛工作", "《甲》"], ["审议《甲》", "听取防汛工作的汇报"])
    assert not agenda.complete(["防汛工作"], ["听取防汛工作的汇报", "审议《甲》"])
    assert not agenda.complete(["防汛工作", "供暖"], ["听取防汛工作的汇报"])


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间：2024-03-15", date(2024, 3, 15)),
        ("来源：某新闻网 发布时间：2023-02-13 12:26 浏览：1次", date(2023, 2, 13)),
        ("某州新闻网 2017-01-05 11:13", date(2017, 1, 5)),
        ("第3次会议 2017年第2期", None),
    ],
)
def test_a_page_says_when_it_was_published(line: str, day: date | None) -> None:
    """The day stands behind a label anywhere in the line, or behind the paper that published."""
    assert heading.published(lines(line)) == day
