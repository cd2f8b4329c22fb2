"""An RTF file (many a .doc of an office is one) goes in, its paragraphs and table rows come out in order.

List numbers stand in the file as text. Headers and footers are furniture; pictures, styles and deleted text are left
out. Groups are kept on a list, never by recursion.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace

from indexer.errors import UnreadableFile
from indexer.readers.chrome import words
from indexer.readers.docx import PARAGRAPHS
from indexer.readers.encoding import clean
from indexer.readers.labels import SEPARATOR
from indexer.readers.source import Line, SourceText

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\'?"
)
# Groups that hold no text of the document.
ASIDE = words(
    "fonttbl colortbl stylesheet info pict object objdata datafield themedata colorschememapping latentstyles datastore"
    " listtable listoverridetable revtbl rsidtbl generator xmlnstbl fldinst annotation atnid atnauthor filetbl"
    " shppict nonshppict bkmkstart bkmkend sp mmath xe tc nonesttables defchp defpap pgptbl wgrffmtfilter"
)
AROUND = frozenset((b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"))
SIGNS = {
    b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": "\u3000", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
CODE_PAGES = {932: "shift_jis", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 65001: "utf-8"}
MOST_GROUPS = 10_000


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a group: whether its text counts, whether it is a header, and how many signs replace a \\u."""

    aside: bool = False
    around: bool = False
    replaced: int = 1
    starred: bool = False


@dataclass(slots=True)
class _Writer:
    """Collects bytes of the code page and characters, and makes lines and table rows of them."""

    encoding: str = "gb18030"
    raw: bytearray = field(default_factory=bytearray)
    text: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    heads: dict[str, None] = field(default_factory=dict)
    in_table: bool = False

    def flush(self) -> None:
        """Read the bytes that stand between characters given by number."""
        if self.raw:
            self.text.append(self.raw.decode(self.encoding, "replace"))
            self.raw.clear()

    def end(self, around: bool, whole: bool = True) -> None:
        """End a paragraph, or a line of one."""
        self.flush()
        # Halves of a character beyond the basic plane come as two numbers.
        joined = "".join(self.text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = clean(joined)[0].rstrip()
        self.text.clear()
        if not text.strip():
            return
        if around:
            self.heads[text] = None
        elif self.in_table:
            self.cell.append(text)
        else:
            self.lines.append(Line(text, whole=whole))

    def end_cell(self) -> None:
        """End a table cell."""
        self.in_table = True
        self.end(False)
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """Make a line of a table row, or lines of the paragraphs in its last cell, as in `docx`."""
        cells, self.cells, self.in_table = self.cells, [], False
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) == 1 or (cells and len(cells[-1]) >= PARAGRAPHS):
            self.lines += [Line(text, whole=True) for cell in cells for text in cell]
        elif cells:
            self.lines.append(Line(SEPARATOR.join(" ".join(cell) for cell in cells), None, "table", whole=True))


def read(path: str, data: bytes) -> SourceText:
    """Return the lines of an RTF file.

    Raises:
        UnreadableFile: it holds no text, or more open groups than any real file.
    """
    writer = _Writer()
    _walk(path, data, writer)
    writer.end(False)
    writer.end_cell()
    writer.end_row()
    lines = [*(Line(text, None, "furniture", whole=True) for text in writer.heads), *writer.lines]
    if not writer.lines:
        raise UnreadableFile(path, "RTF 文件里没有文字")
    return SourceText(path, "rtf", hashlib.sha256(data).hexdigest(), tuple(lines))


def _walk(path: str, data: bytes, writer: _Writer) -> None:
    groups: list[_Group] = []
    group = _Group()
    skip = 0
    for token in TOKEN.finditer(data):
        word, number, code, symbol, brace, run = token.groups()
        if brace == b"{":
            groups.append(group)
            group = replace(group, starred=False) if group.starred else group
            if len(groups) > MOST_GROUPS:
                raise UnreadableFile(path, "RTF 文件嵌套过深，没有读取")
        elif brace == b"}":
            if group.around and groups and not groups[-1].around:
                writer.end(True)
            group = groups.pop() if groups else _Group()
        elif word is not None:
            group, skip = _word(word, int(number) if number else None, group, writer, skip)
        elif symbol == b"*":
            group = replace(group, starred=True)
        elif not group.aside:
            if symbol in SYMBOLS:
                writer.flush()
                writer.text.append(SYMBOLS[symbol])
            else:
                held = bytes([int(code, 16)]) if code else run or b""
                writer.raw += held[skip:]
                skip = max(0, skip - len(held))


def _word(word: bytes, number: int | None, group: _Group, writer: _Writer, skip: int) -> tuple[_Group, int]:
    """Obey a control word; return the group and how many signs to pass over."""
    if word.decode() in ASIDE or (group.starred and word not in (b"listtext", b"pntext", b"shptxt", b"shpinst")):
        return replace(group, aside=True), skip
    if word == b"ansicpg" and number in CODE_PAGES:
        writer.encoding = CODE_PAGES[number]
    elif word == b"uc" and number is not None:
        return replace(group, replaced=min(max(number, 0), 8)), skip
    elif word in (b"v", b"deleted"):
        return replace(group, aside=number != 0), skip
    elif word in AROUND:
        return replace(group, around=True), skip
    if group.aside:
        return group, skip
    if word == b"u" and number is not None:
        writer.flush()
        writer.text.append(chr(number & 0xFFFF))
        return group, group.replaced
    if word in SIGNS:
        writer.flush()
        writer.text.append(SIGNS[word])
    elif word in (b"par", b"page", b"sect"):
        writer.end(group.around)
    elif word == b"line":
        writer.end(group.around, whole=False)
    elif word == b"intbl":
        writer.in_table = True
    elif word == b"pard":
        writer.in_table = bool(writer.cells)
    elif word in (b"cell", b"nestcell"):
        writer.end_cell()
    elif word == b"row":
        writer.end_row()
    return group, skip
