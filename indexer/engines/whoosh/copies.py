"""An index folder held still while its files are copied out, and files of an index replaced by copies in one step.

To put copies in place is a commit like any other: the segments are written beside those in use, looked through, and
become the newest generation when the manifest names them. Whoever reads goes on with the old ones until then. What a
copy says of itself is JSON and never Whoosh's pickled list, as a copy may come from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.engines.whoosh import manifest, seals
from indexer.engines.whoosh.check import check
from indexer.engines.whoosh.codec import SegmentEntry
from indexer.engines.whoosh.manifest import INDEX
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot, open_snapshot
from indexer.engines.whoosh.writer import WriteLock, clean, publish
from indexer.errors import IndexDamaged, IndexOutdated, IndexUnavailable
from indexer.text import words

SEGMENT = re.compile(rf"{INDEX}_[0-9a-f]{{16}}\.arr")


@dataclass(frozen=True, slots=True)
class Held:
    """One generation: what a copy must know of it (JSON), and its segment files with their checksums."""

    about: Mapping[str, Any]
    files: tuple[tuple[str, str], ...]


@contextmanager
def held(folder: Path, wait: float) -> Iterator[Held]:
    """Keep writers out and give the newest generation, whose files have all been read and found right."""
    manifest.read(folder)
    with WriteLock(folder, timeout=wait):
        snapshot = open_snapshot(folder, trusting=False)
        about = {
            "format": manifest.FORMAT,
            "segmenter": words.identity(),
            "generation": snapshot.generation,
            "segments": [
                {
                    "id": entry.segid,
                    "passages": entry.doc_count_all(),
                    "blake2b": entry.digest,
                    "bytes": entry.size,
                    "characters": entry.characters,
                    "dead": sorted(entry.dead),
                }
                for entry in snapshot.entries
            ],
        }
        yield Held(about, tuple((entry.filename, entry.digest) for entry in snapshot.entries))


@contextmanager
def replacing(folder: Path, about: Mapping[str, Any], wait: float) -> Iterator[Callable[[], Snapshot]]:
    """Keep writers out while copies are written into the folder; what is given makes them the newest generation.

    Raises:
        IndexOutdated: the copies are of another version; nothing has been changed.
        IndexDamaged: (on the call) the copies do not fit together; readers still have what they had.
    """
    if about["format"] != manifest.FORMAT:
        raise IndexOutdated(folder, f"格式 {about['format']}", f"格式 {manifest.FORMAT}")
    if about["segmenter"] != words.identity():
        raise IndexOutdated(folder, f"分词 {about['segmenter']}", f"分词 {words.identity()}")
    folder.mkdir(parents=True, exist_ok=True)
    with WriteLock(folder, timeout=wait):
        try:
            yield lambda: _commit(folder, [_entry(segment) for segment in about["segments"]])
        finally:
            # Whatever was written and not committed goes again, where it can be told from what is in use.
            with suppress(IndexUnavailable):
                now = open_snapshot(folder)
                clean(folder, now.generation, now.entries)


def _commit(folder: Path, entries: list[SegmentEntry]) -> Snapshot:
    sealed = seals.verified(folder, [seals.Expected(entry.filename, entry.digest) for entry in entries])
    segments = tuple(Segment(folder / entry.filename, entry.dead) for entry in entries)
    snapshot = Snapshot(folder, _newest(folder) + 1, tuple(entries), segments, sealed)
    for damage in check(snapshot):
        raise IndexDamaged(folder, *damage.split("：", 1))
    publish(folder, snapshot.generation, entries, sealed)
    return snapshot


def _newest(folder: Path) -> int:
    """Return the number of the newest generation, also of an index that cannot be answered from; 0 if there is none."""
    lists = (re.fullmatch(rf"_{INDEX}_(\d+)\.toc", path.name) for path in folder.iterdir())
    return max((int(found[1]) for found in lists if found), default=0)


def _entry(segment: Mapping[str, Any]) -> SegmentEntry:
    entry = SegmentEntry(
        INDEX, segment["id"], segment["passages"], segment["blake2b"], segment["bytes"], segment["characters"]
    )
    return entry.without(frozenset(segment["dead"])) if segment["dead"] else entry
