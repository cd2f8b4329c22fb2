"""Government pages give their document and nothing around it, whatever system wrote them and however broken."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from indexer.errors import UnreadableFile
from indexer.readers import read, read_bytes
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"
MENU = (
    "<div class=nav><a href=/>首页</a><a href=/b>政务公开</a></div><div class=crumbs>当前位置：首页 &gt; 会议纪要</div>"
)
FOOT = "<div class=footer>主办：清河市人民政府，地址：东街8号，电话请拨打总值班室。</div><p>清ICP备12345678号</p>"
BODY = "<p>会议听取了全市供水情况汇报，原则同意市水务局意见。</p><p>会议强调，要抓好落实。</p>"


def source(markup: str, name: str = "a.html") -> SourceText:
    """Return a page's source."""
    return next(read_bytes(name, markup.encode()))


def texts(markup: str) -> list[str]:
    """Return a page's lines but furniture."""
    return [line.text for line in source(markup).lines if line.style != "furniture"]


def page(container: str) -> str:
    """Return a page around a container."""
    head = "<!DOCTYPE html><html><head><title>纪要_清河市人民政府</title></head>"
    return f"{head}<body>{MENU}{container}{FOOT}</body></html>"


@pytest.mark.parametrize(
    "container",
    [
        f"<td id=UCAP-CONTENT>{BODY}</td>",
        f"<div class='pages_content mhide'>{BODY}</div>",
        f"<div class=TRS_Editor><div class=Custom_UnionStyle>{BODY}</div></div>",
        f"<div id=zoom>{BODY}</div>",
        f"<div id=vsb_content><div class=v_news_content>{BODY}</div></div>",
        f"<article>{BODY}</article>",
        f"<div class=xyz><div class=abc>{BODY}</div></div>",
        f"<div id=content></div><div class=abc>{BODY}</div>",
    ],
)
def test_the_document_is_found_in_every_container(container: str) -> None:
    """The two paragraphs come out alone from each system's container, and from one without a name."""
    container = f"<table><tr>{container}</tr></table>" if container.startswith("<td") else container
    found = [line for line in source(page(container)).lines if line.style != "furniture"]
    assert [line.text[:4] for line in found] == ["会议听取", "会议强调"]
    assert all(line.whole for line in found)


def test_every_part_of_a_divided_document_is_read() -> None:
    """Two containers of one name that lie side by side are both the document."""
    assert len(texts(page(f"<div class=TRS_Editor>{BODY}</div><div class=TRS_Editor>{BODY}</div>"))) == 4


def test_a_document_inside_a_badly_named_element_is_kept() -> None:
    """An element with a menu's name that holds the document is no menu."""
    assert len(texts(page(f"<div id=content><div class=header>{BODY}</div></div>"))) == 2


def test_hidden_elements_scripts_and_chrome_inside_are_left_out() -> None:
    """What a browser does not show is not read; share rows inside the container are left out or marked."""
    inside = (
        "<p style='color:red; display : none'>隐藏</p><p hidden>隐藏</p><script>var a='脚本'</script><style>p{}</style>"
        "<!-- 注 --><select><option>选</option></select><div class=share>分享到微信</div><p>【打印】【关闭】</p>"
        "<ruby>清<rt>qing</rt></ruby>"
    )
    assert texts(page(f"<div id=zoom>{BODY}{inside}</div>"))[2:] == ["清"]


def test_line_breaks_and_paragraphs() -> None:
    """A <br> ends a line that may go on, unless an empty or indented line follows; a block ends a whole one."""
    lines = source("<div id=zoom>甲，<br>乙。<br>　　丙<br><br>丁<p>戊</p></div>").lines
    assert [(line.text, line.whole) for line in lines] == [
        ("甲，", False),
        ("乙。", True),
        ("丙", True),
        ("丁", True),
        ("戊", True),
    ]


