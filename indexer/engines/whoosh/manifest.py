"""`manifest.json`: who wrote an index, and the size and checksum of each of its files.

The list of segments (TOC) is the truth; this file tells readers that there is a new one, and people what they have.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer.engines.whoosh.codec import SegmentEntry
from indexer.errors import IndexDamaged, IndexMissing, IndexOutdated
from indexer.text import words

NAME = "manifest.json"
FORMAT = 4


def write(folder: Path, generation: int, entries: Sequence[SegmentEntry]) -> None:
    """Write the manifest of a generation in one step."""
    import whoosh

    data = {
        "format": FORMAT,
        "engine": f"whoosh {whoosh.versionstring()}",
        "segmenter": words.identity(),
        "generation": generation,
        "files": {e.filename: {"bytes": e.size, "blake2b": e.digest, "passages": e.doc_count_all()} for e in entries},
    }
    draft = folder / f"{NAME}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest; raise IndexMissing, IndexOutdated or IndexDamaged."""
    try:
        data: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        written, segmenter = data["format"], data["segmenter"]
    except FileNotFoundError as error:
        raise IndexMissing(folder) from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(folder, NAME, "无法读取") from error
    if written != FORMAT:
        raise IndexOutdated(folder, f"格式 {written}", f"格式 {FORMAT}")
    if segmenter != words.identity():
        raise IndexOutdated(folder, f"分词 {segmenter}", f"分词 {words.identity()}")
    return data
