"""A picture of a page goes in, the rows of its text come out, recognised by rapidocr, which is an optional extra.

Without the extra the reader says how to install it. Models are in the extra's own package; nothing is fetched.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from indexer.errors import UnreadableFile
from indexer.readers.layout import Piece, arrange, lines_of_pages
from indexer.readers.source import SourceText

INSTALL = 'pip install "gongwen[ocr]"'
# 200 dots an inch make an A4 page 1,654 by 2,339; above that nothing is won.
DOTS = 200
# A0 at 150 dots an inch has 35 million; a picture beyond this is a bomb.
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 6000
# A fax or a scan of a whole volume in one TIFF file.
MOST_PAGES = 500
# A page of which so little is sure may lie upside down.
UNSURE = 0.75
# The models know the marks of Chinese text by their Latin twins; beside Chinese text they are Chinese marks.
LATIN, CHINESE = "(),:;?!", "（），：；？！"
_MARK = re.compile(rf"(?<=[\u4e00-\u9fff《》“”、。）])[{LATIN}]|[{LATIN}](?=[\u4e00-\u9fff《》“”、。（])")
_BRACKETS = re.compile(r"（([^（）()]{0,60})\)|\(([^（）()]{0,60})）")
_CHINESE_OF = str.maketrans(LATIN, CHINESE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The rows of one page, and how sure each recognised piece of text is, from 0 to 1."""

    rows: list[str]
    scores: tuple[float, ...]

    @property
    def sure(self) -> float:
        """Return how sure the whole page is; 1 where nothing is on it."""
        return sum(self.scores) / len(self.scores) if self.scores else 1.0


def read(path: str, data: bytes, ocr: bool = False) -> SourceText:
    """Return the rows of a picture file: a photographed or scanned page, or the pages of a TIFF file.

    Raises:
        UnreadableFile: recognition was not asked for or is not installed, or the picture is broken or too large.
    """
    if not ocr:
        raise UnreadableFile(path, f"是图片，图中文字没有读取；要识别请加 --ocr（先运行 {INSTALL}）")
    pages = [recognise(path, picture) for picture in _pictures(path, data)]
    lines = lines_of_pages([page.rows for page in pages])
    if not lines:
        raise UnreadableFile(path, "图片里没有识别出文字")
    notices = ("文字由识别得来，可能有错", surety(pages))
    return SourceText(path, "image", hashlib.sha256(data).hexdigest(), lines, {}, len(pages), notices=notices)


def surety(pages: Iterable[Recognised]) -> str:
    """Return in words how sure recognised pages are."""
    scores = [score for page in pages for score in page.scores] or [0.0]
    # Rounded down: nothing that is recognised is sure.
    average, lowest = int(99.99 * sum(scores) / len(scores)), int(99.99 * min(scores))
    return f"识别的可信度：平均 {average}%，最低的一行 {lowest}%"


def recognise(path: str, picture: Any) -> Recognised:
    """Return what a picture says, an array of height × width (× 3 colours, 0–255), whichever way up it lies."""
    found = _recognised(path, picture)
    if found.sure < UNSURE:
        turned = _recognised(path, picture[::-1, ::-1].copy())
        found = max(found, turned, key=lambda one: one.sure)
    return found


def rows_of(boxes: Iterable[Iterable[tuple[float, float]]], texts: Iterable[str]) -> list[str]:
    """Return recognised texts in reading order; each box is its four corners."""
    pieces: list[Piece] = []
    for box, text in zip(boxes, texts, strict=True):
        corners = [(float(x), float(y)) for x, y in box]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        pieces.append(Piece(min(across), min(down), max(across), max(down), text))
    return [punctuated(row) for row in arrange(pieces) if row]


def punctuated(row: str) -> str:
    """Return a row with Chinese marks where Chinese text is beside them."""
    row = _MARK.sub(lambda mark: mark[0].translate(_CHINESE_OF), row)
    return _BRACKETS.sub(lambda pair: f"（{pair[1] or pair[2] or ''}）", row)


def scale(width: float, height: float) -> float:
    """Return by how much to enlarge a page of this size in points, so that its picture has DOTS an inch at most."""
    return min(DOTS / 72, LONGEST_SIDE / max(width, height, 1))


def _recognised(path: str, picture: Any) -> Recognised:
    found = _engine(path)(picture)
    if found.boxes is None:
        return Recognised([], ())
    return Recognised(rows_of(found.boxes, found.txts), tuple(float(score) for score in found.scores))


def _pictures(path: str, data: bytes) -> Iterator[Any]:
    """Yield the pages of a picture file; all but a TIFF file have one."""
    try:
        import numpy
        from PIL import Image, ImageSequence, UnidentifiedImageError
    except ModuleNotFoundError as error:
        raise UnreadableFile(path, f"文字识别没有安装；请先运行 {INSTALL}") from error
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that are refused below.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
        with image:
            for number, page in enumerate(ImageSequence.Iterator(image)):
                if page.width * page.height > MOST_PIXELS:
                    raise UnreadableFile(path, f"图片有 {page.width}×{page.height} 个像素，太大，没有读取")
                if number == MOST_PAGES:
                    raise UnreadableFile(path, f"图片超过 {MOST_PAGES} 页的上限；请拆分后再试")
                yield numpy.asarray(page.convert("RGB"))
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

    # 960 on the longer side finds every line of an A4 page; 1,280 finds no more, and 736 on the shorter costs twice the
    # time. The model that tells lines which stand on their head takes one line in a hundred of skewed pages for such.
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": LONGEST_SIDE,
            "Global.use_cls": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": 960,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
    )
