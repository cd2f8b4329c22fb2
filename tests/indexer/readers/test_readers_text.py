"""Plain text keeps all its lines; page numbers, rules and web chrome are marked, pages counted, the card read."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.readers import read, read_bytes
from indexer.readers.chrome import facts, furniture, is_information, page_number, rule
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"


def source(text: str) -> SourceText:
    """Return a text file's source."""
    return next(read_bytes("a.txt", text.encode()))


def styles(text: str) -> list[str]:
    """Return the style of each line of a text file."""
    return [line.style for line in source(text).lines]


CHROME = [
    "当前位置: 首页 > 政务公开 > 会议纪要",
    "您现在的位置：首页>新闻中心>正文",
    "您的位置:清河网 > 新闻",
    "首页 -> 政务公开 -> 政务要闻",
    "首页/政务公开/会议纪要",
    "[字体: 大 中 小] 打印",
    "【打印】 【关闭】",
    "打印 | 关闭窗口",
    "分享到： 微信 微博",
    "分享：",
    "访问量: 1,234",
    "浏览次数：88次",
    "上一条：清河市召开全会",
    "下一篇",
    "扫一扫在手机打开当前页",
    "用微信扫一扫分享",
    "Baidu",
    "map",
    "清ICP备12345678号-1",
    "清公网安备 12345678901234号",
    "网站标识码：1234567890",
    "本网站支持IPv6访问",
    "版权所有：清河市人民政府",
    "关联稿件：",
    "回到顶部",
    "时间: 2024-03-15 10:38 来源: 清河市人民政府办公室 访问量:",
    "发布日期：2024-03-15",
    "来源：清河日报",
    "2024-03-15 10:38 来源：清河日报 浏览：8 字体：大 中 小",
]
CONTENT = [
    "位置：清河镇东街",
    "项目所在位置：清河镇东街以北",
    "时间：2024年3月15日",
    "地点：市政府会议室",
    "日期：2024年3月15日上午",
    "首页设计方案由市大数据局负责，会后修改完善。",
    "上一条意见由市水务局牵头落实。",
    "打印店整治工作由市城管局负责",
    "来源：中央财政补助资金、省级财政补助资金、市级财政配套资金以及其他社会资金等各类渠道",
    "发布时间由市政府办公室确定后实施，来源可查、去向可追",
    "出席：张三 李四",
    "大",
    "下载",
    "阅读",
    "主办：清河市人民政府",
    "地址：清河镇东街8号",
    "政务公开",
]


@pytest.mark.parametrize("line", CHROME)
def test_chrome_lines_are_furniture(line: str) -> None:
    """A line that a page puts around a document is marked, and stays in the text."""
    found = source(f"会议同意。\n{line}\n会议强调。")
    assert [row.style for row in found.lines] == ["", "furniture", ""]
    assert line in found.text


@pytest.mark.parametrize("line", CONTENT)
def test_content_lines_are_never_furniture(line: str) -> None:
    """A line that only looks a little like chrome is content."""
    assert styles(f"会议同意。\n{line}\n会议强调。") == ["", "", ""]


def test_menus_and_footers_count_only_at_the_ends() -> None:
    """Menu words before the first line and a footer with a registration mark after the last are chrome."""
    text = "首页\n政务公开\n\n会议同意。\n政务公开\n会议强调。\n"
    text += "主办：清河市政府\n地址：东街8号\n清ICP备12345678号\n联系我们"
    assert styles(text) == ["furniture"] * 2 + ["", "", "", ""] + ["furniture"] * 4
    assert styles("会议同意。\n地址：东街8号") == ["", ""]


def test_information_lines_give_published_and_source() -> None:
    """Time and source of an information line become metadata, verbatim; empty ones do not."""
    assert source("标题\n时间: 2024-03-15 10:38 来源: 清河市政府 访问量:\n正文").meta == {
        "published": "2024-03-15 10:38",
        "source": "清河市政府",
    }
    assert facts("2024-03-15 来源：清河日报 [打印] 浏览量：3") == {"published": "2024-03-15", "source": "清河日报"}
    assert facts("更新时间：昨天 来源：") == {}
    assert facts("会议同意。") == {}
    assert not is_information("时间：2024年3月15日")


