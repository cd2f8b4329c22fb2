"""Binary Word files and the compound files they lie in, written by hand (MS-DOC, MS-CFB)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

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
