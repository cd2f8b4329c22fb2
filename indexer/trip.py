"""The bookkeeping of one build: which sources stand, which are new, which are gone, and what to put for each record.

Works inside one transaction of an engine and neither opens nor commits it. A record of a single source is put as
soon as it is read. A record that has several is settled at the end: the one with the most text is shown and all are
its sources; their files are then read once more, so that no more than one record stands in memory meanwhile.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.engines.engine import Engine, SourceState, Writing
from indexer.intake import Fault, absolute, file_of, is_public, records, size_of, source_key
from indexer.model import Record, Source
from indexer.outcome import Failure, Report
from indexer.workers import Held, read_all

logger = logging.getLogger(__name__)

# Called with the files done, the files in all, and the path that was last looked at.
Progress = Callable[[int, int, str], None]

_UNKNOWN = (-1, -1)


@dataclass
class _Candidates:
    """The records read of one id: the best so far, and what each says of its source."""

    best: Record
    best_key: str
    sources: dict[str, Source] = field(default_factory=dict)

    def offer(self, key: str, record: Record) -> None:
        """Take another text of the record; of two with as much text the earlier stays."""
        self.sources[key] = record.sources[0]
        if size_of(record) > size_of(self.best):
            self.best, self.best_key = record, key


class Trip:
    """One build in one transaction."""

    def __init__(self, engine: Engine, writing: Writing, public_only: bool) -> None:
        self.changed = False
        self._engine = engine
        self._writing = writing
        self._public_only = public_only
        self._known = dict(engine.sources())
        self._keys: dict[str, list[str]] = defaultdict(list)  # of each file known
        self._kept: dict[str, dict[str, SourceState]] = defaultdict(dict)  # by record: sources that stand as they are
        self._fresh: dict[str, dict[str, SourceState]] = defaultdict(dict)  # by record: sources read in this build
        self._lost: dict[str, set[str]] = defaultdict(set)  # by record: sources that are no more
        self._moved: set[str] = set()  # records whose file now holds another record
        self._contested: dict[str, None] = {}  # records with several sources, in the order met
        self._standing: set[str] = set()  # records of which only the list of sources has changed
        self._given: dict[str, str] = {}  # the path as it was named, by absolute path
        self._stats: dict[str, tuple[int, int]] = {}
        self._unchanged = 0
        self._removed = 0
        self._duplicates: list[tuple[str, str]] = []
        self._failed: list[Failure] = []
        self._withheld: list[str] = []
        for key, state in self._known.items():
            self._keys[file_of(key)].append(key)
            self._kept[state.record_id][key] = state
        self._before = set(self._kept)

    def lose_all_but(self, files: Iterable[str], roots: Iterable[Path]) -> None:
        """Take for gone what came from below the roots and is not among the files."""
        here = {absolute(path) for path in files}
        places = [absolute(root) for root in roots]
        for key in self._known:
            file = file_of(key)
            if file not in here and any(
                file == place or file.startswith(place.rstrip(os.sep) + os.sep) for place in places
            ):
                self._lose(key)

    def run(self, files: list[str], jobs: int, progress: Progress | None) -> None:
        """Read what is new or changed, put it, and settle what has several sources or none."""
        self._given = {absolute(path): path for path in files}
        stale = [path for path in files if not self._stands(path)]
        done = len(files) - len(stale)
        for path, held in read_all(stale, jobs):
            self._take(path, held)
            done += 1
            if progress:
                progress(done, len(files), path)
        self._settle()
        self.changed = bool(self._fresh or self._lost)

    def report(self) -> Report:
        """Return what was done, without the counts that only the engine knows."""
        read = [record_id for record_id in self._fresh if record_id not in self._standing]
        updated = sum(
            record_id in self._before or bool(self._fresh[record_id].keys() & self._known.keys()) for record_id in read
        )
        return Report(
            added=len(read) - updated,
            updated=updated,
            unchanged=self._unchanged,
            removed=self._removed,
            duplicates=tuple(self._duplicates),
            failed=tuple(self._failed),
            withheld=tuple(self._withheld),
        )

    def _stands(self, path: str) -> bool:
        """Return whether the index has the file as it is: by size and time, or by its content."""
        file = absolute(path)
        try:
            stat = Path(path).stat()
            self._stats[file] = (stat.st_size, stat.st_mtime_ns)
            states = [self._known[key] for key in self._keys.get(file, ())]
            if not states or not self._same(file, states):
                return False
        except OSError:
            return False  # reading it will tell why
        hidden = [
            state for state in states if self._public_only and not is_public(self._engine.record(state.record_id))
        ]
        self._unchanged += len(states) - len(hidden)
        for state in hidden:
            self._withheld.append(path)
            self._lose(state.path)
        return True

    def _same(self, file: str, states: list[SourceState]) -> bool:
        if all((state.size, state.mtime_ns) == self._stats[file] for state in states):
            return True
        hashes = {state.sha256 for state in states}
        return len(hashes) == 1 and states[0].size == self._stats[file][0] and _sha256(file) in hashes

    def _take(self, path: str, held: Held) -> None:
        """Take what a file holds; where a part of it failed, what the index had of it stays."""
        file = absolute(path)
        last: tuple[Record, SourceState] | None = None
        seen: set[str] = set()
        faults = 0
        empty = True
        for one in held:
            empty = False
            if isinstance(one, Fault):
                faults += 1
                self._fail(one)
            elif self._public_only and not is_public(one):
                self._withheld.append(path)
            else:
                key = source_key(file, one)
                last = (one, SourceState(key, one.sources[0].sha256, one.id, *self._stats.get(file, _UNKNOWN)))
                self._offer(*last)
                seen.add(key)
        if empty:
            self._fail(Fault(path, "文件中没有内容"))
        elif not faults:
            for key in self._keys.get(file, ()):
                if key not in seen:
                    self._lose(key)
        elif last:
            # A source without size, time and hash never counts as unchanged, so the rest is tried again next time.
            self._offer(last[0], replace(last[1], sha256="", size=-1, mtime_ns=-1), again=True)

    def _fail(self, fault: Fault) -> None:
        logger.warning("not read: %s: %s", fault.path, fault.reason)
        if fault.trace:
            logger.error("unexpected error with %s\n%s", fault.path, fault.trace)
        self._failed.append(Failure(fault.path, fault.reason))

    def _offer(self, record: Record, state: SourceState, again: bool = False) -> None:
        """Put a record at once if this is its only source, or leave it to be settled."""
        old = self._known.get(state.path)
        if old and old.record_id != record.id and state.path in self._kept[old.record_id]:
            self._moved.add(old.record_id)
            self._lose(state.path)
        self._kept[record.id].pop(state.path, None)
        rivals = self._kept[record.id].keys() | self._fresh[record.id].keys()
        if state.path in self._fresh[record.id] and not again:
            self._duplicates.append((self._shown(state.path), record.id))  # one id twice in one list
        self._fresh[record.id][state.path] = state
        if rivals - ({state.path} if again else set()):
            self._contested[record.id] = None
        else:
            self._writing.put(record, [state])

    def _lose(self, key: str) -> None:
        record_id = self._known[key].record_id
        if self._kept[record_id].pop(key, None):
            self._lost[record_id].add(key)

    def _shown(self, key: str) -> str:
        """Return the path of a source as it was named in this build, or else as the index knows it."""
        return self._given.get(file_of(key), file_of(key))

    def _settle(self) -> None:
        """Put every record that has several sources or has lost some, and remove what has none left."""
        several = dict(self._contested)
        for record_id in self._lost:
            if self._kept[record_id]:
                several[record_id] = None
            elif not self._fresh.get(record_id):
                self._writing.remove(record_id)
                self._removed += record_id not in self._moved
        for record_id, candidates in self._candidates(several).items():
            self._put_best(record_id, candidates)

    def _candidates(self, several: Iterable[str]) -> dict[str, _Candidates]:
        """Collect the texts of contested records: from the index where it has one that stands, else from the files."""
        found: dict[str, _Candidates] = {}
        files: dict[str, None] = {}
        for record_id in several:
            kept, fresh = self._kept[record_id], self._fresh.get(record_id, {})
            stored = self._engine.record(record_id) if kept else None
            shown = next(
                (key for key, state in kept.items() if stored and state.sha256 == stored.sources[0].sha256), None
            )
            if stored and shown:
                by_hash = {source.sha256: source for source in stored.sources}
                sources = {key: by_hash[state.sha256] for key, state in kept.items() if state.sha256 in by_hash}
                found[record_id] = _Candidates(stored, shown, sources)
            for key in (*(() if shown else kept), *fresh):
                files[file_of(key)] = None
        wanted = set(several)
        for file in files:
            for record in records(self._given.get(file, file)):
                if isinstance(record, Fault) or record.id not in wanted:
                    continue
                key = source_key(file, record)
                found.setdefault(record.id, _Candidates(record, key)).offer(key, record)
        return found

    def _put_best(self, record_id: str, candidates: _Candidates) -> None:
        kept, fresh = self._kept[record_id], self._fresh.get(record_id, {})
        states = {**kept, **fresh}
        others = [source for key, source in candidates.sources.items() if key in states and key != candidates.best_key]
        self._writing.put(replace(candidates.best, sources=(candidates.best.sources[0], *others)), states.values())
        if fresh and candidates.best_key in kept and not fresh.keys() & self._known.keys():
            self._standing.add(record_id)
        if fresh:
            self._duplicates += [(self._shown(key), record_id) for key in states if key != candidates.best_key]


def _sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
