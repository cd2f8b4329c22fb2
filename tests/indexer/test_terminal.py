"""How values look in a terminal: widths, stripped control characters, and what each kind of value shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answer import Answer, Total
from indexer.engines.engine import PassageRecord, RecordHead, Stats
from indexer.outcome import Failure, Report
from indexer.terminal import answer_lines, clean, head_line, place, report_lines, stats_lines, table, width

HEAD = RecordHead("20230113-00000000", "meeting", "纪要", "云州市人民政府", "常务会议", 1, None)
ANSWER = Answer("职叶教育", ("职叶教育",), (), "related", Total(0, 0), 0, 10, 1.25, ())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, ""),
        ("两行\n一 \t 行", "两行 一 行"),
        ("\x1b[31m红\x1b[0m", "[31m红[0m"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("坏\udcff字", "坏字"),
        ("\u3000全角\u3000空格", "全角 空格"),
    ],
)
def test_clean(text: str | None, shown: str) -> None:
    """A line has no control, formatting or half characters, and single spaces."""
    assert clean(text) == shown


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("会议", 4), ("（一）", 6), ("e\u0301", 1)])
def test_width(text: str, columns: int) -> None:
    """A wide character takes two columns, a combining one none."""
    assert width(text) == columns


def test_table() -> None:
    """Columns stand under each other, whatever the widths of their characters, and lines have no space at the end."""
    assert list(table([("会议", "1"), ("a", "22"), ("b", "")])) == ["会议  1", "a     22", "b"]
    assert list(table([])) == []


def test_answer_without_hits() -> None:
    """An answer without hits tells its counts, and what may have been meant."""
    (line,) = answer_lines(ANSWER, color=False)
    assert "0 条" in line
    lines = list(answer_lines(replace(ANSWER, notices=("注意",), corrections=lambda: ("职业教育", "职教")), color=True))
    assert lines[1:] == ["提示：注意", "是否要查：职业教育、职教"]


def test_names_of_records() -> None:
    """A meeting is named by body, number and kind, another record by its title, and one without either by its id."""
    assert head_line(HEAD) == "云州市人民政府第1次常务会议"
    assert head_line(replace(HEAD, number=None)) == "纪要"
    assert head_line(replace(HEAD, number=None, title=None)) == "云州市人民政府常务会议"
    assert head_line(RecordHead("d-1", "document", None, None, None, None, None)) == "d-1"


def test_place_of_a_passage() -> None:
    """A passage is placed by its record, its item, its verdicts and who takes the lead, as far as there are any."""
    passage = PassageRecord("x#1.1", "1.1", "resolution", "resolution", "文", HEAD)
    assert place(passage) == "云州市人民政府第1次常务会议"
    full = replace(passage, item_number=1, item_title="审议规划", verdicts=("同意", "听取"), lead_department="市教育局")
    assert place(full) == "云州市人民政府第1次常务会议  1 审议规划  [同意、听取]  牵头：市教育局"


def test_report_and_stats() -> None:
    """A report lists its duplicates and failures, an index its sizes."""
    report = Report(
        added=2, duplicates=(("a.txt", "x"),), failed=(Failure("b\x1b.txt", "坏\n了"),), withheld=("c.txt",)
    )
    lines = list(report_lines(report))
    assert lines[0].startswith("新增 2，更新 0")
    assert lines[2:] == ["重复：a.txt 与已收录的 x 相同", "未收录：c.txt 未标明公开", "未能读取：b.txt：坏 了"]
    shown = "\n".join(stats_lines(Stats(1, 2, 3000, 1, 1_500_000, 4, "whoosh 1", "jieba")))
    assert "3,000" in shown
    assert "1.5 MB" in shown
