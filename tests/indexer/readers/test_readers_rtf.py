"""RTF files give their text from code pages and numbers alike, with tables as rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.readers import read_bytes
from indexer.readers.source import SourceText


def source(body: str, name: str = "a.doc") -> SourceText:
    """Return the source of an RTF file; Han characters of `body` are written in GBK as Word does."""
    written = "".join(c if c < "\x80" else "".join(f"\\'{byte:02x}" for byte in c.encode("gbk")) for c in body)
    head = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 Font;}}{\*\generator Word;}{\info{\title T}}"
    return next(read_bytes(name, f"{head}{written}}}".encode()))


def shown(body: str) -> list[tuple[str, str, bool]]:
    """Return text, style and wholeness of each line."""
    return [(line.text, line.style, line.whole) for line in source(body).lines]


def test_paragraphs_and_signs() -> None:
    """Paragraphs, line breaks, signs, list numbers, fields and characters by number are read."""
    assert shown(
        "\\pard 会议听取了\\line 汇报\\emdash\\~\\{\\par\r\n{\\listtext 一、}供水\\par\\par"
        "{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt 附件}}{\\v 隐}{\\deleted 删}\\u38229?\\u-10180 ?"
        "\\u-9216??\\par 尾"
    ) == [
        ("会议听取了", "", False),
        ("汇报— {", "", True),
        ("一、供水", "", True),
        ("附件镕\U0001f000?", "", True),
        ("尾", "", True),
    ]


def test_tables() -> None:
    """Cells make rows with bars; a row of one cell or of paragraphs gives these."""
    body = (
        "\\trowd\\pard\\intbl 姓名\\cell\\pard\\intbl 张某\\par 李某\\cell\\row"
        "\\pard\\intbl 独\\cell\\cell\\row\\intbl 内容\\cell 一\\par 二\\par 三\\par 四\\cell\\row\\pard 后\\par"
    )
    assert [line[:2] for line in shown(body)] == [
        ("姓名 | 张某 李某", "table"),
        *((text, "") for text in ("独", "内容", "一", "二", "三", "四", "后")),
    ]
    assert shown("\\intbl 甲\\cell 乙") == [("甲 | 乙", "table", True)]


def test_headers_are_furniture() -> None:
    """Headers and footers are furniture before the text, each once."""
    assert [line[:2] for line in shown("{\\header\\pard 页眉\\par}{\\footer 页脚}{\\headerl 页眉}正文\\par")] == [
        ("页眉", "furniture"),
        ("页脚", "furniture"),
        ("正文", ""),
    ]


def test_code_pages() -> None:
    """The code page that the file names is used; \\uc says how many signs a number replaces."""
    data = (
        rb"{\rtf1\ansicpg950 "
        + b"".join(b"\\'%02x" % byte for byte in "會議".encode("big5"))
        + rb"\uc2\u24066??\uc0\u24066 x}"
    )
    assert next(read_bytes("a.rtf", data)).text == "會議市市x"


def test_bad_files_are_refused() -> None:
    """A file without text and one with endless groups are refused."""
    with pytest.raises(UnreadableFile, match="没有文字"):
        source("{\\pict 00}")
    with pytest.raises(UnreadableFile, match="嵌套过深"):
        source("{" * 20_000)


@given(st.text(st.sampled_from("{}\\*'u0189par cellrowv\n会")))
def test_any_text_is_read_or_refused(body: str) -> None:
    """Whatever stands in the file, the outcome is lines or UnreadableFile."""
    try:
        lines = source(body).lines
    except UnreadableFile:
        return
    assert all("\n" not in line.text for line in lines)
