"""A page of a PDF, an OFD or a picture file becomes a picture that shows what stands there, or a reason why not."""

from __future__ import annotations

import io
import struct
import zlib
from base64 import b64decode
from pathlib import Path

import numpy
import pytest
from lxml import etree
from ofd_file import SPACE, ofd, page, text
from pdf_file import pdf
from PIL import Image

from indexer.errors import UnreadableFile
from indexer.readers.drawing import draw, png
from indexer.readers.ofd_drawing import MOST_OBJECTS

SHARED = Path(__file__).resolve().parents[3] / "../shared/documents"
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")


def shown(data: bytes) -> Image.Image:
    """Return a PNG picture as another program opens it."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def svg(data: bytes, number: int = 1) -> etree._Element:
    """Return the drawing of a page of an OFD file."""
    drawing = draw("a.ofd", "ofd", data, number)
    assert drawing.media == "image/svg+xml"
    return etree.fromstring(drawing.data)


def reason(format: str, data: bytes, number: int) -> str:
    """Return why there is no picture."""
    with pytest.raises(UnreadableFile) as caught:
        draw("a", format, data, number)
    return caught.value.reason


def test_pages_of_a_pdf() -> None:
    """Each page is a grey picture of 120 dots an inch, black where its text stands and white elsewhere."""
    data = pdf([(100, 100, "会议纪要")], [(300, 700, "第二页")])
    for number, (x, y) in enumerate(((100, 100), (300, 700)), 1):
        drawing = draw("a.pdf", "pdf", data, number)
        image = shown(drawing.data)
        assert (drawing.media, image.mode) == ("image/png", "L")
        assert image.size == pytest.approx((595 * 120 / 72, 842 * 120 / 72), abs=1)
        dark = numpy.argwhere(numpy.asarray(image) < 128) * 72 / 120
        assert dark.min(axis=0) == pytest.approx([y - 12, x], abs=6)
        assert len(dark) > 100
    assert reason("pdf", data, 3) == "没有第 3 页"
    assert reason("pdf", data, 0) == "没有第 0 页"
    assert "已损坏" in reason("pdf", data[:200], 1)


def test_a_pdf_of_any_size_makes_a_picture_of_bounded_size() -> None:
    """A page as large as a house is drawn small."""
    data = pdf([(100, 100, "会议")]).replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 9999 99]")
    assert max(shown(draw("a.pdf", "pdf", data, 1).data).size) <= 2400


def test_colours_are_kept() -> None:
    """A picture with colours keeps them, one without has one channel; both are what they were."""
    colours = numpy.arange(4 * 5 * 3, dtype=numpy.uint8).reshape(4, 5, 3)
    assert (numpy.asarray(shown(png(colours))) == colours).all()
    grey = numpy.repeat(colours[:, :, :1], 3, axis=2)
    assert shown(png(grey)).mode == "L"
    assert (numpy.asarray(shown(png(grey))) == colours[:, :, 0]).all()


def test_pictures_are_their_own_pictures() -> None:
    """What browsers show is given as it is; there is one page; a TIFF is turned into a PNG, each page of it."""
    assert draw("a.png", "image", DOT, 1).data == DOT
    assert draw("a.jpg", "image", b"\xff\xd8\xff...", 1).media == "image/jpeg"
    assert reason("image", DOT, 2) == "没有第 2 页"
    held = io.BytesIO()
    pages = [Image.new("RGB", (30, 20), colour) for colour in ("red", "white")]
    pages[0].save(held, "TIFF", save_all=True, append_images=pages[1:])
    assert shown(draw("a.tif", "image", held.getvalue(), 1).data).getpixel((1, 1)) == (255, 0, 0)
    assert shown(draw("a.tif", "image", held.getvalue(), 2).data).getpixel((1, 1)) == 255
    assert reason("image", held.getvalue(), 3) == "没有第 3 页"
    assert "已损坏" in reason("image", held.getvalue()[:100], 1)


def test_pictures_too_large_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture beyond the limits is given as a download and not shown."""
    monkeypatch.setattr("indexer.readers.drawing.LARGEST", 50)
    assert "请下载原件" in reason("image", DOT, 1)
    held = io.BytesIO()
    Image.new("1", (9000, 9000)).save(held, "TIFF", compression="group4")
    assert "请下载原件" in reason("image", held.getvalue(), 1)


def test_other_files_have_no_pages() -> None:
    """A text has no picture."""
    assert reason("txt", b"", 1) == "这种文件没有页面图像"


def test_text_of_an_ofd_stands_where_it_should() -> None:
    """Glyphs have the places that the file gives, in the size and colour that it gives; markup in them is text."""
    red = "<ofd:FillColor Value='255 0 0' Alpha='51'/>"
    data = ofd(
        page(text(20, 30, "会议&lt;", code="X='1' Y='5' DeltaX='g 2 6'")),
        page(f"<ofd:TextObject Boundary='1 2 9 9' CTM='2 0 0 2 3 4' Size='4' Font='7' Weight='700'>{red}"
             "<ofd:TextCode X='0' Y='0' DeltaY='4'>纪要</ofd:TextCode><ofd:TextCode> </ofd:TextCode></ofd:TextObject>"),
        Res=f"<ofd:Res {SPACE}><ofd:Fonts><ofd:Font ID='7' FontName='SimHei'/></ofd:Fonts></ofd:Res>",
        more="<ofd:PublicRes>Res.xml</ofd:PublicRes>",
    )  # fmt: skip
    (group,) = svg(data).iter(f"{SVG}g")
    (first,) = group
    assert (group.get("transform"), first.text) == ("matrix(1 0 0 1 20 30)", "会议<")
    assert (first.get("x"), first.get("y"), first.get("font-size")) == ("1 7 13", "5", "5")
    (second,) = svg(data, 2).iter(f"{SVG}text")
    parent = second.getparent()
    assert parent is not None
    assert parent.get("transform") == "matrix(2 0 0 2 4 6)"
    assert [second.get(name) for name in ("y", "fill", "fill-opacity", "font-family", "font-weight")] == [
        "0 4",
        "rgb(255,0,0)",
        "0.2",
        "sans-serif",
        "bold",
    ]
    assert reason("ofd", data, 3) == "没有第 3 页"


