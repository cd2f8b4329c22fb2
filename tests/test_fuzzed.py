"""A few changed inputs for everything that reads what others wrote, as `tests/soak/fuzz.py` throws by the thousand."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest
import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from word_file import P, word
from wrapped import saved, word_document, zipped

from indexer.errors import UnreadableFile
from indexer.readers import read_bytes


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data(), name=st.sampled_from(targets.NAMES))
def test_no_input_breaks_its_reader(data: st.DataObject, name: str) -> None:
    """Queries, minutes, addresses and files of every format are answered, read or refused, and nothing else happens."""
    target = targets.target(name)
    target.check(data.draw(target.cases))


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_workbook_with_a_part_that_is_no_xml(part: str) -> None:
    """Found by fuzzing: one parser's error for what is no XML is no ValueError; the file is refused in words."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["会议"])
    with zipfile.ZipFile(io.BytesIO(saved(book))) as held:
        members = {name: held.read(name) for name in held.namelist()}
    for harm in (members[part].replace(b"<", b"<<", 3), members[part].replace(b'="', b" ", 2), b"no"):
        with pytest.raises(UnreadableFile, match=r"损坏|没有文字"):
            list(read_bytes("a.xlsx", zipped({**members, part: harm})))


def test_a_workbook_with_a_style_beyond_all_numbers() -> None:
    """Found by fuzzing: a style whose number is larger than 32 bits overflows; the file is refused in words."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["会议"])
    with zipfile.ZipFile(io.BytesIO(saved(book))) as held:
        members = {name: held.read(name) for name in held.namelist()}
    harm = members["xl/styles.xml"].replace(b'fontId="0"', b'fontId="95000000000"')
    assert harm != members["xl/styles.xml"]
    with pytest.raises(UnreadableFile, match="损坏"):
        list(read_bytes("a.xlsx", zipped({**members, "xl/styles.xml": harm})))


def test_a_saved_page_whose_encoding_has_no_name() -> None:
    """Found by fuzzing: a NUL in the name of an encoding is no name at all; the page is read by what it says itself."""
    head = b'MIME-Version: 1.0\nContent-Type: text/html; charset="utf\0-8"\n\n'
    page = '<html><head><meta charset="utf-8"></head><body><p>会议听取了关于职业教育工作的汇报。</p></body></html>'
    (source,) = read_bytes("a.mht", head + page.encode())
    assert "职业教育" in source.text


@pytest.mark.parametrize("harm", ["packed", "encrypted", "method"])
def test_a_workbook_whose_sheet_cannot_be_unpacked(harm: str) -> None:
    """Found by fuzzing: what unpacks a member has errors of its own; the file is refused in words."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for number in range(50):
        book.active.append([f"第{number}次会议", f"议题{number * 7919}"])
    data = bytearray(saved(book))
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        sheet = held.getinfo("xl/worksheets/sheet1.xml")
    start = sheet.header_offset + 30 + len(sheet.filename)
    listed = data.index(b"PK\x01\x02")
    while data[listed + 46 : listed + 46 + len(sheet.filename)] != sheet.filename.encode():
        listed = data.index(b"PK\x01\x02", listed + 1)
    if harm == "packed":
        data[start + 5 : start + 200] = b"\xff" * 195
    for at, of_list in ((sheet.header_offset + 6, listed + 8), (sheet.header_offset + 8, listed + 10)):
        if harm == ("encrypted" if of_list == listed + 8 else "method"):
            data[at] = data[of_list] = 1
    with pytest.raises(UnreadableFile, match=r"损坏|加密"):
        list(read_bytes("a.xlsx", bytes(data)))


def test_a_word_file_that_promises_more_than_it_has() -> None:
    """Found by fuzzing: a stream of a gigabyte over a chain of sectors that loops is refused before it is read."""
    sound = word([P("会议听取了汇报。\r")])
    at = sound.index("WordDocument".encode("utf-16-le")) + 120
    (start,) = struct.unpack_from("<I", sound, at - 4)
    (fat,) = struct.unpack_from("<I", sound, 76)
    harm = bytearray(sound)
    struct.pack_into("<I", harm, at, 1 << 30)
    struct.pack_into("<I", harm, (fat + 1) * 512 + 4 * start, start)
    with pytest.raises(UnreadableFile, match="损坏"):
        list(read_bytes("a.doc", bytes(harm)))


def test_a_package_with_a_member_without_a_name() -> None:
    """Found by fuzzing: a member whose name has no characters is passed over; the rest is read."""
    with zipfile.ZipFile(io.BytesIO(word_document(["会议审议办法。"]))) as held:
        members = {name: held.read(name) for name in held.namelist()}
    data = zipped({"@none": b"x", **members}).replace(b"@none", b"\0none")  # a name ends at its first NUL
    (document,) = read_bytes("a.docx", data)
    assert "会议" in document.text
