"""The related tier by compiled loops: the same passages and scores as `related.ON_ARRAYS` gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking, rescore
from indexer.engines.whoosh.kernels import lists, words
from indexer.engines.whoosh.kernels.compiling import View
from indexer.engines.whoosh.kernels.lists import PAIR_BITS
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.related import Dense, Way, Word
from indexer.engines.whoosh.scope import Mask
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.engines.whoosh.snapshot import K1, Snapshot

CODES = 1 << 16


def prepare(snapshot: Snapshot) -> None:
    """Have the loops of this module compiled, by adding up a word and reading a passage."""
    word = Word((0,) * len(snapshot.segments), 1.0, 1.0)
    asked = question(snapshot, "会议")
    assert asked is not None
    for i, segment in enumerate(snapshot.segments):
        if len(segment.words):
            held(snapshot, i, [word])
            dense = scores(snapshot, i, [word])
            _, least = tell([dense], 2)
            again(snapshot, i, from_score(dense, least)[:1], dense.scores[:1].copy(), [word], asked)


def scores(snapshot: Snapshot, which: int, asked: Sequence[Word]) -> Dense:
    """Return the score by words of every passage of segment number `which`; 0 for those that hold none of them."""
    found = snapshot.scratch(which)
    return Dense(
        found, words.add(_words(snapshot, which), *_rows(which, asked), snapshot.norms(which, ranking.B), found)
    )


def held(snapshot: Snapshot, which: int, asked: Sequence[Word]) -> Mask:
    """Return which passages of segment number `which` hold any of the words."""
    found = np.zeros(snapshot.segments[which].size, dtype=np.bool_)
    words.mark(_words(snapshot, which), _rows(which, asked)[0], found)
    return found


def tell(found: Sequence[Dense], k: int) -> tuple[int, float]:
    """Return how many scores of all segments are above 0, and the k-th highest; the least where there are no more."""
    each = [words.highest(one.scores, one.above, k) for one in found]
    values = np.sort(np.concatenate([values for _, values in each]))
    least = float(values[max(0, len(values) - k)]) if len(values) else np.inf
    return sum(above for above, _ in each), least


def from_score(found: Dense, least: float) -> Ints:
    """Return the passages with at least a score, ascending."""
    passages: Ints = words.from_score(found.scores, found.above, least)
    return passages


def question(snapshot: Snapshot, stream: str) -> rescore.Question | None:
    """Read a folded question; None where it has no letters at all."""
    return rescore.question(snapshot, stream, _occurrences)


def _occurrences(segment: Segment, streams: Sequence[str]) -> Ints:
    """Return how often each string of one or two folded characters occurs."""
    text, at = lists.part(lists.codes((segment,), streams))
    counts: Ints = lists.look_up(segment.gram_keys, segment.grams.count, text[0], at, PAIR_BITS)[1]
    return counts


def again(
    snapshot: Snapshot, which: int, passages: Ints, found: Floats, common: Sequence[Word], asked: rescore.Question
) -> Floats:
    """Return the scores of passages with what common words, characters and pairs of the question add to them."""
    segment = snapshot.segments[which]
    numbers = np.zeros(CODES, dtype=np.uint16)
    for number, code in enumerate(segment.query_codes(asked.characters), 1):
        if code >= 0:
            numbers[code] = number
    norms = snapshot.norms(which, ranking.B)
    texts, rows = (segment.codes, segment.folds, segment.cell, segment.length), _rows(which, common)
    weights = (asked.character_weights, asked.pair_weights)
    words.again(texts, _words(snapshot, which), *rows, norms, passages, found, numbers, asked.pairs, *weights)
    return found


def _words(snapshot: Snapshot, which: int) -> View:
    return words.view(snapshot.segments[which])


def _rows(which: int, asked: Sequence[Word]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the rows of words in segment number `which`, and their weights times k1 + 1."""
    there = [(word.rows[which], word.weight * (K1 + 1)) for word in asked if word.rows[which] >= 0]
    rows: Any = [row for row, _ in there]
    return np.array(rows, dtype=np.int64), np.array([gain for _, gain in there], dtype=np.float32)


BY_LOOPS = Way(scores, held, tell, from_score, question, again)
