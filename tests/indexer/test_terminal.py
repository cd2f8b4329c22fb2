"""How values look in a terminal: widths, stripped control characters, and what each kind of value shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.answer import Answer, Total
from indexer.engines.engine import PassageRecord, RecordHead, Stats
from indexer.minutes.parse import parse
from indexer.outcome import Failure, Report
from indexer.readers import read
from indexer.terminal import (
    answer_lines,
    clean,
    head_line,
    place,
    record_lines,
    report_lines,
    stats_lines,
    table,
    width,
)

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
    more = Report(others=((".jpg", 3), (".rar", 1), ("", 1), *((f".{n}", 1) for n in range(7))))
    assert list(report_lines(more))[2:] == [
        "文件夹里还有不读的文件：.jpg 3，.rar 1，无后缀 1，.0 1，.1 1，.2 1，.3 1，.4 1，其他 2"
        "（图片中的文字用 --ocr 识别；压缩包请先解压）"
    ]
    shown = "\n".join(stats_lines(Stats(1, 2, 3000, 1, 1_500_000, 4, "whoosh 1", "jieba")))
    assert "3,000" in shown
    assert "1.5 MB" in shown


MINUTES = """云州市人民政府第132次常务会议纪要
2021年3月29日下午，李平市长主持召开市政府第132次常务会议。
一、审议《云州市节水办法》
（一）原则同意市水利局提交的《云州市节水办法》（以下简称《办法》）。由市水利局会同市财政局根据会议意见修改完善后，于6月底前提请市委常委会审议。
（二）各地各部门要压实责任。
出席：李平 王颀
列席：市水利局张剑，市财政局的代表
云州市人民政府办公室整理
202149
"""


def test_a_record_as_a_table_to_hold_against_its_page(tmp_path: Path) -> None:
    """Every fact stands behind its name and anchor, what should be there and is not as —, and text in its wording."""
    path = tmp_path / "a.txt"
    path.write_text(MINUTES, encoding="utf-8")
    (source,) = read(path)
    lines = list(record_lines(parse(source)))
    assert lines[1:8] == [
        "标题  云州市人民政府第132次常务会议纪要",
        "机关  云州市人民政府",
        "会议  第132次常务会议",
        "日期  2021-03-29",
        "主持  李平（市长）",
        "议题  1",
        "文号  —",
    ]
    assert "整理  202149" in lines
    start = lines.index("1. 审议《云州市节水办法》")
    assert [line.split() for line in lines[start + 1 : start + 8]] == [
        ["文件", "《云州市节水办法》"],
        ["简称", "办法", "=", "云州市节水办法"],
        ["1.1", "结论", "原则同意", "市水利局提交的《云州市节水办法》；条件：根据会议意见修改完善后"],
        ["汇报", "市水利局"],
        ["牵头", "市水利局"],
        ["其他单位", "市财政局"],
        ["下一步", "提请市委常委会审议（市委常委会）"],
    ]
    assert [line.split()[-1] for line in lines if "时限" in line] == ["6月底前"]
    assert [line.split()[1:] for line in lines if line.strip().startswith("1.2")] == [["要求", "各地各部门"]]
    assert "出席（2）  李平、王颀" in lines
    assert "列席（2）  张剑（市水利局）、市财政局（代表）" in lines
    assert lines[-1] == "提示：日期“202149”无法确认，原样保留"
