"""Files go in, their lines come out: `find` walks folders, `read` opens one file with the reader of its format.

The format is told by content first and by suffix second; a format's reader, and the library that it needs, are
imported when the first file of that format comes.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from indexer.errors import UnreadableFile
from indexer.readers.folder import SUFFIXES, Found, find
from indexer.readers.formats import HEAD, Format, refusal, sniff
from indexer.readers.source import Line, Reader, SourceText

if TYPE_CHECKING:
    from indexer.readers.archive import Budget

__all__ = ["HEAD", "SUFFIXES", "Found", "Line", "SourceText", "find", "is_plain", "member", "read", "read_bytes"]

# A year of minutes in one text file is 2 MB; only .jsonl files are larger, and these are streamed.
LARGEST = 256 * 1024 * 1024


def read(path: Path, ocr: bool = False) -> Iterator[SourceText]:
    """Yield the document of a file, or each document of a list (`.jsonl`, `.jsonl.gz`) or an archive (`.zip`).

    With `ocr`, pages that are pictures are recognised, which takes seconds a page and the extra `ocr`.

    Raises:
        UnreadableFile: the file is gone, locked away, empty or not of a format that is read; for lists and archives,
            what could not be read is told after all good documents were yielded.
    """
    name = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(name, "是文件夹，不是文件" if path.is_dir() else "不是普通文件")
        with path.open("rb") as stream:
            yield from _documents(name, stream, path.stat().st_size, ocr)
    except FileNotFoundError as error:
        raise UnreadableFile(name, "文件不存在，可能已被移走或改名") from error
    except PermissionError as error:
        raise UnreadableFile(name, "没有读取权限") from error
    except OSError as error:
        raise UnreadableFile(name, f"读取时出错：{error.strerror or error}") from error


def read_bytes(name: str, data: bytes, ocr: bool = False) -> Iterator[SourceText]:
    """Yield the documents of a file whose bytes are at hand, as `read` does; `name` becomes their path."""
    yield from _documents(name, io.BytesIO(data), len(data), ocr)


def member(name: str, data: bytes, inner: str) -> bytes:
    """Return the bytes of a member of an archive, by the name under which `read` tells it.

    Raises:
        UnreadableFile: there is no such member, or it cannot be unpacked.
    """
    from indexer.readers.package import Package

    package = Package(name, data)
    found = next((held for held in package.names if held.lstrip("/") == inner), None)
    if found is None:
        raise UnreadableFile(name, f"其中没有 {inner}")
    return package.read(found)


def is_plain(name: str, head: bytes) -> bool:
    """Tell whether a file that begins so is text, or is refused at once, so that no library is needed for it."""
    return not head or refusal(head) is not None or sniff(name, head) in ("txt", "md")


def _documents(name: str, stream: BinaryIO, size: int, ocr: bool, budget: Budget | None = None) -> Iterator[SourceText]:
    head = stream.read(HEAD)
    stream.seek(0)
    if not head:
        raise UnreadableFile(name, "文件是空的")
    reason = refusal(head)
    if reason:
        raise UnreadableFile(name, reason)
    found = sniff(name, head)
    if found == "jsonl":
        from indexer.readers.jsonl import read_stream

        yield from read_stream(name, stream)
        return
    if size > LARGEST:
        raise UnreadableFile(name, f"文件有 {size // 2**20} MB，超过 {LARGEST // 2**20} MB 的上限；请拆分后再试")
    data = stream.read()
    if found == "zip":
        yield from _container(name, data, ocr, budget)
    else:
        yield _reader(found, ocr)(name, data)


def _container(name: str, data: bytes, ocr: bool, budget: Budget | None) -> Iterator[SourceText]:
    """Read what a ZIP container is by its members: a document, a workbook, or an archive of files."""
    from indexer.readers.package import Package

    package = Package(name, data)
    reader: Reader
    if any(member.lower().startswith("word/document") for member in package.names):
        from indexer.readers.docx import read as reader
    elif package.has("xl/workbook.xml"):
        from indexer.readers.xlsx import read as reader
    elif package.has("OFD.xml"):
        from indexer.readers.ofd import read as reader
    elif package.has("ppt/presentation.xml"):
        raise UnreadableFile(name, "是演示文稿，没有读取；请另存为 PDF 后再试")
    elif package.has("content.xml") and package.has("mimetype"):
        raise UnreadableFile(name, "是 OpenDocument 文件，请另存为 DOCX 后再试")
    else:
        from indexer.readers import archive

        left = budget or archive.Budget.of(len(data))
        left.spend(package)

        def opened(member: str, inner: bytes) -> Iterator[SourceText]:
            return _documents(member, io.BytesIO(inner), len(inner), ocr, left)

        yield from archive.read_members(name, package, opened)
        return
    yield reader(name, data)


def _reader(format: Format, ocr: bool) -> Reader:
    """Import the reader of a format."""
    reader: Reader
    match format:
        case "html":
            from indexer.readers.html import read as reader
        case "mhtml":
            from indexer.readers.mhtml import read as reader
        case "md":
            from indexer.readers.markdown import read as reader
        case "ole":
            from indexer.readers.doc import read as reader
        case "rtf":
            from indexer.readers.rtf import read as reader
        case "pdf":
            from indexer.readers.pdf import read as read_pdf

            return partial(read_pdf, ocr=ocr)
        case "image":
            from indexer.readers.scan import read as read_picture

            return partial(read_picture, ocr=ocr)
        case _:
            from indexer.readers.text import read as reader
    return reader
