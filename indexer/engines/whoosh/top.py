"""The best k of many scored passages: by score, newer first among equals, then in the order of the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.segment import Segment

# Every so many scores make the sample that the bound of a long list is guessed from.
SAMPLE = 32
# The score of what has no date where the oldest come first.
UNDATED = -(10**9)


class Place(NamedTuple):
    """A passage of an answer: segment number, passage, score."""

    segment: int
    passage: int
    score: float


class Scored(NamedTuple):
    """The passages of one segment with their scores; `passages` ascending."""

    segment: int
    passages: npt.NDArray[Any]
    scores: npt.NDArray[Any]


def dated(segment: Segment, passages: npt.NDArray[Any], newest_first: bool) -> npt.NDArray[np.int32]:
    """Return scores by which passages come in the order of their days, undated ones last."""
    days = segment.rec_date[segment.record_of[passages]]
    return days if newest_first else np.where(days > 0, -days, np.int32(UNDATED))


def best(segments: tuple[Segment, ...], parts: list[Scored], k: int) -> list[Place]:
    """Return the best k of all parts, in order."""
    found: list[tuple[float, int, int, int]] = []
    for part in parts:
        chosen = _top(part.scores, k)
        passages = part.passages[chosen].astype(np.int64)
        segment = segments[part.segment]
        days = segment.rec_date[segment.record_of[passages]]
        if len(chosen) > k:
            order = np.lexsort((passages, -days, -part.scores[chosen]))[:k]
            chosen, passages, days = chosen[order], passages[order], days[order]
        rows = zip(part.scores[chosen].tolist(), days.tolist(), passages.tolist(), strict=True)
        found.extend((-score, -day, part.segment, passage) for score, day, passage in rows)
    found.sort()
    return [Place(segment, passage, -score) for score, _, segment, passage in found[:k]]


def _top(scores: npt.NDArray[Any], k: int) -> npt.NDArray[np.int64]:
    """Return where the k highest scores stand, and all that equal the k-th, in no order."""
    if k <= 0:
        return np.zeros(0, dtype=np.int64)
    if len(scores) <= k:
        return np.arange(len(scores))
    if len(scores) > 64 * k:
        # A sample gives a bound that about 2 k scores pass; too few of them, and the whole is looked at.
        sample = np.sort(scores[:: len(scores) // (16 * k)])
        bound = sample[-min(len(sample), 40)]
        chosen = np.flatnonzero(scores >= bound)
        if len(chosen) >= k:
            if len(chosen) > 4 * k:
                least = np.partition(scores[chosen], len(chosen) - k)[len(chosen) - k]
                chosen = chosen[scores[chosen] >= least]
            return chosen
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.flatnonzero(scores >= least)


def threshold(scores: list[npt.NDArray[Any]], k: int) -> float:
    """Return the k-th highest of all scores; minus infinity where there are no more than k, infinity where k is 0."""
    if k <= 0:
        return np.inf
    if sum(map(len, scores)) <= k:
        return -np.inf
    every = np.concatenate(scores)
    return float(np.partition(every, len(every) - k)[len(every) - k])


def floor(dense: Sequence[npt.NDArray[np.float32]], k: int) -> float:
    """Return the k-th highest of scores that are mostly 0; the least score above 0 where there are no more than k."""
    found = [_above(scores, k) for scores in dense]
    every = np.concatenate(found) if found else np.empty(0, np.float32)
    if len(every) <= k:
        return float(every.min()) if len(every) else np.inf
    return float(np.sort(every)[len(every) - k])


def _above(scores: npt.NDArray[np.float32], k: int) -> npt.NDArray[np.float32]:
    """Return the scores above 0, or at least the k highest of them."""
    if len(scores) > 64 * SAMPLE:
        sample = scores[::SAMPLE]
        # Sorting what is above 0 is faster than partitioning the whole, most of which is equal.
        sample = np.sort(sample[sample > 0])
        nth = 2 * k // SAMPLE + 8
        chosen = scores[scores >= sample[-nth]] if len(sample) >= nth else sample[:0]
        if len(chosen) >= k:
            return chosen
    return scores[scores > 0]
