"""How passages are scored: every weight of the ranking, and the measurement that set it, in one place.

The figures behind the weights are in docs/relevance.md.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.snapshot import K1, Snapshot

Floats = npt.NDArray[np.float32]

# How much the length of a passage counts: among passages that hold the strings, and among those related by words.
EXACT_B = 0.4
B = 0.95
# Shares of the mixture: words, pairs of characters, single characters.
WORDS, PAIRS, CHARACTERS = 0.4, 0.4, 0.25
# BM25+ (Lv and Zhai, 2011): what one occurrence gives at least, so that long passages are not thrown away.
DELTA = 0.25
# How many passages of the related tier are read again for pairs and characters.
READ_AGAIN = 700
# A word tells if its idf is at least this share of the greatest idf in the question.
TELLING = 0.25
# What a passage gains when the heading of its item holds the strings, too.
TITLE = np.float32(1.3)
# What strings that stand together add to a passage, as a share of their weights; half of it at NEAR characters apart.
PROXIMITY, NEAR = 0.5, 10
# How many of the best by BM25 are read for that.
READ_FOR_PROXIMITY = 20
# What a string adds that begins its passage, as a share of its weight; half of it at EARLY_AT characters from there.
# What it loses beside a 、. Of data/judged's exact hits, strings found within 20 characters have relevance 2.6 on
# average, beyond 80 they have 1.6; in lists 1.6, elsewhere 2.0.
EARLY, EARLY_AT = 0.8, 80
PASSING = 0.2
# What it adds inside a title in 《》, and where the heading of a text and the text below it both hold it.
QUOTED, HEADED = 0.5, 0.4
READ_FOR_STANDING = 100
# The weight of a name that nobody typed beside the one that was: 市委金融办 comes before the 市金融监管局 it was.
OTHER_NAME = 0.5
# In how many records a sentence stands that is boilerplate. Articles of law stand word for word in up to seven laws and
# are answers all the same: with 4 the lay questions lose 0.0039 of nDCG@10 and 0.016 of recall@100, with 8 nothing.
REPEATED = 8
# What is left of the score of a passage by its level: half of it boilerplate at most; 5, 6, 7 eighths of it; all of it.
SUNK = (1.0, 0.875, 0.75, 0.625, 0.5)
# The roll of attendance comes behind every other passage.
ROLL_FACTOR = np.float32(0.001)


def idf(snapshot: Snapshot, frequency: int) -> float:
    """Return the weight of a term that `frequency` passages hold (BM25's, with Lucene's floor of 0)."""
    return math.log1p((snapshot.passages - frequency + 0.5) / (frequency + 0.5))


def spread_idf(snapshot: Snapshot, occurrences: int) -> float:
    """Return the weight of a string by how often it occurs, as if its occurrences fell on passages at random."""
    return spread(snapshot.passages, occurrences)


def spread(passages: int, occurrences: int) -> float:
    """Return what `spread_idf` does; loops are compiled of it, too."""
    size = max(1, passages)
    frequency = round(size * (1 - math.exp(-occurrences / size)))
    return math.log1p((passages - frequency + 0.5) / (frequency + 0.5))


def sinking(snapshot: Snapshot, which: int) -> Floats | None:
    """Return what is left of the score of every passage of segment number `which`; None where all of all."""
    return snapshot.sinking(which, REPEATED, SUNK)


def gain(weight: float, counts: npt.NDArray[Any], norm: Floats) -> Floats:
    """Return a term's part of the score: weight · tf · (k1 + 1) / (tf + norm)."""
    tf = counts.astype(np.float32)
    return tf * np.float32(weight * (K1 + 1)) / (tf + norm)


def gains(counts: Floats, norm: Floats) -> Floats:
    """Return BM25+ of a table of counts (passage by term), without the terms' weights."""
    found = counts * np.float32(K1 + 1) / (counts + norm)
    found += np.float32(DELTA) * (counts > 0)
    return np.asarray(found, dtype=np.float32)
