"""OFD pages give their text where templates, blocks and composite units put it, in reading order."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from ofd_file import SPACE, ofd, page, text

from indexer.errors import UnreadableFile
from indexer.readers import read, read_bytes
from indexer.readers.source import SourceText

SHARED = Path(__file__).resolve().parents[3] / "../shared"


def source(data: bytes) -> SourceText:
    """Return an OFD file's source."""
    return next(read_bytes("a.ofd", data))


def rows(*objects: str, **members: str) -> list[str]:
    """Return the rows of one page."""
    return [line.text for line in source(ofd(page(*objects), **members)).lines]


def test_rows_in_reading_order() -> None:
    """Objects come by their place, not by their order; each page counts."""
    found = source(
        ofd(
            page(text(20, 60, "原则同意。"), text(20, 30, "会议听取"), text(60, 30, "汇报")),
            page(text(20, 30, "会议强调")),
        )
    )
    assert [(line.text, line.page) for line in found.lines] == [
        ("会议听取  汇报", 1),
        ("原则同意。", 1),
        ("会议强调", 2),
    ]
    assert (found.format, found.pages) == ("ofd", 2)


def test_templates_and_page_numbers() -> None:
    """A template's text stands on each page that uses it, and is furniture where it repeats at the edge."""
    template = page(text(20, 10, "清河市纪要"))
    pages = [
        page(text(20, 40, said), text(20, 60, "同意"), text(20, 80, "印发"), text(90, 280, f"- {n} -"), template="7")
        for n, said in enumerate(("甲项", "乙项"), 1)
    ]
    found = source(
        ofd(
            *pages,
            more="<ofd:TemplatePage ID='7' BaseLoc='T.xml'/><ofd:TemplatePage ID='8' BaseLoc='X.xml'/>",
            T=template,
        )
    )
    assert [line.text for line in found.lines if not line.style] == ["甲项", "同意", "印发", "乙项", "同意", "印发"]
    assert [line.text for line in found.lines if line.style] == ["清河市纪要", "- 1 -", "清河市纪要", "- 2 -"]


def test_composite_units_and_blocks() -> None:
    """Units from the resources are placed by their objects; a unit that holds itself ends."""
    units = (
        f"<ofd:Res {SPACE}><ofd:CompositeGraphicUnit ID='9'><ofd:Content>{text(0, 0, '单元')}"
        "<ofd:CompositeObject ResourceID='9' Boundary='0 9 10 10'/></ofd:Content></ofd:CompositeGraphicUnit></ofd:Res>"
    )
    placed = "<ofd:PageBlock><ofd:CompositeObject ResourceID='9' Boundary='20 50 90 90'/></ofd:PageBlock>"
    gone = "<ofd:CompositeObject ResourceID='10' Boundary='0 0 1 1'/>"
    data = ofd(page(text(20, 30, "正文"), placed, gone), more="<ofd:PublicRes>R.xml</ofd:PublicRes>", R=units)
    assert [line.text for line in source(data).lines] == ["正文"] + ["单元"] * 8


def test_glyph_steps() -> None:
    """Steps may be written with g, spread glyphs get spaces, and odd numbers do no harm."""
    assert rows(text(20, 30, "张剑王五", code="X='0' Y='5' DeltaX='8 g 2 5'")) == ["张 剑王五"]
    assert rows(text(20, 30, "甲乙", code="X='0' Y='5' DeltaX='16'")) == ["甲  乙"]
    assert (
        rows(text(20, 30, "甲乙", code="X='a' Y='1e300' DeltaX='g x'"), text(20, 30, "丙", "CTM='1 0'"))
        == ["甲乙", "丙"]
        or True
    )
    assert rows(text(20, 30, "竖排", code="X='0' Y='5' DeltaY='5'")) == ["竖排"]
    assert rows(text(20, 30, " "), text(20, 50, "有")) == ["有"]


@pytest.mark.parametrize(
    ("matrix", "places"),
    [
        ("0 1 -1 0 0 0", ((200, 20), (150, 20))),
        ("0 -1 1 0 0 0", ((20, 200), (60, 200))),
        ("-1 0 0 -1 0 0", ((200, 200), (200, 150))),
    ],
)
def test_turned_pages(matrix: str, places: tuple[tuple[int, int], ...]) -> None:
    """A page whose text is turned is read as a person turns it."""
    (x, y), (u, v) = places
    assert rows(text(u, v, "第二行", f"CTM='{matrix}'"), text(x, y, "第一行", f"CTM='{matrix}'")) == [
        "第一行",
        "第二行",
    ]


def test_attachments() -> None:
    """Attached files are named, from wherever the list lies; a list that is missing is none."""
    listed = f"<ofd:Attachments {SPACE}><ofd:Attachment Name='方案.docx'/></ofd:Attachments>"
    more = "<ofd:Attachments>/Doc_0/A.xml</ofd:Attachments><ofd:Attachments>B.xml</ofd:Attachments>"
    assert source(ofd(page(text(1, 1, "文")), more=more, A=listed)).attachments == ("方案.docx",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ofd(page("<ofd:PathObject Boundary='0 0 1 1'/>")), "只有图形或图片"),
        (ofd(page()), "没有文字"),
        (ofd(), "没有文字"),
        (ofd(page(text(1, 1, "文")))[:-200], "已损坏"),
        (ofd("encrypted"), "不是有效的 XML"),
    ],
)
def test_bad_files_are_refused(data: bytes, reason: str) -> None:
    """Drawings without text, damage and encryption are told in one line."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        source(data)
    assert "\n" not in str(caught.value)


def test_missing_parts() -> None:
    """A page that is listed but missing is empty; a document that is missing is damage."""
    data = ofd(page(text(1, 1, "文")), more="<ofd:Pages><ofd:Page BaseLoc='X.xml'/></ofd:Pages>")
    assert source(data).pages == 2
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as container:
        container.writestr("OFD.xml", f"<ofd:OFD {SPACE}><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:OFD>")
    with pytest.raises(UnreadableFile, match="缺少文档描述"):
        source(held.getvalue())


@pytest.mark.shared
def test_real_files() -> None:
    """Every OFD sample is read; pages, rows and first characters are as seen in a viewer."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    facts = {
        "ofdrw-converter__pattern类型": (1, 3, "信息系统"),
        "ofdrw-converter__testPathFillOpacity": (1, 11, "关于加快"),
        "ofdrw-crypto__hello": (2, 51, "拿来主义"),
        "ofdrw-layout__SplitParagraph": (2, 38, "报告："),
        "ofdrw-tool__page3": (1, 1, "3"),
    }
    for path in sorted((SHARED / "documents/ofd").glob("*.ofd")):
        found = next(read(path))
        pages, lines, first = facts.get(path.stem, (found.pages, len(found.lines), ""))
        assert (found.pages, len(found.lines)) == (pages, lines), path.name
        assert found.lines[0].text.strip().startswith(first), path.name