def test_white_space_is_as_shown() -> None:
    """Line breaks in the markup vanish between Han characters, no-break spaces become spaces."""
    assert texts("<p>原则\n  同意 Word\n art&nbsp;&nbsp;张&nbsp;剑</p>") == ["原则同意 Word art  张 剑"]
    assert texts("<pre>甲\n乙</pre>") == ["甲", "乙"]


def test_tables_become_rows() -> None:
    """A row of data is one line with bars, a row of one cell its text; a layout table gives its paragraphs."""
    table = (
        "<table><tr><td colspan=2>附件</td></tr><tr><th>名称</th><th>数</th></tr>"
        "<tr><td><p>甲</p><p>乙</p></td><td></td></tr></table>"
    )
    lines = source(f"<div id=zoom>{table}</div>").lines
    assert [(line.text, line.style) for line in lines] == [
        ("附件", "table"),
        ("名称 | 数", "table"),
        ("甲 乙", "table"),
    ]
    nested = f"<table><tr><td>左</td><td>{table}</td></tr></table>"
    assert texts(f"<div id=zoom>{nested}</div>") == ["左", "附件", "名称 | 数", "甲 乙"]
    assert texts("<div id=zoom><table><tr><td>甲</td></tr><tr><td><p>乙</p><p>丙</p></td></tr></table></div>") == list(
        "甲乙丙"
    )
    form = "<table><tr><td>内容</td><td><p>甲<p>乙<p>丙<p>丁</td></tr></table>"
    assert texts(f"<div id=zoom>{form}</div>") == ["内容", *"甲乙丙丁"]
    long = "会议同意。" * 500
    assert len(texts(f"<table><tr><td>左</td><td>{long}</td></tr></table>")) == 2
    assert len(texts("<table><caption>表一</caption><tr><td>甲</td><td>乙</td></tr></table>")) == 3


def test_headings_and_lists() -> None:
    """Headings have levels; items of an ordered list have the numbers that a browser shows."""
    lines = source("<div id=zoom><h2>一、<b>供水</b></h2><ol start=3><li>甲<li>4. 乙</ol><ul><li>丙</ul></div>").lines
    assert [(line.text, line.style, line.level) for line in lines] == [
        ("一、供水", "heading", 2),
        ("3. 甲", "list", None),
        ("4. 乙", "list", None),
        ("丙", "list", None),
    ]
    assert texts("<ol style='list-style:none'><li>甲</ol>") == ["甲"]


def test_metadata() -> None:
    """Standard meta names, the card's table, the information line and the address become metadata."""
    found = source(
        "<html><head><meta name=ArticleTitle content='清河市政府第3次常务会议纪要'>"
        "<meta name=PubDate content='2024-03-15 09:00'>"
        "<meta name=ContentSource content=市府办><meta name=ColumnName content=会议纪要>"
        "<link rel=canonical href='http://www.example.gov.cn/a/b.html'></head><body>"
        "<table><tr><td>索 引 号：</td><td>QH01</td><td>发文字号：</td><td>清府纪〔2024〕3号</td></tr>"
        "<tr><td>主 题 词：</td><td></td></tr></table>"
        "<ul><li>发布机构：清河市政府</li><li>成文日期：2024年3月1日 有效性：有效</ul>"
        f"<div id=zoom>{BODY}<a href='../c.docx?x=1'>附件：方案</a><iframe src='/d.pdf'></iframe>"
        "<a href='http://['>坏</a></div>"
    )
    assert found.meta == {
        "title": "清河市政府第3次常务会议纪要",
        "published": "2024-03-15 09:00",
        "source": "市府办",
        "column": "会议纪要",
        "url": "http://www.example.gov.cn/a/b.html",
        "index_number": "QH01",
        "doc_number": "清府纪〔2024〕3号",
        "issuer": "清河市政府",
        "compiled": "2024年3月1日",
        "validity": "有效",
    }
    assert found.attachments == ("附件：方案 http://www.example.gov.cn/c.docx?x=1", "http://www.example.gov.cn/d.pdf")


