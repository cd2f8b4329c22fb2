"""One file in, its records out: read, parse, and turn whatever goes wrong into a Fault that a report can list.

The border of a build: nothing that one file holds or does gets past here as an exception. Asks no engine.
"""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.engines.engine import SourceState
from indexer.errors import UnreadableFile
from indexer.model import Meeting, Paragraph, Record
from indexer.readers import HEAD, is_plain, read
from indexer.readers.source import SourceText
from indexer.secrecy import mark

# Files that hold so many documents that they are read one at a time.
LISTS = (".jsonl", ".jsonl.gz")

# A larger text is read within the limits of a process of its own; the longest text of a gazette seen has 2 MB.
LIGHT = 8_000_000
NO_MEMORY = "读取它所需的内存超过上限，可能是文件过大或已损坏"

# What stands between an archive's path and a member's name; a folder whose name ends in ! has no suffix before it.
INSIDE = "!/"
_ARCHIVE = re.compile(r"(.*?\.\w+)" + INSIDE)

# 此件公开发布 and 主动公开 say that a text is public, unless 不予主动公开 or the like stands there.
_PUBLIC = ("公开发布", "主动公开")
_NOT_PUBLIC = ("不公开", "不予", "不宜", "免予", "非公开", "非主动", "未公开", "不主动", "依申请", "内部")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file, or one document of it, could not be read; `trace` is "" where the reason was to be expected."""

    path: str
    reason: str
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A record whose text bears a mark that forbids it to be shown; whoever asked for it decides."""

    path: str
    mark: str
    record: Record


def records(path: str, ocr: bool = False) -> Iterator[Record | Fault | Marked]:
    """Read one file: its records in order, and a Fault in place of each that could not be had.

    With `ocr`, the text of pages that are pictures is recognised.
    """
    try:
        for source in read(Path(path), ocr):
            yield _parsed(source)
    except UnreadableFile as error:
        yield Fault(path, error.reason)
    except MemoryError:
        yield Fault(path, NO_MEMORY)
    except Exception as error:  # noqa: BLE001  # the border of a build: the trace goes on to its log
        yield _unexpected(path, error)


def holds_many(path: str) -> bool:
    """Return whether a file of this name is a list of documents."""
    return path.lower().endswith(LISTS)


def is_light(path: str) -> bool:
    """Return whether a file is text that is read without the library of a format, and not large."""
    try:
        with Path(path).open("rb") as stream:
            return os.fstat(stream.fileno()).st_size <= LIGHT and is_plain(path, stream.read(HEAD))
    except OSError:
        return True  # reading it will tell why


def absolute(path: str | Path) -> str:
    """Return the one path by which the index knows a file, through whatever link it was named."""
    return str(Path(path).resolve())


def source_key(file: str, given: str, record: Record) -> str:
    """Return what the index knows the source of a record by.

    That is the absolute path of the file; of an archive, with !/MEMBER behind it; of a list of documents, with #ID.

    Args:
        file: the absolute path.
        given: the path that was read.
    """
    source = record.sources[0]
    member = source.path.removeprefix(given) if source.path.startswith(given + INSIDE) else ""
    return f"{file}{member}#{record.id}" if source.format == "jsonl" else file + member


def file_of(source: SourceState) -> str:
    """Return the absolute path of the file that a source lies in."""
    path = source.path.removesuffix(f"#{source.record_id}")
    archive = _ARCHIVE.match(path)
    return archive[1] if archive else path


def size_of(record: Record) -> int:
    """Return how much text a record holds, in characters other than white space."""
    return sum(len("".join(paragraph.text.split())) for paragraph in _paragraphs(record))


def is_public(record: Record) -> bool:
    """Return whether the record itself says that it is public; one that says nothing is not taken to be."""
    disclosure = record.disclosure or ""
    return any(word in disclosure for word in _PUBLIC) and not any(word in disclosure for word in _NOT_PUBLIC)


def _parsed(source: SourceText) -> Record | Fault | Marked:
    # Imported with the first file: importing the package stays light.
    from indexer.minutes.parse import parse

    try:
        record = parse(source)
        found = mark(source)
        return record if found is None else Marked(source.path, found, record)
    except MemoryError:
        return Fault(source.path, NO_MEMORY)
    except Exception as error:  # noqa: BLE001  # one document of a list must not cost the others
        return _unexpected(source.path, error)


def _unexpected(path: str, error: Exception) -> Fault:
    text = " ".join(f"{type(error).__name__} {error}".split())[:200]
    return Fault(path, f"读取时出错（{text}）", "".join(traceback.format_exception(error)))


def _paragraphs(record: Record) -> Iterable[Paragraph]:
    yield from record.paragraphs
    if isinstance(record, Meeting):
        for item in record.items:
            if item.heading:
                yield item.heading
            for resolution in item.resolutions:
                yield from resolution.paragraphs
        if record.roll:
            yield record.roll
