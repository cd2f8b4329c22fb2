"""What an index holds beside the answers to queries: the values of its fields, its words, its texts, its strings.

Counts are of what a search of level "all" can find: no text counts twice, nothing deleted counts. One exception,
for speed: `fillings` counts every occurrence; who needs to know asks the engine for the string it makes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import NO_FILTERS
from indexer.engines.passages import FIELDS
from indexer.engines.whoosh import facets, strings
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.scope import Mask, scope
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.text.points import FILLER

Ints = npt.NDArray[np.int64]
Ranked = tuple[tuple[str, int], ...]


def values(snapshot: Snapshot, field: str, of_records: bool) -> Ranked:
    """Return the values of a field with the number of passages, or of records for a field of records or if asked."""
    if FIELDS[field][0] == "passage" and of_records:
        return _ranked(sum((_in_records(segment, field) for segment in snapshot.segments), Counter()))
    if FIELDS[field][0] == "passage":
        held = [_mask(segment) for segment in snapshot.segments]
        return tuple(facets.count(snapshot, (field,), held)[field])
    total: Counter[str] = Counter()
    for segment in snapshot.segments:
        owners, codes = segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"]
        live = np.ones(len(segment.rec_date), dtype=np.bool_)
        if segment.alive is not None:
            live = segment.alive[segment.rec_first[:-1]]
        counts = np.bincount(codes[live[owners]], minlength=len(segment.names[field]))
        total.update({name: int(n) for name, n in zip(segment.names[field], counts.tolist(), strict=True) if n})
    return _ranked(total)


def _in_records(segment: Segment, field: str) -> Counter[str]:
    """Return in how many records each value of a passage field occurs."""
    owners, codes = segment.arrays[f"{field}_owner"], segment.arrays[f"{field}_value"]
    names = segment.names[field]
    if segment.alive is not None:
        owners, codes = owners[segment.alive[owners]], codes[segment.alive[owners]]
    pairs = np.unique(segment.record_of[owners].astype(np.int64) * max(1, len(names)) + codes)
    counts = np.bincount(pairs % max(1, len(names)), minlength=len(names)).tolist()
    return Counter({name: count for name, count in zip(names, counts, strict=True) if count})


def frequent_words(snapshot: Snapshot, limit: int) -> Ranked:
    """Return words of two characters or more with the number of passages that have them, most frequent first."""
    total: Counter[str] = Counter()
    for segment in snapshot.segments:
        total.update(_words(segment, limit))
    return _ranked(total)[:limit]


def sample(snapshot: Snapshot, limit: int) -> Iterator[str]:
    """Yield the streams of at most `limit` passages that lie evenly in the index; rolls of attendance are left out."""
    reached = [_reached(s)[(s.levels[_reached(s)] & ROLL) == 0] for s in snapshot.segments]
    step = max(1.0, sum(map(len, reached)) / max(1, limit))
    for segment, passages in zip(snapshot.segments, reached, strict=True):
        for place in np.arange(0, len(passages), step).astype(np.int64):
            yield segment.stream(int(passages[place]))


def fillings(snapshot: Snapshot, before: str, after: str) -> Ranked:
    """Return the characters that stand between two streams, or beside one where the other is empty."""
    total: Counter[str] = Counter()
    for segment in snapshot.segments:
        codes = segment.query_codes(before), segment.query_codes(after)
        if min((*codes[0], *codes[1]), default=-1) >= 0:
            kinds, counts = _between(segment, *codes)
            for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
                if kind != FILLER:
                    total[segment.character(kind)] += count
    return _ranked(total)


def _mask(segment: Segment) -> Mask:
    mask = scope(segment, "all", NO_FILTERS)
    return np.ones(segment.size, dtype=np.bool_) if mask is None else mask


def _reached(segment: Segment) -> Ints:
    return np.flatnonzero(_mask(segment))


def _words(segment: Segment, limit: int) -> dict[str, int]:
    """Return the most frequent words of a segment."""
    counts = segment.words.count
    at = segment.arrays["word_terms_at"]
    longer = np.flatnonzero(np.diff(at.astype(np.int64)) > 1)
    if len(longer) > 3 * limit:
        # About a third of the frequent words are single characters, which take up to four bytes.
        longer = longer[np.argpartition(-counts[longer].astype(np.int64), 3 * limit)[: 3 * limit]]
    order = longer[np.argsort(-counts[longer].astype(np.int64), kind="stable")]
    mask = scope(segment, "all", NO_FILTERS)
    found: dict[str, int] = {}
    for row in order.tolist():
        word = segment.word(row).decode("utf-8", "surrogatepass")
        if len(word) > 1:
            count = int(counts[row]) if mask is None else int(np.count_nonzero(mask[segment.words.list(row)]))
            if count:
                found[word] = count
            if len(found) == limit:
                break
    return found


def _between(segment: Segment, before: list[int], after: list[int]) -> tuple[Ints, Ints]:
    """Return the codes between the two and how often each stands there."""
    first = len(before) >= len(after)
    anchor, other = (before, after) if first else (after, before)
    if len(anchor) < 2:
        return _beside(segment, before, after)
    (term,) = strings.terms(segment, [anchor])
    places = strings.places(segment, term).astype(np.int64) if term.most else np.empty(0, np.int64)
    gap = places + len(anchor) if first else places - 1
    start = gap + 1 if first else gap - len(other)
    inside = (start >= 0) & (gap >= 0)
    gap, start = gap[inside], start[inside]
    for offset, code in enumerate(other):
        keep = segment.folds.take(segment.codes.take(start + offset, mode="clip")) == code
        gap, start = gap[keep], start[keep]
    kinds, counts = np.unique(segment.folds.take(segment.codes.take(gap, mode="clip")), return_counts=True)
    return kinds.astype(np.int64), counts


def _beside(segment: Segment, before: list[int], after: list[int]) -> tuple[Ints, Ints]:
    """Return the codes that stand behind one character and before another, as their pairs tell it."""
    keys, counts = segment.gram_keys, segment.grams.count
    kind, shift = keys.dtype.type, keys.dtype.itemsize * 4
    low = kind((1 << shift) - 1)
    behind, ahead = slice(0, 0), np.empty(0, np.int64)
    if before:
        edges = np.array([before[0] << shift, (before[0] << shift) | int(low)], dtype=keys.dtype)
        behind = slice(*np.searchsorted(keys, edges).tolist())
    if after:
        ahead = np.flatnonzero((keys & low) == after[0])
    seconds, firsts = (keys[behind] & low).astype(np.int64), (keys[ahead] >> kind(shift)).astype(np.int64)
    if not (before and after):
        return (seconds, counts[behind].astype(np.int64)) if before else (firsts, counts[ahead].astype(np.int64))
    found, i, j = np.intersect1d(seconds, firsts, assume_unique=True, return_indices=True)
    return found, np.minimum(counts[behind][i], counts[ahead][j]).astype(np.int64)


def _ranked(total: Counter[str]) -> Ranked:
    return tuple(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