def test_a_card_and_an_information_line_inside_the_container() -> None:
    """Inside the document they are furniture, and are read all the same; the saved page's note gives the address."""
    card = "<table><tr><td>索引号</td><td>QH01</td></tr><tr><td>发布机构</td><td>市府办</td></tr></table>"
    found = source(
        "<!-- saved from url=(0030)http://www.example.gov.cn/a.html --><html><base href='http://b.cn/'>"
        f"<div id=zoom>{card}<p>发布时间：2024-03-15 来源：清河日报</p>{BODY}</div><a href=x.pdf>附</a>"
    )
    assert [line.style for line in found.lines] == ["furniture"] * 3 + ["", ""]
    assert found.meta["index_number"] == "QH01"
    assert (found.meta["published"], found.meta["source"]) == ("2024-03-15", "清河日报")
    assert found.meta["url"] == "http://www.example.gov.cn/a.html"
    assert found.attachments == ("附 http://b.cn/x.pdf",)


def test_the_title_is_shown_once() -> None:
    """A heading and a number above the container come first; a title inside, even over two lines, is only marked."""
    above = source(
        page(f"<h1>清河市纪要</h1><p>清府纪〔2024〕3号</p><p>发布：今天</p><div id=zoom>{BODY}</div>").replace(
            "纪要_", "清河市纪要_"
        )
    )
    assert [(line.text[:6], line.style) for line in above.lines][:3] == [
        ("清河市纪要", "title"),
        ("清府纪〔20", ""),
        ("会议听取了全", ""),
    ]
    inside = source(f"<title>关于供水的通知-清河市政府</title><div id=zoom><p>关于供水</p><p>的 通 知</p>{BODY}</div>")
    assert [line.style for line in inside.lines] == ["title", "title", "", ""]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>清河纪要_会议_清河市</title>", "清河纪要"),
        ("<title>清河市 | 供水纪要</title><h1>供水纪要</h1>", "供水纪要"),
        ("<h1>供水纪要</h1>", "供水纪要"),
        ("<title></title>", None),
    ],
)
def test_titles(head: str, title: str | None) -> None:
    """The title is the page's own heading, or what <title> says before the site's name."""
    assert source(f"<html><head>{head}</head><div id=zoom>{BODY}</div>").meta.get("title") == title


def test_pictures_only() -> None:
    """A scan inside a page is told; a page without any text is refused."""
    assert source("<div id=zoom><p>附图</p><img src=a><img src=b></div>").notices == (
        "正文是 2 张图片，图中文字没有读取",
    )
    for empty in ("<html></html>", "<html><frameset><frame src=x></frameset></html>", "<html><script>x</script>"):
        with pytest.raises(UnreadableFile, match="网页里没有正文"):
            source(empty)


def test_encodings_of_pages() -> None:
    """A page is read by its declared encoding; UTF-16 tags are seen, too."""
    markup = "<html><head><meta charset=gb2312></head><body><p>镕</p></body></html>"
    assert next(read_bytes("a.htm", markup.encode("gbk"))).lines[0].text == "镕"
    assert next(read_bytes("a", "<html><p>会议同意</p>".encode("utf-16"))).lines[0].text == "会议同意"


