"""Binary Word files give their text from the piece table, with tables, headings and list numbers; others are told."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from word_file import P, level, ole, word

from indexer.errors import UnreadableFile
from indexer.readers import read, read_bytes
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"
IN_TABLE, ROW_END = b"\x16\x24\x01", b"\x17\x24\x01"


def source(data: bytes) -> SourceText:
    """Return a Word file's source."""
    return next(read_bytes("a.doc", data))


def shown(data: bytes) -> list[tuple[str, str]]:
    """Return the texts and styles of a Word file's lines."""
    return [(line.text, line.style) for line in source(data).lines]


def reason(data: bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(UnreadableFile) as caught:
        list(read_bytes("a.doc", data))
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_paragraphs() -> None:
    """Paragraphs are whole lines; breaks split them, codes of fields and marks of pictures go, their results stay."""
    found = source(
        word(
            [
                P("会议听取了\x0b汇报\x1e\x01。\r"),
                P("\r"),
                P("见\x13 HYPERLINK \x13x\x15\x14附件\x15\xa0一\r"),
                P("孤\x15\x14行\x0c"),
                P("尾"),
            ]
        )
    )
    assert [(line.text, line.whole) for line in found.lines] == [
        ("会议听取了", False),
        ("汇报-。", True),
        ("见附件 一", True),
        ("孤行", True),
        ("尾", True),
    ]
    assert (found.format, found.pages) == ("doc", None)


def test_one_byte_text_and_rare_characters() -> None:
    """Pieces of one byte a character are read; a character that Word counts as two is one, and moves nothing."""
    assert shown(word([P("Decree “7”\r")], narrow=True)) == [("Decree “7”", "")]
    assert shown(word([P("王\U0002c029同意\r"), P("会议\r")])) == [("王\U0002c029同意", ""), ("会议", "")]


def test_tables() -> None:
    """Cells make rows with bars, empty cells stay, a row of one cell or of paragraphs gives these."""
    cells = [P(text, IN_TABLE) for text in ("姓名\x07", "\x07", "单位\r", "职务\x07", "\x07")]
    rows = [P("\x07", IN_TABLE + ROW_END), P("独\x07", IN_TABLE), P("\x07", IN_TABLE + ROW_END)]
    form = [P(text, IN_TABLE) for text in ("内容\x07", "一\r", "二\r", "三\r", "四\x07")]
    assert shown(word([*cells, *rows, *form, P("后\r")])) == [
        ("姓名 |  | 单位 职务", "table"),
        ("独", ""),
        ("内容", ""),
        ("一", ""),
        ("二", ""),
        ("三", ""),
        ("四", ""),
        ("后", ""),
    ]


def test_a_table_whose_formats_are_lost() -> None:
    """Without formats an empty cell behind others ends the row."""
    data = word([P("甲\x07乙\x07\x07丙\x07丁\x07\x07后\r")], pairs={0x102: (0, 0)})
    assert shown(data) == [("甲 | 乙", "table"), ("丙 | 丁", "table"), ("后", "")]


def test_parts() -> None:
    """Headers are furniture before the text, once; notes and boxes follow it; comments are left out."""
    paragraphs = [P("正文\r"), P("注\r"), P("页眉\r"), P("页眉\r"), P("批注\r"), P("尾注\r"), P("框\r")]
    assert shown(word(paragraphs, parts=(2, 6, 0, 3, 3, 2))) == [
        ("页眉", "furniture"),
        ("正文", ""),
        ("注", ""),
        ("尾注", ""),
        ("框", ""),
    ]


def test_headings_and_list_numbers() -> None:
    """Outline levels make headings, also by style; lists are numbered as Word shows them."""
    name = struct.pack("<H", 1) + "a".encode("utf-16-le") + b"\0\0"
    outline = struct.pack("<HH", 5, 0) + b"\x40\x26\x00"
    sheet = struct.pack("<HHH", 4, 5, 10)
    # Normal; a heading; one based on it; a character style; one that is cut off.
    for base, kind, own in (
        (0xFFF, 1, b"\2\0\0\0"),
        (0xFFF, 1, outline),
        (1, 1, b"\2\0\0\0"),
        (1, 2, b""),
        (0, 0, b""),
    ):
        style = struct.pack("<HHHHH", 0, base << 4 | kind, 1, 0, 0) + name + own if kind else b""
        sheet += struct.pack("<H", len(style)) + style + b"\0" * (len(style) % 2)
    lists = struct.pack("<H", 1) + struct.pack("<i", 77) + bytes(22) + b"\0\0"
    levels = level(37, "\0、") + level(37, "（\1）") + b"".join(level(0, "\2.") for _ in range(7))
    lfo = struct.pack("<I", 2) + struct.pack("<i", 77) + bytes(12) + struct.pack("<i", 77) + bytes(8) + b"\1\0\0\0"
    numbered = [
        P("纪要\r", style=1),
        P("表\r", b"\x08\xd6\x02\x00\x00" + b"\x15\xc6\x01\x00" + b"\x40\x26\x01", style=2),
        P("款\r", style=3),
        P("供水\r", b"\x0b\x46\x01\x00"),
        P("同意\r", b"\x0b\x46\x01\x00\x0a\x26\x01"),
        P("绿化\r", b"\x0b\x46\x01\x00"),
        P("另\r", b"\x0b\x46\x02\x00"),
        P("\r", b"\x0b\x46\x01\x00"),
        P("无\r", b"\x0b\x46\x63\x00"),
    ]
    table = sheet + lists + levels + lfo
    pairs = {
        0xA2: (0, len(sheet)),
        0x2E2: (len(sheet), len(lists)),
        0x2EA: (len(sheet) + len(lists) + len(levels), len(lfo)),
    }
    assert shown(word(numbered, table=table, pairs=pairs)) == [
        ("纪要", "heading"),
        ("表", "heading"),
        ("款", ""),
        ("一、供水", "list"),
        ("（一）同意", "list"),
        ("二、绿化", "list"),
        ("一、另", "list"),
        ("无", ""),
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (word([P("文\r")], flags=0x0100), "已加密"),
        (word([P("文\r")], version=0x65), "Word 95"),
        (word([P("\r")]), "没有文字"),
        (word([P("文\r")], cut=90_000), "已损坏"),
        (word([P("文\r")], cut=-1), "已损坏"),
        (word([P("文\r")], pairs={0x1A2: (0, 0)}), "已损坏"),
        (ole({"WordDocument": b"\xec\xa5\xc1\0"}), "已损坏"),
        (ole({"EncryptedPackage": b""}), "已加密"),
        (ole({"Workbook": b""}), "另存为 XLSX"),
        (ole({"PowerPoint Document": b""}), "演示文稿"),
        (ole({"Other": b""}), "不是 Word 文件"),
        (ole({"WordDocument": b""})[:700], "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "损坏"),
    ],
)
def test_bad_files_are_refused(data: bytes, told: str) -> None:
    """Locked, old, damaged and other programs' files are told in one line."""
    assert told in reason(data)


def formats(page: int) -> bytes:
    """Return the list of format pages with one page."""
    return struct.pack("<3I", 0, 9999, page)


@pytest.mark.parametrize(
    ("table", "pairs"),
    [
        (formats(9999), {0x102: (0, 12)}),
        (formats(2), {0x102: (0, 12)}),
        (formats(3), {0x102: (0, 12)}),
        (struct.pack("<H", 5) + bytes(26), {0x2E2: (0, 28)}),
        (struct.pack("<H", 2) + bytes(56), {0x2E2: (0, 58)}),
        (struct.pack("<H", 1) + bytes(28) + level(0, "x")[:-3], {0x2E2: (0, 30), 0x2EA: (0, 30)}),
        (struct.pack("<HHH", 4, 9, 10) + b"\xff", {0xA2: (0, 7)}),
        (b"", {0x2EA: (2**31, 2**31)}),
    ],
)
def test_damaged_formats_cost_no_text(table: bytes, pairs: dict[int, tuple[int, int]]) -> None:
    """Where pages of formats, lists or styles are damaged, the text is read as plain paragraphs."""
    text = "x" * 400 + "\r" + "\xff" * 200 + "\r" + "\0" * 440 + "\1" + "y" * 600 + "\r"
    lines = source(word([P(text)], narrow=True, table=table, pairs=pairs)).lines
    assert [len(line.text) for line in lines] == [400, 200, 600]


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
def test_any_damage_is_read_or_refused(at: int, bytes_: bytes) -> None:
    """Bytes written anywhere into a file give lines or UnreadableFile."""
    data = bytearray(word([P("会议\r"), P("甲\x07", IN_TABLE), P("\x07", IN_TABLE + ROW_END)]))
    at %= len(data)
    data[at : at + len(bytes_)] = bytes_
    try:
        assert source(bytes(data)).lines
    except UnreadableFile:
        return


@pytest.mark.shared
def test_a_real_syllabus() -> None:
    """A real file has its 90 paragraphs, the title as heading."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    found = next(read(next((SHARED / "documents").glob("*.doc"))))
    assert (len(found.lines), found.lines[0].style, found.lines[0].level) == (90, "heading", 1)
    assert [line.text for line in found.lines if line.text.startswith("三、")] == ["三、考试内容"]
