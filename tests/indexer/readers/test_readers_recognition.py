"""Scanned pages are recognised: at most one character in a hundred is wrong, and what is told of them is true."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scanned import FONTS, distance, saved, scan
from wrapped import typeset

from indexer.readers import read_bytes

pytestmark = pytest.mark.skipif(
    not FONTS.exists() and not os.environ.get("GONGWEN_REQUIRE_ALL"),
    reason="no Noto CJK here (apt-get install fonts-noto-cjk)",
)
SAMPLES = Path(__file__).resolve().parents[3] / "data/samples"
SERIF, SANS = "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc"
MOST_WRONG = 0.01


def sample(name: str = "云溯市政府第26次常务会议纪要.txt", rows: int = 22) -> list[str]:
    """Return so many rows of invented minutes, a page has twenty-two."""
    text = (SAMPLES / name).read_text(encoding="utf-8-sig")
    paragraphs = [line.rstrip() for line in text.splitlines() if line.strip()]
    return [row for _, page in typeset(paragraphs) for row in page][:rows]


def recognised(pictures: Sequence[Any], kind: str = "PNG") -> Any:
    name = {"PNG": "a.png", "TIFF": "a.tif", "PDF": "a.pdf"}[kind]
    (found,) = read_bytes(name, saved(pictures, kind), ocr=True)
    return found


def plain(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("font", "skew", "grain"),
    [(SERIF, 0.0, 0.0), (SANS, 0.0, 0.0), (SERIF, -1.5, 12.0), (SANS, 2.0, 8.0)],
)
def test_characters_of_a_page(font: str, skew: float, grain: float) -> None:
    """Of a page scanned at 200 dots an inch, straight or slightly skewed, 99 of 100 characters are right."""
    rows = sample()
    found = recognised(scan(rows, font, skew, grain))
    wanted = plain("".join(rows))
    assert len(wanted) > 400
    assert distance(plain(found.text), wanted) <= MOST_WRONG * len(wanted)


def test_it_is_told_what_is_recognised_and_how_sure() -> None:
    """A recognised text says so, with how sure the models are; a page that lies on its head is read all the same."""
    rows = sample(rows=8)
    (page,) = scan(rows)
    upright, turned = recognised([page]), recognised([page.rotate(180)])
    assert upright.notices[0] == "文字由识别得来，可能有错"
    assert re.fullmatch("识别的可信度：平均 9[0-9]%，最低的一行 [89][0-9]%", upright.notices[1])
    for found in (upright, turned):
        assert distance(plain(found.text), plain("".join(rows))) <= 2


def test_pages_of_a_scanned_file() -> None:
    """A scanned PDF and a TIFF of several pages have them all, each row with its page."""
    rows = [*sample(rows=22), "二、听取全市防汛工作情况的汇报"]
    pictures = scan(rows)
    assert len(pictures) == 2
    for kind, notice in (("TIFF", "文字由识别得来，可能有错"), ("PDF", "第 1、2 页是图片，文字由识别得来，可能有错")):
        found = recognised(pictures, kind)
        assert (found.pages, found.notices[0]) == (2, notice)
        assert [plain(line.text) for line in found.lines if line.page == 2] == [rows[-1]]


def test_an_empty_page() -> None:
    """A white page among others has no rows."""
    page = scan(["会议听取了全市防汛工作情况的汇报。"])[0]
    found = recognised([page.point(lambda _: 255), page], "TIFF")
    assert [(line.page, plain(line.text)) for line in found.lines] == [(2, "会议听取了全市防汛工作情况的汇报。")]