HOSTILE = {
    "divs": "<div>" * 100_000 + BODY,
    "mixed": "<div><span><b><table><tr><td><ul><li>" * 15_000 + BODY,
    "formats": "".join(f"<font a={i}>" for i in range(20_000)) + "<p>会</p>" * 5_000,
    "links": "".join(f"<a href={i}><p>会" for i in range(10_000)),
    "attributes": "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">会",
    "scripts": "<script>'<div>'</script><textarea><div></textarea>" * 5_000 + BODY,
    "brackets": "<html>会" + "<" * 500_000,
    "names": "<div class='content nav title'>" * 390 + "会议。<div class=content>会</div>" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_read_in_time(name: str) -> None:
    """Depth, unclosed tags and masses of attributes neither crash nor hang the reader."""
    started = time.perf_counter()
    assert "会" in source(HOSTILE[name]).text
    assert time.perf_counter() - started < 20


@given(st.text(st.sampled_from("<>/=&;\"'-! \ndivptabletrbrspan一")))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    """Whatever the markup, the outcome is lines without line ends or UnreadableFile."""
    try:
        lines = source("<html>" + markup).lines
    except UnreadableFile:
        return
    assert all(line.text.strip() == line.text != "" and "\n" not in line.text for line in lines)


@given(st.lists(st.text(st.sampled_from("会议同意由市水务局，。牵头"), min_size=1), min_size=1, max_size=8))
def test_no_paragraph_is_lost(paragraphs: list[str]) -> None:
    """Every paragraph of a container is one line, in order."""
    body = "".join(f"<p><span>{text}</span></p>" for text in paragraphs)
    assert [line.text for line in source(f"<html><div id=zoom>{body}</div>").lines] == paragraphs


# Read by hand beside the page: lines, rows of tables, characters but white space, first and last characters, number.
GOLDEN = [
    ("2018_11_19_content_5341736", 74, 0, 3552, "中华人民共和", "利代理业务。", "国令第706号"),
    ("2018_12_02_content_5345284", 54, 22, 1945, "国务院办公厅", "5 | 45", "国办发〔1996〕32号"),
    ("2018_12_03_content_5345402", 34, 0, 1052, "国务院关于同", "调委的作用。", "国函〔2006〕38号"),
    ("2018_12_04_content_5345639", 10, 0, 648, "国务院关于棉", "五月二十三日", "国发〔1981〕88号"),
    ("2018_12_21_content_5350734", 37, 0, 4476, "国务院办公厅", "件公开发布）", "国办发〔2018〕121号"),
    ("2018_12_24_content_5351593", 11, 0, 672, "国务院办公厅", "六年九月七日", "国办函〔2006〕70号"),
    ("2018_12_24_content_5351671", 34, 0, 3104, "国务院办公厅", "本文有删减）", "国办函〔2004〕71号"),
    ("2018_12_29_content_5353307", 9, 0, 438, "国务院关于在", "件公开发布）", "国发〔2018〕43号"),
    ("2019_01_08_content_5355837", 44, 23, 3594, "国务院办公厅", "署 | 全国", "国办发〔2018〕126号"),
    ("2019_01_30_content_5362266", 111, 56, 8823, "国务院办公厅", "交金额总数。", "国办发〔2019〕4号"),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "lines", "rows", "characters", "first", "last", "number"), GOLDEN)
def test_real_pages(name: str, lines: int, rows: int, characters: int, first: str, last: str, number: str) -> None:
    """Facts of real pages hold: nothing of the document is missing, nothing around it is in."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    found = next(read(SHARED / "documents" / f"zhengce_content_{name}_htm.html"))
    kept = sum(len("".join(line.text.replace(" | ", "").split())) for line in found.lines)
    assert (len(found.lines), sum(line.style == "table" for line in found.lines), kept) == (lines, rows, characters)
    assert (found.lines[0].text[:6], found.lines[-1].text[-6:]) == (first, last)
    assert found.meta["doc_number"] == number
    assert not any(line.style == "furniture" for line in found.lines)
    assert any(line.style == "title" for line in found.lines)


@pytest.mark.shared
def test_all_real_pages_are_read() -> None:
    """Every page of the material is read with title, issuer, date and address, and is its container's very text."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    for path in sorted((SHARED / "documents").glob("*.html")):
        found = next(read(path))
        assert {"title", "issuer", "compiled", "published", "url", "doc_number"} <= set(found.meta), path.name
        assert "扫一扫" not in found.text
        # Another parser of HTML, and nothing of ours: all characters of the container, in whatever order.
        page = lxml_html.fromstring(path.read_bytes().decode("utf-8"))
        for element in page.xpath("//script | //style"):
            element.drop_tree()
        (container,) = page.xpath("//*[@id='UCAP-CONTENT']")
        text = found.text.replace(" | ", "")
        assert Counter("".join(text.split())) == Counter("".join(container.text_content().split())), path.name
