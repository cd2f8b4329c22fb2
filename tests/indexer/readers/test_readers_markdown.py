"""Markdown gives its text without marks: headings with level, emphasis gone, rules as furniture."""

from __future__ import annotations

import pytest

from indexer.readers import read_bytes
from indexer.readers.markdown import plain
from indexer.readers.source import SourceText


def source(text: str, name: str = "a.md") -> SourceText:
    """Return a Markdown file's source."""
    return next(read_bytes(name, text.encode()))


def test_headings_have_levels() -> None:
    """Marks of a heading are kept out, with or without a space and closing marks; bold ones lose that, too."""
    lines = source("# 甲\n#### **二、审议《乙》**\n##三\n## 四 ##\n## C#").lines
    assert [(line.text, line.style, line.level) for line in lines] == [
        ("甲", "heading", 1),
        ("二、审议《乙》", "heading", 4),
        ("三", "heading", 2),
        ("四", "heading", 2),
        ("C#", "heading", 2),
    ]


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("**出席：**甲 乙", "出席：甲 乙"),
        ("*斜*体", "斜体"),
        ("***粗斜***", "粗斜"),
        ("__粗__", "粗"),
        ("> 引文", "引文"),
        ("[附件](http://a.cn/b.pdf)", "附件"),
        (r"1\. 项", "1. 项"),
        ("行尾\\", "行尾"),
        ("**跨行的粗", "跨行的粗"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("甲<br/>乙<u>丙</u>", "甲乙丙"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_marks_are_taken_out(marked: str, text: str) -> None:
    """Each mark goes, and what it marks stays."""
    assert plain(marked) == text


def test_furniture_lists_and_tables() -> None:
    """Rules, comments and fences are furniture; bullets become list lines, rows of a table cells with bars."""
    lines = source("---\n<!-- 注 -->\n```\n- 甲\n| 名称 | **数** |\n|---|:--|\n| 乙 | 2 |\n平常").lines
    assert [(line.text, line.style) for line in lines] == [
        ("---", "furniture"),
        ("<!-- 注 -->", "furniture"),
        ("```", "furniture"),
        ("甲", "list"),
        ("名称 | 数", "table"),
        ("|---|:--|", "furniture"),
        ("乙 | 2", "table"),
        ("平常", ""),
    ]


def test_markdown_in_a_txt_file_is_recognised() -> None:
    """Two headings, or one with bold lines, make a .txt file Markdown; a single number sign does not."""
    assert source("# 甲\n\n## 一、乙\n文", "a.txt").format == "md"
    assert source("# 甲\n\n**出席：**乙", "a.txt").format == "md"
    assert source("# 甲\n文", "a.txt").format == "txt"


def test_a_huge_line_stays_as_it_is() -> None:
    """A line beyond any text's length is not searched for marks."""
    text = "**甲**" * 10_000
    assert source(text).lines[0].text == text
