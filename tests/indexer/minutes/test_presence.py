"""Sentences name those present; described groups, chairs and news of other meetings give nobody."""

from __future__ import annotations

import pytest

from indexer.minutes.attendance import read_opening

SENTENCES = {
    "3月6日下午，市长沈晶主持召开常务会议。市委副书记、副市长王立，副市长梁西、万平，市政府办公室主任巫刚出席会议。": [
        ("出席", None, "王立", "市委副书记、副市长"),
        ("出席", None, "梁西", "副市长"),
        ("出席", None, "万平", "副市长"),
        ("出席", "市政府办公室", "巫刚", "主任"),
    ],
    "区长吴强主持召开会议。部分公众代表列席会议（曹建、刘强、朱峰）。": [
        ("列席", None, "曹建", None),
        ("列席", None, "刘强", None),
        ("列席", None, "朱峰", None),
    ],
    "姜永、屠平等同志出席会议。": [("出席", None, "姜永", None), ("出席", None, "屠平", None)],
    "市领导叶林、秦良参加。": [("出席", None, "叶林", "市领导"), ("出席", None, "秦良", "市领导")],
    "县政府在家领导出席会议，各乡镇负责同志列席会议，县人大常委会副主任车明、县政协副主席唐谦应邀参加会议。": [
        ("邀请", "县人大常委会", "车明", "副主任"),
        ("邀请", "县政协", "唐谦", "副主席"),
    ],
    "顧春、陳文參加會議，區政協副主席金良以及區人武部、區總工會相關負責人受邀列席會議。": [
        ("出席", None, "顧春", None),
        ("出席", None, "陳文", None),
        ("邀请", "區政協", "金良", "副主席"),
        ("邀请", "區人武部", None, "相關負責人"),
        ("邀请", "區總工會", None, "相關負責人"),
    ],
    "縣委副書記、縣長齊軍出席會議，區(qū)人大常委會副主任周文文應(yīng)邀列席會議。": [
        ("出席", None, "齊軍", "縣委副書記、縣長"),
        ("邀请", "區(qū)人大常委會", "周文文", "副主任"),
    ],
    "会议还邀请了区人大副主任曾才，区政协副主席李良列席会议。": [
        ("邀请", "区人大", "曾才", "副主任"),
        ("邀请", "区政协", "李良", "副主席"),
    ],
    "副秘书长王大明，市住建局、市财政局，各区政府负责同志参加会议。": [
        ("出席", None, "王大明", "副秘书长"),
        ("出席", "市住建局", None, "负责同志"),
        ("出席", "市财政局", None, "负责同志"),
    ],
    "出席会议的有：王建国、李卫东，县财政局赵亮。": [
        ("出席", None, "王建国", None),
        ("出席", None, "李卫东", None),
        ("出席", "县财政局", "赵亮", None),
    ],
    "研究《养老服务方案（2022年）》等事宜，副区长苏平出席会议。": [("出席", None, "苏平", "副区长")],
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_named(sentence: str) -> None:
    """Everyone named as present is found, with office or unit."""
    assert [(a.role, a.unit, a.name, a.note) for a in read_opening(sentence)] == SENTENCES[sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "各区镇、街道和各相关部门负责人列席相关议题。",
        "县直有关部门主要负责人列席会议。",
        "市政府党组成员，市各有关部门负责人列席会议。",
        "会议要求各部门积极参加会议，安全生产要抓实。",
        "习近平总书记出席会议并发表重要讲话。",
        "出席会议的还有：大会副秘书长，州发改委主任。",
        "部分代表列席会议（名单附后）。",
        "县长王平主持召开县政府常务会议。",
    ],
)
def test_unnamed(sentence: str) -> None:
    """Groups, the chair and other meetings give nobody."""
    assert read_opening(sentence) == ()