def test_the_card_of_a_document_is_read() -> None:
    """A copied card gives its values; a label without a value takes no other line, and prose is no card."""
    card = "• 索引号 QH01/2024-00012\n• 发文字号\n• 成文日期 2024-03-01\n• 发布日期 2024-03-15\n"
    card += "• 发布机构 清河市政府\n清河市纪要\n正文"
    assert source(card).meta == {
        "index_number": "QH01/2024-00012",
        "compiled": "2024-03-01",
        "published": "2024-03-15",
        "issuer": "清河市政府",
    }
    assert source("标题：关于供水\n来源广泛\n正文").meta == {}


def test_form_feeds_turn_pages() -> None:
    """Each form feed begins a page, and printed page numbers are furniture."""
    found = source("甲\n— 1 —\n\f乙\n- 2 -\n\f—  —\n丙")
    assert [(line.text, line.page, line.style) for line in found.lines if line.text] == [
        ("甲", 1, ""),
        ("— 1 —", 1, "furniture"),
        ("乙", 2, ""),
        ("- 2 -", 2, "furniture"),
        ("—  —", 3, "furniture"),
        ("丙", 3, ""),
    ]
    assert found.pages == 3


@pytest.mark.parametrize(
    ("text", "pages"),
    [("甲\n- 1 -\n乙\n- 2 -", [1, 1, 2, 2]), ("\n- 1 -\n甲\n- 2 -\n乙", [1, 1, 1, 2, 2]), ("甲\n乙", [None, None])],
)
def test_printed_numbers_turn_pages(text: str, pages: list[int | None]) -> None:
    """Without form feeds, numbers at the foot end pages, and numbers at the head begin them."""
    assert [line.page for line in source(text).lines] == pages


@pytest.mark.parametrize("line", ["— 3 —", "-3-", "－ 12 －", "—  —", "第 3 页 共 9 页", "第3页"])
def test_page_numbers(line: str) -> None:
    """Every printed form of a page number is one."""
    assert page_number(line)


@pytest.mark.parametrize("line", ["3", "——", "---", "——会议强调", "2024-03-15", "第3页的内容", ""])
def test_no_page_numbers(line: str) -> None:
    """Bare digits, dashes and text are no page numbers."""
    assert not page_number(line)


def test_rules_are_furniture() -> None:
    """A line that is only drawn is furniture."""
    assert [rule(text) for text in ("———————", "***", "|", "——", "—x—")] == [True, True, True, False, False]
    assert styles("甲\n----\n乙") == ["", "furniture", ""]


def test_lines_keep_their_indent_and_lose_only_white_space_at_the_end() -> None:
    """An indent stays, since it may begin a paragraph; lines are not joined."""
    assert [line.text for line in source("　　甲 \n乙\n\n").lines] == ["　　甲", "乙"]


def test_nothing_of_the_text_is_lost() -> None:
    """The joined lines are the file's text but for white space at line ends."""
    text = "\n".join(CHROME + CONTENT)
    assert source(text).text == text
    assert not furniture([])


@pytest.mark.shared
def test_real_minutes_are_read_whole() -> None:
    """Every real sample is read, and no character but control characters and Markdown marks is lost."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    paths = [*sorted((SHARED / "minutes").glob("*.txt")), *sorted((SHARED / "minutes-excerpts").glob("*.txt"))]
    for path in paths:
        found = next(read(path))
        kept = "".join(found.text.split())
        raw = "".join(c for c in path.read_text("utf-8") if c >= " " and not c.isspace())
        if found.format == "md":
            kept, raw = (text.replace("#", "").replace("*", "") for text in (kept, raw))
        assert kept == raw, path.name


@pytest.mark.shared
@pytest.mark.parametrize(
    ("prefix", "lines", "chrome", "pages"),
    [("000", 112, 4, None), ("004", 88, 5, None), ("006", 233, 8, 8), ("010", 25, 0, None), ("012", 63, 10, None)],
)
def test_real_minutes_facts(prefix: str, lines: int, chrome: int, pages: int | None) -> None:
    """Line, furniture and page counts of real samples, counted by hand."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    found = next(read(next((SHARED / "minutes").glob(f"{prefix}_*.txt"))))
    assert (len(found.lines), sum(line.style == "furniture" for line in found.lines), found.pages) == (
        lines,
        chrome,
        pages,
    )
