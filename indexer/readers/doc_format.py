"""The structures of a binary Word file: where its text lies, and how its paragraphs are formatted (MS-DOC 2.5–2.9)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.readers.numbering import Level

WORD_97 = 0x00C1
FLAG_ENCRYPTED, FLAG_TABLE_1 = 0x0100, 0x0200
# The parts of the text in their order, with the place of each one's length (FibRgLw97).
PARTS = (
    ("text", 0x4C),
    ("footnote", 0x50),
    ("header", 0x54),
    ("macro", 0x58),
    ("comment", 0x5C),
    ("endnote", 0x60),
    ("box", 0x64),
    ("header", 0x68),
)
# Places of the pairs (offset, length in bytes) in the table stream (FibRgFcLcb97).
STYLES, PAPX, CLX, LISTS, OVERRIDES = 0xA2, 0x102, 0x1A2, 0x2E2, 0x2EA
# Properties of a paragraph (2.6.2): in a table, end of a row, outline level, list level, list.
IN_TABLE, ROW_END, OUTLINE, LIST_LEVEL, LIST = 0x2416, 0x2417, 0x2640, 0x260A, 0x460B
OPERAND = (1, 1, 2, 4, 2, 2, -1, 3)
LONG_OPERANDS = (0xD606, 0xD608)
MOST_PIECES = 200_000
# MSONFC: the number formats of lists by their codes, named as in DOCX.
NUMBER_FORMATS = {
    0: "decimal",
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    10: "chineseCounting",
    11: "japaneseCounting",
    14: "decimalFullWidth",
    18: "decimalEnclosedCircle",
    22: "decimalZero",
    23: "bullet",
    30: "ideographTraditional",
    31: "ideographZodiac",
    33: "taiwaneseCounting",
    34: "ideographDigital",
    35: "taiwaneseCountingThousand",
    37: "chineseCounting",
    38: "chineseLegalSimplified",
    39: "chineseCountingThousand",
    255: "none",
}


@dataclass(frozen=True, slots=True)
class PieceOfText:
    """A run of characters `start` to `end` that lies at `offset` in the main stream, one or two bytes a character."""

    start: int
    end: int
    offset: int
    narrow: bool

    def text(self, main: bytes) -> str:
        """Return the characters."""
        length = (self.end - self.start) * (1 if self.narrow else 2)
        raw = main[self.offset : self.offset + length]
        text = raw.decode("cp1252" if self.narrow else "utf-16-le", "replace")
        # A file that was cut, or a surrogate pair (which Word counts as two), must not move what follows.
        wanted = self.end - self.start
        if not self.narrow and len(text) < len(raw) // 2:
            text = "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))
        return text[:wanted].ljust(wanted, "\0")

    def position(self, at: int) -> int:
        """Return the byte where a character stands."""
        return self.offset + (at - self.start) * (1 if self.narrow else 2)


class Fib:
    """The head of the main stream."""

    def __init__(self, main: bytes) -> None:
        self.main = main
        magic, version = struct.unpack_from("<HH", main, 0)
        flags = struct.unpack_from("<H", main, 0x0A)[0]
        self.encrypted = bool(flags & FLAG_ENCRYPTED)
        self.old = magic != 0xA5EC or version < WORD_97
        self.table = "1Table" if flags & FLAG_TABLE_1 else "0Table"

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Return each part of the text with its length in characters."""
        return [(name, max(0, struct.unpack_from("<i", self.main, at)[0])) for name, at in PARTS]

    def slice(self, table: bytes, place: int) -> bytes:
        """Return a structure of the table stream; empty where the file has none."""
        if place + 8 > len(self.main):
            return b""
        offset, length = struct.unpack_from("<II", self.main, place)
        return table[offset : offset + length]

    def pieces(self, table: bytes) -> list[PieceOfText]:
        """Return the piece table (2.9.38), in the order of the text."""
        clx = self.slice(table, CLX)
        at = 0
        while at < len(clx) and clx[at] == 1:
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        if at >= len(clx) or clx[at] != 2:
            raise ValueError("no piece table")
        length = struct.unpack_from("<I", clx, at + 1)[0]
        plc = clx[at + 5 : at + 5 + length]
        count = (len(plc) - 4) // 12
        if not 0 < count <= MOST_PIECES:
            raise ValueError("piece table of impossible size")
        ends = struct.unpack_from(f"<{count + 1}i", plc, 0)
        found: list[PieceOfText] = []
        for number in range(count):
            place = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
            narrow = bool(place & 0x40000000)
            offset = (place & 0x3FFFFFFF) // (2 if narrow else 1)
            if ends[number + 1] < ends[number] or ends[number] != (found[-1].end if found else 0):
                raise ValueError("pieces out of order")
            # What lies behind the end of a cut file is no text.
            room = max(0, len(self.main) - offset) // (1 if narrow else 2)
            if ends[number + 1] - ends[number] > room + 1:
                raise ValueError("piece behind the end of the file")
            found.append(PieceOfText(ends[number], ends[number + 1], offset, narrow))
        return found


