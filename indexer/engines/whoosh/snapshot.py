"""One generation of an index, open: its segments in order and what is counted over all of them.

A snapshot never changes; a reader that holds one gets answers of that generation even while files are replaced.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.engines.engine import PassageRecord, RecordHead, SourceState
from indexer.engines.passages import FIELDS
from indexer.engines.whoosh import arrays, boilerplate, manifest, seals, stored
from indexer.engines.whoosh.codec import SegmentEntry
from indexer.engines.whoosh.manifest import INDEX
from indexer.engines.whoosh.segment import Segment
from indexer.errors import IndexDamaged
from indexer.model import Record

# BM25's saturation of repetitions; with b it makes the norms, which every query of a snapshot shares.
K1 = 1.2


class Values(NamedTuple):
    """The values of a field in their order, and for each segment the place of each of its own among them.

    None stands for the places of a segment that has all of them, as the only one has.
    """

    names: tuple[str, ...]
    codes: tuple[npt.NDArray[np.int64] | None, ...]


@dataclass(frozen=True)
class Snapshot:
    """The segments of one generation; `entries` and `segments` go in pairs."""

    folder: Path
    generation: int
    entries: tuple[SegmentEntry, ...]
    segments: tuple[Segment, ...]
    # The files of the segments as they were when they were found right, by name.
    sealed: Mapping[str, seals.Sealed] = field(default_factory=dict)

    def is_untouched(self) -> bool:
        """Tell whether nobody has changed a file of this generation or taken it away."""
        for file in self.sealed.values():  # noqa: SIM110  a third of the time of all(), and asked before every query
            if not file.holds():
                return False
        return True

    @cached_property
    def is_narrow(self) -> bool:
        """Whether segments are there, and each is one that loops are compiled for, as nearly all are."""
        return bool(self.segments) and all(segment.is_narrow for segment in self.segments)

    @cached_property
    def passages(self) -> int:
        """How many passages the segments hold, deleted ones included: what document frequencies refer to."""
        return sum(segment.size for segment in self.segments)

    @cached_property
    def mean_length(self) -> float:
        """The mean number of characters of a passage."""
        return max(1.0, sum(s.characters for s in self.segments) / max(1, self.passages))

    def norms(self, which: int, b: float) -> npt.NDArray[np.float32]:
        """Return BM25's k1 · (1 − b + b · length / mean) of every passage of segment number `which`."""
        found = self._norms.get((which, b))
        if found is None:
            of_length, of_all = self.norm(b)
            found = self._norms[which, b] = self.segments[which].length.astype(np.float32) * of_length + of_all
        return found

    def norm(self, b: float) -> tuple[np.float32, np.float32]:
        """Return the numbers that a length is multiplied with, and that is added then, to make a norm of it."""
        return np.float32(K1 * b / self.mean_length), np.float32(K1 * (1 - b))

    def levels(self, many: int) -> tuple[boilerplate.U8 | None, ...]:
        """Return how much of each passage is sentences that stand in so many records (see boilerplate.py)."""
        found = self._levels.get(many)
        if found is None:
            found = self._levels[many] = boilerplate.levels(self.segments, many)
        return found

    def sinking(self, which: int, many: int, factors: tuple[float, ...]) -> npt.NDArray[np.float32] | None:
        """Return the factor of each passage's level in segment number `which`; None where all levels are 0."""
        if which not in self._sinking:
            levels = self.levels(many)[which]
            self._sinking[which] = None if levels is None else np.array(factors, dtype=np.float32).take(levels)
        return self._sinking[which]

    def scratch(self, which: int) -> npt.NDArray[np.float32]:
        """Return zeros, one a passage of segment number `which`; the thread's own until it asks for them again.

        A fresh array of this size costs more in page faults than the whole scoring of a rare word.
        """
        kept: dict[int, npt.NDArray[np.float32]] = self._scratch.__dict__.setdefault("kept", {})
        found = kept.get(which)
        if found is None:
            found = kept[which] = np.zeros(self.segments[which].size, dtype=np.float32)
        else:
            found.fill(0)
        return found

    @cached_property
    def _scratch(self) -> threading.local:
        return threading.local()

    @cached_property
    def _levels(self) -> dict[int, tuple[boilerplate.U8 | None, ...]]:
        return {}

    @cached_property
    def _sinking(self) -> dict[int, npt.NDArray[np.float32] | None]:
        return {}

    @cached_property
    def _norms(self) -> dict[tuple[int, float], npt.NDArray[np.float32]]:
        return {}

    @cached_property
    def prepared(self) -> dict[str, Any]:
        """What compiled loops read (prepared.py), once it was asked for."""
        return {}

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """The values of every field, over all segments."""
        found = {}
        for of in FIELDS:
            names = sorted({name for segment in self.segments for name in segment.names[of]})
            places = {name: place for place, name in enumerate(names)}
            codes = [
                None if list(s.names[of]) == names else np.array([places[name] for name in s.names[of]], dtype=np.int64)
                for s in self.segments
            ]
            found[of] = Values(tuple(names), tuple(codes))
        return found

    @cached_property
    def sources(self) -> Mapping[str, SourceState]:
        """Every file known, by path."""
        found = {}
        for segment, record in self.records():
            row = segment.head(record)
            for path, sha256, size, mtime in row[8]:
                found[path] = SourceState(path, sha256, row[1], size, mtime)
        return found

    @cached_property
    def heads(self) -> tuple[RecordHead, ...]:
        """All records, newest first, undated last."""
        heads = [head(segment, record) for segment, record in self.records()]
        heads.sort(key=lambda h: (h.date or date.min, h.number or 0, h.id), reverse=True)
        return tuple(heads)

    def let_go(self) -> None:
        """Let go of what was read of the files (see arrays.py)."""
        for segment in self.segments:
            arrays.let_go(segment.arrays)

    def records(self) -> Sequence[tuple[Segment, int]]:
        """Return the place of every live record, in the order written."""
        return [(s, i) for s in self.segments for i in range(len(s.rec_date)) if s.is_live(i)]

    def find(self, record_id: str) -> tuple[Segment, int] | None:
        """Return where a record is."""
        for segment in self.segments:
            row = segment.record_row(record_id)
            if row >= 0:
                return segment, row
        return None

    def record(self, record_id: str) -> Record | None:
        """Return a record as it was put."""
        place = self.find(record_id)
        if place is None:
            return None
        segment, row = place
        first = int(segment.rec_first[row])
        return stored.unpack(segment.blob("rec_data", row), lambda i: segment.text(first + i))


