"""The related tier on one segment: passages that hold enough of the query's words, and how well.

A passage that holds only the commonest words never reaches the cut, so their lists are not walked: they are looked
up in the candidates that the rarer words give (the MaxScore idea of Turtle and Flood, 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.segment import Ints
from indexer.engines.whoosh.snapshot import Snapshot


class Word(NamedTuple):
    """A word of the query: its row in every segment (-1 where it does not occur) and its weight by idf and query."""

    rows: tuple[int, ...]
    weight: float
    frequency: int


class Candidates(NamedTuple):
    """Passages, ascending, with their score by words."""

    passages: Ints
    scores: Floats


def weigh(snapshot: Snapshot, words: Sequence[tuple[str, float]]) -> list[Word]:
    """Return the words that occur at all, the rarest first."""
    found = []
    for word, share in words:
        rows = tuple(segment.word_row(word) for segment in snapshot.segments)
        pairs = zip(snapshot.segments, rows, strict=True)
        frequency = sum(int(s.words.count[r]) for s, r in pairs if r >= 0)
        if frequency:
            found.append(Word(rows, share * ranking.idf(snapshot, frequency), frequency))
    return sorted(found, key=lambda w: w.frequency)


def candidates(snapshot: Snapshot, which: int, words: Sequence[Word]) -> Candidates:
    """Return the passages of segment number `which` that hold enough of the words."""
    segment = snapshot.segments[which]
    enough = ranking.ENOUGH * sum(w.weight for w in words)
    held = np.zeros(segment.size, dtype=np.float32)
    scores = np.zeros(segment.size, dtype=np.float32)
    left = sum(w.weight for w in words)
    common: list[Word] = []
    for word in words:
        if left < enough:
            common.append(word)
        elif word.rows[which] >= 0:
            row = word.rows[which]
            passages = segment.words.list(row).astype(np.int64)
            held[passages] += np.float32(word.weight)
            norm = ranking.norms(snapshot, segment, passages)
            scores[passages] += ranking.gain(ranking.WORDS * word.weight, segment.word_counts(row), norm)
        left -= word.weight
    found = np.flatnonzero(held)
    return _with_common(snapshot, which, common, found, held[found], scores[found], enough)


def _with_common(
    snapshot: Snapshot, which: int, common: Sequence[Word], found: Ints, held: Floats, scores: Floats, enough: float
) -> Candidates:
    """Add what the common words give to the candidates, and keep those that hold enough."""
    segment = snapshot.segments[which]
    norm = ranking.norms(snapshot, segment, found)
    for word in common:
        row = word.rows[which]
        if row < 0 or not len(found):
            continue
        passages = segment.words.list(row)
        at = np.minimum(np.searchsorted(passages, found), len(passages) - 1)
        has = np.flatnonzero(passages[at] == found)
        held[has] += np.float32(word.weight)
        scores[has] += ranking.gain(ranking.WORDS * word.weight, segment.word_counts(row)[at[has]], norm[has])
    # A rounding error of the sum must not cut a passage that holds just enough.
    keep = held >= np.float32(enough * (1 - 1e-5))
    return Candidates(found[keep], scores[keep])
