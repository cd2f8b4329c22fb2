"""Bodies of minutes in every layout become items and resolutions."""

from __future__ import annotations

import pytest

from indexer.minutes.outline import outline
from indexer.minutes.paragraphs import Block

Shape = list[tuple[int, str, list[int | None]]]


def body(text: str) -> list[Block]:
    """Return the lines of a text as paragraphs."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append(Block(line, start, start + len(line)))
        start += len(line) + 1
    return found


def shape(text: str) -> Shape:
    """Return number, title and resolution numbers of each item."""
    return [(i.number, i.title, [p.number for p in i.parts]) for i in outline(body(text)).items]


LAYOUTS: dict[str, tuple[str, Shape]] = {
    "headings with resolutions": (
        "会议议定以下意见：\n一、听取防汛汇报\n（一）原则同意。\n（二）要压实责任。\n二、审议《办法》\n（一）原则通过《办法》。",
        [(1, "听取防汛汇报", [1, 2]), (2, "审议《办法》", [1])],
    ),
    "half-width and spaced": (
        "一 、听取 防汛 汇报\n(一)原则同意。\n二 . 审议《办法》\n( 一 )同意。",
        [(1, "听取防汛汇报", [1]), (2, "审议《办法》", [1])],
    ),
    "a bare numeral alone on its line": (
        "一\n会议听取了防汛情况汇报，议定了以下意见：要抓实。\n二\n会议审议了《办法》及相关事项，原则上同意。",
        [(1, "会议听取了防汛情况汇报", [None]), (2, "会议审议了《办法》及相关事项", [None])],
    ),
    "items that run in": (
        "一、会议传达学习了全省会议精神，并研究了贯彻工作。会议强调，要落实。\n二、会议讨论并原则同意《请示》。会议要求，抓好。",
        [(1, "会议传达学习了全省会议精神", [None]), (2, "会议讨论并原则同意《请示》", [None])],
    ),
    "a lead-in before resolutions": (
        "四\n会议听取了两项工作的情况汇报，议定了以下意见：\n（一）关于救助工作。要应保尽保。\n（二）关于养老工作。原则上同意。",
        [(4, "会议听取了两项工作的情况汇报", [1, 2])],
    ),
    "only bracketed numbers": (
        "（一）关于新院区建设\n会议同意调整时间。\n（二）关于项目用地\n会议同意用地方案。",
        [(1, "关于新院区建设", [None]), (2, "关于项目用地", [None])],
    ),
    "only arabic numbers": (
        "1、听取防汛汇报\n会议同意。\n2、审议《办法》\n会议原则通过。",
        [(1, "听取防汛汇报", [None]), (2, "审议《办法》", [None])],
    ),
    "topics": (
        "议题一：听取防汛汇报\n会议同意。\n议题二：审议《办法》\n会议原则通过。",
        [(1, "听取防汛汇报", [None]), (2, "审议《办法》", [None])],
    ),
    "no numbers at all": (
        "会议听取了防汛情况汇报。会议指出，形势严峻。\n会议强调，要压实责任。\n会议审议通过了《办法》。\n会议还研究了其他事项。",
        [(1, "会议听取了防汛情况汇报", [None]), (2, "会议审议通过了《办法》", [None])],
    ),
    "no items": ("会议指出，过去一年极不平凡。\n会议强调，要久久为功。", []),
    "a list inside a resolution": (
        "一、审议项目清单\n会议原则通过清单：\n1. 饮水项目；\n2. 道路项目。\n二、听取汇报\n会议同意。",
        [(1, "审议项目清单", [None]), (2, "听取汇报", [None])],
    ),
    "numbers that start again": (
        "一、审议甲\n同意。\n二、审议乙\n同意。\n一、附件条目\n二、附件条目",
        [(1, "审议甲", [None]), (2, "审议乙", [None])],
    ),
    "a heading with a full stop": (
        "一、听取防汛工作情况。\n要压实责任。\n二、审议《办法》。\n原则同意。",
        [(1, "听取防汛工作情况", [None]), (2, "审议《办法》", [None])],
    ),
    "beyond ten": (
        "\n".join(f"{n}、审议{n}号文件\n同意。" for n in ("十", "十一", "十二")),
        [(10, "审议十号文件", [None]), (11, "审议十一号文件", [None]), (12, "审议十二号文件", [None])],
    ),
    "empty": ("", []),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str) -> None:
    """Every layout gives its items, numbers and titles."""
    text, expected = LAYOUTS[name]
    assert shape(text) == expected


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_paragraph_is_in_one_place(name: str) -> None:
    """A paragraph is a heading, part of a resolution, or loose: never lost and never twice."""
    blocks = body(LAYOUTS[name][0])
    found = outline(blocks)
    placed = list(found.loose)
    for item in found.items:
        placed.extend([item.heading] if item.heading else [])
        placed.extend(block for part in item.parts for block in part.blocks)
    assert sorted(block.start for block in placed) == [block.start for block in blocks]


def test_a_missing_number_is_told() -> None:
    """One number may be missing; the outline says which."""
    found = outline(body("一、审议甲\n同意。\n三、审议丙\n同意。"))
    assert [item.number for item in found.items] == [1, 3]
    assert found.skipped == [2]


@pytest.mark.parametrize(
    ("title", "action"),
    [
        ("一、审议修订《细则》", "审议修订"),
        ("一、传达学习全省会议精神", "传达学习"),
        ("一、会议听取了汇报。会议指出，好。", "听取"),
        ("一、专题学习《法典》，研究环保工作", "专题学习"),
        ("一、关于预算调整有关问题", None),
    ],
)
def test_actions(title: str, action: str | None) -> None:
    """The action is the verb that the title begins with."""
    assert outline(body(f"{title}\n要落实。")).items[0].action == action


def test_titles_keep_meetings_that_commas_part() -> None:
    """What is passed on ends with 精神, however many meetings it came from."""
    text = "二、会议传达学习了10 月17 日国务院常务会议，省政府第3 次常务会议精神，并研究了工作。会议强调，好。"
    assert shape(text)[0][1] == "会议传达学习了10月17日国务院常务会议，省政府第3次常务会议精神"
