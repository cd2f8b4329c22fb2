"""Two places side by side: paragraphs that stand for each other stand beside each other, and marks are what differs."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import meeting

from indexer import compare as module
from indexer.compare import Comparison, Line, compare
from indexer.engines.choose import open_engine
from indexer.errors import NotFound
from indexer.model import Paragraph
from indexer.search import Index


def compared(a: list[str], b: list[str]) -> list[tuple[str | None, str | None]]:
    """Rows of two lists of paragraphs, what differs in brackets."""
    left, right = ([Paragraph(f"p{i}", text, (0, len(text))) for i, text in enumerate(side, 1)] for side in (a, b))
    return [(bracketed(row.a), bracketed(row.b)) for row in module._rows(left, right)]


def bracketed(line: Line | None) -> str | None:
    if line is None:
        return None
    text, done = "", 0
    for start, end in line.marks:
        text += f"{line.text[done:start]}[{line.text[start:end]}]"
        done = end
    return text + line.text[done:]


TABLE = [
    (["由市教育局牵头。"], ["由市教育局牵头。"], [("由市教育局牵头。", "由市教育局牵头。")]),
    (
        ["原则同意《办法》，由市教育局修改完善。"],
        ["同意《办法》，由市财政局修改完善。"],
        [("[原则同意]《办法》，由市[教育局]修改完善。", "[同意]《办法》，由市[财政局]修改完善。")],
    ),
    (
        ["甲方负责资金筹措", "乙方负责建设施工"],
        ["乙方负责建设施工"],
        [("[甲方负责资金筹措]", None), ("乙方负责建设施工",) * 2],
    ),
    ([], ["新增一段"], [(None, "[新增一段]")]),
    (["全角（ＡＢ）"], ["全角(AB)"], [("全角（ＡＢ）", "全角(AB)")]),
    (["養老服務條例"], ["养老服务条例"], [("養老服務條例", "养老服务条例")]),
]


@pytest.mark.parametrize(("a", "b", "rows"), TABLE)
def test_differences_are_marked(a: list[str], b: list[str], rows: list[tuple[str | None, str | None]]) -> None:
    """Words that one side alone has are marked; other forms of one character are no difference."""
    assert compared(a, b) == rows


@given(
    st.lists(st.text("甲乙丙，。 a1（", max_size=12), max_size=5),
    st.lists(st.text("甲乙丙，。 a1（", max_size=12), max_size=5),
)
def test_nothing_is_lost(a: list[str], b: list[str]) -> None:
    """Every paragraph of each side comes once, in its order, whole; what is not marked is the same on both sides."""
    left, right = ([Paragraph(f"p{i}", text, (0, len(text))) for i, text in enumerate(side, 1)] for side in (a, b))
    rows = list(module._rows(left, right))
    assert [row.a.text for row in rows if row.a] == a
    assert [row.b.text for row in rows if row.b] == b
    for row in rows:
        if row.a and row.b:
            kept = [
                "".join(c for i, c in enumerate(line.text) if not any(s <= i < e for s, e in line.marks) and c != " ")
                for line in (row.a, row.b)
            ]
            assert kept[0] == kept[1]


def test_what_is_too_long_is_told_as_different(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its bounds nothing is compared word by word, and nothing takes long."""
    chance = random.Random(3)
    texts = ["".join(chance.choice("的了和是") for _ in range(3000)) for _ in range(120)]
    started = time.perf_counter()
    rows = compared(texts, list(reversed(texts)))
    assert time.perf_counter() - started < 60  # a bound against hanging
    assert sum(a is not None for a, _ in rows) == sum(b is not None for _, b in rows) == 120
    monkeypatch.setattr(module, "MOST_PAIRS", 4)
    assert compared(["甲乙，丙丁，戊己"], ["甲乙，丙丁，庚辛"]) == [("[甲乙，丙丁，戊己]", "[甲乙，丙丁，庚辛]")]
    assert compared(["甲乙，丙丁，戊己"], ["甲乙，丙丁，戊己"]) == [("甲乙，丙丁，戊己", "甲乙，丙丁，戊己")]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """Two meetings with the same instrument, one of which has another lead, and one with another matter."""
    engine = open_engine(tmp_path / "index", create=True)
    first, second = meeting(1, date(2024, 1, 1)), meeting(2, date(2024, 2, 1))
    item = second.items[0]
    text = "（一）同意《云川市职业教育条例》。由市教育局修改完善后，按程序印发。"
    changed = replace(
        item.resolutions[0], text=text, paragraphs=(replace(item.resolutions[0].paragraphs[0], text=text),)
    )
    second = replace(second, items=(replace(item, resolutions=(changed, *item.resolutions[1:])),))
    bare = replace(meeting(3, date(2024, 3, 1)).items[0], instruments=())
    with engine.writing() as writing:
        for record in (first, second, meeting(3, date(2024, 3, 1), items=(bare,))):
            writing.put(record, ())
        writing.commit()
    return Index(engine)


def test_items_resolutions_and_paragraphs_are_compared(index: Index) -> None:
    """Whatever has an anchor can stand on a side; equal places are alike in whole."""
    a, b = (head.id for head in reversed(index.heads()) if head.number in (1, 2))
    found = index.compare(f"{a}#1", f"{b}#1")
    assert [bracketed(row.a) for row in found.rows][
        1
    ] == "（一）[原则同意]《云川市职业教育条例》。由市教育局修改完善后，按程序印发。"
    assert 0.9 < found.alike < 1
    assert (found.a.title, found.a.head.id, found.b.id) == ("审议《云川市职业教育条例》", a, f"{b}#1")
    for anchor in ("1.2", "1.2p1", "p1"):
        assert isinstance(index.compare(f"{a}#{anchor}", f"{b}#{anchor}"), Comparison)
    assert index.compare(f"{a}#1.2", f"{b}#1.2").alike == 1


@pytest.mark.parametrize("id", ["none#1", "MEET#9", "MEET#9.9", "MEET#1.2p9", "MEET#"])
def test_unknown_places_are_not_found(index: Index, id: str) -> None:
    """A record or anchor that is not there is told."""
    known = index.heads()[0].id
    with pytest.raises(NotFound):
        compare(index.engine, id.replace("MEET", known), f"{known}#1")


def test_what_may_be_compared_is_proposed(index: Index) -> None:
    """The other considerations of an instrument come first; without one, what says something like it elsewhere."""
    third, second, first = index.heads()
    assert [one.id for one in index.comparable(f"{first.id}#1.1")] == [f"{second.id}#1"]
    related = [one.id for one in index.comparable(f"{third.id}#1")]
    assert related
    assert not [one for one in related if one.startswith(third.id)]
