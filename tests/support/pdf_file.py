"""PDF files written by hand: texts at places of pages, in a font that is named and not embedded.

A Chinese character is as wide as it is high, a letter or a digit half as wide.
"""

from __future__ import annotations

import zlib

Placed = tuple[float, float, str]


def pdf(*pages: list[Placed], rotate: int = 0, image: bool = False, extra: bytes = b"", key: bytes = b"") -> bytes:
    """Return a PDF file whose pages hold texts at x and y (from the top) in 12 points, or a picture instead."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 80>>",
        stream(zlib.compress(b"\x80" * 100), b"/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray"
               b"/BitsPerComponent 8/Filter/FlateDecode"),
    ]  # fmt: skip
    kids = []
    for page in pages:
        content = b"".join(
            b"BT /F 12 Tf %s Tm <%s> Tj ET\n" % (matrix(x, y, rotate), text.encode("utf-16-be").hex().encode())
            for x, y, text in page
        )
        objects.append(stream(content + (b"q 500 0 0 500 0 0 cm /I Do Q\n" if image else b"")))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>" % (rotate, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, key, start)
    return bytes(out)


def matrix(x: float, y: float, rotate: int) -> bytes:
    """Return the text matrix that shows a text upright at x and y on a page turned clockwise."""
    turned = {
        0: (1, 0, 0, 1, x, 842 - y),
        90: (0, 1, -1, 0, y, x),
        180: (-1, 0, 0, -1, 595 - x, y),
        270: (0, -1, 1, 0, 595 - y, 842 - x),
    }
    return b" ".join(b"%.1f" % number for number in turned[rotate])


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)
