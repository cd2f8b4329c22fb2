"""Stock Whoosh on our index: our BM25 said in Whoosh's own terms, as queries, matchers and a weighting.

What its postings can state is the sum over strings (field `g`, by how often each stands in a passage) and the sum over
words (field `w`). Everything here is scored posting by posting by `Searcher.search(limit=None)`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from whoosh import matching, query, scoring

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.snapshot import K1
from indexer.query.nodes import And, Node, Not, Or, Text


def idf(searcher: Any, passages: int) -> float:
    """Return BM25's weight of a term that so many passages hold."""
    return math.log1p((searcher.doc_count_all() - passages + 0.5) / (passages + 0.5))


def gain(searcher: Any, docnum: int, weight: float, count: float, b: float) -> float:
    """Return a term's part of the score; lengths are characters, which field `g` counts."""
    parent = searcher.get_parent()
    mean = max(1.0, parent.field_length("g") / max(1, parent.doc_count_all()))
    norm: float = K1 * (1 - b + b * searcher.reader().doc_field_length(docnum, "g") / mean)
    return weight * count * (K1 + 1) / (count + norm)


class WordSum(scoring.WeightingModel):  # type: ignore[misc]
    """BM25 over words: each term scores WORDS · idf · tf, the query's boost says how much it counts."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> scoring.BaseScorer:
        parent = searcher.get_parent()
        weight = ranking.WORDS * idf(parent, parent.doc_frequency(fieldname, text))
        return WordScorer(searcher, weight)


class WordScorer(scoring.BaseScorer):  # type: ignore[misc]
    """Scores the passage at which a matcher stands."""

    def __init__(self, searcher: Any, weight: float) -> None:
        self.searcher, self.weight = searcher, weight

    def score(self, matcher: Any) -> float:
        return gain(self.searcher, matcher.id(), self.weight, matcher.weight(), ranking.B)


class Held(query.Query):  # type: ignore[misc]
    """The passages that hold a string, scored by how often: by postings of pairs, or spans of a phrase."""

    def __init__(self, stream: str, weight: float) -> None:
        self.stream, self.weight = stream, weight

    def __hash__(self) -> int:
        return hash((self.stream, self.weight))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and (self.stream, self.weight) == (other.stream, other.weight)

    def estimate_size(self, reader: Any) -> int:
        return int(reader.doc_count_all())

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        if len(self.stream) == 1:
            pairs = searcher.reader().expand_prefix("g", self.stream)
            found = query.Or([query.Term("g", pair) for pair in pairs]).matcher(searcher, context)
        else:
            grams = ["".join(pair) for pair in pairwise(self.stream)]
            wanted = query.Term("g", grams[0]) if len(grams) == 1 else query.Phrase("g", grams)
            found = wanted.matcher(searcher, context)
        return Counted(found, searcher, self.weight, len(self.stream) > 2) if found.is_active() else found


class Counted(matching.WrappingMatcher):  # type: ignore[misc]
    """A matcher of a string with our score: from its spans, or from the frequencies that the scorers below give."""

    def __init__(self, child: Any, searcher: Any, weight: float, phrase: bool) -> None:
        super().__init__(child)
        self.searcher, self.string_weight, self.phrase = searcher, weight, phrase

    def _replacement(self, newchild: Any) -> Counted:
        return Counted(newchild, self.searcher, self.string_weight, self.phrase)

    def score(self) -> float:
        count = len(self.child.spans()) if self.phrase else self.child.score()
        return gain(self.searcher, self.child.id(), self.string_weight, count, ranking.EXACT_B)


def tree(node: Node, weights: Mapping[str, float]) -> query.Query:
    """Return a tree of strings as a Whoosh query."""
    match node:
        case Text():
            return Held(node.stream, weights.get(node.stream, 0.0))
        case And():
            return query.And([tree(child, weights) for child in node.children])
        case Or():
            return query.Or([tree(child, weights) for child in node.children])
        case Not():
            return query.Not(tree(node.child, weights))
    raise AssertionError(f"not to be said in Whoosh's terms: {node}")


def by_strings(index: Any, node: Node, weights: Mapping[str, float]) -> dict[str, float]:
    """Return what a tree selects and BM25 over its strings, each as often as it stands in the passage."""
    with index.searcher(weighting=scoring.Frequency()) as searcher:
        selected = tree(node, weights)
        found = {hit["id"]: 0.0 for hit in searcher.search(selected, limit=None)}
        scored = query.Or([Held(stream, weight) for stream, weight in weights.items()])
        found.update({h["id"]: h.score for h in searcher.search(scored, limit=None, filter=selected)})
        return found


def by_words(index: Any, asked: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the passages that hold a telling word and BM25 over the telling words."""
    with index.searcher(weighting=WordSum()) as searcher:
        weights = {w: idf(searcher, searcher.reader().doc_frequency("w", w)) for w, _ in asked}
        held = {word for word in weights if ("w", word) in searcher.reader()}
        bound = ranking.TELLING * max((weights[word] for word in held), default=0.0)
        telling = [query.Term("w", w, boost=share) for w, share in asked if w in held and weights[w] >= bound]
        return {hit["id"]: hit.score for hit in searcher.search(query.Or(telling), limit=None)}


def statistics(index: Any, streams: Iterable[str]) -> dict[str, int]:
    """Return how often the rarest pair of each string occurs, as the reader's statistics tell."""
    with index.reader() as reader:

        def count(part: str) -> int:
            pairs = list(reader.expand_prefix("g", part)) if len(part) == 1 else [part]
            return int(sum(reader.frequency("g", pair) for pair in pairs))

        return {s: min(map(count, [s] if len(s) == 1 else map("".join, pairwise(s)))) for s in streams}


def rows(index: Any) -> list[tuple[str, str, bool]]:
    """Return id, text and whether it is alive of every passage, deleted ones included."""
    with index.reader() as reader:
        every = [(number, reader.stored_fields(number)) for number in range(reader.doc_count_all())]
        return [(fields["id"], fields["text"], not reader.is_deleted(number)) for number, fields in every]
