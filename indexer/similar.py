"""Documents that say nearly the same (a reprint under another heading, say): found while building, told by pairs.

A document's fingerprint are the least hashes of its runs of six characters (MinHash by one permutation, Li, Owen and
Zhang 2012), in bands: two documents with one band alike are compared run by run. Fingerprints and pairs lie beside
the index, each with its checksum at its end; a damaged one is told, and made anew by the next build. Meetings are not
compared: their ids tell them apart.
"""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engines.engine import Engine
from indexer.errors import IndexDamaged
from indexer.model import Document, Record
from indexer.text.points import folds, kept, points

logger = logging.getLogger(__name__)

PRINTS, PAIRS = "similar.npz", "similar.json"
SUM = 32  # bytes at the end of either: a line feed, and the BLAKE2b of what is before it
RUN = 6
# Shorter documents are too often alike by form alone: 任免, 放假通知.
SHORTEST = 200
# 64 least hashes in 16 bands of 4: of documents that share 80 % of their runs, one pair in 5,000 is missed.
BINS, BANDS = 64, 16
# What two documents must share of the runs that either has.
ALIKE = 0.8
# So many documents with one band are a form that is filled in, and are not compared with each other.
MOST_IN_BAND = 50

Print = NDArray[np.uint64]
_PRIME = np.uint64(0x9E3779B97F4A7C15)
# The upper six bits of a hash are its bin.
_BIN, _MOST = np.uint64(58), np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Pair:
    """A document and another one that is like it; `share` of all runs of either are in both."""

    record_id: str
    other_id: str
    share: float


