"""The second look of the related tier: pairs and single characters of the question, counted in the candidates' texts.

Words alone miss what segmentation cut otherwise; character BM25 over all passages would cost a hundred times as much.
So the best by words are read once, as one array, and ranked again by the mixture (docs/relevance.md has the figures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.streams import CELL_BITS

# What tells how often strings of one or two characters occur in a segment.
Count = Callable[[Segment, Sequence[str]], Ints]


def _asked(segment: Segment, streams: Sequence[str]) -> Ints:
    """Ask the segment itself, which may be one that knows of others."""
    return segment.occurrences(streams)


@dataclass(frozen=True, slots=True)
class Question:
    """The signs-free characters of a question, numbered from 1, and the weights of characters and pairs.

    `pairs[a, b]` is the number of the pair of characters a and b, 0 for a pair that the question does not hold.
    """

    characters: str
    pairs: npt.NDArray[np.int64]
    character_weights: Floats
    pair_weights: Floats


def question(snapshot: Snapshot, stream: str, count: Count = _asked) -> Question | None:
    """Read a folded question; None where it has no letters at all."""
    chunks = _chunks(stream)
    characters = "".join(dict.fromkeys("".join(chunks)))
    if not characters:
        return None
    asked = Counter(pair for chunk in chunks for pair in pairwise(chunk))
    weights = _weights(snapshot, [*characters, *map("".join, asked)], count)
    times = Counter("".join(chunks))
    number = {c: i for i, c in enumerate(characters, 1)}
    pairs = np.zeros((len(characters) + 1, len(characters) + 1), dtype=np.int64)
    for i, (a, b) in enumerate(asked, 1):
        pairs[number[a], number[b]] = i
    return Question(
        characters,
        pairs,
        weights[: len(characters)] * np.array([times[c] for c in characters], dtype=np.float32),
        weights[len(characters) :] * np.array(list(asked.values()), dtype=np.float32),
    )


def score(snapshot: Snapshot, which: int, passages: Ints, asked: Question) -> Floats:
    """Return the weighted BM25 of pairs and characters of passages of segment number `which`, in their order."""
    segment = snapshot.segments[which]
    read = segment.read(passages)
    numbers = _numbers(segment, asked).take(read.codes)
    held = np.flatnonzero(numbers)
    norms = snapshot.norms(which, ranking.B)[passages][:, None]
    number, place = numbers[held], read.owner[held >> CELL_BITS]
    characters = _table(place, number, len(passages), len(asked.characters))
    found = ranking.CHARACTERS * _sums(ranking.gains(characters, norms), asked.character_weights)
    if len(asked.pair_weights):
        # Characters of the question that stand side by side; between two passages there is always a filler.
        first = np.flatnonzero(np.diff(held) == 1)
        pair = asked.pairs[number[first], number[first + 1]]
        pairs = _table(place[first], pair, len(passages), len(asked.pair_weights))
        found = found + ranking.PAIRS * _sums(ranking.gains(pairs, norms), asked.pair_weights)
    return found.astype(np.float32)


def _sums(gains: Floats, weights: Floats) -> npt.NDArray[np.float64]:
    """Return the weighted sum of each row; equal rows have equal sums, which a product of matrices does not promise."""
    return np.asarray(np.multiply(gains, weights, dtype=np.float64).sum(axis=1))


def _chunks(stream: str) -> list[str]:
    """Return the parts of a question between signs: no pair reaches across one."""
    return "".join(c if c.isalnum() else " " for c in stream).split()


def _table(rows: npt.NDArray[Any], numbers: npt.NDArray[Any], height: int, width: int) -> Floats:
    """Count (row, number) pairs into a table of the numbers from 1 on; number 0 stands for nothing."""
    counts = np.bincount(rows * (width + 1) + numbers, minlength=height * (width + 1))
    return counts.reshape(height, width + 1)[:, 1:].astype(np.float32)


def _numbers(segment: Segment, asked: Question) -> npt.NDArray[np.int64]:
    """Return folded code -> number of the question's character, 0 for all others."""
    table = np.zeros(0x110000 if segment.codes.dtype.itemsize == 4 else 0x10000, dtype=np.int64)
    for number, code in enumerate(segment.query_codes(asked.characters), 1):
        if code >= 0:
            table[code] = number
    return table


def _weights(snapshot: Snapshot, streams: Sequence[str], count: Count) -> Floats:
    """Return the idf of strings of one or two characters, by about how many passages their occurrences lie in."""
    occurrences = np.zeros(len(streams), dtype=np.int64)
    for segment in snapshot.segments:
        occurrences += count(segment, streams)
    size = max(1, snapshot.passages)
    passages = size * (1 - np.exp(-occurrences / size))
    return np.log1p((size - passages + 0.5) / (passages + 0.5)).astype(np.float32)
