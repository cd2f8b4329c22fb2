"""Files made to harm who reads them: bombs, loops, depths, locks; each as name and bytes, made when asked for."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from ofd_file import SPACE, ofd
from pdf_file import pdf, stream
from word_file import P, ole, word
from wrapped import zipped

ENTITIES = "".join(f"<!ENTITY {chr(97 + n)} '{f'&{chr(96 + n)};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a '哈哈哈哈哈哈哈哈哈哈'>{ENTITIES}]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"
W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def bomb(size: int = 100_000_000) -> bytes:
    """An archive a thousandth of what is in it."""
    return zipped({"纪要.txt": bytes(size)})


def nest() -> bytes:
    """Archives in an archive: a hundred texts of twenty megabytes, none of which is a bomb alone."""
    held = {"a.txt": "会议听取了汇报。".encode() + b" " * 20_000_000}
    for _ in range(2):
        inner = zipped(held)
        held = {f"{n}.zip": inner for n in range(10)}
    return zipped(held)


def itself() -> bytes:
    """Archives in archives beyond any use."""
    data = zipped({"a.txt": "会议听取了汇报。".encode()})
    for _ in range(40):
        data = zipped({"a.zip": data})
    return data


def word_xml(top: str) -> bytes:
    """A Word document whose text is an entity."""
    said = "<w:p><w:r><w:t>&l;&a;</w:t></w:r></w:p>"
    body = f"<?xml version='1.0'?>{top}<w:document {W}><w:body>{said}</w:body></w:document>"
    return zipped({"word/document.xml": body.encode(), "[Content_Types].xml": TYPES.encode()})


def deep_xml() -> bytes:
    """A Word document of elements in elements in elements."""
    body = f"<w:document {W}><w:body>{'<w:sdt>' * 200_000}</w:body></w:document>"
    return zipped({"word/document.xml": body.encode(), "[Content_Types].xml": TYPES.encode()})


def page_loop() -> bytes:
    """A PDF whose page tree holds itself."""
    return pdf([(100, 100, "会议")]).replace(b"/Kids[8 0 R]>>", b"/Kids[2 0 R]>>")


def page_again(count: int = 1_000_000) -> bytes:
    """A PDF that names one page a million times."""
    return pdf([(100, 100, "会议")]).replace(
        b"/Count 1/Kids[8 0 R]", b"/Count %d/Kids[%s]" % (count, b"8 0 R " * count)
    )


def many_objects(count: int = 1_000_000) -> bytes:
    """A PDF of a million objects, without the table of their places."""
    return pdf([(100, 100, "会议")]).replace(
        b"xref\n", b"".join(b"%d 0 obj\n[0]\nendobj\n" % number for number in range(9, count)) + b"xref\n", 1
    )


def large_picture(side: int = 30_000) -> bytes:
    """A PNG picture of nine hundred million dots, all white."""
    rows = zlib.compress((b"\0" + b"\xff" * (side // 8)) * side, 9)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def large_scan(side: int = 30_000) -> bytes:
    """A PDF whose one page is a picture of nine hundred million dots."""
    dots = zlib.compress((b"\xff" * 1_000_000) * (side * side // 1_000_000), 9)
    sizes = b"/Width %d/Height %d" % (side, side)
    held = pdf([], image=True)
    start = held.index(b"6 0 obj")
    end = held.index(b"endobj", start)
    picture = b"/Type/XObject/Subtype/Image%s/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode" % sizes
    # The table of places no longer fits, which is mended as of any damaged file.
    return held[:start] + b"6 0 obj\n" + stream(dots, picture) + b"\n" + held[end:]


def workbook_xml(top: str) -> bytes:
    """A workbook whose one cell is an entity."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    cell = "<c r='A1' t='inlineStr'><is><t>&l;&a;会议</t></is></c>"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kinds}sheet.main+xml'/>"
        f"<Override PartName='/xl/s.xml' ContentType='{kinds}worksheet+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='a' "
        f"Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='b' "
        f"Type='{office}/worksheet' Target='s.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets>"
        "<sheet name='一' sheetId='1' r:id='b'/></sheets></workbook>",
        "xl/s.xml": f"<?xml version='1.0'?>{top}<worksheet xmlns='{main}'>"
        f"<sheetData><row r='1'>{cell}</row></sheetData></worksheet>",
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def locked(data: bytes) -> bytes:
    """The archive with the mark of a password on its members."""
    held = bytearray(data)
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = held.find(start)
        while at >= 0:
            held[at + offset] |= 1
            at = held.find(start, at + 4)
    return bytes(held)


def upwards() -> bytes:
    """An archive whose members point out of it, beside one that does not."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("../../escaped.txt", "/escaped.txt", "a/../../escaped.txt", "C:\\escaped.txt", "good.txt"):
            archive.writestr(name, f"会议听取了关于{name}的汇报。")
    return held.getvalue()


LOCK = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
FILES: dict[str, Callable[[], bytes]] = {
    "bomb.zip": bomb,
    "bomb.docx": lambda: zipped({"word/document.xml": bytes(100_000_000)}),
    "bomb.ofd": lambda: zipped({"OFD.xml": b" " * 100_000_000}),
    "nest.zip": nest,
    "itself.zip": itself,
    "laughs.docx": lambda: word_xml(LAUGHS),
    "outside.docx": lambda: word_xml(OUTSIDE),
    "laughs.xlsx": lambda: workbook_xml(LAUGHS),
    "outside.xlsx": lambda: workbook_xml(OUTSIDE),
    "bomb.xlsx": lambda: zipped({"xl/workbook.xml": bytes(100_000_000)}),
    "laughs.ofd": lambda: ofd(f"{LAUGHS}<ofd:Page {SPACE}>&l;</ofd:Page>"),
    "deep.docx": deep_xml,
    "loop.pdf": page_loop,
    "again.pdf": page_again,
    "objects.pdf": many_objects,
    "deep.html": lambda: b"<html><body>" + b"<div>" * 100_000 + "会议听取了汇报。".encode(),
    "tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 20_000 + "会议听取了汇报。".encode(),
    "wide.html": lambda: b"<html><body><p " + b"a=b " * 1_000_000 + ">会议</p>".encode(),
    "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 1_000_000,
    "deep.mht": lambda: (
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 50_000
    ),
    "picture.png": large_picture,
    "scan.pdf": large_scan,
    "locked.zip": lambda: locked(zipped({"a.txt": "会议".encode()})),
    "locked.docx": lambda: ole({"EncryptionInfo": b"", "EncryptedPackage": b""}),
    "locked.doc": lambda: word([P("文\r")], flags=0x0100),
    "locked.pdf": lambda: pdf([(100, 100, "会议")], key=LOCK),
    "locked.ofd": lambda: locked(ofd("<a/>")),
    "line.txt": lambda: "一、会议".encode() * 100_000,
}
