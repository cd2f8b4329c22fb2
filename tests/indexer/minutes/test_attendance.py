"""The roll is read into names, units and notes in every layout that real minutes show."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest

from indexer.minutes.attendance import find_roll, read_attendance
from indexer.model import Attendance

ROOT = Path(__file__).resolve().parents[3]
GOLD = ROOT / "tests" / "gold"
SHARED = (ROOT / ".." / "shared").resolve()


def shown(entries: tuple[Attendance, ...]) -> list[str]:
    """Write entries as role:unit/name(note)."""
    return [f"{a.role}:{a.unit or ''}/{a.name or ''}{f'({a.note})' if a.note else ''}" for a in entries]


LAYOUTS = {
    "columns of spread names": (
        "**出席：**王 彬 马立山 欧阳小龙\n沈 觉 周 伟",
        ["出席:/王彬", "出席:/马立山", "出席:/欧阳小龙", "出席:/沈觉", "出席:/周伟"],
    ),
    "one character a line": (
        "出\n席：方建平\n郭\n威\n请\n假：林大为（赴省城开会）\n\f\n— 6 —\n石\n磊\n记\n录：杜\n若",
        ["出席:/方建平", "出席:/郭威", "请假:/林大为(赴省城开会)", "请假:/石磊", "记录:/杜若"],
    ),
    "unit glued to the name, broken by the line end": (
        "列席：谢 敏\n\n市委组织部沈明、翟小强 市委\n编办徐光 市科  \n技局赵建业 国家金融监管总局江\n州监管分局葛文",
        [
            "列席:/谢敏",
            "列席:市委组织部/沈明",
            "列席:市委组织部/翟小强",
            "列席:市委编办/徐光",
            "列席:市科技局/赵建业",
            "列席:国家金融监管总局江州监管分局/葛文",
        ],
    ),
    "places that are units": (
        "列席：张家\n港市徐平 昆山市曹文\n吴江区谢王一 苏州工业园区林文 白水镇白雪 高新区高山",
        [
            "列席:张家港市/徐平",
            "列席:昆山市/曹文",
            "列席:吴江区/谢王一",
            "列席:苏州工业园区/林文",
            "列席:白水镇/白雪",
            "列席:高新区/高山",
        ],
    ),
    "bare labels, a unit a line": (
        "出席 李 敬 薛江\n王 石\n列席 县人大 杨强\n县政府办 徐云 刘小朋 赵 言\n县南水北调运行保障中心 张旭",
        [
            "出席:/李敬",
            "出席:/薛江",
            "出席:/王石",
            "列席:县人大/杨强",
            "列席:县政府办/徐云",
            "列席:县政府办/刘小朋",
            "列席:县政府办/赵言",
            "列席:县南水北调运行保障中心/张旭",
        ],
    ),
    "groups under one label": (
        "列 席：\n（一）邀请列席：李尚、吴侃\n（二）政府办：卢飞、陈敬\n"
        "（三）发改局周文，市场监管局李旺、姜波\n记 录：杨余",
        [
            "邀请:/李尚",
            "邀请:/吴侃",
            "列席:政府办/卢飞",
            "列席:政府办/陈敬",
            "列席:发改局/周文",
            "列席:市场监管局/李旺",
            "列席:市场监管局/姜波",
            "记录:/杨余",
        ],
    ),
    "attendance per item": (
        "固定列席：葛亮 赵云\n第一至五议题：市发改委马群\n第六议题：市教育局魏年\n列席第七议题：市水务局江河",
        [
            "列席:/葛亮",
            "列席:/赵云",
            "列席:市发改委/马群(第一至五议题)",
            "列席:市教育局/魏年(第六议题)",
            "列席:市水务局/江河(第七议题)",
        ],
    ),
    "units that sent someone": (
        "列席：市税务局高树\n市委办公室、市委组织部、国开行江州分行的代表\n各乡镇、街道主要负责人，县直有关部门负责人",
        [
            "列席:市税务局/高树",
            "列席:市委办公室/(代表)",
            "列席:市委组织部/(代表)",
            "列席:国开行江州分行/(代表)",
        ],
    ),
    "units joined by 和": (
        "列席：县总工会和县妇联有关负责同志；王小明",
        ["列席:县总工会/(有关负责同志)", "列席:县妇联/(有关负责同志)", "列席:/王小明"],
    ),
    "offices before the name": (
        "出席：市委副书记、市长王大明，市委常委、常务副市长李红，副市长陈刚、周强\n"
        "列席：市政府秘书长 赵六合；县教育局长 冯国；市政府党组成员、市政府办公室主任巫强",
        [
            "出席:/王大明(市委副书记、市长)",
            "出席:/李红(市委常委、常务副市长)",
            "出席:/陈刚(副市长)",
            "出席:/周强(副市长)",
            "列席:市政府/赵六合(秘书长)",
            "列席:县教育局/冯国(局长)",
            "列席:市政府办公室/巫强(市政府党组成员、市政府办公室主任)",
        ],
    ),
    "offices and units behind the name": (
        "出席：王大明市长，李小红  副市长\n列席：王一平（市财政局）、赵合（市教育局副局长）、钱学（第2项）\n"
        "陈之同志、祖文等",
        [
            "出席:/王大明(市长)",
            "出席:/李小红(副市长)",
            "列席:市财政局/王一平",
            "列席:市教育局/赵合(副局长)",
            "列席:/钱学(第2项)",
            "列席:/陈之",
            "列席:/祖文",
        ],
    ),
    "reasons of leave without brackets": (
        "请假：张伟因公出差、李娜（病假）",
        ["请假:/张伟(因公出差)", "请假:/李娜(病假)"],
    ),
    "names outside the surname list": (
        "出席：阿不都·热合曼  扎西顿珠、李强、尼玛次仁\n列席：古丽·买买提江（县文旅局）",
        ["出席:/阿不都·热合曼", "出席:/扎西顿珠", "出席:/李强", "出席:/尼玛次仁", "列席:县文旅局/古丽·买买提江"],
    ),
    "Traditional characters": (
        "出席：區長劉平 副區長陳穎\n列席：區財政局鄭重、區教育局陸葉",
        ["出席:/劉平(區長)", "出席:/陳穎(副區長)", "列席:區財政局/鄭重", "列席:區教育局/陸葉"],
    ),
    "a table": (
        "| 出席 | 王大明 | 李小红 |\n| 列席 | 县财政局 赵一 | 县审计局 钱二 |",
        ["出席:/王大明", "出席:/李小红", "列席:县财政局/赵一", "列席:县审计局/钱二"],
    ),
    "a heading block": (
        "主持人：王建国\n时间：2024年3月1日\n地点：三楼会议室\n参会人员：李卫东 张红\n会议记录：孙静",
        ["主持:/王建国", "出席:/李卫东", "出席:/张红", "记录:/孙静"],
    ),
    "all in one line": (
        "出席:王大明 李小红 列席:市人大赵曼 记录:孙立",
        ["出席:/王大明", "出席:/李小红", "列席:市人大/赵曼", "记录:/孙立"],
    ),
    "names spread in full, stray spaces in a unit": (
        "出席：王 建 国 李 卫 东 张 红\n列席：市教 育局周芳",
        ["出席:/王建国", "出席:/李卫东", "出席:/张红", "列席:市教育局/周芳"],
    ),
    "units without people, labels with an aside": (
        "出席（2人）：王建国 李卫东\n列席单位（按议题顺序）：市发改委、市财政局",
        ["出席:/王建国", "出席:/李卫东", "列席:市发改委/", "列席:市财政局/"],
    ),
    "brackets within a unit": ("列席：乡镇（街道）办王一平", ["列席:乡镇（街道）办/王一平"]),
    "numbered groups behind a sentence": (
        "参加此次会议的有：（1）市领导：徐大水、陈美蓉；（2）市府办：吕福有、王伟",
        ["出席:/徐大水(市领导)", "出席:/陈美蓉(市领导)", "出席:市府办/吕福有", "出席:市府办/王伟"],
    ),
    "names that end like places": (
        "出席：高适 岑嘉州 王少伯 崔司勋",
        ["出席:/高适", "出席:/岑嘉州", "出席:/王少伯", "出席:/崔司勋"],
    ),
    "words that are no people": ("出席：县政府在家领导\n列席：???", []),
    "no label": ("王大明 李小红", []),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    """Each layout of TRAITS gives exactly the people it names, with unit and note."""
    roll, expected = LAYOUTS[layout]
    assert shown(read_attendance(roll)) == expected


SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱马胡郭何高梁郑罗宋谢唐韩曹许邓冯程蔡彭潘袁董余苏叶吕魏蒋田杜丁沈姜范傅钟卢汪"
GIVEN = "伟芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英慧建文辉志永海波宁贵福生龙元全胜学祥才发新利清飞彬富"
UNITS = tuple(
    re.findall(
        r"\S+",
        "市委组织部 市委编办 市发改委 市教育局 市科技局 市公安局 市民政局 市资源规划局 市生态环境局 市园林绿化局 "
        "市水务局 市农业农村局 市文广旅局 市卫生健康委 市国资委 市市场监管局 市总工会 团市委 市妇联 市政府督查室 "
        "市机关事务管理局 白云区 高新区 青山镇 临江街道 柳林乡 市交投集团 城建投资有限公司 市消防救援支队 市检察院",
    )
)


def random_roll(seed: int) -> tuple[str, list[tuple[str, str | None, str]]]:
    """Set a roll of invented people in one of five layouts, broken at an arbitrary column."""
    dice = random.Random(seed)
    names = iter(dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2)))) for _ in range(99))
    style = dice.choice(("glued", "spread", "line", "comma"))
    present = [next(names) for _ in range(dice.randint(3, 9))]
    sent = [(unit, [next(names) for _ in range(dice.choice((1, 1, 2)))]) for unit in dice.sample(UNITS, 15)]

    def spread(name: str) -> str:
        return " ".join(name) if style in ("spread", "line") and len(name) == 2 else name

    first = "出席：" + " ".join(map(spread, present))
    if style == "line":
        second = "列席：" + "\n".join(f"{unit} {' '.join(map(spread, people))}" for unit, people in sent)
    else:
        width = dice.randint(18, 30)
        joined = ("，" if style == "comma" else " ").join(unit + "、".join(people) for unit, people in sent)
        first, second = (
            "\n".join(text[i : i + width] for i in range(0, len(text), width)) for text in (first, "列席：" + joined)
        )
    people = [("出席", None, name) for name in present]
    return f"{first}\n{second}", people + [("列席", unit, name) for unit, some in sent for name in some]


def test_random_rolls() -> None:
    """Of rolls with random names, units, layout and line ends at least 99 of 100 entries are found, and few others."""
    expected = found = right = 0
    for seed in range(40):
        roll, people = random_roll(seed)
        read = [(a.role, a.unit, a.name) for a in read_attendance(roll)]
        expected, found = expected + len(people), found + len(read)
        right += len(set(people) & set(read))
    assert right / expected > 0.99
    assert right / found > 0.99


@pytest.mark.parametrize("text", ["王" * 2000, "市发改委徐建国 " * 300, "（" * 9000, "局" * 2000, " \n" * 9000])
def test_time_is_linear(text: str) -> None:
    """Hostile rolls take time in proportion to their length: twice the text, not four times the time."""
    times = []
    for part in (text[: len(text) // 2], text):
        start = time.perf_counter()
        read_attendance(f"出席：{part}")
        times.append(time.perf_counter() - start)
    assert times[1] < 3.5 * times[0] + 0.5


def read_file(name: str) -> tuple[Attendance, ...]:
    path = SHARED / "minutes" / name
    if not path.exists():
        pytest.skip("the shared material is absent")
    lines = path.read_text("utf-8").split("\n")
    extent = find_roll(lines)
    assert extent is not None
    return read_attendance("\n".join(lines[slice(*extent)]))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["000_0988270c5dcddc10", "004_0be23ae9809bc393"])
def test_gold(name: str) -> None:
    """The hand-checked rolls are read without a fault, in order; units without a name come on top."""
    read = [(a.role, a.unit, a.name) for a in read_file(f"{name}.txt") if a.name is not None]
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text("utf-8"))["attendance"]
    assert read == [(entry["role"], entry["unit"], entry["name"]) for entry in gold]


@pytest.mark.shared
@pytest.mark.parametrize("number", ["003", "006", "007"])
def test_own_gold(number: str) -> None:
    """The rolls of three more bodies, written down by hand, are read without a fault."""
    gold = json.loads((GOLD / f"attendance_{number}.json").read_text("utf-8"))
    expected = [(role, unit, name) for role, unit, names in gold["roles"] for name in names.split()]
    assert [(a.role, a.unit, a.name) for a in read_file(gold["file"])] == expected
