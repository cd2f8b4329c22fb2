"""A PDF file goes in, the rows of its pages come out in reading order with page numbers; scans are told or recognised.

Rows are not joined: the parser decides where a sentence goes on. pdfium is not thread-safe, so one lock guards it.
"""

from __future__ import annotations

import ctypes
import hashlib
from threading import Lock
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.errors import UnreadableFile
from indexer.readers import scan
from indexer.readers.encoding import clean
from indexer.readers.layout import Piece, arrange, lines_of_pages
from indexer.readers.source import SourceText

LOCK = Lock()
# The longest document of a government gazette seen has 400 pages.
MOST_PAGES = 5000
# A page of text holds 1,500 characters; a plan with a layer of labels some 10,000.
MOST_CHARACTERS = 200_000
# A gap as wide as this many character heights ends a piece.
PIECE_GAP = 1.0
# Fewer characters than this beside a picture are a stamp or a page number on a scan.
SCAN_CHARACTERS = 8
# What pdfium gives for a glyph whose font does not tell its character.
UNKNOWN = frozenset((0, 0xFFFE, 0xFFFF))
ENDS = frozenset((10, 13))
SCAN_REASON = "是扫描件，没有文字层，图中文字没有读取；要识别请加 --ocr（先运行 " + scan.INSTALL + "）"


def read(path: str, data: bytes, ocr: bool = False) -> SourceText:
    """Return the rows of a PDF file; with `ocr`, pages without text are recognised.

    Raises:
        UnreadableFile: the file is damaged, encrypted or too large, or a scan that is not to be recognised.
    """
    with LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(path, _why(str(error))) from error
        try:
            return _source(path, data, document, ocr)
        except pypdfium2.PdfiumError as error:
            raise UnreadableFile(path, "PDF 文件已损坏，有的页面无法打开") from error
        finally:
            document.close()


def _why(message: str) -> str:
    if "password" in message.lower():
        return "PDF 文件已加密，需要密码；请解除加密后再试"
    return "PDF 文件已损坏或不完整，无法打开"


def _source(path: str, data: bytes, document: pypdfium2.PdfDocument, ocr: bool) -> SourceText:
    count = len(document)
    if count > MOST_PAGES:
        raise UnreadableFile(path, f"PDF 有 {count} 页，超过 {MOST_PAGES} 页的上限；请拆分后再试")
    pages: list[list[str]] = []
    scanned: list[int] = []
    recognised: list[scan.Recognised] = []
    lost = 0
    for number in range(count):
        page = document[number]
        rows, unknown, pictures = _page(page)
        lost += unknown
        if pictures and sum(map(len, rows)) < SCAN_CHARACTERS:
            scanned.append(number + 1)
            if ocr:
                recognised.append(scan.recognise(path, _picture(page)))
                rows = recognised[-1].rows
        pages.append(rows)
        page.close()
    lines = lines_of_pages(pages)
    if recognised and not lines:
        raise UnreadableFile(path, "PDF 的页面是图片，图片里没有识别出文字")
    if not lines or (len(scanned) == count and not ocr):
        raise UnreadableFile(path, SCAN_REASON if scanned else "PDF 里没有文字")
    notices = _notices(scanned, recognised, lost)
    attachments = tuple(clean(document.get_attachment(at).get_name())[0] for at in range(document.count_attachments()))
    return SourceText(path, "pdf", hashlib.sha256(data).hexdigest(), lines, {}, count, attachments, notices)


def _picture(page: pypdfium2.PdfPage) -> Any:
    """Return a page as an array of height × width × 3 colours."""
    scale = scan.scale(*page.get_size())
    # Three bytes a dot, so that a grey page has three channels, too.
    return page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pdfium.FPDFBitmap_BGR).to_numpy()


