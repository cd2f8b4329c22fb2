"""A binary Word file (DOC; WPS Writer's is the same) goes in, its paragraphs and table rows come out, numbers computed.

The text is put together from the piece table as MS-DOC 2.4.1 says, so that fast-saved files come whole; what stands
in the FKP pages says which paragraphs are cells, headings and list items. Codes of fields are left out.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from indexer.errors import UnreadableFile
from indexer.readers.doc_format import Fib, Formats
from indexer.readers.docx import PARAGRAPHS
from indexer.readers.encoding import clean
from indexer.readers.labels import SEPARATOR
from indexer.readers.numbering import Counters
from indexer.readers.source import Line, SourceText, Style

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Other programs' streams in the same container, and what to do about each.
OTHERS = (
    ("EncryptedPackage", "文件已加密，需要密码；请解除加密后再试"),
    ("Workbook", "是旧版 Excel（XLS/ET）文件，请另存为 XLSX 后再试"),
    ("Book", "是旧版 Excel（XLS）文件，请另存为 XLSX 后再试"),
    ("PowerPoint Document", "是演示文稿，没有读取；请另存为 PDF 后再试"),
)
LARGEST_TEXT = 20_000_000
CELL, FIELD, SEPARATED, ENDED = "\x07", "\x13", "\x14", "\x15"
# Marks of pictures, notes and comments, and hyphens that only a line end shows; a hard hyphen is shown.
MARKS = str.maketrans({"\x01": "", "\x02": "", "\x05": "", "\x08": "", "\x1f": "", "\x1e": "-", "\xa0": " "})


def read(path: str, data: bytes) -> SourceText:
    """Return the lines of a DOC file.

    Raises:
        UnreadableFile: it is damaged, encrypted, another program's file or older than Word 97.
    """
    main, table_streams = _streams(path, data)
    try:
        fib = Fib(main)
        if fib.encrypted:
            raise UnreadableFile(path, "Word 文件已加密，需要密码；请解除加密后再试")
        if fib.old:
            raise UnreadableFile(path, "是 Word 95 或更早的文件，请另存为 DOCX 后再试")
        table = table_streams[fib.table]
        lines = _Document(path, main, table, fib).lines()
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise UnreadableFile(path, "Word 文件已损坏，无法读出文字") from error
    if not lines:
        raise UnreadableFile(path, "Word 文件里没有文字")
    return SourceText(path, "doc", hashlib.sha256(data).hexdigest(), tuple(lines))


def _streams(path: str, data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the main stream and the table streams of the container."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for name, reason in OTHERS:
                if container.exists(name) and not container.exists("WordDocument"):
                    raise UnreadableFile(path, reason)
            if not container.exists("WordDocument"):
                raise UnreadableFile(path, "不是 Word 文件，也不是其他能读的文件")
            names = [name for name in ("0Table", "1Table") if container.exists(name)]
            # Over a chain of sectors that loops, a stream of any size would be read.
            if max(map(container.get_size, ["WordDocument", *names])) > len(data):
                raise ValueError("a stream larger than its file")
            tables = {name: container.openstream(name).read() for name in names}
            return container.openstream("WordDocument").read(), tables
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(path, "文件结构已损坏或不完整，无法打开") from error


@dataclass(slots=True)
class _Row:
    """A table row while its cells are read."""

    cells: list[list[str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


class _Document:
    """The pieces of a file, and its parts one after the other: text, notes, headers, text boxes."""

    def __init__(self, path: str, main: bytes, table: bytes, fib: Fib) -> None:
        self.fib = fib
        self.pieces = fib.pieces(table)
        if sum(piece.end - piece.start for piece in self.pieces) > LARGEST_TEXT:
            raise UnreadableFile(path, "Word 文件的文字太多，没有读取")
        self.text = "".join(piece.text(main) for piece in self.pieces)
        self.formats = Formats(main, table, fib)
        self.counters = Counters()

    def lines(self) -> list[Line]:
        """Return the lines of all parts; headers and footers are furniture, each once."""
        found: list[Line] = []
        heads: dict[str, None] = {}
        start = 0
        for part, length in self.fib.parts:
            if part == "header":
                heads.update(dict.fromkeys(line.text for line in self._part(start, start + length)))
            elif part != "comment":
                found += self._part(start, start + length)
            start += length
        return [*(Line(text, None, "furniture", whole=True) for text in heads), *found]

    def _part(self, start: int, end: int) -> Iterator[Line]:
        """Yield the lines of one part; a table row is one line, as in `docx`."""
        row = _Row()
        # For each open field whether its code (not its result) is being read, and how many of these there are.
        fields: list[bool] = []
        codes = 0
        shown: list[str] = []
        for at in range(start, min(end, len(self.text))):
            character = self.text[at]
            if character == FIELD:
                fields.append(True)
                codes += 1
            elif character in SEPARATED + ENDED and fields:
                codes -= fields[-1]
                fields[-1] = False
                if character == ENDED:
                    fields.pop()
            elif character in "\r\x0c" + CELL:
                text = "".join(shown)
                shown.clear()
                yield from self._paragraph(text, at, character == CELL, row)
            elif not codes:
                shown.append(character)
        yield from self._plain("".join(shown), "", None, "")

    def _paragraph(self, text: str, at: int, cell: bool, row: _Row) -> Iterator[Line]:
        style = self.formats.of(self._position(at))
        if not cell and not style.in_table:
            yield from self._row(row)
            kind, level, label = self._styled(text, style.outline, style.list, style.level)
            yield from self._plain(text, kind, level, label)
            return
        if style.row_end or (cell and not style.known and not text and not row.open and row.cells):
            yield from self._row(row)
            return
        label = self._styled(text, None, style.list, style.level)[2]
        if text.strip():
            row.open += [line.text for line in self._plain(text, "", None, label)]
        if cell:
            row.cells.append(row.open)
            row.open = []

    def _styled(self, text: str, outline: int | None, list_key: int, level: int) -> tuple[Style, int | None, str]:
        levels = self.formats.lists.get(list_key)
        label = self.counters.label(levels[0], level, levels[1]) if levels and text.strip() else ""
        if outline is not None and outline < 9:
            return "heading", outline + 1, label
        return "list" if levels else "", None, label

    def _plain(self, text: str, style: Style, level: int | None, label: str) -> Iterator[Line]:
        # Word counts a character beyond the basic plane (𬱖 in a name) as two.
        paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        rows = [clean(row.translate(MARKS))[0].rstrip() for row in paired.split("\x0b")]
        if not any(row.strip() for row in rows):
            return
        rows[0] = label + rows[0].lstrip() if label else rows[0]
        for number, row in enumerate(rows):
            yield Line(row, None, style, level, whole=number == len(rows) - 1)

    def _row(self, row: _Row) -> Iterator[Line]:
        cells = [*row.cells, row.open] if row.open else row.cells
        row.cells, row.open = [], []
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) == 1 or (cells and len(cells[-1]) >= PARAGRAPHS):
            yield from (Line(text, None, "", whole=True) for cell in cells for text in cell)
        elif cells:
            yield Line(SEPARATOR.join(" ".join(cell) for cell in cells), None, "table", whole=True)

    def _position(self, at: int) -> int:
        """Return where in the main stream a character stands."""
        low, high = 0, len(self.pieces) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.pieces[middle].start <= at:
                low = middle
            else:
                high = middle - 1
        return self.pieces[low].position(at)
