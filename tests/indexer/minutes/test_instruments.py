"""Titles of instruments: nested ones, short names, what the meeting considered, and what a title is made of."""

from __future__ import annotations

import pytest

from indexer.minutes import instruments
from indexer.minutes.view import View


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("审议《甲办法》《乙方案》。", ["甲办法", "乙方案"]),
        ("审议《关于修改〈甲办法〉的决定》。", ["关于修改〈甲办法〉的决定"]),
        ("审议《关于印发《甲办法》的通知》。", ["关于印发《甲办法》的通知"]),
        ("审议《甲办法》（以下简称《办法》）。", ["甲办法"]),
        ("审议《甲办法（草案）》。", ["甲办法（草案）"]),
        ("学习《求是》杂志发表的《甲》一文。", ["甲"]),
        ("审议《甲办法", []),
    ],
)
def test_outermost_titles(text: str, titles: list[str]) -> None:
    """The outermost titles count, with their draft marks; short names and what never closes do not."""
    assert instruments.names(View(text)) == titles


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("会议审议了《甲办法（试行）》，决定：原则同意该办法。", ["甲办法（试行）"]),
        ("会议讨论了市科技局提交的《甲办法》。", ["甲办法"]),
        ("会议审议通过的省委《甲建议》，体现了担当。", []),
        ("会议指出，要落实《甲条例》。", []),
        ("会议研究了其他事项。", []),
    ],
)
def test_what_a_meeting_says_it_considered(text: str, titles: list[str]) -> None:
    """A title is considered where the meeting itself deals with it, not where it is only named."""
    assert instruments.considered(View(text)) == titles


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("云溯市养老服务条例（修订草案送审稿）", ("云溯市养老服务条例", "条例", "修订草案送审稿")),
        ("公平竞争审查实施细则", ("公平竞争审查实施细则", "细则", None)),
        ("甲规划（2025—2035年）（送审稿）", ("甲规划（2025—2035年）", "规划", "送审稿")),
        ("關於甲的實施意見（徵求意見稿）", ("關於甲的實施意見", "意見", "徵求意見稿")),
        ("甲（讨论稿）（草案）", ("甲", None, "草案")),
        ("乌鲁木齐", ("乌鲁木齐", None, None)),
    ],
)
def test_a_title_is_taken_apart(title: str, parts: tuple[str, str | None, str | None]) -> None:
    """Draft marks are split off, and the kind of text is told by the end of what is left."""
    assert instruments.anatomy(title) == parts
