"""Pictures are refused with what to do, or recognised where the extra is installed."""

from __future__ import annotations

import importlib.util
import struct
import sys
import zlib
from pathlib import Path

import pytest
from pdf_file import pdf

from indexer.build import build
from indexer.errors import UnreadableFile
from indexer.readers import find, read_bytes, scan
from indexer.readers.scan import _loaded, punctuated, rows_of, scale

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


def test_the_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With recognition asked for but a part of it not installed, the command is named."""
    for part in ("rapidocr", "PIL"):
        monkeypatch.setitem(sys.modules, part, None)
        _loaded.cache_clear()
        assert reason(png(10, 10), ocr=True) == '文字识别没有安装；请先运行 pip install "gongwen[ocr]"'
        monkeypatch.undo()


def test_a_scan_without_the_extra_is_a_row_of_the_report(tmp_path: Path) -> None:
    """A build lists a scanned PDF with the command that installs what would read it."""
    (tmp_path / "扫描.pdf").write_bytes(pdf([], image=True))
    report = build(tmp_path, tmp_path / "index")
    assert ['pip install "gongwen[ocr]"' in row.error for row in report.failed] == [True]


@pytest.mark.skipif(importlib.util.find_spec("PIL") is None, reason="pictures cannot be opened here")
def test_bad_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken picture and one of impossible size or length are refused before anything is recognised."""
    assert "已损坏" in reason(b"\x89PNG\r\n\x1a\n" + b"x" * 50, ocr=True)
    assert "太大" in reason(png(9_000, 9_000), ocr=True)
    assert "像素太多" in reason(png(20_000, 20_000), ocr=True)
    monkeypatch.setattr(scan, "MOST_PAGES", 0)
    assert "超过 0 页" in reason(png(10, 10), ocr=True)


@pytest.mark.skipif(not OCR, reason="recognition is not installed here")
def test_an_empty_picture_has_no_text() -> None:
    """A white picture is refused since nothing is in it."""
    assert reason(png(200, 100), ocr=True) == "图片里没有识别出文字"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("(一)会议听取了", "（一）会议听取了"),
        ("会议强调:要抓好落实,", "会议强调：要抓好落实，"),
        ("（以下简称《方案》)。", "（以下简称《方案》）。"),
        ("(2024-2026年)", "（2024-2026年）"),
        ("电话:1234(5)", "电话：1234(5)"),
        ("at 10:30, (a)", "at 10:30, (a)"),
    ],
)
def test_marks_beside_chinese_text_are_chinese(seen: str, meant: str) -> None:
    """The models give Latin brackets and colons; beside Chinese characters they are those of Chinese type."""
    assert punctuated(seen) == meant


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
    """An A4 page is enlarged to 200 dots an inch, a plan only to the longest side."""
    assert scale(595, 842) == pytest.approx(200 / 72)
    assert scale(10_000, 20_000) == pytest.approx(0.3)
