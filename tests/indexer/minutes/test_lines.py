"""Sources become rows, and rows natural paragraphs, without losing a character of content."""

from __future__ import annotations

from indexer.minutes.lines import furniture, rows
from indexer.minutes.paragraphs import blocks, line_width, single
from indexer.readers.source import Line, SourceText


def paragraphs(source, text: str) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the natural paragraphs of a text."""
    found = rows(source(text))
    return [block.text for block in blocks(found, line_width(found))]


def test_marks_and_rules_are_left_out(source) -> None:  # type: ignore[no-untyped-def]
    """Markdown marks, drawn rules, page numbers and blank lines are no text."""
    text = "## 一、听取汇报\n\n---\n**出席：**张三\n—  —\n- 12 -\n|\n<!-- INFO END -->\n正文。"
    assert [row.text for row in rows(source(text))] == ["一、听取汇报", "出席：张三", "正文。"]


def test_rows_know_where_they_stand(source) -> None:  # type: ignore[no-untyped-def]
    """The range of a row is that of its text in the source."""
    made = source("  ## 标题 \n\n　　正文。")
    assert [made.text[row.start : row.end] for row in rows(made)] == ["标题", "正文。"]
    assert [row.gap for row in rows(made)] == [False, True]
    assert [row.indented for row in rows(made)] == [True, True]


def test_furniture_is_left_out_but_can_be_asked_for() -> None:
    """Lines that a reader marked as furniture are no rows."""
    lines = (Line("首页 > 政务公开", style="furniture"), Line("正文。"))
    made = SourceText("a.html", "html", "0" * 64, lines)
    assert [row.text for row in rows(made)] == ["正文。"]
    assert furniture(made) == ["首页 > 政务公开"]


def test_a_page_on_one_line_is_parted_at_its_items(source) -> None:  # type: ignore[no-untyped-def]
    """Where a web copy put paragraphs on one line, the space between two sentences tells them apart."""
    line = "会议听取了甲汇报。" + "要落实。" * 60 + " 会议审议了《乙》。" + "要抓紧。" * 5 + " 会议指出，好。"
    made = source(line)
    found = rows(made)
    assert [row.text[:5] for row in found] == ["会议听取了", "会议审议了"]
    assert "".join(row.text for row in found) == line.replace("。 会议审议", "。会议审议")
    assert all(made.text[row.start : row.end] == row.text for row in found)


def test_a_word_broken_by_a_blank_line_is_mended(source) -> None:  # type: ignore[no-untyped-def]
    """Sentences go on across blank lines, page numbers and page ends."""
    text = (
        "（一）原则同意市总工会关于设立“工匠日”有关情况的汇\n\n报。由市总工会办理。\n"
        "（二）要加强资金管理，用好财政\n\n— 3 —\n资金。"
    )
    assert paragraphs(source, text) == [
        "（一）原则同意市总工会关于设立“工匠日”有关情况的汇报。由市总工会办理。",
        "（二）要加强资金管理，用好财政资金。",
    ]


def test_headings_are_not_joined_to_what_follows(source) -> None:  # type: ignore[no-untyped-def]
    """A heading has no full stop and stays alone; one whose title is still open goes on."""
    text = (
        "一、听取全市防汛救灾和安全生产重点工作推进情况的汇报\n会议指出，要抓实。\n"
        "二、审议《云州市水资源\n管理办法》\n同意。\n三、听取有关情况的汇\n报\n好。"
    )
    assert paragraphs(source, text) == [
        "一、听取全市防汛救灾和安全生产重点工作推进情况的汇报",
        "会议指出，要抓实。",
        "二、审议《云州市水资源管理办法》",
        "同意。",
        "三、听取有关情况的汇报",
        "好。",
    ]


def test_hard_wrapped_text(source) -> None:  # type: ignore[no-untyped-def]
    """Where all lines have one width, a full line goes on even behind a full stop; a short one ends a paragraph."""
    full = "各级各部门要提高认识压实责任抓好落实确保任务完成。"
    text = "\n".join(
        [
            "一、会议听取了全市安全生产工作情况汇报，并安排",
            "部署。" + full[3:],
            full,
            full,
            full,
            "到位。",
            full,
            full,
            "完毕。",
        ]
    )
    found = paragraphs(source, text)
    assert len(found) == 2
    assert found[0].startswith("一、会议听取了全市安全生产工作情况汇报，并安排部署。")
    assert found[1].endswith("完毕。")


def test_whole_lines_stay_whole(source) -> None:  # type: ignore[no-untyped-def]
    """What the format calls a paragraph is never joined by guess."""
    found = rows(source("会议要求各有关部门继续认真抓好相关工作落实\n到位。", whole=True))
    assert len(blocks(found, None)) == 2


def test_heading_lines_join_only_where_they_plainly_go_on(source) -> None:  # type: ignore[no-untyped-def]
    """Above the meeting sentence lines are paragraphs unless a title stays open."""
    found = single(rows(source("云州市人民政府\n关于印发《云州市\n水资源办法》的通知")))
    assert [block.text for block in found] == ["云州市人民政府", "关于印发《云州市水资源办法》的通知"]
    assert single([]) == []


def test_latin_words_keep_their_space(source) -> None:  # type: ignore[no-untyped-def]
    """Two words that a line end parts stay two words."""
    text = "会议听取了关于引进先进设备和技术的情况汇报并研究 open\nsource 软件使用。"
    assert paragraphs(source, text) == ["会议听取了关于引进先进设备和技术的情况汇报并研究 open source 软件使用。"]
