"""Bytes in every encoding that offices use become the text that was written; what is no text is refused in one line."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.readers.encoding import clean, decode

PROSE = "会议原则同意《清河市供水管理办法》，由市水务局会同有关部门修改完善后，按程序印发实施。\n"
TRADITIONAL = "會議原則同意《清河市供水管理辦法》，由市水務局會同有關部門修改完善後，按程序印發實施。\n"
# Characters that all of UTF-8, UTF-16 and GB18030 write; no controls, since these are cleaned.
LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk", "gb2312"])
def test_prose_comes_back_in_every_encoding(encoding: str) -> None:
    """Office prose is read alike from every encoding, with nothing to tell."""
    decoded = decode("a.txt", PROSE.encode(encoding))
    assert (decoded.text, decoded.notices) == (PROSE, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_recognised(encoding: str) -> None:
    """UTF-16 that lost its byte order mark is read by what it says."""
    assert decode("a.txt", (PROSE * 3).encode(encoding)).text == PROSE * 3
    assert decode("a.txt", "<p>Decree 7, 2024</p>".encode(encoding)).text == "<p>Decree 7, 2024</p>"


def test_big5_is_told_from_gb18030() -> None:
    """Big5 bytes, which GB18030 reads as rare characters, are read as Big5, and GBK bytes as GBK."""
    assert decode("a.txt", (TRADITIONAL * 2).encode("big5")).text == TRADITIONAL * 2
    assert decode("a.txt", (TRADITIONAL * 2).encode("gbk")).text == TRADITIONAL * 2


@given(st.text(LETTERS, min_size=1, max_size=60))
def test_utf8_round_trip(text: str) -> None:
    """Any text behind prose is read back from UTF-8 as it was written."""
    assert decode("a.txt", (PROSE + text).encode()).text == PROSE + clean(text)[0]


@given(st.text(st.sampled_from("会议同意由市水务局牵头落实，。、（）0123456789 清河县镇乡"), min_size=8, max_size=80))
def test_gb18030_round_trip(text: str) -> None:
    """Prose of the characters that minutes are made of is read back from GB18030 as it was written."""
    assert decode("a.txt", ("会议" + text).encode("gb18030")).text == "会议" + text


@given(st.text(LETTERS, max_size=60), st.sampled_from([("utf-16-le", codecs.BOM_UTF16_LE), ("utf-8", codecs.BOM_UTF8)]))
def test_a_byte_order_mark_decides(text: str, encoding: tuple[str, bytes]) -> None:
    """A text behind a byte order mark is read by the mark, whatever it looks like."""
    name, mark = encoding
    assert decode("a.txt", mark + ("会" + text).encode(name)).text == "会" + text


def test_a_declared_encoding_counts_where_little_else_speaks() -> None:
    """Four GBK bytes that are valid UTF-8 by chance are read as the page declares; declared gb2312 holds 镕."""
    assert decode("a.html", "联通".encode("gbk"), "gb2312").text == "联通"
    assert decode("a.html", "朱镕某同意".encode("gbk"), "GB2312").text == "朱镕某同意"
    assert decode("a.html", PROSE.encode(), "gb2312").text == PROSE


def test_line_ends_are_made_one_kind() -> None:
    """Every kind of line end becomes a line feed; form feeds stay, since they end pages."""
    assert decode("a.txt", "一\r\n二\r三\u2028四\x0b五\f六".encode()).text == "一\n二\n三\n四\n五\f六"


def test_control_characters_are_cleaned_and_told() -> None:
    """A few control characters are left out, and the notice counts them."""
    decoded = decode("a.txt", ("纪\0要\x01" + PROSE).encode())
    assert decoded.text == "纪要" + PROSE
    assert decoded.notices == ("去掉了 2 个控制字符",)


def test_a_cut_file_is_read_with_a_notice() -> None:
    """A file that ends within a character is read, and the lost place is told; a U+FFFD of its own is not."""
    assert decode("a.txt", PROSE.encode()[:-2]).notices == ("有 1 处字节损坏，以“\ufffd”代替",)
    assert decode("a.txt", PROSE.encode("gb18030")[:-2]).text.startswith(PROSE[:30])
    assert decode("a.txt", codecs.BOM_UTF8 + "甲\ufffd乙".encode()).notices == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "文件是空的"),
        (b" \r\n\t", "文件里没有文字"),
        (b"\0" * 5000, "二进制"),
        (bytes(range(256)) * 20, "无法识别文字编码"),
        (b"\xff\xfe", "文件里没有文字"),
        (b"\x81", "无法识别文字编码"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    """Empty and binary data are refused with a reason in one Chinese line."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        decode("坏.txt", data)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever the bytes, the outcome is clean text or UnreadableFile."""
    try:
        text = decode("a.bin", data).text
    except UnreadableFile:
        return
    assert clean(text) == (text, 0)
