"""The embedded engine: an index folder that is open, answering from its newest generation.

One snapshot serves every query that began with it; a new one is opened when the manifest changes, or a file of the
index is not what it was (seals.py). Threads share snapshots, which never change.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.engines.engine import Found, PassageRecord, RecordHead, SourceState, Stats, Wanted, Writing
from indexer.engines.whoosh import check, executor, kernels, manifest, seals, values
from indexer.engines.whoosh.manifest import INDEX
from indexer.engines.whoosh.schema import schema
from indexer.engines.whoosh.snapshot import Snapshot, open_snapshot, passage_record
from indexer.engines.whoosh.writer import Transaction, WriteLock, clean
from indexer.errors import IndexDamaged, IndexMissing, IndexUnavailable, NotFound
from indexer.model import Record


def open_engine(path: Path | str, *, create: bool = False) -> WhooshEngine:
    """Open the index in a folder; with `create`, make an empty one where there is none.

    Raises:
        IndexMissing: There is none and it is not to be made.
        IndexOutdated, IndexDamaged: It cannot be answered from.
    """
    folder = Path(path)
    if create and not (folder / manifest.NAME).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with WriteLock(folder, timeout=10):
            if not (folder / manifest.NAME).exists():
                TOC.create(FileStorage(str(folder)), schema(), INDEX)
                manifest.sync(folder / manifest.toc_name(0))
                manifest.write(folder, 0, (), {})
    return WhooshEngine(folder)


# Records that are read until what was read of the files leaves the memory; a long one has 75 kB.
MANY = 500


class WhooshEngine:
    """An open index; see engines.engine.Engine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        if not folder.is_dir():
            raise IndexMissing(folder)
        manifest.read(folder)
        self._manifest = str(folder / manifest.NAME)
        self._stamp = self._manifest_stamp()
        self._snapshot = open_snapshot(folder)
        self._damage: tuple[IndexDamaged, object] | None = None
        self._read = 0

    def _manifest_stamp(self) -> tuple[int, int]:
        try:
            state = os.stat(self._manifest)  # noqa: PTH116  half the time of Path.stat
        except FileNotFoundError as error:
            raise IndexMissing(self._folder) from error
        return state.st_mtime_ns, state.st_ino

    def snapshot(self) -> Snapshot:
        """Return the newest generation."""
        self._look()
        return self._snapshot

    def _look(self) -> None:
        """Open the newest generation if it is another one, or if a file of it is not as it was."""
        if self._damage is None and self._manifest_stamp() == self._stamp and self._snapshot.is_untouched():
            return
        with self._lock:
            now = self._state()
            if self._damage is not None:
                error, then = self._damage
                if now == then:
                    raise error.with_traceback(None)
            stamp = self._manifest_stamp()
            if self._damage is None and stamp == self._stamp and self._snapshot.is_untouched():
                return
            try:
                trusting = self._damage is None
                self._snapshot = open_snapshot(self._folder, self._snapshot, trusting=trusting)
            except IndexDamaged as error:
                # Kept until a file changes again: to sum up all of them for every query would be slow.
                self._damage = error, now
                raise
            self._damage, self._stamp = None, stamp

    def _state(self) -> tuple[object, ...]:
        """Return what changes whenever a file of the index is written, cut, replaced or taken away."""
        files = [self._manifest]
        with suppress(IndexUnavailable):
            data = manifest.read(self._folder)
            files += [str(self._folder / file.name) for file in (*manifest.files(data), manifest.listed(data))]
        found: list[object] = []
        for file in files:
            try:
                found.append(seals.seal_of(file))
            except OSError:
                found.append(None)
        return tuple(found)

    def find(self, wanted: Wanted) -> Found:
        snapshot = self.snapshot()
        return executor.run(snapshot, wanted, kernels.loops(snapshot))

    def record(self, record_id: str) -> Record:
        snapshot = self.snapshot()
        record = snapshot.record(record_id)
        if record is None:
            raise NotFound(record_id, self.near(record_id))
        if self._read % MANY == 0:  # also before the first: what a server was warmed with may be as much
            snapshot.let_go()
        self._read += 1
        return record

    def near(self, record_id: str) -> tuple[str, ...]:
        """Return ids of records of the same day, or that begin alike; may be empty."""
        start = record_id[:8]
        return tuple(h.id for h in self.heads() if h.id.startswith(start))[:5]

    def passage(self, passage_id: str) -> PassageRecord:
        snapshot = self.snapshot()
        record_id, _, anchor = passage_id.partition("#")
        place = snapshot.find(record_id)
        if place is not None:
            segment, row = place
            for passage in range(int(segment.rec_first[row]), int(segment.rec_first[row + 1])):
                if segment.meta(passage)["anchor"] == anchor:
                    return passage_record(segment, passage)
        raise NotFound(passage_id, (record_id,) if place else self.near(record_id))

    def heads(self) -> tuple[RecordHead, ...]:
        return self.snapshot().heads

    def sources(self) -> Mapping[str, SourceState]:
        return self.snapshot().sources

    def stats(self) -> Stats:
        snapshot = self.snapshot()
        kinds = [h.type for h in snapshot.heads]
        return Stats(
            meetings=kinds.count("meeting"),
            documents=kinds.count("document"),
            passages=sum(e.doc_count() for e in snapshot.entries),
            segments=len(snapshot.segments),
            bytes=sum(e.size for e in snapshot.entries),
            generation=snapshot.generation,
            format=f"whoosh {manifest.FORMAT}",
            segmenter=str(manifest.read(self._folder)["segmenter"]),
        )

    def generation(self) -> int:
        return self.snapshot().generation

    def committed(self) -> datetime:
        self._look()
        return datetime.fromtimestamp(self._stamp[0] // 1_000_000_000, UTC)

    def values(self, field: str, *, of_records: bool = False) -> tuple[tuple[str, int], ...]:
        return values.values(self.snapshot(), field, of_records)

    def frequent_words(self, limit: int) -> tuple[tuple[str, int], ...]:
        return values.frequent_words(self.snapshot(), limit)

    def sample(self, limit: int) -> Iterator[str]:
        return values.sample(self.snapshot(), limit)

    def fillings(self, before: str, after: str) -> tuple[tuple[str, int], ...]:
        return values.fillings(self.snapshot(), before, after)

    def check(self) -> Iterator[str]:
        # Opened anew: what is open already needs neither the manifest nor the list of segments any more.
        try:
            yield from check.check(open_snapshot(self._folder))
        except IndexDamaged as error:
            yield f"{error.file}：{error.why}"
        except IndexUnavailable as error:
            yield str(error)

    def let_go(self) -> None:
        self.snapshot().let_go()

    def verify(self) -> None:
        while True:
            snapshot = self.snapshot()
            now = self._state()
            try:
                seals.verified(self._folder, [seals.Expected(e.filename, e.digest) for e in snapshot.entries])
            except IndexDamaged as error:
                if self.snapshot() is not snapshot:
                    continue  # a commit took files away meanwhile
                with self._lock:
                    self._damage = error, now
                raise
            return

    @contextmanager
    def writing(self, jobs: int = 1) -> Iterator[Writing]:
        with WriteLock(self._folder):
            # Another process may have committed since this engine last looked; what is found damaged is not built on.
            base = open_snapshot(self._folder, self._snapshot)
            clean(self._folder, base.generation, base.entries)
            transaction = Transaction(self._folder, base, jobs)
            try:
                yield transaction
            finally:
                transaction.close()

    def close(self) -> None:
        """Let the files go; an engine that is closed is not asked again."""
        self._snapshot = Snapshot(self._folder, 0, (), ())
