"""Archives give the documents of their members under `archive.zip!/member`; hostile ones are refused within limits."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from indexer.errors import UnreadableFile
from indexer.readers import package as packages
from indexer.readers import read_bytes
from indexer.readers.source import SourceText


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def opened(data: bytes) -> tuple[list[SourceText], str]:
    """Return the documents of an archive and what was told at the end."""
    found: list[SourceText] = []
    try:
        found.extend(read_bytes("a.zip", data))
    except UnreadableFile as error:
        return found, error.reason.replace("\n", "（换行）")
    return found, ""


def test_members_in_order_of_their_names() -> None:
    """Documents come with the member's path; hidden, foreign and upward members are left out."""
    members = {"b/2.html": "<p>乙</p>", "a.txt": "甲", "/etc/x.txt": "根", "list.jsonl": '{"id": 1, "text": "丙"}'}
    members |= dict.fromkeys(("../x.txt", ".h.txt", "__MACOSX/a.txt", "c.exe", "dir/", "~$a.docx"), "x")
    found, told = opened(packed(members))
    assert [(source.path, source.text) for source in found] == [
        ("a.zip!/etc/x.txt", "根"),
        ("a.zip!/a.txt", "甲"),
        ("a.zip!/b/2.html", "乙"),
        ("a.zip!/list.jsonl", "丙"),
    ]
    assert told == ""


def test_archives_in_archives() -> None:
    """Archives are opened inside archives, but not without end."""
    inner = packed({"深.txt": "文"})
    found, told = opened(packed({"内.zip": inner}))
    assert ([source.path for source in found], told) == (["a.zip!/内.zip!/深.txt"], "")
    for _ in range(3):
        inner = packed({"n.zip": inner})
    found, told = opened(packed({"n.zip": inner}))
    assert not found
    assert "套了 3 层以上" in told


def test_members_that_fail_are_told_at_the_end() -> None:
    """The good members are yielded, the first bad ones named with their reasons, all counted."""
    found, told = opened(packed({f"{n}.txt": b"" for n in range(7)} | {"好.txt": "文"}))
    assert [source.text for source in found] == ["文"]
    assert told.startswith("没有读出：0.txt（文件是空的）；1.txt")
    assert told.endswith("等共 7 个（其余 1 篇已读出）")
    assert opened(packed({"a.exe": "x"})) == ([], "压缩包里没有能读的文件")


def test_names_in_gbk() -> None:
    """Names that a Chinese program wrote in GBK without saying so are read."""
    data = packed({"abcd.txt": "文"}).replace(b"abcd.txt", "纪要.txt".encode("gbk"))
    assert opened(data)[0][0].path == "a.zip!/纪要.txt"


def encrypted(data: bytes) -> bytes:
    """Return an archive whose first member says that it is encrypted."""
    changed = bytearray(data)
    changed[6] |= 1
    place = data.index(b"PK\x01\x02")
    changed[place + 8] |= 1
    return bytes(changed)


def test_locks_and_damage_are_told() -> None:
    """An encrypted member, a damaged one and a cut archive are told."""
    data = packed({"a.txt": "会议原则同意。" * 50})
    assert "a.txt 已加密" in opened(encrypted(data))[1]
    assert "a.txt 已损坏" in opened(data[:40] + b"\xff\xff" + data[42:])[1]
    assert "已损坏" in opened(data[:-10])[1]
    wrong = data.replace(
        struct.pack("<HH", 20, 0) + struct.pack("<H", 8), struct.pack("<HH", 20, 0) + struct.pack("<H", 77)
    )
    assert "已损坏" in opened(wrong)[1]


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many members, too large ones and an impossible ratio are refused before anything is unpacked."""
    assert "压缩比异常" in opened(packed({"a.txt": b"\0" * 40_000_000}))[1]
    monkeypatch.setattr(packages, "MOST_MEMBERS", 3)
    assert "超过 3 个的上限" in opened(packed({f"{n}.txt": "x" for n in range(4)}))[1]
    package = packages.Package("a.zip", packed({"a.txt": "文" * 100}))
    with pytest.raises(UnreadableFile, match="太大"):
        package.read("A.TXT", limit=10)


def test_a_name_without_code_page() -> None:
    """A name that is not of code page 437 stays as it is, and names are found whatever their case and slashes."""
    info = zipfile.ZipInfo("纪要.txt")
    assert packages.member_name(info) == "纪要.txt"
    package = packages.Package("a.zip", packed({"Doc_0/Pages/A.xml": "<a/>"}))
    assert package.find("Doc_0/Document.xml", "pages\\a.xml") == "Doc_0/Pages/A.xml"
    assert package.find("Doc_0/Document.xml", "/Doc_0/Pages/A.xml") == "Doc_0/Pages/A.xml"
    assert package.find("", "no.xml") is None
