"""Files and folders: what is found in which order, what is read by which reader, what is refused in which words."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.readers import find, read, read_bytes
from indexer.readers.formats import sniff
from indexer.readers.source import SourceText


def rows(*documents: object) -> bytes:
    """Return a .jsonl file; bytes stand as they are."""
    return b"\n".join(d if isinstance(d, bytes) else json.dumps(d, ensure_ascii=False).encode() for d in documents)


def refused(name: str, data: bytes) -> str:
    """Return why a file is refused, after making sure that it is said in one line."""
    with pytest.raises(UnreadableFile) as caught:
        list(read_bytes(name, data))
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    """Known files come in the order of names, folders among them; hidden and lock files do not."""
    for name in ("b.txt", "a/2.html", "a/1.md", "c.jsonl.gz", ".x.txt", "~$b.txt", ".git/d.txt", "e.exe", "A.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("文")
    found = find([tmp_path])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["A.TXT", "a/1.md", "a/2.html", "b.txt", "c.jsonl.gz"]
    assert (found.problems, len(found)) == ((), 5)


def test_a_named_file_is_taken_whatever_its_suffix(tmp_path: Path) -> None:
    """A file that a person names is read even where a folder would leave it out, and only once."""
    path = tmp_path / "note.log"
    path.write_text("文")
    assert find([path, path, tmp_path]).files == (path,)


def test_files_of_other_kinds_are_counted(tmp_path: Path) -> None:
    """What a folder holds besides is counted by suffix, pictures where none is recognised; hidden files are not."""
    (tmp_path / "a").mkdir()
    for name in ("1.txt", "1.JPG", "a/2.jpg", "a/3.rar", "a/name", ".hidden.rar", "~$1.docx", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"x")
    assert find([tmp_path]).others == ((".jpg", 2), ("", 1), (".rar", 1))
    assert find([tmp_path], ocr=True).others == (("", 1), (".rar", 1))
    assert find([tmp_path / "a/3.rar"]).others == ()


def test_links_out_of_the_folder_are_told(tmp_path: Path) -> None:
    """A link inside is followed, a link outside told, a linked folder not entered (it may be a circle)."""
    inside, outside = tmp_path / "in", tmp_path / "out.txt"
    inside.mkdir()
    outside.write_text("文")
    (inside / "a.txt").write_text("文")
    (inside / "b.txt").symlink_to(inside / "a.txt")
    (inside / "c.txt").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    found = find([inside])
    assert [path.name for path in found] == ["a.txt", "b.txt"]
    assert [problem.reason for problem in found.problems] == ["是指向文件夹之外的链接，没有读取"]


def test_a_folder_that_vanishes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be listed becomes a problem, and the others are walked."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b.txt").write_text("文")
    listing = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find([tmp_path])
    assert [path.name for path in found] == ["b.txt"]
    assert "没有权限" in found.problems[0].reason


def test_files_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, a folder, a device and a locked file are refused in words."""
    for path, reason in ((tmp_path / "no.txt", "不存在"), (tmp_path, "是文件夹"), (Path("/dev/null"), "不是普通文件")):
        with pytest.raises(UnreadableFile, match=reason):
            list(read(path))
    path = tmp_path / "a.txt"
    path.write_text("文")

    def locked(*_: object) -> None:
        raise PermissionError(13, "denied")

    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error")

    for opening, reason in ((locked, "没有读取权限"), (failing, "读取时出错")):
        monkeypatch.setattr(Path, "open", opening)
        with pytest.raises(UnreadableFile, match=reason):
            list(read(path))


def test_a_file_has_its_hash_and_path(tmp_path: Path) -> None:
    """A source names its file and the SHA-256 of the file's bytes."""
    path = tmp_path / "纪要.txt"
    path.write_bytes("会议同意。".encode("gbk"))
    found = next(read(path))
    assert (found.path, found.format) == (str(path), "txt")
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "head", "format"),
    [
        ("a.txt", b"<!DOCTYPE html><html>", "html"),
        ("a.doc", b"\xef\xbb\xbf\n<html xmlns:o=x>", "html"),
        ("a.html", b"plain", "txt"),
        ("a.html", b"<font>x", "html"),
        ("a.html", b"<!-- a --><!-- b -->\n<HTML>", "html"),
        ("a.md", b"text", "md"),
        ("a.jsonl", b"{}", "jsonl"),
        ("a.gz", b"\x1f\x8b", "jsonl"),
        ("a", b"a < b and <p", "txt"),
    ],
)
def test_formats_are_told_by_content_first(name: str, head: bytes, format: str) -> None:
    """What a file holds decides, and its suffix only where the content could be either."""
    assert sniff(name, head) == format


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"MZ\x90\0\x03\0", "程序"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"SQLite format 3\0", "数据库"),
    ],
)
def test_other_files_are_refused_by_name(data: bytes, reason: str) -> None:
    """Files that are no documents are refused with what they are."""
    assert reason in refused("a.txt", data)


