"""DOCX files give every text that Word shows, in order, with the numbers that it computes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from indexer.errors import UnreadableFile
from indexer.readers import read, read_bytes
from indexer.readers.numbering import Counters, Level, chinese, written
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"
NUMBERING = (
    "<w:abstractNum {ns} w:abstractNumId='90'>"
    "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
    "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='（%2）'/></w:lvl>"
    "<w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%3'/></w:lvl>"
    "<w:lvl w:ilvl='3'><w:numFmt w:val='bullet'/><w:lvlText w:val='-'/></w:lvl></w:abstractNum>"
)
NUMBERS = (
    "<w:num {ns} w:numId='90'><w:abstractNumId w:val='90'/></w:num>",
    "<w:num {ns} w:numId='91'><w:abstractNumId w:val='90'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/>"
    "</w:lvlOverride></w:num>",
)


def source(write: Callable[[Document], None]) -> SourceText:
    """Return the source of a document that `write` fills."""
    document = docx.Document()
    write(document)
    held = io.BytesIO()
    document.save(held)
    return next(read_bytes("a.docx", held.getvalue()))


def body(xml: str) -> SourceText:
    """Return the source of a document with raw paragraphs."""

    def write(document: Document) -> None:
        space = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        for element in parse_xml(f"<w:body {space}>{xml}</w:body>"):
            document.element.body.append(element)

    return source(write)


def test_paragraphs_headings_and_titles() -> None:
    """Paragraphs come in order with their styles; each is whole; empty ones are left out."""

    def write(document: Document) -> None:
        document.add_heading("清河市纪要", 0)
        document.add_heading("一、供水", 1)
        document.add_paragraph("")
        document.add_paragraph("原则同意。")

    found = source(write)
    assert [(line.text, line.style, line.level, line.whole) for line in found.lines] == [
        ("清河市纪要", "title", None, True),
        ("一、供水", "heading", 1, True),
        ("原则同意。", "", None, True),
    ]
    assert (found.format, found.pages, found.notices) == ("docx", None, ())


def test_everything_that_is_shown_is_read() -> None:
    """Insertions, smart tags, controls, links, text boxes and breaks are read; deleted and hidden text is not."""
    found = body(
        "<w:p><w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:smartTag><w:r><w:t>乙</w:t></w:r></w:smartTag>"
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>丙</w:t><w:tab/><w:noBreakHyphen/><w:br/><w:t>丁</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>戊</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>"
        "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:t>旧框</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>己</w:t></w:r></w:p></mc:Choice></mc:AlternateContent>"
    )
    assert [(line.text, line.whole) for line in found.lines] == [
        ("甲乙丙\t-", False),
        ("丁", True),
        ("戊", True),
        ("框", True),
        ("己", True),
    ]


def test_pages_are_those_word_laid_out() -> None:
    """Where Word left its page breaks, lines have pages; a break that a person put in is none by itself."""
    found = body("<w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>乙</w:t></w:r></w:p>")
    assert ([line.page for line in found.lines], found.pages) == ([1, 2], 2)

    def write(document: Document) -> None:
        document.add_paragraph("甲").add_run().add_break(WD_BREAK.PAGE)

    assert [line.page for line in source(write).lines] == [None]


def test_tables() -> None:
    """A row is a line with bars; a row of one cell, or with paragraphs in its last, gives these."""

    def write(document: Document) -> None:
        table = document.add_table(3, 2)
        for row, texts in zip(table.rows, (("姓名", "单位"), ("张某", ""), ("内容", "一\n二\n三")), strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        for text in ("甲", "乙", "丙", "丁"):
            table.rows[2].cells[1].add_paragraph(text)
        inner = table.rows[1].cells[0].add_table(1, 2)
        inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "内", "表"

    lines = source(write).lines
    assert [(line.text, line.style) for line in lines][:2] == [("姓名 | 单位", "table"), ("张某", "")]
    assert [line.text for line in lines][2:] == ["内 | 表", "内容", "一", "二", "三", "甲", "乙", "丙", "丁"]


def test_headers_footers_and_notes() -> None:
    """Headers and footers are furniture at the ends, once each; footnotes stand behind the text."""

    def write(document: Document) -> None:
        document.add_paragraph("正文")
        document.sections[0].header.paragraphs[0].text = "页眉"
        document.sections[0].footer.paragraphs[0].text = "页脚"
        document.add_section().header.is_linked_to_previous = True

    assert [(line.text, line.style) for line in source(write).lines] == [
        ("页眉", "furniture"),
        ("正文", ""),
        ("页脚", "furniture"),
    ]
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator'><w:p><w:r><w:t>—</w:t></w:r></w:p></w:footnote>"
        "<w:footnote><w:p><w:r><w:t>注文</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    text = f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>"
    found = next(
        read_bytes(
            "a.docx", packed({"word/document2.xml": text, "word/footnotes.xml": notes, "word/embeddings/a.xlsx": ""})
        )
    )
    assert [line.text for line in found.lines] == ["正文", "注文"]
    assert found.attachments == ("a.xlsx",)


def test_list_numbers_are_computed() -> None:
    """Numbers count by level, go on over other paragraphs, restart below a higher level and where told to."""

    def write(document: Document) -> None:
        root = document.part.numbering_part.element
        root.insert(0, parse_xml(NUMBERING.format(ns=nsdecls("w"))))
        for number in NUMBERS:
            root.append(parse_xml(number.format(ns=nsdecls("w"))))
        for text, number, level in (
            ("供水", 90, 0), ("同意", 90, 1), ("要求", 90, 1), ("点", 90, 2), ("", 90, 0), ("散", 90, 3),
            ("正文", 0, 0), ("绿化", 90, 0), ("同意", 90, 1), ("另", 91, 0), ("无", 999, 0),
        ):  # fmt: skip
            properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val, properties.get_or_add_ilvl().val = number, level

    lines = source(write).lines
    assert [line.text for line in lines] == [
        "一、供水", "（一）同意", "（二）要求", "1 点", "散", "正文", "二、绿化", "（一）同意", "五、另", "无",
    ]  # fmt: skip
    assert [line.style for line in lines][:6] == ["list"] * 5 + [""]


def test_numbers_of_styles() -> None:
    """A list that belongs to a style numbers its paragraphs, and a circle of styles ends."""

    def write(document: Document) -> None:
        document.add_paragraph("甲", "List Number")
        document.add_paragraph("乙", "List Number")
        styles = document.styles.element
        styles.append(parse_xml(f"<w:style {nsdecls('w')} w:styleId='a'><w:basedOn w:val='b'/></w:style>"))
        styles.append(parse_xml(f"<w:style {nsdecls('w')} w:styleId='b'><w:basedOn w:val='a'/></w:style>"))
        document.add_paragraph("丙")._p.get_or_add_pPr().get_or_add_pStyle().val = "a"

    assert [line.text for line in source(write).lines] == ["1. 甲", "2. 乙", "丙"]


@pytest.mark.parametrize(
    ("number", "format", "text"),
    [
        (0, "chineseCounting", "零"),
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (105, "chineseCounting", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (1003, "chineseCounting", "一千零三"),
        (12, "chineseLegalSimplified", "拾贰"),
        (20, "ideographDigital", "二〇"),
        (11, "ideographTraditional", "甲"),
        (0, "ideographZodiac", "0"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircle", "21"),
        (12, "decimalFullWidth", "１２"),
        (7, "decimalZero", "07"),
        (28, "lowerLetter", "bb"),
        (500, "upperLetter", "500"),
        (14, "upperRoman", "XIV"),
        (9, "lowerRoman", "ix"),
        (99_999, "decimal", "9999"),
        (3, "unheardOf", "3"),
    ],
)
def test_number_formats(number: int, format: str, text: str) -> None:
    """Each number format that Chinese offices use is written as Word writes it."""
    assert written(number, format) == text


def test_chinese_numbers_are_all_different() -> None:
    """No two numbers below 2000 are written alike."""
    assert len({chinese(number) for number in range(2000)}) == 2000


def test_labels_of_deeper_levels_first() -> None:
    """A deeper level that comes first shows the start of the upper ones."""
    levels = {0: Level("decimal", "%1."), 1: Level("decimal", "%1.%2")}
    counters = Counters()
    assert [counters.label("a", level, levels) for level in (1, 1, 0)] == ["1.1 ", "1.2 ", "2. "]


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP container."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return held.getvalue()


EMPTY = f"<w:document {nsdecls('w')}><w:body><w:p/></w:body></w:document>"
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + f"]><w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"word/document.xml": EMPTY}, "没有文字"),
        ({"word/document.xml": EMPTY.replace("<w:p/>", "<w:p><w:r><w:pict/></w:r></w:p>")}, "只有图片"),
        ({"word/document.xml": "<w:broken"}, "不是有效的 XML"),
        ({"word/document.xml": LAUGHS}, "文档类型定义|不是有效的 XML"),
        ({"word/document.xml": b"\0" * 40_000_000}, "压缩比异常"),
        ({"word/documents.txt": "x"}, "缺少正文"),
        ({"ppt/presentation.xml": "<a/>"}, "演示文稿"),
        ({"content.xml": "<a/>", "mimetype": "x"}, "OpenDocument"),
    ],
)
def test_bad_files_are_refused(members: dict[str, str | bytes], reason: str) -> None:
    """Empty, damaged and hostile files, and those of other programs, are refused in one line."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        list(read_bytes("a.docx", packed(members)))
    assert "\n" not in str(caught.value)


@pytest.mark.shared
def test_a_real_table() -> None:
    """A real list of posts keeps its rows, pages and heading."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    found = next(read(next((SHARED / "documents").glob("*.docx"))))
    assert (len(found.lines), found.pages, found.lines[0].text) == (40, 5, "附件1：")
    assert sum(line.style == "table" for line in found.lines) == 38
