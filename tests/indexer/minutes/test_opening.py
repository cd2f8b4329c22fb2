"""The meeting sentence tells day, number, kind, term, chair and body."""

from __future__ import annotations

import pytest

from indexer.minutes import opening
from indexer.minutes.lines import rows
from indexer.minutes.view import View
from indexer.model import Chair

SENTENCES = [
    (
        "2021年3月29日下午，李亚平市长主持召开市政府第132次常务会议，听取汇报。",
        ("市政府", None, 132, "常务会议", "李亚平", "市长"),
    ),
    (
        "11 月3 日，县委副书记、县长黄某杰主持召开十九届县政府第97 次常务会议。",
        ("县政府", "十九届", 97, "常务会议", "黄某杰", "县委副书记、县长"),
    ),
    (
        "5月20日，县委副书记、代县长李靖主持召开县十六届政府第49次常务（扩大）会议 。",
        (None, "十六届", 49, "常务（扩大）会议", "李靖", "县委副书记、代县长"),
    ),
    (
        "2025年7月30日，市长林求主持召开云溯市第13届人民政府第47次常务会议。",
        (None, "第13届", 47, "常务会议", "林求", "市长"),
    ),
    (
        "202 6 年 1 月 29 日， 县长马国 主持召开县人民政府 202 6 年第 2 次常务会议 。",
        ("县人民政府", None, 2, "常务会议", "马国", "县长"),
    ),
    (
        "2026年3月6日下午，市委副书记、市长沈晶在政务中心二楼会议室主持召开市政府第64次常务会议。",
        ("市政府", None, 64, "常务会议", "沈晶", "市委副书记、市长"),
    ),
    (
        "2020年12月23日,区管委会主任、区长李志同志主持召开区政府常务会议。",
        ("区政府", None, None, "常务会议", "李志", "区管委会主任、区长"),
    ),
    (
        "11月10日,区政府区长李顺主持召开区第十八届人民政府第107次常务会议。",
        (None, "第十八届", 107, "常务会议", "李顺", "区长"),
    ),
    (
        "3月23日,市九届人大常委会召开第一次主任会议。市人大常委会主任李健主持会议并讲话。",
        (None, "九届", 1, "主任会议", "李健", "市人大常委会主任"),
    ),
    (
        "12月15日,市委副书记、市长查俊主持召开市长碰头会,听取情况。",
        (None, None, None, "市长碰头会", "查俊", "市委副书记、市长"),
    ),
    (
        "昨日下午,市委常委、常务副市长黄强主持召开专题会议。",
        (None, None, None, "专题会议", "黄强", "市委常委、常务副市长"),
    ),
    (
        "2024年12月5日晚，市委常委、常务副市长沈秋受市长陆川委托，主持召开市长办公会议。",
        (None, None, None, "市长办公会议", "沈秋", "市委常委、常务副市长"),
    ),
    ("xx年xx月xx日,代縣長主持召開了縣政府第xx次常務會議,現紀要如下:", ("縣政府", None, None, "常務會議", None, None)),
    (
        "8月14日下午,县人大常委会主任周涛主持召开县十六届人大常委会党组暨主任(扩大)会议。",
        (None, "十六届", None, "党组暨主任(扩大)会议", "周涛", "县人大常委会主任"),
    ),
    (
        "7月18日,区政府党组书记,、区长廖军主持召开区政府党组(扩大)会议,。",
        ("区政府", None, None, "党组(扩大)会议", "廖军", "区政府党组书记,、区长"),
    ),
    (
        "2024年9月13日下午，区委常委、副区长谢某同志在区机关会议室主持召开五届104次区政府常务会议。",
        ("区政府", "五届", 104, "常务会议", "谢某", "区委常委、副区长"),
    ),
    ("7月2日下午,县长章禹主持召开第36次县长办公会议。", (None, None, 36, "县长办公会议", "章禹", "县长")),
    (
        "3月17日，市委副书记、市长孙明召开市政府第八十六次常务会议。",
        ("市政府", None, 86, "常务会议", "孙明", "市委副书记、市长"),
    ),
    ("3月17日下午，市政府召开第5次常务会议。", ("市政府", None, 5, "常务会议", None, None)),
    ("3月17日，县长办公会召开，听取汇报。", (None, None, None, "县长办公会", None, None)),
    (
        "2023年6月1日，买买提·艾力县长主持召开县政府第5次常务会议。",
        ("县政府", None, 5, "常务会议", "买买提·艾力", "县长"),
    ),
]


@pytest.mark.parametrize(("text", "facts"), SENTENCES, ids=range(len(SENTENCES)))
def test_meeting_sentences(text: str, facts: tuple[object, ...]) -> None:
    """Sentences of many bodies give what they say, and None for what they do not."""
    said = opening.read(View(text))
    chair = said.chair or Chair("")
    assert (said.body, said.term, said.number, said.kind, chair.name or None, chair.office) == facts


def test_days() -> None:
    """The day stands with or without its year; a numbered series may give the year."""
    said = opening.read(View("9月15日,市长罗华主持召开市政府2023年第15次常务会议。"))
    assert said.day is not None
    assert (said.day.year, said.day.month, said.day.day, said.series_year) == (None, 9, 15, 2023)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("云溯市人民政府常务会议纪要\n2021年3月29日下午，李平市长主持召开市政府第132次常务会议。", 1),
        ("第47次\n云溯市人民政府办公室 2025年8月18日\n2025年7月30日，市长林求主持召开常务会议。", 2),
        ("时间:2022年04月21日来源:某日报\n4月20日,市长吕成主持召开市政府党组会议。", 1),
        ("（二〇二五年十一月三日）\n11 月3 日，县长黄某主持召开十九届县政\n府第97 次常务会议。", 1),
        ("2011年汛期的连续降雨造成影响。镇长邢平主持召开专题办公会议,现纪要如下:\n一、汇报", 0),
        ("关于印发办法的通知\n各单位：\n现将办法印发给你们。", None),
        ("一、听取汇报的情况说明\n2021年3月29日，市长主持召开会议。", None),
        ("", None),
    ],
)
def test_where_the_sentence_stands(source, text: str, row: int | None) -> None:  # type: ignore[no-untyped-def]
    """The first row that tells who held the meeting when opens it; mastheads and page lines do not."""
    found = rows(source(text))
    if row is None and "听取汇报的情况" in text:
        assert opening.find(found) == 1
    else:
        assert opening.find(found) == row


@pytest.mark.parametrize(
    ("text", "chair"),
    [
        ("主持人：邢平", Chair("邢平")),
        ("主 持：陆川市长", Chair("陆川", "市长")),
        ("主持人：郑  凯  市委副书记、市长", Chair("郑凯", "市委副书记、市长")),
        ("主持：辛弃疾（乡党委书记）", Chair("辛弃疾", "乡党委书记")),
        ("主持人：", None),
        ("会议由副市长沈秋主持。", Chair("沈秋", "副市长")),
        ("会议审议了主持人名单。", None),
    ],
)
def test_chair_lines(text: str, chair: Chair | None) -> None:
    """A labelled line names the chair too."""
    assert opening.chair(View(text)) == chair
