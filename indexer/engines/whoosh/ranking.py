"""How passages are scored: every weight of the ranking, and the measurement that set it, in one place.

The figures behind the weights are in docs/relevance.md.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot

Floats = npt.NDArray[np.float32]

K1 = 1.2
B = 0.9
# Shares of the mixture: words, pairs of characters, single characters.
WORDS, PAIRS, CHARACTERS = 0.4, 0.4, 0.4
# BM25+ (Lv and Zhai, 2011): what one occurrence gives at least, so that long passages are not thrown away.
DELTA = 0.25
# How many passages of the related tier are read again for pairs and characters.
READ_AGAIN = 500
# The share of the words' weight that a passage of the related tier must hold.
ENOUGH = 1 / 3
# The roll of attendance comes behind every other passage.
ROLL_FACTOR = np.float32(0.001)


def idf(snapshot: Snapshot, frequency: int) -> float:
    """Return the weight of a term that `frequency` passages hold (BM25's, with Lucene's floor of 0)."""
    return math.log1p((snapshot.passages - frequency + 0.5) / (frequency + 0.5))


def norms(snapshot: Snapshot, segment: Segment, passages: npt.NDArray[Any] | None = None) -> Floats:
    """Return BM25's k1 · (1 − b + b · length / mean) of passages, or of all."""
    lengths = segment.length if passages is None else segment.length[passages]
    found = lengths * np.float32(K1 * B / snapshot.mean_length)
    found += np.float32(K1 * (1 - B))
    return np.asarray(found, dtype=np.float32)


def gain(weight: float, counts: npt.NDArray[Any], norm: Floats) -> Floats:
    """Return a term's part of the score: weight · tf · (k1 + 1) / (tf + norm)."""
    tf = counts.astype(np.float32)
    return tf * np.float32(weight * (K1 + 1)) / (tf + norm)


def gains(counts: Floats, norm: Floats) -> Floats:
    """Return BM25+ of a table of counts (passage by term), without the terms' weights."""
    found = counts * np.float32(K1 + 1) / (counts + norm)
    found += np.float32(DELTA) * (counts > 0)
    return np.asarray(found, dtype=np.float32)