def test_paths_and_pictures_of_an_ofd() -> None:
    """Lines, areas and pictures are drawn as the file has them; what is invisible or no number is not."""
    steps = 'S 0 0 M 1 2 L 3 4 Q 1 1 2 2 B 1 1 2 2 3 3 C "/&gt; x'
    media = "".join(
        f"<ofd:MultiMedia ID='{number}'><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>"
        for number, name in ((9, "dot.png"), (8, "Res.xml"))
    )
    unit = f"<ofd:CompositeGraphicUnit ID='6'><ofd:Content>{text(0, 0, '印')}</ofd:Content></ofd:CompositeGraphicUnit>"
    data = ofd(
        page(
            "<ofd:PathObject Boundary='0 0 9 9' LineWidth='2'><ofd:StrokeColor Value='128'/>"
            f"<ofd:AbbreviatedData>{steps}</ofd:AbbreviatedData></ofd:PathObject>",
            "<ofd:PathObject Boundary='0 0 9 9' Fill='true' Stroke='false' Rule='Even-Odd'>"
            "<ofd:FillColor Value='0 255 255 0'/></ofd:PathObject>",
            "<ofd:PathObject Boundary='0 0 9 9' Visible='false'/>",
            "<ofd:ImageObject Boundary='5 5 20 10' ResourceID='9'/>",
            "<ofd:ImageObject Boundary='5 5 20 10' ResourceID='8'/>",
            "<ofd:ImageObject Boundary='5 5 20 10' CTM='20 0 0 10 0 0' ResourceID='9' Alpha='0'/>",
            "<ofd:CompositeObject Boundary='7 7 1 1' ResourceID='6'/><ofd:Other/>",
        ),
        more="<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 100 50</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData>",
        Res=f"<ofd:Res {SPACE} BaseLoc='Files'>{media}{unit}</ofd:Res>",
        files={"Files/dot.png": DOT},
    )
    root = svg(data)
    assert (root.get("viewBox"), root.get("width")) == ("0 0 100 50", "500")
    line, area = root.iter(f"{SVG}path")
    assert " ".join((line.get("d") or "").split()) == "M 0 0 M 1 2 L 3 4 Q 1 1 2 2 C 1 1 2 2 3 3 Z"
    assert [line.get(name) for name in ("fill", "stroke", "stroke-width")] == ["none", "rgb(128,128,128)", "2"]
    assert [area.get(name) for name in ("fill", "stroke", "fill-rule")] == ["rgb(255,0,0)", None, "evenodd"]
    plain, seen_through = root.iter(f"{SVG}image")
    assert b64decode((plain.get(LINK) or "").partition(",")[2]) == DOT
    assert [(one.get("width"), one.get("height")) for one in (plain, seen_through)] == [("20", "10"), ("1", "1")]
    assert [one.text for one in root.iter(f"{SVG}text")] == ["印"]


def test_pages_that_hold_more_than_a_page() -> None:
    """A page of endless objects or endless numbers has no picture."""
    many = "<ofd:PathObject/>" * (MOST_OBJECTS + 1)
    assert "图形太多" in reason("ofd", ofd(page(many)), 1)
    long = f"<ofd:PathObject><ofd:AbbreviatedData>{'1 ' * 4_500_000}</ofd:AbbreviatedData></ofd:PathObject>"
    assert "图形太多" in reason("ofd", ofd(page(long)), 1)


def test_a_missing_page_is_a_white_sheet() -> None:
    """A page that is listed and not there is drawn empty, as its reader has it."""
    data = ofd(page(), more="<ofd:Pages><ofd:Page BaseLoc='X.xml'/></ofd:Pages>")
    assert [element.tag for element in svg(data)] == [f"{SVG}rect"]


def test_a_picture_of_a_chunk() -> None:
    """What `png` writes is a PNG file chunk by chunk, with right sums."""
    data = png(numpy.full((2, 2, 3), 255, numpy.uint8))
    at = 8
    kinds = []
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        kinds.append(data[at + 4 : at + 8])
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(data[at + 4 : at + 8 + size])
        at += 12 + size
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.shared
def test_real_files_are_drawn() -> None:
    """Each first page of the material has a picture with what stands on it."""
    if not SHARED.exists():
        pytest.skip("the shared material is not here")
    for path in sorted((SHARED / "ofd").glob("*.ofd")):
        assert "".join(str(one.text) for one in svg(path.read_bytes()).iter(f"{SVG}text")).strip(), path.name
    for path in SHARED.glob("*.pdf"):
        image = shown(draw(path.name, "pdf", path.read_bytes(), 1).data)
        assert (numpy.asarray(image.convert("L")) < 128).sum() > 1000, path.name
