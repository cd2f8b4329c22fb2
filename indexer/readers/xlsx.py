"""An XLSX workbook goes in, one line a row comes out, cells joined by bars, each sheet under its name as a heading.

Values are those that the program stored when it last calculated; formulas, charts and hidden sheets are left out.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import openpyxl

from indexer.errors import UnreadableFile
from indexer.readers.encoding import clean
from indexer.readers.labels import SEPARATOR
from indexer.readers.package import Package
from indexer.readers.source import Line, SourceText

# A register of all projects of a city has some 10,000 rows; damage or malice makes a million empty ones.
MOST_ROWS = 1_048_576
MOST_CELLS = 5_000_000
# A part that is no XML is a ParseError or a SyntaxError, by which parser reads it.
DAMAGE = (
    *(BadZipFile, ParseError, SyntaxError, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError),
    OverflowError,  # a number of a style that is beyond 32 bits
    *(EOFError, zlib.error, RuntimeError),  # what zipfile raises of a member that is cut, altered, or of another kind
)


def read(path: str, data: bytes) -> SourceText:
    """Return the rows of a workbook; `page` is the number of the sheet.

    Raises:
        UnreadableFile: it is damaged or larger than any table, or holds no text.
    """
    # The limits of a container hold for workbooks, too.
    Package(path, data)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it does not keep on saving; nothing is saved here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                lines = list(_lines(path, book))
                hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
                pages = len(book.worksheets)
            finally:
                book.close()
    except DAMAGE as error:
        raise UnreadableFile(path, "Excel 文件已损坏，无法打开") from error
    if not any(line.style == "table" for line in lines):
        raise UnreadableFile(path, "Excel 文件里没有文字")
    notices = (f"隐藏的工作表没有读取：{'、'.join(hidden)}",) if hidden else ()
    return SourceText(path, "xlsx", hashlib.sha256(data).hexdigest(), tuple(lines), {}, pages, notices=notices)


def _lines(path: str, book: openpyxl.Workbook) -> Iterator[Line]:
    cells = 0
    for number, sheet in enumerate(book.worksheets, 1):
        if sheet.sheet_state != "visible":
            continue
        # The size that the file names may be a lie, and makes each row as wide as it says.
        sheet.reset_dimensions()
        named = False
        for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True):
            cells += len(row) + 1
            if cells > MOST_CELLS:
                raise UnreadableFile(path, f"Excel 文件超过 {MOST_CELLS} 个单元格的上限；请拆分后再试")
            values = [_shown(value) for value in row]
            while values and not values[-1]:
                values.pop()
            if not values:
                continue
            if not named:
                named = True
                yield Line(clean(sheet.title)[0], number, "heading", 1, whole=True)
            yield Line(SEPARATOR.join(values), number, "table", whole=True)


def _shown(value: object) -> str:
    """Return a cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return " ".join(clean(str(value))[0].split())
