"""Binary Word files give their text from the piece table, with tables, headings and list numbers; others are told."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.readers import read, read_bytes
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"
IN_TABLE, ROW_END = b"\x16\x24\x01", b"\x17\x24\x01"
CHAIN_END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def ole(streams: dict[str, bytes]) -> bytes:
    """Return a compound file whose streams are all long enough to lie in plain sectors (MS-CFB)."""
    sectors: list[bytes] = []
    fat: list[int] = []
    entries = [entry("Root Entry", 5, CHAIN_END, 0, child=1)]
    for number, (name, data) in enumerate(streams.items(), 1):
        held = data.ljust(4096, b"\0")
        first, count = len(sectors), -(-len(held) // 512)
        sectors += [held[512 * at : 512 * at + 512].ljust(512, b"\0") for at in range(count)]
        fat += [*range(first + 1, first + count), CHAIN_END]
        entries.append(entry(name, 2, first, len(held), right=number + 1 if number < len(streams) else NONE))
    directory = b"".join(entries)
    directory += entry("", 0, 0, 0) * (-len(entries) % 4)
    start, count = len(sectors), len(directory) // 512
    sectors += [directory[512 * at : 512 * at + 512] for at in range(count)]
    fat += [*range(start + 1, start + count), CHAIN_END]
    tables = -(-(len(fat) + 4) // 128)
    places = list(range(len(sectors), len(sectors) + tables))
    fat += [FAT] * tables
    fat += [FREE] * (tables * 128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, start, 0, 4096, CHAIN_END, 0, CHAIN_END, 0)
    head += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    return head + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def entry(name: str, kind: int, start: int, size: int, child: int = NONE, right: int = NONE) -> bytes:
    """Return a directory entry of a compound file."""
    raw = name.encode("utf-16-le")
    held = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw) + 2 if name else 0, kind, 1, NONE, right, child)
    return held + bytes(36) + struct.pack("<IQ", start, size)


@dataclass
class P:
    """A paragraph: its text with its mark, its properties and style."""

    text: str
    properties: bytes = b""
    style: int = 0


def word(
    paragraphs: Sequence[P],
    parts: tuple[int, ...] = (),
    flags: int = 0,
    version: int = 0xC1,
    table: bytes = b"",
    pairs: dict[int, tuple[int, int]] | None = None,
    narrow: bool = False,
    cut: int | None = None,
) -> bytes:
    """Return a Word file; `parts` are the lengths of footnotes, headers, macros, comments, endnotes, boxes."""
    text = "".join(paragraph.text for paragraph in paragraphs)
    raw = text.encode("cp1252" if narrow else "utf-16-le")
    width = 1 if narrow else 2
    length = len(raw) // width
    at = 1024
    # One page of formats: places, then 13 bytes a run, then the properties from the page's end downwards.
    bounds, held, heads, room = [at], bytearray(512), b"", 510
    for paragraph in paragraphs:
        bounds.append(bounds[-1] + len(paragraph.text.encode("utf-16-le")) // 2 * width)
        kept = struct.pack("<H", paragraph.style) + paragraph.properties
        kept += b"\0" * (1 - len(kept) % 2)
        room -= len(kept) + 1
        room -= room % 2
        held[room : room + len(kept) + 1] = bytes([(len(kept) + 1) // 2]) + kept
        heads += bytes([room // 2]) + bytes(12)
    front = struct.pack(f"<{len(bounds)}I", *bounds) + heads
    assert len(front) <= room
    held[: len(front)] = front
    held[511] = len(paragraphs)
    pages = -(-(at + len(raw)) // 512)
    clx = b"\x01" + struct.pack("<H", 2) + b"\0\0"
    clx += b"\x02" + struct.pack("<I", 16) + struct.pack("<2i", 0, length if cut is None else cut)
    clx += b"\0\0" + struct.pack("<I", (at * 2) | 0x40000000 if narrow else at) + b"\0\0"
    plc = struct.pack("<3I", at, at + len(raw), pages)
    whole = table + clx + plc
    fib = bytearray(at)
    struct.pack_into("<HH", fib, 0, 0xA5EC, version)
    struct.pack_into("<H", fib, 0x0A, flags | 0x0200)
    lengths = [length - sum(parts), *parts, *[0] * (6 - len(parts))]
    for place, value in zip((0x4C, 0x50, 0x54, 0x58, 0x5C, 0x60, 0x64), lengths, strict=True):
        struct.pack_into("<i", fib, place, value)
    struct.pack_into("<II", fib, 0x1A2, len(table), len(clx))
    struct.pack_into("<II", fib, 0x102, len(table) + len(clx), len(plc))
    for place, pair in (pairs or {}).items():
        struct.pack_into("<II", fib, place, *pair)
    main = bytes(fib) + raw.ljust(pages * 512 - at, b"\0") + bytes(held)
    return ole({"WordDocument": main, "1Table": whole})


def level(form: int, text: str) -> bytes:
    """Return a list level: its numbers start with 1, \\0 in the text stands for the first level's."""
    return (
        struct.pack("<iB", 1, form) + bytes(19) + b"\0\0\0\0" + struct.pack("<H", len(text)) + text.encode("utf-16-le")
    )


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
