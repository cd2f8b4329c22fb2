"""A picture of a page goes in, the rows of its text come out, recognised by rapidocr, which is an optional extra.

Without the extra the reader says how to install it. Models are in the extra's own package; nothing is fetched.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from indexer.errors import UnreadableFile
from indexer.readers.layout import Piece, arrange
from indexer.readers.source import Line, SourceText

INSTALL = 'pip install "gongwen[ocr]"'
# 150 dots an inch make an A4 page 1,240 by 1,754; below that small print is lost, above nothing is won.
DOTS = 150
# A0 at 150 dots an inch has 35 million; a picture beyond this is a bomb.
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 6000


def read(path: str, data: bytes, ocr: bool = False) -> SourceText:
    """Return the rows of a picture file (a photographed or scanned page).

    Raises:
        UnreadableFile: recognition was not asked for or is not installed, or the picture is broken or too large.
    """
    if not ocr:
        raise UnreadableFile(path, f"是图片，图中文字没有读取；要识别请加 --ocr（先运行 {INSTALL}）")
    rows = recognise(path, _picture(path, data))
    if not rows:
        raise UnreadableFile(path, "图片里没有识别出文字")
    lines = tuple(Line(row, 1) for row in rows)
    return SourceText(
        path, "image", hashlib.sha256(data).hexdigest(), lines, {}, 1, notices=("文字由识别得来，可能有错",)
    )


def recognise(path: str, picture: Any) -> list[str]:
    """Return the rows of text in a picture, an array of height × width (× 3 colours, 0–255)."""
    found = _engine(path)(picture)
    return [] if found.boxes is None else rows_of(found.boxes, found.txts)


def rows_of(boxes: Iterable[Iterable[tuple[float, float]]], texts: Iterable[str]) -> list[str]:
    """Return recognised texts in reading order; each box is its four corners."""
    pieces: list[Piece] = []
    for box, text in zip(boxes, texts, strict=True):
        corners = [(float(x), float(y)) for x, y in box]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        pieces.append(Piece(min(across), min(down), max(across), max(down), text))
    return [row for row in arrange(pieces) if row]


def scale(width: float, height: float) -> float:
    """Return by how much to enlarge a page of this size in points, so that its picture has DOTS an inch at most."""
    return min(DOTS / 72, LONGEST_SIDE / max(width, height, 1))


def _picture(path: str, data: bytes) -> Any:
    try:
        import numpy
        from PIL import Image, UnidentifiedImageError
    except ModuleNotFoundError as error:
        raise UnreadableFile(path, f"文字识别没有安装；请先运行 {INSTALL}") from error
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that are refused below.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise UnreadableFile(path, f"图片有 {image.width}×{image.height} 个像素，太大，没有读取")
            return numpy.asarray(image.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise UnreadableFile(path, "图片的像素太多，没有读取") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableFile(path, "图片已损坏，无法打开") from error


def _engine(path: str) -> Any:
    try:
        return _loaded()
    except ModuleNotFoundError as error:
        raise UnreadableFile(path, f"文字识别没有安装；请先运行 {INSTALL}") from error


@cache
def _loaded() -> Any:
    """Load the models once a process: 1 GB of memory, 2 seconds."""
    import rapidocr

    # 960 on the longer side finds every line of an A4 page at 150 dots; the usual 736 on the shorter costs three times.
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": LONGEST_SIDE,
            "Det.limit_type": "max",
            "Det.limit_side_len": 960,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
    )
