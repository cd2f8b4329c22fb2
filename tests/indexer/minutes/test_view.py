"""The stream of a text leads back to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.minutes.view import View, tidy


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (" 听取 县 司法局 关于 2025 年度 的 报告 ", "听取县司法局关于2025年度的报告"),
        ("Apache License", "Apache License"),
        ("A  B", "A B"),
        ("汇\n\n报", "汇报"),
        ("", ""),
    ],
)
def test_stray_spaces(text: str, tidied: str) -> None:
    """Spaces go next to Chinese and digits and stay between words."""
    assert tidy(text) == tidied


def test_pinyin_notes_and_doubled_commas_are_seen_through() -> None:
    """What a mirror added hides nothing; values keep it, as it stands in the source."""
    view = View("會(huì)議(yì)審議,。")
    assert view.stream == "会议审议。"
    assert view.value(0, 4) == "會(huì)議(yì)審議"
    assert View("方案（试行）").stream == "方案(试行)"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("会议听取了汇报。原则同意。", ["会议听取了汇报。", "原则同意。"]),
        ("审议《甲。乙》通过；同意", ["审议《甲。乙》通过;", "同意"]),
        ("一、???汇报", ["一、???汇报"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    """Sentences end at their marks, but not inside a title."""
    view = View(text)
    assert [view.stream[a:b] for a, b in view.sentences] == sentences


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("原则同意，由市局印发", ["原则同意,", "由市局印发"]),
        ("时间10:38，共1,000元", ["时间10:38,", "共1,000元"]),
        ("致“发展：使命，行动”的贺信，并", ['致"发展:使命,行动"的贺信,', "并"]),
        ("《甲，乙》，丙", ["《甲,乙》,", "丙"]),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    """Commas part clauses, but not inside titles, quotes and numbers."""
    view = View(text)
    assert [view.stream[a:b] for a, b in view.clauses(0, len(view.stream))] == clauses


@given(st.text(alphabet="会议，。《》“”（） \n1a", max_size=60))
def test_nothing_is_lost_between_sentences_and_clauses(text: str) -> None:
    """Sentences, and the clauses of each, cover the stream without a gap."""
    view = View(text)
    assert "".join(view.stream[a:b] for a, b in view.sentences) == view.stream
    for start, end in view.sentences:
        assert "".join(view.stream[a:b] for a, b in view.clauses(start, end)) == view.stream[start:end]