@dataclass(frozen=True, slots=True)
class ParagraphFormat:
    """What a paragraph is; `list` is the number of its list override, 0 for none."""

    known: bool = False
    in_table: bool = False
    row_end: bool = False
    outline: int | None = None
    list: int = 0
    level: int = 0


class Formats:
    """Paragraph formats by their place in the main stream, and the file's lists."""

    def __init__(self, main: bytes, table: bytes, fib: Fib) -> None:
        self._styles = _styles(fib.slice(table, STYLES))
        self._starts: list[int] = []
        self._formats: list[tuple[int, ParagraphFormat]] = []
        runs = sorted(_runs(main, fib.slice(table, PAPX)), key=lambda run: run[0])
        for start, end, style, properties in runs:
            self._starts.append(start)
            self._formats.append((end, _merged(self._styles.get(style, {}) | properties)))
        self.lists = _lists(fib.slice(table, LISTS), table, fib)

    def of(self, position: int) -> ParagraphFormat:
        """Return the format of the paragraph whose mark stands at a byte of the main stream."""
        at = bisect_right(self._starts, position) - 1
        if at < 0 or position >= self._formats[at][0]:
            return ParagraphFormat()
        return self._formats[at][1]


def _merged(properties: dict[int, int]) -> ParagraphFormat:
    return ParagraphFormat(
        True,
        bool(properties.get(IN_TABLE)),
        bool(properties.get(ROW_END)),
        properties.get(OUTLINE),
        properties.get(LIST, 0),
        min(properties.get(LIST_LEVEL, 0), 8),
    )


def _runs(main: bytes, plc: bytes) -> Iterator[tuple[int, int, int, dict[int, int]]]:
    """Yield start, end, style and properties of each run of the FKP pages (2.9.176)."""
    count = max(0, (len(plc) - 4) // 8)
    for number in range(count):
        page_at = (struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)[0] & 0x3FFFFF) * 512
        page = main[page_at : page_at + 512]
        if len(page) < 512:
            continue
        runs = page[511]
        if 4 * (runs + 1) + 13 * runs > 511:
            continue
        for run in range(runs):
            start, end = struct.unpack_from("<II", page, 4 * run)
            at = page[4 * (runs + 1) + 13 * run] * 2
            if not at or at >= 510:
                yield start, end, 0, {}
                continue
            size, at = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
            held = page[at : at + size]
            if len(held) >= 2:
                yield start, end, struct.unpack_from("<H", held, 0)[0], _properties(held[2:])


def _properties(held: bytes) -> dict[int, int]:
    """Return the properties that matter here, by code."""
    found: dict[int, int] = {}
    at = 0
    while at + 2 < len(held):
        code = struct.unpack_from("<H", held, at)[0]
        size = OPERAND[code >> 13]
        at += 2
        if size < 0:
            size = (
                (struct.unpack_from("<H", held, at)[0] + 1)
                if code in LONG_OPERANDS and at + 2 <= len(held)
                else held[at] + 1
            )
        if code in (IN_TABLE, ROW_END, OUTLINE, LIST_LEVEL, LIST):
            found[code] = int.from_bytes(held[at : at + size], "little")
        at += size
    return found


