"""The related tier on one segment: the passages that hold a telling word of the question, and how well by words.

A word tells if its idf is at least a share of that of the rarest word asked for: a passage that shares 的 and 应当
with the question is not related to it. Only the lists of telling words are walked; the others weigh in where the
best passages are read again (rescore.py), as the non-essential lists of MaxScore do (Turtle and Flood, 1995).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking, rescore
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.scope import Mask
from indexer.engines.whoosh.segment import Ints
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import floor


class Word(NamedTuple):
    """A word of the question: its row in every segment (-1 where it is not), its idf and its weight in the sum."""

    rows: tuple[int, ...]
    idf: float
    weight: float


class Weighed(NamedTuple):
    """The words of a question that occur at all."""

    telling: tuple[Word, ...]
    common: tuple[Word, ...]


class Dense(NamedTuple):
    """The scores of all passages of a segment, most of them 0, and the passages above 0 where these are known apart."""

    scores: Floats
    above: npt.NDArray[np.uint32] | None


def weigh(snapshot: Snapshot, words: Sequence[tuple[str, float]]) -> Weighed:
    """Look the words up; each comes with how much it counts in the question."""
    found = []
    every = [segment.word_rows([word for word, _ in words]) for segment in snapshot.segments]
    for i, (_, share) in enumerate(words):
        rows = tuple(each[i] for each in every)
        pairs = zip(snapshot.segments, rows, strict=True)
        frequency = sum(int(s.words.count[r]) for s, r in pairs if r >= 0)
        if frequency:
            idf = ranking.idf(snapshot, frequency)
            found.append(Word(rows, idf, ranking.WORDS * share * idf))
    bound = ranking.TELLING * max((w.idf for w in found), default=0.0)
    return Weighed(tuple(w for w in found if w.idf >= bound), tuple(w for w in found if w.idf < bound))


def tell(found: Sequence[Dense], k: int) -> tuple[int, float]:
    """Return how many scores of all segments are above 0, and the k-th highest; the least where there are no more."""
    dense = [one.scores for one in found]
    return sum(int(np.count_nonzero(scores > 0)) for scores in dense), floor(dense, k)


def from_score(found: Dense, least: float) -> Ints:
    """Return the passages with at least a score, ascending."""
    return np.flatnonzero(found.scores >= least)


def again(
    snapshot: Snapshot, which: int, passages: Ints, found: Floats, common: Sequence[Word], asked: rescore.Question
) -> Floats:
    """Return the scores of passages with what common words, characters and pairs of the question add to them."""
    add_common(snapshot, which, common, passages, found)
    return found + rescore.score(snapshot, which, passages, asked)


def scores(snapshot: Snapshot, which: int, words: Sequence[Word]) -> Dense:
    """Return the score by words of every passage of segment number `which`; 0 for those that hold none of them."""
    segment = snapshot.segments[which]
    norms = snapshot.norms(which, ranking.B)
    found = snapshot.scratch(which)
    for word in words:
        row = word.rows[which]
        if row >= 0:
            passages = segment.words.list(row)
            found[passages] += ranking.gain(word.weight, segment.word_counts(row), norms[passages])
    return Dense(found, None)


def held(snapshot: Snapshot, which: int, words: Sequence[Word]) -> Mask:
    """Return which passages of segment number `which` hold any of the words."""
    segment = snapshot.segments[which]
    found = np.zeros(segment.size, dtype=np.bool_)
    for word in words:
        row = word.rows[which]
        if row >= 0:
            found[segment.words.list(row)] = True
    return found


def add_common(snapshot: Snapshot, which: int, words: Sequence[Word], passages: Ints, found: Floats) -> None:
    """Add to the scores of passages (ascending) what the common words give them."""
    segment = snapshot.segments[which]
    norms = snapshot.norms(which, ranking.B)[passages]
    wanted = passages.astype(np.uint32)
    for word in words:
        row = word.rows[which]
        if row >= 0:
            has, at = segment.words.look_up(row, wanted)
            found[has] += ranking.gain(word.weight, segment.word_counts(row)[at], norms[has])


class Way(NamedTuple):
    """How the related tier is worked out: on whole arrays, or by compiled loops (questions.py)."""

    scores: Callable[[Snapshot, int, Sequence[Word]], Dense]
    held: Callable[[Snapshot, int, Sequence[Word]], Mask]
    tell: Callable[[Sequence[Dense], int], tuple[int, float]]
    from_score: Callable[[Dense, float], Ints]
    question: Callable[[Snapshot, str], rescore.Question | None]
    again: Callable[[Snapshot, int, Ints, Floats, Sequence[Word], rescore.Question], Floats]


ON_ARRAYS = Way(scores, held, tell, from_score, rescore.question, again)
