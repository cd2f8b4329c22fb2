"""Plain BM25 over any cutting of texts into terms: what the engine's ranking is compared with; needs numpy alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.text import words

Weights = Mapping[str, float]
Scores = npt.NDArray[np.float32]
K1 = 1.2


class Field:
    """Texts cut into terms, inverted. Lengths are characters, the same for every cutting."""

    def __init__(self, streams: Sequence[str], cut: Callable[[str], Iterable[str]], b: float) -> None:
        lengths = np.array([len(s) for s in streams], dtype=np.float32)
        self.norms = K1 * (1 - b + b * lengths / lengths.mean())
        self.size = len(streams)
        rows: dict[str, tuple[list[int], list[int]]] = {}
        for number, stream in enumerate(streams):
            for term, count in Counter(cut(stream)).items():
                documents, counts = rows.setdefault(term, ([], []))
                documents.append(number)
                counts.append(count)
        self.rows = {
            term: (np.array(documents, dtype=np.int32), np.array(counts, dtype=np.float32))
            for term, (documents, counts) in rows.items()
        }

    def idf(self, term: str) -> float:
        """Return BM25's weight of a term, 0 for one that does not occur."""
        held = len(self.rows[term][0]) if term in self.rows else 0
        return math.log1p((self.size - held + 0.5) / (held + 0.5)) if held else 0.0

    def scores(self, terms: Weights) -> Scores:
        """Return the score of every text."""
        found = np.zeros(self.size, dtype=np.float32)
        for term, weight in terms.items():
            if term in self.rows:
                documents, counts = self.rows[term]
                found[documents] += weight * self.idf(term) * counts * (K1 + 1) / (counts + self.norms[documents])
        return found


def bigrams(stream: str) -> list[str]:
    """Return the pairs of characters that stand side by side, those with a sign left out."""
    return [a + b for a, b in pairwise(stream) if a.isalnum() and b.isalnum()]


def characters(stream: str) -> list[str]:
    """Return the characters without signs."""
    return [c for c in stream if c.isalnum()]


def question_words(plain: str) -> Weights:
    """Return the words of a question as the engine weighs them."""
    return dict(words.weighted_words(plain))


def counted(cut: Callable[[str], Iterable[str]]) -> Callable[[str], Weights]:
    """Return what counts the terms of a question's parts between spaces."""
    return lambda plain: Counter(term for part in plain.split() for term in cut(part))


def feedback(field: Field, first: Scores, cut: Callable[[int], Iterable[str]], best: int, most: int) -> Weights:
    """Return the words that tell of the best texts by a first search (as RM3 does), weights adding up to 1."""
    told: Counter[str] = Counter()
    for number in np.argsort(-first, kind="stable")[:best].tolist():
        held = Counter(term for term in cut(number) if len(term) > 1)
        total = sum(held.values()) or 1
        for term, count in held.items():
            told[term] += float(first[number]) * count / total * field.idf(term)  # type: ignore[assignment]
    chosen = dict(told.most_common(most))
    whole = sum(chosen.values()) or 1
    return {term: weight / whole for term, weight in chosen.items()}


def window(stream: str, terms: Weights) -> float:
    """Return how close the terms of a question stand: the share of them in the best 60 characters of a text."""
    places = sorted((at, term) for term in terms if len(term) > 1 for at in _places(stream, term))
    most, first = 0.0, 0
    inside: Counter[str] = Counter()
    for at, term in places:
        inside[term] += 1
        while at - places[first][0] > 60:
            inside[places[first][1]] -= 1
            first += 1
        most = max(most, sum(terms[t] for t, count in inside.items() if count))
    return most


def _places(stream: str, term: str) -> list[int]:
    found: list[int] = []
    at = stream.find(term)
    while at >= 0 and len(found) < 20:
        found.append(at)
        at = stream.find(term, at + 1)
    return found
