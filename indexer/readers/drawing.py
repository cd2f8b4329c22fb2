"""One page of a kept file goes in, a picture of it comes out that every browser shows; nothing is read of it.

A page of a PDF is drawn by pdfium, one of an OFD by `ofd_drawing`; a picture file is its own picture.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Any, Literal, get_args

from indexer.errors import UnreadableFile
from indexer.readers.scan import INSTALL, MOST_PIXELS

Media = Literal["image/png", "image/jpeg", "image/bmp", "image/svg+xml"]
MEDIA: tuple[Media, ...] = get_args(Media)
# The formats of sources (`SourceText.format`) that have pages to draw.
DRAWN = ("pdf", "ofd", "image")
# An A4 page at 120 dots an inch is 992 wide: legible in half a window, and 100 kB as a grey picture.
DOTS = 120
LONGEST_SIDE = 2400
# A scan beyond this is given as a download, not shown.
LARGEST = 24 * 1024 * 1024
SHOWN: tuple[tuple[bytes, Media], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"BM", "image/bmp"),
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a page."""

    media: Media
    data: bytes


def draw(name: str, format: str, data: bytes, page: int) -> Drawing:
    """Return a picture of a page, counted from 1.

    Raises:
        UnreadableFile: there is no such page, or it cannot be drawn.
    """
    if format == "pdf":
        return Drawing("image/png", _pdf(name, data, page))
    if format == "ofd":
        from indexer.readers.ofd_drawing import draw as draw_ofd

        return Drawing("image/svg+xml", draw_ofd(name, data, page))
    if format == "image":
        return _image(name, data, page)
    raise UnreadableFile(name, "这种文件没有页面图像")


def png(picture: Any) -> bytes:
    """Return an array of height × width × 3 colours (0–255) as a PNG file, in grey where it has no colour."""
    import numpy

    grey = picture[:, :, 0]
    if (grey == picture[:, :, 1]).all() and (grey == picture[:, :, 2]).all():
        rows, kind = grey, 0
    else:
        rows, kind = picture.reshape(len(picture), -1), 2
    # Each row begins with its filter, 0 for none.
    lines = numpy.concatenate([numpy.zeros((len(rows), 1), numpy.uint8), rows], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", picture.shape[1], picture.shape[0], 8, kind, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return SHOWN[0][0] + b"".join(
        struct.pack(">I", len(held)) + word + held + struct.pack(">I", zlib.crc32(word + held)) for word, held in chunks
    )


def _pdf(name: str, data: bytes, page: int) -> bytes:
    import pypdfium2
    from pypdfium2.raw import FPDFBitmap_BGR

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            if not 0 < page <= len(document):
                raise UnreadableFile(name, f"没有第 {page} 页")
            held = document[page - 1]
            scale = min(DOTS / 72, LONGEST_SIDE / max(*held.get_size(), 1))
            return png(held.render(scale=scale, rev_byteorder=True, force_bitmap_format=FPDFBitmap_BGR).to_numpy())
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(name, "PDF 文件已损坏，这一页无法绘出") from error


def _image(name: str, data: bytes, page: int) -> Drawing:
    for start, media in SHOWN:
        if data.startswith(start):
            if page != 1:
                raise UnreadableFile(name, f"没有第 {page} 页")
            if len(data) > LARGEST:
                raise UnreadableFile(name, f"图片有 {len(data) // 2**20} MB，太大，请下载原件")
            return Drawing(media, data)
    return Drawing("image/png", _tiff(name, data, page))


def _tiff(name: str, data: bytes, page: int) -> bytes:
    """Draw a page of a TIFF file, which no browser shows, with the library that recognised it."""
    try:
        import numpy
        from PIL import Image
    except ModuleNotFoundError as error:
        raise UnreadableFile(name, f"浏览器不能显示 TIFF；运行 {INSTALL} 后可以转换") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
        with image:
            image.seek(page - 1)
            if image.width * image.height > MOST_PIXELS:
                raise UnreadableFile(name, "图片的像素太多，请下载原件")
            shown = image.convert("RGB")
            shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return png(numpy.asarray(shown))
    except EOFError as error:
        raise UnreadableFile(name, f"没有第 {page} 页") from error
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableFile(name, "图片已损坏，无法打开") from error
