"""The bookkeeping of one build: which sources stand, which are new, which are gone, and what to put for each record.

Works inside one transaction of an engine and neither opens nor commits it. A record of a single source is put as
soon as it is read. A record that has several is settled at the end: the one with the most text is shown and all are
its sources; their files are then read once more, so that no more than one record stands in memory meanwhile.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engines.engine import Engine, SourceState, Writing
from indexer.errors import IndexUnavailable
from indexer.intake import Fault, Marked, absolute, file_of, is_public, size_of, source_key
from indexer.model import Record, Source
from indexer.outcome import Failure, Report
from indexer.workers import Held, read_all

if TYPE_CHECKING:
    from indexer.similar import Print

logger = logging.getLogger(__name__)

# Called with the files done, the files in all, and the path that was last looked at.
Progress = Callable[[int, int, str], None]


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

    def __init__(
        self, engine: Engine, writing: Writing, public_only: bool, ocr: bool = False, allow_marked: bool = False
    ) -> None:
        self.changed = False
        self.prints: dict[str, Print] = {}  # of the documents put
        self._engine = engine
        self._writing = writing
        self._public_only = public_only
        self._ocr = ocr
        self._allow_marked = allow_marked
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
        self._refused: list[Failure] = []
        for key, state in self._known.items():
            self._keys[file_of(state)].append(key)
            self._kept[state.record_id][key] = state
        self._before = set(self._kept)

    def lose_all_but(self, files: Iterable[str], roots: Iterable[str | Path], closed: Iterable[str]) -> None:
        """Take for gone what came from below the roots and is not among the files; of closed folders nothing is."""
        here = {absolute(path) for path in files}
        open_ = [Path(absolute(root)) for root in roots]
        shut = [Path(absolute(path)) for path in closed]
        for key, state in self._known.items():
            file = Path(file_of(state))
            if str(file) not in here and _below(file, open_) and not _below(file, shut):
                self._lose(key)

    def run(self, files: list[str], jobs: int, progress: Progress | None) -> None:
        """Read what is new or changed, put it, and settle what has several sources or none."""
        self._given = {absolute(path): path for path in files}
        stale = [path for path in files if not self._stands(path)]
        done = len(files) - len(stale)
        for path, held in read_all(stale, jobs, self._ocr):
            self._take(path, held)
            done += 1
            if progress:
                progress(done, len(files), path)
        self._settle()
        self.changed = any(self._fresh.values()) or bool(self._lost)

    def report(self) -> Report:
        """Return what was done, without the counts that only the engine knows."""
        read = [one for one, states in self._fresh.items() if states and one not in self._standing]
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
            refused=tuple(self._refused),
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
        """Compare a file with what the index knows of it.

        Of a list of documents only those that a build found changed have its size and time, so one is enough; but
        none may be marked as read in part.
        """
        now = self._stats[file]
        if any(state.size < 0 for state in states):
            return False  # it bears a mark, and leave to keep it is asked for in every build
        if any((state.size, state.mtime_ns) == now for state in states):
            return all(state.sha256 for state in states)
        return states[0].path == file and states[0].size == now[0] and _sha256(file) == states[0].sha256

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
                continue
            again = isinstance(one, Marked)
            if isinstance(one, Marked):
                if not self._allow_marked:
                    # Its name and its mark are told to who builds, and to no log.
                    self._refused.append(Failure(path, f"标有“{one.mark}”，未收录"))
                    continue
                one = one.record
            if self._public_only and not is_public(one):
                self._withheld.append(path)
            else:
                state = self._state(file, path, one)
                if again:
                    state = replace(state, size=-1, mtime_ns=-1)
                seen.add(state.path)
                if self._has(state):
                    self._unchanged += 1
                    continue
                last = (one, state)
                self._offer(one, state)
        if empty:
            self._fail(Fault(path, "文件中没有内容"))
        elif not faults:
            for key in self._keys.get(file, ()):
                if key not in seen:
                    self._lose(key)
        elif last:
            # A source without size and time never counts as unchanged, so the rest is tried again next time.
            self._offer(last[0], replace(last[1], size=-1, mtime_ns=-1), again=True)

    def _state(self, file: str, given: str, record: Record) -> SourceState:
        size, mtime_ns = self._stats.get(file, (-1, -1))
        return SourceState(source_key(file, given, record), record.sources[0].sha256, record.id, size, mtime_ns)

    def _has(self, state: SourceState) -> bool:
        """Return whether the index has just this text from this source: a document of a list that is as it was."""
        old = self._known.get(state.path)
        return old is not None and (old.sha256, old.record_id) == (state.sha256, state.record_id)

    def _fail(self, fault: Fault) -> None:
        logger.warning("not read: %s: %s", fault.path, fault.reason)
        if fault.trace:
            logger.error("unexpected error with %s\n%s", fault.path, fault.trace)
        self._failed.append(Failure(fault.path, fault.reason))

    def _offer(self, record: Record, state: SourceState, again: bool = False) -> None:
        """Put a record at once if this is its only source, or leave it to be settled."""
        others = (self._kept[record.id].keys() | self._fresh[record.id].keys()) - {state.path}
        twice = state.path in self._fresh[record.id] and not again  # one id twice in one list
        if twice:
            self._duplicates.append((self._label(state), record.id))
        if others or twice:
            self._contested[record.id] = None
        elif not self._put(record, [state]):
            return
        self._fresh[record.id][state.path] = state
        self._kept[record.id].pop(state.path, None)
        old = self._known.get(state.path)
        if old and old.record_id != record.id:
            self._moved.add(old.record_id)
            self._lose(state.path)

    def _put(self, record: Record, states: Iterable[SourceState]) -> bool:
        """Hand a record to the engine; one that it cannot take is a row of the report, and False."""
        try:
            self._writing.put(record, states)
        except IndexUnavailable:
            raise  # no other record would be taken either
        except Exception as error:
            logger.exception("record %s was not taken", record.id)
            self._failed.append(Failure(record.sources[0].path, f"收录时出错（{type(error).__name__} {error}）"))
            return False
        self._compare(record)
        return True

    def _compare(self, record: Record) -> None:
        """Remember what tells a document from others."""
        # Imported with the first record, so that importing the package stays light.
        from indexer.similar import fingerprint

        found = fingerprint(record)
        if found is not None:
            self.prints[record.id] = found
        else:
            self.prints.pop(record.id, None)

    def _lose(self, key: str) -> None:
        record_id = self._known[key].record_id
        if self._kept[record_id].pop(key, None):
            self._lost[record_id].add(key)

    def _named(self, state: SourceState) -> str:
        """Return the path of a source's file as it was named in this build, or else as the index knows it."""
        return self._given.get(file_of(state), file_of(state))

    def _label(self, state: SourceState) -> str:
        """Return what a report calls a source: its file as it was named, and the member of it in an archive."""
        path = state.path.removesuffix(f"#{state.record_id}")
        return self._named(state) + path.removeprefix(file_of(state))

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
        """Collect the texts of each record: from the index where what it shows stands, else from the files."""
        found: dict[str, _Candidates] = {}
        last_resort: dict[str, _Candidates] = {}
        files: dict[str, None] = {}
        for record_id in several:
            kept, fresh = self._kept[record_id], self._fresh.get(record_id, {})
            again = dict(fresh)
            if kept:
                stored = self._engine.record(record_id)
                sources = _sources_of(stored, kept.values())
                shown = next((key for key, source in sources.items() if source is stored.sources[0]), "")
                (found if shown else last_resort)[record_id] = _Candidates(stored, shown, sources)
                again = fresh if shown else {**kept, **fresh}
            files |= dict.fromkeys(self._named(state) for state in again.values())
        for file, held in read_all(files, 1, self._ocr):
            for record in held:
                if isinstance(record, Marked) and self._allow_marked:
                    record = record.record
                if isinstance(record, Fault | Marked):
                    continue
                if record.id in self._contested or record.id in last_resort:
                    key = source_key(absolute(file), file, record)
                    found.setdefault(record.id, _Candidates(record, key)).offer(key, record)
        return last_resort | found

    def _put_best(self, record_id: str, candidates: _Candidates) -> None:
        kept, fresh = self._kept[record_id], self._fresh.get(record_id, {})
        best = candidates.best_key
        # The sources of the record and the states stand in one order, the one that is shown first.
        states = dict(sorted({**kept, **fresh}.items(), key=lambda pair: pair[0] != best))
        sources = tuple(candidates.sources[key] for key in states if key in candidates.sources)
        if not self._put(replace(candidates.best, sources=sources or candidates.best.sources), states.values()):
            return
        if fresh and best in kept and not fresh.keys() & self._known.keys():
            self._standing.add(record_id)
        if fresh:
            self._duplicates += [(self._label(state), record_id) for key, state in states.items() if key != best]


def _sources_of(record: Record, states: Iterable[SourceState]) -> dict[str, Source]:
    """Return which of a record's sources each state is, by path: one of the same content, and path if there is one."""
    left = list(record.sources)
    found = {}
    for state in states:
        same = [source for source in left if source.sha256 == state.sha256]
        same.sort(key=lambda source: absolute(source.path) != file_of(state))
        if same:
            found[state.path] = same[0]
            left.remove(same[0])
    return found


def _below(file: Path, places: Iterable[Path]) -> bool:
    return any(file.is_relative_to(place) for place in places)


def _sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
