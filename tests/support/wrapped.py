"""One text in every format that is read: paragraphs go in, the bytes of a file come out, by the name of the format.

Nothing is added but what the format asks for: a page's number where there are pages, a menu where there is a site.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from html import escape
from unicodedata import east_asian_width

import docx
import openpyxl
from ofd_file import ofd, page, text
from pdf_file import Placed, pdf
from word_file import P, word

Paragraphs = Sequence[str]
# Characters of a line and lines of a page, as GB/T 9704 sets them; a letter or a digit is half as wide.
WIDTH, HEIGHT = 28, 22


def plain(paragraphs: Paragraphs) -> bytes:
    return "\n".join(paragraphs).encode()


def gb18030(paragraphs: Paragraphs) -> bytes:
    return "\r\n".join(paragraphs).encode("gb18030")


def utf16(paragraphs: Paragraphs) -> bytes:
    return "\n".join(paragraphs).encode("utf-16")


def broken(paragraphs: Paragraphs) -> bytes:
    """Text whose sentences are broken over lines and pages, with the number at the foot of each page."""
    return "\f".join("\n".join([*rows, "", f"— {number} —"]) for number, rows in typeset(paragraphs)).encode()


def markdown(paragraphs: Paragraphs) -> bytes:
    title, *rest = paragraphs
    return "\n\n".join([f"# {title}", *(one.strip() for one in rest)]).encode()


def web_page(paragraphs: Paragraphs) -> bytes:
    """A page of a government site: its menu, a place to share, a footer, and the text in the site's container."""
    shown = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    menu = "<a href='/'>首页</a><a href='/gk/'>政务公开</a>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(paragraphs[0])}</title></head><body>"
        f"<div class='nav'>{menu}</div><div>当前位置：<a href='/'>首页</a></div><div class='TRS_Editor'>{shown}</div>"
        "<div>【打印】【关闭】</div><div class='footer'>版权所有</div></body></html>"
    ).encode()


def web_archive(paragraphs: Paragraphs) -> bytes:
    """The same page as browsers save it in one file."""
    message = EmailMessage()
    message["Subject"] = "page"
    message.set_content(web_page(paragraphs).decode(), subtype="html", cte="quoted-printable")
    message["Content-Location"] = "https://www.example.gov.cn/1.html"
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png", cid="<1>")
    return message.as_bytes()


def word_document(paragraphs: Paragraphs) -> bytes:
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    return saved(document)


def old_word(paragraphs: Paragraphs) -> bytes:
    return word([P("".join(f"{one}\r" for one in paragraphs))])


def rich_text(paragraphs: Paragraphs) -> bytes:
    signs = "".join(
        "".join(f"\\u{unit - 65536 if unit > 32767 else unit}?" for unit in map(ord, one)) + "\\par\n"
        for one in paragraphs
    )
    return b"{\\rtf1\\ansi\\ansicpg936\\uc1 " + signs.encode("ascii") + b"}"


def portable(paragraphs: Paragraphs) -> bytes:
    """Pages of 16 points a character, with the number at the foot."""
    pages: list[list[Placed]] = []
    for number, rows in typeset(paragraphs):
        pages.append([(70 + 12 * _indent(row), 90 + 28 * at, row.strip()) for at, row in enumerate(rows)])
        pages[-1].append((280, 790, f"— {number} —"))
    return pdf(*pages)


def fixed(paragraphs: Paragraphs) -> bytes:
    """OFD pages in millimetres, glyphs of 5, with the number at the foot."""
    pages = []
    for number, rows in typeset(paragraphs):
        objects = [
            text(25 + 5 * _indent(row), 30 + 10 * at, escape(row.strip()), code=f"X='0' Y='5' DeltaX='{_steps(row)}'")
            for at, row in enumerate(rows)
        ]
        pages.append(page(*objects, text(95, 280, f"— {number} —")))
    return ofd(*pages)


def workbook(paragraphs: Paragraphs) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for one in paragraphs:
        book.active.append([one])
    return saved(book)


def archive(paragraphs: Paragraphs) -> bytes:
    return zipped({"2023/纪要.docx": word_document(paragraphs)})


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return held.getvalue()


def saved(document: object) -> bytes:
    """Return what a document of python-docx or openpyxl writes."""
    held = io.BytesIO()
    document.save(held)  # type: ignore[attr-defined]
    return held.getvalue()


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip("\u3000"))


def typeset(paragraphs: Paragraphs) -> Iterator[tuple[int, list[str]]]:
    """Yield each page's number and rows, broken where the line is full, as type is set."""
    rows = [row for one in paragraphs for row in _rows(one)]
    for number, at in enumerate(range(0, len(rows), HEIGHT), 1):
        yield number, rows[at : at + HEIGHT]


def _rows(paragraph: str) -> Iterator[str]:
    start, width = 0, 0.0
    for at, sign in enumerate(paragraph):
        if width + _width(sign) > WIDTH:
            yield paragraph[start:at]
            start, width = at, 0.0
        width += _width(sign)
    yield paragraph[start:]


def _width(sign: str) -> float:
    return 1.0 if east_asian_width(sign) in "WFA" else 0.5


def _steps(row: str) -> str:
    return " ".join(f"{5 * _width(sign):g}" for sign in row.strip()[:-1])


# By file name; a workbook and an archive are apart, since the one has a sheet's name and the other several files.
WRAPPINGS: dict[str, Callable[[Paragraphs], bytes]] = {
    "plain.txt": plain,
    "gb18030.txt": gb18030,
    "utf16.txt": utf16,
    "broken.txt": broken,
    "markdown.md": markdown,
    "page.html": web_page,
    "page.mht": web_archive,
    "new.docx": word_document,
    "old.doc": old_word,
    "rich.rtf": rich_text,
    "portable.pdf": portable,
    "fixed.ofd": fixed,
    "archive.zip": archive,
}