def _notices(scanned: list[int], recognised: list[scan.Recognised], lost: int) -> tuple[str, ...]:
    notices: list[str] = []
    if scanned:
        named = "、".join(map(str, scanned[:10])) + ("等" if len(scanned) > 10 else "")
        notices.append(
            f"第 {named} 页是图片，" + ("文字由识别得来，可能有错" if recognised else "没有读取；要识别请加 --ocr")
        )
    if recognised:
        notices.append(scan.surety(recognised))
    if lost:
        notices.append(f"有 {lost} 个字符的字体没有对应文字，没有读出")
    return tuple(notices)


def _page(page: pypdfium2.PdfPage) -> tuple[list[str], int, bool]:
    """Return a page's rows, the number of characters that have no meaning, and whether it holds a picture."""
    text_page = page.get_textpage()
    pieces, unknown = _pieces(text_page, page)
    text_page.close()
    rows = [clean(row)[0].rstrip() for row in arrange(pieces)]
    pictures = len(rows) < 2 and any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    return [row for row in rows if row], unknown, pictures


Box = tuple[float, float, float, float]


def _pieces(text_page: pypdfium2.PdfTextPage, page: pypdfium2.PdfPage) -> tuple[list[Piece], int]:
    """Return a page's characters, those that follow each other in one row as one piece, and how many have no meaning.

    This is one long loop, since each step of it is taken for every character of a gazette.
    """
    edge_left, edge_bottom, edge_right, edge_top = page.get_mediabox()
    wide, high, rotation = edge_right - edge_left, edge_top - edge_bottom, page.get_rotation()
    box = pdfium.FS_RECTF()
    held, place = text_page.raw, ctypes.byref(box)
    code_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    found: list[Piece] = []
    text: list[str] = []
    unknown = 0
    left = top = right = bottom = 0.0
    for at in range(min(text_page.count_chars(), MOST_CHARACTERS)):
        code = code_of(held, at)
        if code in ENDS:
            if text:
                found.append(Piece(left, top, right, bottom, "".join(text)))
                text = []
            continue
        if code in UNKNOWN:
            unknown += 1
            continue
        box_of(held, at, place)
        x0, y0, x1, y1 = box.left - edge_left, edge_top - box.top, box.right - edge_left, edge_top - box.bottom
        if rotation:
            x0, y0, x1, y1 = _turned((x0, y0, x1, y1), rotation, wide, high)
        if text and not _follows(right, top, bottom, x0, y0, y1):
            found.append(Piece(left, top, right, bottom, "".join(text)))
            text = []
        if text:
            # min and max would take most of the time here; most characters move the right edge alone.
            if x1 > right:
                right = x1
            if x0 < left or y0 < top or y1 > bottom:
                left, top, bottom = min(x0, left), min(y0, top), max(y1, bottom)
        else:
            left, top, right, bottom = x0, y0, x1, y1
        # pdfium gives 2 for a hyphen at the line's end.
        text.append("-" if code == 2 else chr(code) if code <= 0x10FFFF else "")
    if text:
        found.append(Piece(left, top, right, bottom, "".join(text)))
    return found, unknown


def _follows(right: float, top: float, bottom: float, x0: float, y0: float, y1: float) -> bool:
    """Tell whether a character from x0 on, between y0 and y1, goes on where the piece ended."""
    mine, its = bottom - top, y1 - y0
    low, height = (mine, its) if mine < its else (its, mine)
    if height < 0.1:
        height = 0.1
    return -0.5 * height < x0 - right < PIECE_GAP * height and min(bottom, y1) - max(top, y0) > 0.4 * low


def _turned(box: Box, rotation: int, width: float, height: float) -> Box:
    """Return a box (left, top, right, bottom) as it stands on the page turned clockwise."""
    x0, y0, x1, y1 = box
    if rotation == 90:
        return height - y1, x0, height - y0, x1
    if rotation == 180:
        return width - x1, height - y1, width - x0, height - y0
    if rotation == 270:
        return y0, width - x1, y1, width - x0
    return box
