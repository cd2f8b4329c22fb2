"""The roll is found among the lines of minutes, and divided by its labels."""

from __future__ import annotations

import pytest

from indexer.minutes.roll import Section, find_roll, sections

BODY = ["县政府第5次常务会议纪要", "会议议定以下意见：", "一、审议办法", "（一）原则同意该办法。由县司法局记录在案。"]
TAIL = ["县政府办公室整理", "2024年3月5日", "（此件公开发布）", "分送：各乡镇人民政府。"]

ROLLS = {
    "at the end": ["出席：王大明 李小红", "列席：县财政局赵一", "记录：孙立"],
    "blank lines within": ["出席：王大明", "", "县财政局赵一 县审计局", "钱二", "", "记录：孙立"],
    "bare labels": ["出席 王 石 李小红", "列席 县人大 杨强", "县财政局 赵一"],
    "spread labels": ["出", "席：王大明", "请", "假：李小红（参加会议）", "记", "录：孙", "立"],
    "representatives": ["出席：王大明", "县委办公室、县委组织部的代表", "记录：孙立"],
    "in groups": ["出 席：王大明", "列 席：", "（一）邀请列席：李尚", "（二）政府办：卢飞"],
    "Traditional": ["出席：劉平", "請假：陳穎", "記錄：孫立"],
    "a page number within": ["出席：王大明", "— 3 —", "列席：赵一"],
}


@pytest.mark.parametrize("name", ROLLS)
def test_found_before_the_tail(name: str) -> None:
    """The roll begins at its first label and ends before the tail, whatever its layout."""
    roll = ROLLS[name]
    assert find_roll([*BODY, *roll, "", *TAIL]) == (len(BODY), len(BODY) + len(roll))


@pytest.mark.parametrize("end", ["2026年 6 月 2 日", "本期发：县委。", "二〇二五年三月五日", "送：县委", "会议同意。"])
def test_ends(end: str) -> None:
    """A date, the distribution and prose end the roll."""
    assert find_roll(["出席：王大明", "李小红", end, "王平"]) == (0, 2)


def test_heading_block() -> None:
    """A roll in front of the text is found, with the lines between its labels."""
    lines = ["专题会议纪要", "主持：王建国", "地点：三楼", "出席：李卫东", "记录：孙静", "会议研究了有关工作。", *TAIL]
    assert find_roll(lines) == (1, 5)


def test_the_place_with_most_labels() -> None:
    """Of two places the one with more labels is the roll."""
    assert find_roll(["主持：王平", *BODY, "出席：王大明", "列席：赵一"]) == (5, 7)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["", ""],
        BODY,
        ["出席会议的有关部门要抓好落实。"],
        ["列席会议的负责人发言。"],
        ["会议记录在案。"],
    ],
)
def test_no_roll(lines: list[str]) -> None:
    """Text without role labels has no roll."""
    assert find_roll(lines) is None


def test_sections() -> None:
    """Labels give role and agenda items; a label in a group holds for that group only; 地点 names nobody."""
    roll = "出席：甲\n地点：乙\n列席：\n（一）邀请列席：丙\n（二）丁\n第2项议题：戊\n缺席：己因病"
    assert [(s.role, s.text.strip(), s.note) for s in sections(roll)] == [
        ("出席", "甲", None),
        ("邀请", "丙", None),
        ("列席", "丁", None),
        ("列席", "戊", "第2项议题"),
        ("请假", "己（因病）", None),
    ]


def test_every_label_is_known() -> None:
    """Each label word gives the role it is listed under."""
    assert sections("特邀人员：甲") == [Section("邀请", "甲")]
    assert sections("因 公 请 假 ：甲") == [Section("请假", "甲")]
