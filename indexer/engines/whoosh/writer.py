"""One transaction on an index: records gathered, segments written, and one new list of them that readers see at once.

    put, remove ──> Gathering ──> MAIN_<id>.arr (not listed yet) ──> merges ──> commit: _MAIN_<n+1>.toc

Until the list is renamed into its place nothing has changed; a writer that dies leaves files that no list names,
which the next writer removes. The lock is Whoosh's own and goes with the process that holds it.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files
from whoosh.util.filelock import try_for

from indexer.engines.engine import SourceState
from indexer.engines.whoosh import arrays, leaders, manifest
from indexer.engines.whoosh.build import Gathering
from indexer.engines.whoosh.codec import SegmentEntry
from indexer.engines.whoosh.merge import merge
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.errors import IndexLocked, NotFound
from indexer.model import Record

log = logging.getLogger(__name__)
INDEX = "MAIN"
LOCK = f"{INDEX}_WRITELOCK"
HOLDER = "writer.pid"
# Characters gathered before a segment is written: bounds the memory of a build (about 20 bytes a character).
SEGMENT_CHARACTERS = 24_000_000
# Segments of about one size that are merged into one, and the greatest such merge within a commit, in characters.
FANOUT = 4
SMALLEST = 20_000
MERGE_CHARACTERS = 2_000_000


class Transaction:
    """What build.py writes through; see engines.engine.Writing."""

    def __init__(self, folder: Path, base: Snapshot) -> None:
        self._folder = folder
        self._base = base
        self._gathering = Gathering()
        self._fresh: list[SegmentEntry] = []
        self._dead: dict[str, set[int]] = {}
        # The passages of records in segments that are written but not listed yet, by record.
        self._written: dict[str, tuple[str, range]] = {}

    def put(self, record: Record, sources: Iterable[SourceState]) -> int:
        """Add a record in place of the one with its id; return the number of its passages."""
        # What cannot be gathered raises here, before the record that it would replace is removed.
        count = self._gathering.add(record, tuple(sources))
        self._remove_older(record.id)
        if self._gathering.characters >= SEGMENT_CHARACTERS:
            self._flush()
        return count

    def remove(self, record_id: str) -> bool:
        """Remove a record, committed or put before; False if there is none."""
        return self._gathering.drop(record_id) or self._remove_older(record_id)

    def _remove_older(self, record_id: str) -> bool:
        """Mark a record of a written segment as deleted; False if there is none."""
        written = self._written.pop(record_id, None)
        if written:
            segid, members = written
            self._dead.setdefault(segid, set()).update(members)
            return True
        for entry, segment in zip(self._base.entries, self._base.segments, strict=True):
            row = segment.record_row(record_id)
            members = range(int(segment.rec_first[row]), int(segment.rec_first[row + 1])) if row >= 0 else range(0)
            if row >= 0 and members[0] not in self._dead.get(entry.segid, ()):
                self._dead.setdefault(entry.segid, set()).update(members)
                return True
        return False

    def forget(self, path: str) -> None:
        """Forget one source; its record keeps the others. Unknown paths are passed over."""
        state = self._base.sources.get(path)
        if state is None:
            return
        record = self._base.record(state.record_id)
        if record is None:
            raise NotFound(state.record_id)
        left = [s for s in self._base.sources.values() if s.record_id == state.record_id and s.path != path]
        self.put(replace(record, sources=tuple(s for s in record.sources if s.path != path)), left)

    def commit(self) -> None:
        """Write what was put and let readers see it; nothing is written where nothing was changed."""
        self._flush()
        if not self._fresh and not self._dead:
            return
        entries = [self._buried(entry) for entry in (*self._base.entries, *self._fresh)]
        entries = self._merged([entry for entry in entries if entry.doc_count()])
        generation = self._base.generation + 1
        storage = FileStorage(str(self._folder))
        TOC(schema(), entries, generation).write(storage, INDEX)
        _sync(self._folder / TOC._filename(INDEX, generation))
        _sync(self._folder)
        manifest.write(self._folder, generation, entries)
        clean_files(storage, INDEX, generation, entries)
        self._fresh, self._dead, self._written = [], {}, {}

    def _flush(self) -> None:
        """Write the gathered records as a segment that no list names yet."""
        if self._gathering.records:
            segid = secrets.token_hex(8)
            self._fresh.append(self._write(self._gathering.arrays(), segid))
            first = 0
            for record_id, gathered in self._gathering.records.items():
                self._written[record_id] = (segid, range(first, first + len(gathered.texts)))
                first += len(gathered.texts)
        self._gathering = Gathering()

    def _write(self, data: dict[str, arrays.Array], segid: str) -> SegmentEntry:
        count, characters = len(data["length"]), int(data["totals"][0])
        entry = SegmentEntry(INDEX, segid, count, "", 0, characters)
        path = self._folder / entry.filename
        entry.digest = arrays.write(path, {**data, **leaders.build(Segment(path, made=data))})
        entry.size = path.stat().st_size
        return entry

    def _buried(self, entry: SegmentEntry) -> SegmentEntry:
        dead = self._dead.get(entry.segid)
        return entry.without(frozenset(dead)) if dead else entry

    def _merged(self, entries: list[SegmentEntry]) -> list[SegmentEntry]:
        """Merge segments of about one size, so that their number grows with the logarithm of the index."""
        while group := _group(entries):
            opened = [Segment(self._folder / e.filename, e.dead) for e in group]
            log.info("merging %d segments of %d characters", len(group), sum(e.characters for e in group))
            entry = self._write(merge(opened), secrets.token_hex(8))
            at = entries.index(group[0])
            entries = [e for e in entries if e not in group]
            entries.insert(min(at, len(entries)), entry)
        return entries


def _group(entries: list[SegmentEntry]) -> list[SegmentEntry]:
    """Return segments to merge: FANOUT or more of one size, or one half deleted; empty if there are none."""
    sizes: dict[int, list[SegmentEntry]] = {}
    for entry in entries:
        if entry.characters > MERGE_CHARACTERS:
            continue
        if entry.deleted_count() * 2 > entry.doc_count_all():
            return [entry]
        rank, size = 0, SMALLEST
        while entry.characters > size:
            rank, size = rank + 1, size * FANOUT
        sizes.setdefault(rank, []).append(entry)
    full = [rank for rank, group in sizes.items() if len(group) >= FANOUT]
    return sizes[min(full)] if full else []


class WriteLock:
    """The one lock of an index; raise IndexLocked on entering while any process holds it."""

    def __init__(self, folder: Path, timeout: float = 0.0) -> None:
        self._folder, self._timeout = folder, timeout
        self._lock = FileStorage(str(folder)).lock(LOCK)

    def __enter__(self) -> None:
        if not try_for(self._lock.acquire, timeout=self._timeout, delay=0.1):
            holder = self._folder / HOLDER
            raise IndexLocked(self._folder, f"进程 {holder.read_text()}" if holder.exists() else "")
        (self._folder / HOLDER).write_text(str(os.getpid()), encoding="utf-8")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._folder / HOLDER).unlink(missing_ok=True)
        self._lock.release()


def _sync(path: Path) -> None:
    """Put a file or folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