class Files(FileStorage):  # type: ignore[misc]
    """A Whoosh storage that closes what it opened: the list of segments stays open where reading it fails."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        file = super().open_file(name, **options)
        self._opened.append(file)
        return file

    def close_all(self) -> None:
        while self._opened:
            file = self._opened.pop()
            if not file.is_closed:
                file.close()


def open_snapshot(folder: Path, before: Snapshot | None = None, *, trusting: bool = True) -> Snapshot:
    """Open the newest generation; segments that `before` has open already are shared with it.

    Args:
        trusting: take a file for sound whose seal holds; else every one is read and summed up.

    Raises:
        IndexMissing, IndexOutdated, IndexDamaged: It cannot be answered from.
    """
    while True:
        data = manifest.read(folder)
        try:
            return _snapshot(folder, data, before if trusting else None, trusting)
        except (FileNotFoundError, IndexDamaged):
            # A commit takes the files of older generations away: then there is another manifest by now.
            if manifest.read(folder) == data:
                raise


def _snapshot(folder: Path, data: Mapping[str, Any], before: Snapshot | None, trusting: bool) -> Snapshot:
    toc = _toc(folder, data)
    entries: tuple[SegmentEntry, ...] = tuple(toc.segments)
    written = {file.name: file for file in manifest.files(data)}
    bare = [seals.Expected(e.filename, e.digest) for e in entries]
    files = [written[file.name] for file in bare] if trusting else bare
    known = {}
    if before:
        known = {
            (entry.segid, entry.dead): (segment, before.sealed[entry.filename])
            for entry, segment in zip(before.entries, before.segments, strict=True)
            if before.sealed[entry.filename].holds()
        }
    shared = {entry.filename: known[entry.segid, entry.dead] for entry in entries if (entry.segid, entry.dead) in known}
    sealed = {name: seal for name, (_, seal) in shared.items()}
    sealed |= seals.verified(folder, [file for file in files if file.name not in shared])
    segments = tuple(
        shared[e.filename][0] if e.filename in shared else Segment(folder / e.filename, e.dead) for e in entries
    )
    return Snapshot(folder, toc.generation, entries, segments, sealed)


def _toc(folder: Path, data: Mapping[str, Any]) -> TOC:
    """Read the list of segments that a manifest names."""
    file = manifest.listed(data)
    seals.verified(folder, [file])
    storage = Files(str(folder))
    try:
        return TOC.read(storage, INDEX, data["generation"])
    except FileNotFoundError:
        raise
    except Exception as error:
        raise IndexDamaged(folder, file.name, "无法读取") from error
    finally:
        storage.close_all()


def head(segment: Segment, record: int) -> RecordHead:
    """Return the head of a record."""
    kind, record_id, title, body, what, number, day, _, _ = segment.head(record)
    return RecordHead(record_id, kind, title, body, what, number, date.fromisoformat(day) if day else None)


def passage_record(segment: Segment, passage: int) -> PassageRecord:
    """Return what is kept of a passage."""
    meta: dict[str, Any] = segment.meta(passage)
    owner = head(segment, int(segment.record_of[passage]))
    number, title = meta.get("item", (None, None))
    section = meta.get("section", "body")
    return PassageRecord(
        id=f"{owner.id}#{meta['anchor']}",
        anchor=meta["anchor"],
        level="resolution" if segment.levels[passage] & 2 else "paragraph",
        section=section,
        text=segment.text(passage),
        head=owner,
        item_number=number,
        item_title=title,
        verdicts=tuple(meta.get("verdicts", ())),
        lead_department=meta.get("lead"),
        next_step=meta.get("next"),
    )
