"""PDF pages give their rows in reading order with page numbers; scans, locks and damage are told."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pdf_file import Placed, pdf

from indexer.errors import UnreadableFile
from indexer.readers import read, read_bytes
from indexer.readers.layout import Piece, arrange, lines_of_pages
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"
# Ten rows of running text in two columns of 200 points, 12 points a character.
LEFT, RIGHT = "会议听取了全市供水工作情况的汇报一", "原则同意市水务局的意见并按程序印发"


def source(data: bytes) -> SourceText:
    """Return a PDF file's source."""
    return next(read_bytes("a.pdf", data))


def reason(data: bytes, ocr: bool = False) -> str:
    """Return why a PDF file is refused."""
    with pytest.raises(UnreadableFile) as caught:
        list(read_bytes("a.pdf", data, ocr))
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_rows_and_pages() -> None:
    """Rows come from the top down whatever their order in the file, each with its page, and are not joined."""
    found = source(pdf([(100, 200, "二、审议供水办法"), (100, 100, "会议听取了汇报，")], [(100, 100, "原则同意。")]))
    assert [(line.text, line.page, line.whole) for line in found.lines] == [
        ("会议听取了汇报，", 1, False),
        ("二、审议供水办法", 1, False),
        ("原则同意。", 2, False),
    ]
    assert (found.format, found.pages, found.notices) == ("pdf", 2, ())


def test_page_numbers_and_repeated_edges_are_furniture() -> None:
    """Numbers with dashes, bare numbers that count the pages, headers and footers of most pages are furniture."""
    pages: list[list[Placed]] = [
        [(100, 40, "清河市政府纪要"), (100, 100, f"第{7 * n}项议定事项"), (100, 130, f"原则同意{n}"),
         (100, 160, "修改完善后"), (100, 190, "印发实施"), (300, 800, f"— {n} —"), (280, 820, str(n))]
        for n in (1, 2, 3)
    ]  # fmt: skip
    styles = [line.style for line in source(pdf(*pages)).lines]
    assert styles == (["furniture"] + [""] * 4 + ["furniture"] * 2) * 3


def test_a_lone_number_is_kept() -> None:
    """A number that is a page's only row, or that does not count pages, is content."""
    assert [line.style for line in source(pdf([(100, 100, "3")])).lines] == [""]
    assert [line.style for line in source(pdf([(100, 100, "合计"), (100, 130, "208")])).lines] == ["", ""]


def test_names_and_cells_in_columns_are_read_by_rows() -> None:
    """What stands in columns but does not fill them is one row with gaps."""
    rows: list[Placed] = [
        (x, 100 + 20 * n, name) for n in range(8) for x, name in ((100, "张某"), (200, "李某"), (350, "王某"))
    ]
    assert [line.text for line in source(pdf(rows)).lines] == ["张某  李某  王某"] * 8


def test_two_columns_of_text_are_read_one_after_the_other() -> None:
    """Running text in two columns is read down the left one first; a row over both columns divides them."""
    rows: list[Placed] = [(60, 60, "清河市人民政府第三次常务会议纪要供水专题会议议定事项")]
    rows += [(x, 100 + 20 * n, text) for n in range(8) for x, text in ((60, LEFT), (320, RIGHT))]
    assert [line.text for line in source(pdf(rows)).lines][1:] == [LEFT] * 8 + [RIGHT] * 8


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages(rotate: int) -> None:
    """A page that is shown turned is read as it is seen."""
    page: list[Placed] = [(100, 300, "原则同意。"), (100, 100, "会议听取了汇报，"), (300, 100, "议定事项")]
    assert [line.text for line in source(pdf(page, rotate=rotate)).lines] == [
        "会议听取了汇报，  议定事项",
        "原则同意。",
    ]


def test_scans_are_told() -> None:
    """A file of pictures is refused with what to do; a page of pictures among others is a notice."""
    scanned = pdf([], [], image=True)
    assert "扫描件" in reason(scanned)
    assert "gongwen[ocr]" in reason(scanned)
    assert reason(pdf([])) == "PDF 里没有文字"


def test_a_scanned_page_among_others_is_a_notice(tmp_path: Path) -> None:
    """The text pages are read and the picture page is named."""
    book = pypdfium2.PdfDocument.new()
    for data in (pdf([(100, 100, "会议听取了汇报，原则同意。"), (100, 130, "会议强调。")]), pdf([], image=True)):
        with pypdfium2.PdfDocument(data) as part:
            book.import_pages(part)
    path = tmp_path / "a.pdf"
    book.save(path)
    book.close()
    assert next(read(path)).notices == ("第 2 页是图片，没有读取；要识别请加 --ocr",)


def test_damage_and_locks_are_told() -> None:
    """A cut file and an encrypted one are refused in words."""
    whole = pdf([(100, 100, "会议")])
    assert "已损坏" in reason(b"%PDF-1.5\n" + b"garbage" * 50)
    lock = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O<%s>/U<%s>>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
    assert "已加密" in reason(pdf([(100, 100, "会议")], key=lock))
    assert source(b"\n\n" + whole).text == "会议"


def test_unknown_glyphs_and_attachments() -> None:
    """Glyphs without a character are counted; embedded files are named."""
    files = b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(plan.xlsx)/UF(plan.xlsx)/EF<</F 6 0 R>>>>]>>>>"
    found = source(pdf([(100, 100, "会议\uffff同意")], extra=files))
    assert found.attachments == ("plan.xlsx",)
    assert "会议" in found.text


def test_indents_begin_paragraphs() -> None:
    """A row that is indented by two characters begins with two wide spaces; an indented block and a title do not."""
    long = "会议听取了全市供水工作情况的汇报，原则"
    page: list[Placed] = [(200, 80, "清河市纪要"), (84, 100, long), (60, 120, long + "同意"), (60, 140, "印发。")]
    page += [(84, 160, "会议强调。"), (84, 180, long), (84, 200, long), (60, 220, "完。"), (60, 240, "记录：张某")]
    begun = [line.text.startswith("\u3000\u3000") for line in source(pdf(page)).lines]
    assert begun == [False, True, False, False, True, True, False, False, False]


def test_the_layout_of_pieces() -> None:
    """Superscripts stay in their row, near pieces join without a gap, a little gap is one space."""
    row = [
        Piece(0, 0, 10, 10, "水"),
        Piece(10.5, 0, 15, 5, "2"),
        Piece(20, 1, 30, 11, "量"),
        Piece(60, 0, 70, 10, "大"),
    ]
    assert arrange(row) == ["水2 量  大"]
    assert arrange([]) == []
    assert arrange([Piece(0, 0, 0, 0, "一")]) == ["一"]
    assert lines_of_pages([]) == ()
    assert lines_of_pages([[], ["甲"]])[0].page == 2


@pytest.mark.shared
def test_a_real_report() -> None:
    """The 13 pages of a statistical report keep their numbers as furniture and their tables as rows."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    found = next(read(next((SHARED / "documents").glob("*.pdf"))))
    assert (found.pages, len(found.lines)) == (13, 251)
    assert [line.text for line in found.lines if line.style == "furniture"] == [str(n) for n in range(1, 14)]
    assert any(line.text.split() == ["福田区", "124.88", "60.48", "64.40", "93.91"] for line in found.lines)
