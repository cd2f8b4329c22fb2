"""One file in, its records out: read, parse, and turn whatever goes wrong into a Fault that a report can list.

The border of a build: nothing that one file holds or does gets past here as an exception. Asks no engine.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.engines.engine import SourceState
from indexer.errors import UnreadableFile
from indexer.minutes.parse import parse
from indexer.model import Meeting, Paragraph, Record
from indexer.readers import read
from indexer.readers.source import SourceText

# Files that hold many documents; their sources are told apart as PATH#ID.
LISTS = (".jsonl", ".jsonl.gz")

# 此件公开发布, 主动公开, 公开 say that a text is public; 不予公开, 依申请公开 and the like that it is not.
_NOT_PUBLIC = ("不公开", "不予公开", "不宜公开", "免予公开", "非公开", "未公开", "依申请公开", "内部")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file, or one document of it, could not be read; `trace` is "" where the reason was to be expected."""

    path: str
    reason: str
    trace: str = ""


def records(path: str) -> Iterator[Record | Fault]:
    """Read one file: its records in order, and a Fault in place of each that could not be had."""
    try:
        for source in read(Path(path)):
            yield _parsed(source)
    except UnreadableFile as error:
        yield Fault(path, error.reason)
    except Exception as error:  # noqa: BLE001  # the border of a build: the trace goes on to its log
        yield _unexpected(path, error)


def holds_many(path: str) -> bool:
    """Return whether a file of this name is a list of documents."""
    return path.lower().endswith(LISTS)


def absolute(path: str | Path) -> str:
    """Return the one path by which the index knows a file, through whatever link it was named."""
    return str(Path(path).resolve())


def source_key(path: str, record: Record) -> str:
    """Return what the index knows the source of a record by: the absolute path, and #ID in a list of documents."""
    return f"{path}#{record.id}" if record.sources[0].format == "jsonl" else path


def file_of(source: SourceState) -> str:
    """Return the absolute path of the file that a source lies in."""
    return source.path.removesuffix(f"#{source.record_id}")


def size_of(record: Record) -> int:
    """Return how much text a record holds, in characters other than white space."""
    return sum(len("".join(paragraph.text.split())) for paragraph in _paragraphs(record))


def is_public(record: Record) -> bool:
    """Return whether the record itself says that it is public; one that says nothing is not taken to be."""
    disclosure = record.disclosure or ""
    return "公开" in disclosure and not any(word in disclosure for word in _NOT_PUBLIC)


def _parsed(source: SourceText) -> Record | Fault:
    try:
        return parse(source)
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
