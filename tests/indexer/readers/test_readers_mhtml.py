"""Web pages saved in one file give the lines of the page in them; files without a page are told."""

from __future__ import annotations

import pytest

from indexer.errors import UnreadableFile
from indexer.readers import read_bytes
from indexer.readers.source import SourceText

PAGE = "<html><head><title>清河市政府第3次常务会议</title></head><body><div class='TRS_Editor'>{}</div></body></html>"
BODY = PAGE.format("<p>会议听取了供水工作的汇报。</p><p>会议原则同意市水务局的意见。</p>")


def saved(*parts: tuple[str, bytes], kind: str = "multipart/related", more: str = "") -> bytes:
    """Return a saved page whose parts come with their header fields."""
    held = b"".join(b"--x\r\n%s\r\n\r\n%s\r\n" % (fields.encode(), data) for fields, data in parts)
    top = f'From: <Saved by Blink>\r\n{more}MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="x"\r\n\r\n'
    return top.encode() + held + b"--x--\r\n"


def source(data: bytes, name: str = "a.mht") -> SourceText:
    return next(read_bytes(name, data))


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        source(data)
    return caught.value.reason


@pytest.mark.parametrize(
    ("charset", "coded"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("no-such-name", "gb18030"), ("utf-8", "gb18030")],
)
@pytest.mark.parametrize("name", ["a.mht", "A.MHTML", "none"])
def test_the_page_in_the_file(charset: str, coded: str, name: str) -> None:
    """The first page counts, whatever encoding its part names or has, and whatever the file is called."""
    found = source(
        saved(
            ("Content-Type: text/plain", b"not this"),
            (
                f"Content-Type: text/html; charset={charset}\r\nContent-Location: https://a.example/1.html",
                BODY.encode(coded),
            ),
            ("Content-Type: text/html", b"<p>a frame</p>"),
        ),
        name,
    )
    assert found.format == "mhtml"
    assert [line.text for line in found.lines] == ["会议听取了供水工作的汇报。", "会议原则同意市水务局的意见。"]
    assert found.meta["title"] == "清河市政府第3次常务会议"
    assert found.meta["url"] == "https://a.example/1.html"


def test_address_of_the_whole_file() -> None:
    """The address that the file itself names stands in; one that is no address of the web does not."""
    page = ("Content-Type: text/html; charset=utf-8\r\nContent-Location: cid:1", BODY.encode())
    assert (
        source(saved(page, more="Snapshot-Content-Location: http://b.example/\r\n")).meta["url"] == "http://b.example/"
    )
    assert "url" not in source(saved(page)).meta


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (saved(("Content-Type: image/png", b"x")), "没有网页"),
        (saved(("Content-Type: text/html", b"  ")), "是空的"),
        (saved(("Content-Type: text/html", b"<p></p>")), "没有正文"),
        (saved(("Content-Type: multipart/related; boundary=y", b"--y\r\n" * 3)) + b"boundary=z" * 30, "嵌套过深"),
        ("会议听取了汇报。".encode() * 9, "没有网页"),
    ],
    ids=["no page", "empty", "no text", "deep", "not MIME"],
)
def test_files_without_a_page_are_told(data: bytes, told: str) -> None:
    """What is no page, or holds none, is refused with the reason."""
    assert told in reason(data)