def fingerprint(record: Record) -> Print | None:
    """Return the bands of a document; None for a meeting, and for a document too short to compare."""
    hashes = _hashes(record) if isinstance(record, Document) else None
    if hashes is None:
        return None
    bins = (hashes >> _BIN).astype(np.intp)
    least = np.full(BINS, _MOST)
    np.minimum.at(least, bins, hashes)
    # A bin without any takes the least of the next that has one.
    filled = np.flatnonzero(np.bincount(bins, minlength=BINS))
    places = filled[np.searchsorted(filled, np.arange(BINS)) % len(filled)]
    rows = least[places].reshape(BANDS, BINS // BANDS)
    bands = np.zeros(BANDS, dtype=np.uint64)
    for column in rows.T:
        bands = _mixed(bands * _PRIME + column)
    return bands


def update(folder: Path, engine: Engine, fresh: Mapping[str, Print]) -> tuple[Pair, ...]:
    """Take in the fingerprints of documents just committed and let go those of others that are gone.

    Returns:
        Each fresh document that is like another one, with the one that is most like it.
    """
    here = {head.id for head in engine.heads()}
    try:
        known, pairs = _read_prints(folder), _read_pairs(folder)
    except IndexDamaged as error:
        logger.warning("compared anew: %s", error)
        known, pairs = {}, []
        fresh = {one: bands for one in here if (bands := fingerprint(engine.record(one))) is not None}
    prints = {**{one: bands for one, bands in known.items() if one in here}, **fresh}
    old = [pair for pair in pairs if {pair.record_id, pair.other_id} <= here - fresh.keys()]
    if not fresh and len(prints) == len(known):
        return ()
    found = _pairs(engine, prints, set(fresh))
    _write(folder, prints, [*old, *found])
    best: dict[str, Pair] = {}
    for pair in found:
        for turned in (pair, Pair(pair.other_id, pair.record_id, pair.share)):
            first = best.get(turned.record_id)
            if turned.record_id in fresh and (first is None or first.share < turned.share):
                best[turned.record_id] = turned
    # Of two fresh ones that are most like each other, one row tells enough.
    return tuple(p for p in best.values() if p.record_id > p.other_id or best.get(p.other_id) != _turned(p))


def similar_to(folder: Path, record_id: str) -> tuple[tuple[str, float], ...]:
    """Return the documents that are like one, the most alike first."""
    found = [pair if pair.record_id == record_id else _turned(pair) for pair in _pairs_of(folder).get(record_id, ())]
    return tuple(sorted(((pair.other_id, pair.share) for pair in found), key=lambda one: (-one[1], one[0])))


def _turned(pair: Pair) -> Pair:
    return Pair(pair.other_id, pair.record_id, pair.share)


def _runs(record: Document) -> Print | None:
    """Return the hash of every run of RUN characters of the text, each once and in order."""
    hashes = _hashes(record)
    return None if hashes is None else np.unique(hashes)


def _hashes(record: Document) -> Print | None:
    """Return the hash of every run of RUN characters of the text; None for a text too short to compare."""
    found, ends = points([paragraph.text for paragraph in record.paragraphs])
    keep = kept(found)
    keep[ends] = False
    codes = folds()[found[keep]].astype(np.uint64)
    count = len(codes) - RUN + 1
    if count < SHORTEST:
        return None
    hashed = codes[:count].copy()
    for at in range(1, RUN):
        hashed *= _PRIME
        hashed += codes[at : at + count]
    return _mixed(hashed)


def _mixed(values: Print) -> Print:
    """Spread every bit over all (the last steps of SplitMix64)."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _pairs(engine: Engine, prints: Mapping[str, Print], fresh: set[str]) -> list[Pair]:
    """Return the pairs of which one at least is fresh."""

    @lru_cache(maxsize=256)
    def runs(record_id: str) -> Print | None:
        record = engine.record(record_id)
        return _runs(record) if isinstance(record, Document) else None

    found = []
    for one, other in sorted(set(_candidates(prints, fresh))):
        left, right = runs(one), runs(other)
        if left is not None and right is not None:
            both = len(np.intersect1d(left, right, assume_unique=True))
            share = both / (len(left) + len(right) - both)
            if share >= ALIKE:
                found.append(Pair(one, other, round(share, 3)))
    return found


def _candidates(prints: Mapping[str, Print], fresh: set[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs with a band alike, each in the order of its ids."""
    ids = list(prints)
    if not ids:
        return
    table = np.stack([prints[one] for one in ids])
    for band in range(BANDS):
        order = np.argsort(table[:, band], kind="stable")
        values = table[order, band]
        starts = np.flatnonzero(np.diff(values, prepend=values[0] - np.uint64(1)))
        for start, end in zip(starts, [*starts[1:], len(ids)], strict=True):
            if not 1 < end - start <= MOST_IN_BAND:
                continue
            members = sorted(ids[at] for at in order[start:end])
            yield from (
                (one, other)
                for at, one in enumerate(members)
                for other in members[at + 1 :]
                if one in fresh or other in fresh
            )


def check(folder: Path) -> Iterator[str]:
    """Yield one line for each of the two files that is not what was written."""
    for read in (_read_prints, _read_pairs):
        try:
            read(folder)
        except IndexDamaged as error:
            yield f"{error.file}：{error.why}"


def _read_prints(folder: Path) -> dict[str, Print]:
    body = _read(folder, PRINTS)
    if not body:
        return {}
    with np.load(io.BytesIO(body), allow_pickle=False) as held:
        return dict(zip(held["ids"].tolist(), held["bands"], strict=True))


def _read_pairs(folder: Path) -> list[Pair]:
    rows: list[Any] = json.loads(_read(folder, PAIRS) or "[]")
    return [Pair(str(one), str(other), float(share)) for one, other, share in rows]


def _read(folder: Path, name: str) -> bytes:
    """Return what a file holds before its checksum; nothing where there is none."""
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise IndexDamaged(folder, name, f"无法读取（{error.strerror}）") from error
    body, said = data[:-SUM], data[-SUM:]
    if said != _sum(body):
        raise IndexDamaged(folder, name, "校验和不符")
    return body


def _sum(body: bytes) -> bytes:
    return b"\n" + blake2b(body, digest_size=SUM // 2).hexdigest().encode()[1:]


def _pairs_of(folder: Path) -> Mapping[str, list[Pair]]:
    try:
        state = os.stat(folder / PAIRS)  # noqa: PTH116  as the engine looks at its manifest
    except OSError:
        return {}
    return _pairs_at(folder, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=8)
def _pairs_at(folder: Path, mtime_ns: int, inode: int) -> Mapping[str, list[Pair]]:
    """Read the pairs of an index once for each state of their file."""
    found: dict[str, list[Pair]] = {}
    for pair in _read_pairs(folder):
        found.setdefault(pair.record_id, []).append(pair)
        found.setdefault(pair.other_id, []).append(pair)
    return found


def _write(folder: Path, prints: Mapping[str, Print], pairs: Iterable[Pair]) -> None:
    ids = list(prints)
    table = np.stack([prints[one] for one in ids]) if ids else np.zeros((0, BANDS), dtype=np.uint64)
    packed = io.BytesIO()
    np.savez_compressed(packed, ids=np.array(ids, dtype=np.str_), bands=table)
    told = json.dumps([[pair.record_id, pair.other_id, pair.share] for pair in pairs], ensure_ascii=False)
    for name, body in ((PRINTS, packed.getvalue()), (PAIRS, told.encode("utf-8", "surrogatepass"))):
        draft = folder / f"{name}.new"
        with draft.open("wb") as stream:
            stream.write(body + _sum(body))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(folder / name)
