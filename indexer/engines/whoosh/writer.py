"""One transaction on an index: records gathered, segments written, and one new list of them that readers see at once.

    put, remove ──> Gathering ──> MAIN_<id>.arr (not listed yet) ──> merges ──> _MAIN_<n+1>.toc ──> manifest.json

Until the manifest that names the new list is renamed into its place nothing has changed; a writer that dies leaves
files that the manifest does not name, which the next writer removes. The lock is Whoosh's own and goes with the
process that holds it. What cannot be written (a full disk) ends the transaction and leaves the last commit as it is.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.util.filelock import try_for

from indexer.engines.engine import SourceState
from indexer.engines.whoosh import arrays, leaders, manifest, seals
from indexer.engines.whoosh.beside import Beside
from indexer.engines.whoosh.build import Gathering
from indexer.engines.whoosh.codec import SegmentEntry
from indexer.engines.whoosh.manifest import INDEX
from indexer.engines.whoosh.merge import merge
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.errors import IndexLocked, IndexUnwritable, NotFound
from indexer.model import Record

log = logging.getLogger(__name__)
LOCK = f"{INDEX}_WRITELOCK"
HOLDER = "writer.pid"
# What a writer makes in the folder: lists of segments (with the time in the name while they are written), segments,
# and drafts of what is renamed into place.
_OURS = re.compile(
    rf"_{INDEX}_\d+\.toc(\.[\d.e+]+)?|{INDEX}_[0-9a-z]+\.arr(\.new)?|(manifest|similar)\.(json|npz)\.new(\.npz)?"
)
# Characters gathered before a segment is written: bounds the memory of a build (about 20 bytes a character).
SEGMENT_CHARACTERS = 24_000_000
# Segments of about one size that are merged into one, and the greatest such merge within a commit, in characters.
FANOUT = 4
SMALLEST = 20_000
MERGE_CHARACTERS = 2_000_000


class Transaction:
    """What build.py writes through; see engines.engine.Writing."""

    def __init__(self, folder: Path, base: Snapshot, jobs: int = 1) -> None:
        self._folder = folder
        self._base = base
        self._beside: Beside | None = None
        self._helper = self._helped if jobs > 1 else None
        self._gathering = Gathering(self._helper)
        self._fresh: list[SegmentEntry] = []
        self._sealed = dict(base.sealed)
        self._drafts = False  # whether there may be files that no commit names
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
        with _told(self._folder):
            entries = [self._buried(entry) for entry in (*self._base.entries, *self._fresh)]
            entries = self._merged([entry for entry in entries if entry.doc_count()])
            self._drafts = True
            publish(self._folder, self._base.generation + 1, entries, self._sealed)
        self._fresh, self._dead, self._written, self._drafts = [], {}, {}, False

    def close(self) -> None:
        """Remove what was written and not committed, so that a full disk has room again."""
        if self._beside:
            self._beside.close()
            self._beside = None
        if self._drafts:
            clean(self._folder, self._base.generation, self._base.entries)

    def _helped(self) -> Beside:
        """Return the process that segments, which is started once for all segments."""
        self._beside = self._beside or Beside()
        return self._beside

    def _flush(self) -> None:
        """Write the gathered records as a segment that no list names yet."""
        if self._gathering.records:
            segid = secrets.token_hex(8)
            with _told(self._folder):
                self._fresh.append(self._write(self._gathering.arrays(), segid))
            first = 0
            for record_id, gathered in self._gathering.records.items():
                self._written[record_id] = (segid, range(first, first + len(gathered.members)))
                first += len(gathered.members)
        self._gathering = Gathering(self._helper)

    def _write(self, data: dict[str, arrays.Array], segid: str) -> SegmentEntry:
        count, characters = len(data["length"]), int(data["totals"][0])
        entry = SegmentEntry(INDEX, segid, count, "", 0, characters)
        path = self._folder / entry.filename
        self._drafts = True
        entry.digest = arrays.write(path, {**data, **leaders.build(Segment(path, made=data))})
        seal = seals.seal_of(path)
        self._sealed[entry.filename] = seals.Sealed(str(path), seal)
        entry.size = seal.size
        return entry

    def _buried(self, entry: SegmentEntry) -> SegmentEntry:
        dead = self._dead.get(entry.segid)
        return entry.without(frozenset(dead)) if dead else entry

    def _merged(self, entries: list[SegmentEntry]) -> list[SegmentEntry]:
        """Merge segments of about one size, so that their number grows with the logarithm of the index."""
        while group := _group(entries):
            # Their seals hold, but a merge would give what a disk has spoiled a checksum of its own.
            seals.verified(self._folder, [seals.Expected(e.filename, e.digest) for e in group])
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


def publish(folder: Path, generation: int, entries: Sequence[SegmentEntry], sealed: Mapping[str, seals.Sealed]) -> None:
    """Make these segments, which are on the disk, the newest generation, and remove the files of any other."""
    TOC(schema(), list(entries), generation).write(FileStorage(str(folder)), INDEX)
    manifest.sync(folder / manifest.toc_name(generation))
    manifest.sync(folder)
    manifest.write(folder, generation, entries, sealed)
    clean(folder, generation, entries)


def clean(folder: Path, generation: int, entries: Iterable[SegmentEntry]) -> None:
    """Remove what a writer made and no commit names; only who holds the lock may."""
    used = {manifest.toc_name(generation), *(entry.filename for entry in entries)}
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in used:
            with suppress(OSError):  # where files that are open cannot be removed, a later commit does
                path.unlink()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses to write into an error of the index."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(folder, error) from error


class WriteLock:
    """The one lock of an index; raise IndexLocked on entering while any process holds it.

    A file beside it says who does. The lock itself goes with its process, so that what a dead one left is no lock.
    """

    def __init__(self, folder: Path, timeout: float = 0.0) -> None:
        self._folder, self._timeout = folder, timeout
        self._lock = FileStorage(str(folder)).lock(LOCK)

    def __enter__(self) -> None:
        with _told(self._folder):
            if not try_for(self._lock.acquire, timeout=self._timeout, delay=0.1):
                raise IndexLocked(self._folder, self._holder())
            since = datetime.now().astimezone().isoformat(" ", "seconds")
            told = f"进程 {os.getpid()}，主机 {socket.gethostname()}，始于 {since}"
        with suppress(OSError):  # a disk that is too full for a name need not be so for what removes records
            (self._folder / HOLDER).write_text(told, encoding="utf-8")

    def _holder(self) -> str:
        """Return who holds the lock; empty in the moment before it has said so."""
        with suppress(OSError):
            return (self._folder / HOLDER).read_text(encoding="utf-8")
        return ""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            (self._folder / HOLDER).unlink(missing_ok=True)
        self._lock.release()