def test_letters_are_no_magic() -> None:
    """Text that happens to begin with a program's two letters is text."""
    assert next(read_bytes("a.txt", b"MZ is a name")).format == "txt"


def test_a_huge_line_is_read_fast() -> None:
    """50 MB on one line take a few seconds at most."""
    started = time.perf_counter()
    found = next(read_bytes("a.txt", "会议原则同意此事，".encode() * 1_900_000))
    assert len(found.lines) == 1
    assert time.perf_counter() - started < 10


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """A file larger than any document is refused before it is read."""
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.write("会议".encode())
        stream.truncate(300 * 2**20)
    with pytest.raises(UnreadableFile, match="超过 256 MB 的上限"):
        list(read(path))


DOCUMENT = {
    "id": "n1",
    "title": "供水条例",
    "text": "第一条 为了供水。\n\n第二条 依法供水。",
    "date": "2024-03-01",
    "body": "清河市",
    "url": "http://a.cn",
}


@pytest.mark.parametrize("packed", [False, True])
def test_documents_of_a_jsonl_file(tmp_path: Path, packed: bool) -> None:
    """Each line gives one document with its fields, its lines whole and its own line's hash; gzip or not."""
    data = rows(DOCUMENT, b"", {"id": 7, "text": "甲\u0000乙"})
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(data) if packed else data)
    first, second = read(path)
    assert first.meta == {key: value for key, value in DOCUMENT.items() if key != "text"}
    assert [line.text for line in first.lines] == ["第一条 为了供水。", "", "第二条 依法供水。"]
    assert all(line.whole for line in first.lines)
    assert first.sha256 == hashlib.sha256(rows(DOCUMENT)).hexdigest()
    assert (second.meta, second.text) == ({"id": "7", "title": ""}, "甲乙")
    assert second.notices == ("去掉了 1 个控制字符",)


def test_documents_come_as_a_stream(tmp_path: Path) -> None:
    """The first document is there before the rest of the file is read."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(rows(DOCUMENT) + b"\n" + b"x" * 10_000_000)
    documents = read(path)
    assert next(documents).meta["id"] == "n1"
    documents.close()  # type: ignore[attr-defined]


def test_broken_lines_are_told_after_the_good_ones() -> None:
    """All good documents are yielded, then the broken lines are named with their numbers."""
    data = rows(
        DOCUMENT,
        b"{broken",
        [1],
        {"text": "a"},
        {"id": "x"},
        b"[" * 100_000,
        b"\xff\xfe",
        {"id": True, "text": ""},
        DOCUMENT,
    )
    found: list[SourceText] = []
    with pytest.raises(UnreadableFile) as caught:
        found.extend(read_bytes("a.jsonl", data))  # extend keeps what was yielded before the error
    assert len(found) == 2
    assert caught.value.reason == (
        "第 2 行不是有效的 JSON；第 3 行不是一个 JSON 对象；第 4 行缺少 id；第 5 行缺少 text；第 6 行不是有效的 JSON"
        "等共 7 行（其余 2 篇已读出）"
    )


def test_half_surrogates_and_marks_in_json() -> None:
    """Escapes that are no characters are cleaned, and a byte order mark is passed over."""
    found = next(read_bytes("a.jsonl", b'\xef\xbb\xbf{"id": "a", "text": "x\\ud800y"}'))
    assert found.text == "xy"


def test_damaged_and_empty_streams() -> None:
    """A cut gzip file gives what it holds and then says so; a file without documents is refused."""
    packed = gzip.compress(rows(*[DOCUMENT | {"id": str(n), "text": os.urandom(50).hex()} for n in range(2000)]))
    found: list[SourceText] = []
    with pytest.raises(UnreadableFile, match="数据损坏或中断"):
        found.extend(read_bytes("a.jsonl.gz", packed[: len(packed) // 2]))
    assert found
    assert refused("a.jsonl", b"\n\n") == "文件里没有一篇文档"


def test_a_bomb_in_one_line_is_broken() -> None:
    """A compressed line larger than any document is passed over in pieces and told."""
    packed = gzip.compress(b'{"id": "' + b"a" * (70 * 2**20) + b'"}\n' + rows(DOCUMENT), 1)
    found: list[SourceText] = []
    with pytest.raises(UnreadableFile, match="第 1 行不是有效的 JSON"):
        found.extend(read_bytes("a.jsonl.gz", packed))
    assert len(found) == 1