def _styles(sheet: bytes) -> dict[int, dict[int, int]]:
    """Return the properties of each paragraph style, those of the styles that it is based on included (2.9.271)."""
    if len(sheet) < 8:
        return {}
    head = struct.unpack_from("<H", sheet, 0)[0]
    count, base_size = struct.unpack_from("<HH", sheet, 2)
    own: dict[int, tuple[int, dict[int, int]]] = {}
    at = 2 + head
    for number in range(min(count, 4096)):
        if at + 2 > len(sheet):
            break
        size = struct.unpack_from("<H", sheet, at)[0]
        own[number] = _style(sheet[at + 2 : at + 2 + size], base_size)
        at += 2 + size + size % 2
    found: dict[int, dict[int, int]] = {}
    for number in own:
        chain: list[dict[int, int]] = []
        style = number
        while style in own and len(chain) < 20:
            chain.append(own[style][1])
            style = own[style][0]
        found[number] = {code: value for properties in reversed(chain) for code, value in properties.items()}
    return found


def _style(style: bytes, base_size: int) -> tuple[int, dict[int, int]]:
    """Return a style's base and own properties; (4095, {}) for one that is no paragraph style."""
    if len(style) < base_size + 2 or base_size < 10:
        return 0xFFF, {}
    kind_and_base = struct.unpack_from("<H", style, 2)[0]
    at = base_size + 2 + 2 * (struct.unpack_from("<H", style, base_size)[0] + 1)
    if kind_and_base & 0xF != 1 or at + 4 > len(style):
        return 0xFFF, {}
    size = struct.unpack_from("<H", style, at)[0]
    return kind_and_base >> 4, _properties(style[at + 4 : at + 2 + size])


def _lists(plf: bytes, table: bytes, fib: Fib) -> dict[int, tuple[str, dict[int, Level]]]:
    """Return each list override with the key it counts under and its levels (2.9.131, 2.9.150)."""
    if len(plf) < 2:
        return {}
    offset, length = struct.unpack_from("<II", fib.main, LISTS)
    count = struct.unpack_from("<H", plf, 0)[0]
    at = offset + length
    levels: dict[int, dict[int, Level]] = {}
    for number in range(count):
        entry = plf[2 + 28 * number : 30 + 28 * number]
        if len(entry) < 28:
            break
        own: dict[int, Level] = {}
        for depth in range(1 if entry[26] & 1 else 9):
            level, at = _level(table, at)
            if level is None:
                break
            own[depth] = level
        levels[struct.unpack_from("<i", entry, 0)[0]] = own
    overrides = fib.slice(table, OVERRIDES)
    found: dict[int, tuple[str, dict[int, Level]]] = {}
    for number in range(max(0, (len(overrides) - 4) // 16)):
        key = struct.unpack_from("<i", overrides, 4 + 16 * number)[0]
        if key in levels:
            # An override that changes levels starts its own count.
            changes = overrides[4 + 16 * number + 12]
            found[number + 1] = (f"{key}#{number}" if changes else str(key), levels[key])
    return found


def _level(table: bytes, at: int) -> tuple[Level | None, int]:
    """Return a level (2.9.148) and the place behind it; in its text a code below 9 stands for a level's number."""
    if at + 28 > len(table):
        return None, at
    start, form = struct.unpack_from("<iB", table, at)
    at += 28 + table[at + 24] + table[at + 25]
    if at + 2 > len(table):
        return None, at
    length = struct.unpack_from("<H", table, at)[0]
    text = table[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    shown = "".join(f"%{ord(sign) + 1}" if ord(sign) < 9 else sign for sign in text)
    return Level(NUMBER_FORMATS.get(form, "decimal"), shown, max(0, start)), at + 2 + 2 * length
