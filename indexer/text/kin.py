"""Kindred terms: what was typed goes in, the terms that may stand for parts of it come out (lexicon/related.txt).

People ask for 托育 and 拖欠工资 where a text says 普惠性托位 and 农民工工资支付. For the related tier alone, which may
show what nobody typed; the exact tier never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from indexer.text import words
from indexer.text.fold import fold

BUILTIN = Path(__file__).parent / "lexicon" / "related.txt"
# How much a kindred term counts beside a word that was typed: the best on data/judged. Lay questions gain at every
# share from 0.2 to 0.8, the most at 0.5 (docs/relevance.md).
SHARE = 0.7
# Longer questions are looked through no further.
MOST_READ = 200


def weighted_words(text: str) -> tuple[tuple[str, float], ...]:
    """Return the words of what was typed with how much each counts, and the terms akin to them, which count less."""
    typed = words.weighted_words(text)
    known = {word for word, _ in typed}
    return (*typed, *((term, SHARE) for term in kin(text) if term not in known))


def kin(text: str) -> tuple[str, ...]:
    """Return the kindred terms of the longest terms of a text, as streams, those in the text itself left out."""
    stream = " ".join(fold(chunk) for chunk in text[:MOST_READ].split())
    found = dict.fromkeys(other for term in _terms(stream) for other in builtin()[term])
    return tuple(term for term in found if term not in stream)


def _terms(stream: str) -> Iterator[str]:
    """Yield the terms of a stream from left to right, the longest where several begin."""
    known, lengths = builtin(), _lengths()
    at = 0
    while at < len(stream):
        sizes = lengths.get(stream[at : at + 2], ())
        term = next((t for size in sizes if (t := stream[at : at + size]) in known), None)
        if term:
            yield term
        at += len(term) if term else 1


@cache
def builtin() -> Mapping[str, tuple[str, ...]]:
    """Return the kindred terms of every term of the package's file."""
    return load(BUILTIN)


@cache
def _lengths() -> Mapping[str, tuple[int, ...]]:
    """Return how long the terms are that begin with two characters, the longest first."""
    found: dict[str, set[int]] = {}
    for term in builtin():
        found.setdefault(term[:2], set()).add(len(term))
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in found.items()}


def load(file: Path) -> Mapping[str, tuple[str, ...]]:
    """Read a file of groups: `a b c` each for each other, `a b > c d` the first for the second alone."""
    found: dict[str, dict[str, None]] = {}
    for line in file.read_text("utf-8").splitlines():
        asked, _, given = line.partition("#")[0].partition(" > ")
        terms = [fold(term) for term in asked.split()]
        for term in terms:
            others = [fold(other) for other in given.split()] or [other for other in terms if other != term]
            found.setdefault(term, {}).update(dict.fromkeys(others))
    return {term: tuple(others) for term, others in found.items()}
