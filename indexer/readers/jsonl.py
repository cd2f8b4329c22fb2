"""A file of one JSON document a line goes in (plain or gzip), one SourceText a document comes out, as a stream.

A document has `id`, `title` and `text`, and may have `date`, `body` and `url`; each line of its text is a paragraph.
The file is never held in memory as a whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from indexer.errors import UnreadableFile
from indexer.readers.encoding import clean
from indexer.readers.source import Line, SourceText

GZIP = b"\x1f\x8b"
# The longest law of the corpus has 0.6 MB; a line beyond this is no document.
LONGEST_LINE = 64 * 1024 * 1024
# So many broken lines are named in the report; the rest is counted.
NAMED = 5
FIELDS = ("title", "date", "body", "url")


def read_stream(path: str, stream: BinaryIO) -> Iterator[SourceText]:
    """Yield each document of a `.jsonl` or `.jsonl.gz` stream as it is read.

    Raises:
        UnreadableFile: after the last good document, where lines were broken (the first ones are named); at once
            where the compressed data itself ends or breaks.
    """
    broken: list[tuple[int, str]] = []
    documents = 0
    number = 0
    try:
        for number, row in _rows(stream):
            if not row.strip():
                continue
            try:
                source = _document(path, row)
            except (ValueError, RecursionError) as error:
                broken.append((number, str(error) if isinstance(error, _BrokenError) else "不是有效的 JSON"))
                continue
            documents += 1
            yield source
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableFile(path, f"读到第 {number + 1} 行时数据损坏或中断（前 {documents} 篇已读出）") from error
    if broken:
        told = "；".join(f"第 {at} 行{reason}" for at, reason in broken[:NAMED])
        more = f"等共 {len(broken)} 行" if len(broken) > NAMED else ""
        raise UnreadableFile(path, f"{told}{more}（其余 {documents} 篇已读出）")
    if not documents:
        raise UnreadableFile(path, "文件里没有一篇文档")


class _BrokenError(ValueError):
    """A line is JSON but no document; the message says what is missing."""


def _rows(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield numbered lines without their ends; a line beyond the limit is passed over in pieces and told as broken."""
    start = stream.read(2)
    stream.seek(0)
    plain = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if start == GZIP else stream
    number = 0
    while row := plain.readline(LONGEST_LINE):
        number += 1
        if len(row) == LONGEST_LINE and not row.endswith(b"\n"):
            while (rest := plain.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            row = b"-"
        yield number, row.rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")


def _document(path: str, row: bytes) -> SourceText:
    value = json.loads(row.decode("utf-8"))
    if not isinstance(value, dict):
        raise _BrokenError("不是一个 JSON 对象")
    given, text = value.get("id"), value.get("text")
    if isinstance(given, bool) or not isinstance(given, str | int) or not str(given).strip():
        raise _BrokenError("缺少 id")
    if not isinstance(text, str):
        raise _BrokenError("缺少 text")
    text, removed = clean(text)
    meta = {"id": clean(str(given))[0]}
    for name in FIELDS:
        if isinstance(value.get(name), str) and value[name]:
            meta[name] = clean(value[name])[0]
    meta.setdefault("title", "")
    lines = tuple(Line(row, whole=True) for row in text.split("\n"))
    notices = (f"去掉了 {removed} 个控制字符",) if removed else ()
    return SourceText(path, "jsonl", hashlib.sha256(row).hexdigest(), lines, meta, notices=notices)
