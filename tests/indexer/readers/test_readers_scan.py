"""Pictures are refused with what to do, or recognised where the extra is installed."""

from __future__ import annotations

import importlib
import importlib.util
import io
import struct
import zlib
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.readers import find, read_bytes
from indexer.readers.scan import rows_of, scale

OCR = importlib.util.find_spec("rapidocr") is not None


def png(width: int, height: int) -> bytes:
    """Return a white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * min(height, 100))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def reason(data: bytes, ocr: bool) -> str:
    """Return why a picture is refused."""
    with pytest.raises(UnreadableFile) as caught:
        list(read_bytes("a.png", data, ocr))
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_pictures_are_told_with_the_way_to_read_them() -> None:
    """Without recognition, a picture is refused with the option and the command that installs it."""
    told = reason(png(10, 10), ocr=False)
    assert "--ocr" in told
    assert 'pip install "gongwen[ocr]"' in told


@pytest.mark.skipif(OCR, reason="recognition is installed here")
def test_the_missing_extra_is_told() -> None:
    """With recognition asked for but not installed, the command is named."""
    assert reason(png(10, 10), ocr=True) == '文字识别没有安装；请先运行 pip install "gongwen[ocr]"'


@pytest.mark.skipif(importlib.util.find_spec("PIL") is None, reason="pictures cannot be opened here")
def test_bad_pictures_are_refused() -> None:
    """A broken picture and one of impossible size are refused before anything is recognised."""
    assert "已损坏" in reason(b"\x89PNG\r\n\x1a\n" + b"x" * 50, ocr=True)
    assert "太大" in reason(png(9_000, 9_000), ocr=True)
    assert "像素太多" in reason(png(20_000, 20_000), ocr=True)


@pytest.mark.skipif(not OCR, reason="recognition is not installed here")
def test_an_empty_picture_has_no_text() -> None:
    """A white picture is refused since nothing is in it."""
    assert reason(png(200, 100), ocr=True) == "图片里没有识别出文字"


@pytest.mark.skipif(not OCR, reason="recognition is not installed here")
def test_a_picture_of_text_is_read() -> None:
    """Text in a picture is recognised, with a notice that it may be wrong; a page of a PDF, too."""
    drawing, fonts, image = (importlib.import_module(f"PIL.{name}") for name in ("ImageDraw", "ImageFont", "Image"))
    picture = image.new("RGB", (1240, 600), "white")
    drawing.Draw(picture).text((100, 100), "Decree 2024", fill="black", font=fonts.load_default(60))
    for name, kind in (("a.png", "PNG"), ("a.pdf", "PDF")):
        held = io.BytesIO()
        picture.save(held, kind)
        found = next(read_bytes(name, held.getvalue(), ocr=True))
        assert found.text.replace(" ", "") == "Decree2024"
        assert "可能有错" in found.notices[0]


def test_recognised_boxes_become_rows() -> None:
    """Boxes of four corners, tilted or not, are put in reading order; empty texts are none."""
    boxes = [
        [(100, 50), (200, 52), (200, 72), (100, 70)],
        [(10, 10), (90, 10), (90, 30), (10, 30)],
        [(0, 90), (1, 90), (1, 99), (0, 99)],
    ]
    assert rows_of(boxes, ["原则同意", "会议听取", " "]) == ["会议听取", "原则同意"]


def test_pictures_in_folders(tmp_path: Path) -> None:
    """A folder gives its pictures only where they are to be recognised."""
    (tmp_path / "a.png").write_bytes(png(10, 10))
    assert len(find([tmp_path])) == 0
    assert len(find([tmp_path], ocr=True)) == 1


def test_the_scale_of_a_page() -> None:
    """An A4 page is enlarged to 150 dots an inch, a plan only to the longest side."""
    assert scale(595, 842) == pytest.approx(150 / 72)
    assert scale(10_000, 20_000) == pytest.approx(0.3)
