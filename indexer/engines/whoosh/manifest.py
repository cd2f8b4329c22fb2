"""`manifest.json`: which generation is the newest, who wrote it, and the size, checksum and seal of each of its files.

Renaming it into place is what a commit is: readers answer from the list of segments (TOC) that it names, and a list
that it does not name is what a writer left that was interrupted. Its own checksum is the last of its values.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.index import TOC

from indexer.engines.whoosh import arrays
from indexer.engines.whoosh.codec import SegmentEntry
from indexer.engines.whoosh.seals import Expected, Seal, Sealed, seal_of
from indexer.errors import IndexDamaged, IndexMissing, IndexOutdated
from indexer.text import words

NAME = "manifest.json"
FORMAT = 7
INDEX = "MAIN"
_SUM = re.compile(r'"blake2b": "([0-9a-f]{32})"\n}$')


def write(folder: Path, generation: int, entries: Sequence[SegmentEntry], sealed: Mapping[str, Sealed]) -> None:
    """Commit a generation whose files are on the disk: write its manifest in one step, and see it there.

    `sealed` are the segment files as they were when they were known to be right; to seal them here, as they are now,
    would make good what has been damaged since.
    """
    import whoosh

    toc = folder / toc_name(generation)
    data = {
        "format": FORMAT,
        "engine": f"whoosh {whoosh.versionstring()}",
        "segmenter": words.identity(),
        "generation": generation,
        "list": {"name": toc.name, "blake2b": arrays.digest(toc), "seal": seal_of(toc)},
        "files": {
            e.filename: {
                "bytes": e.size,
                "blake2b": e.digest,
                "passages": e.doc_count_all(),
                "seal": sealed[e.filename].seal,
            }
            for e in entries
        },
    }
    draft = folder / f"{NAME}.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(signed(data))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)
    sync(folder)


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest; raise IndexMissing, IndexOutdated or IndexDamaged."""
    try:
        text = (folder / NAME).read_bytes().decode("utf-8")
        data: dict[str, Any] = json.loads(text)
        written, segmenter = data["format"], data["segmenter"]
    except FileNotFoundError as error:
        raise IndexMissing(folder) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamaged(folder, NAME, "无法读取") from error
    if written != FORMAT:
        raise IndexOutdated(folder, f"格式 {written}", f"格式 {FORMAT}")
    if segmenter != words.identity():
        raise IndexOutdated(folder, f"分词 {segmenter}", f"分词 {words.identity()}")
    if not is_signed(text):
        raise IndexDamaged(folder, NAME, "校验和不符")
    return data


def files(data: Mapping[str, Any]) -> tuple[Expected, ...]:
    """Return the segment files that a manifest names."""
    return tuple(_expected(name, file) for name, file in data["files"].items())


def listed(data: Mapping[str, Any]) -> Expected:
    """Return the list of segments that a manifest names."""
    return _expected(data["list"]["name"], data["list"])


def toc_name(generation: int) -> str:
    """Return the name of the list of segments of a generation."""
    return str(TOC._filename(INDEX, generation))


def sync(path: Path) -> None:
    """Put a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _expected(name: str, file: Mapping[str, Any]) -> Expected:
    return Expected(name, file["blake2b"], Seal(*file["seal"]))


def signed(data: Mapping[str, Any]) -> str:
    """Return data as JSON whose last value is the checksum of the text without one."""
    bare = json.dumps({**data, "blake2b": ""}, ensure_ascii=False, indent=1)
    return f'{bare[:-3]}{_sum(bare)}"\n}}'


def is_signed(text: str) -> bool:
    """Tell whether a text that `signed` made is as it was."""
    found = _SUM.search(text)
    return found is not None and found[1] == _sum(text[: found.start(1)] + text[found.end(1) :])


def _sum(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
