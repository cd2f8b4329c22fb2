"""BM25 on the server: clauses whose scores are those that the embedded engine gives, from the same weights and lengths.

A clause's own score is how often its string or word occurs (mapping.py); a script makes of it what that is worth in a
passage of this length. All numbers come with the query, so no shard's own statistics weigh in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.engines.opensearch import selection, tokens
from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.snapshot import K1
from indexer.query.nodes import And, Everything, Node, Text

Json = dict[str, Any]
# One script for all queries, so that a node compiles it once.
GAIN = "weight * (_score / terms) / (_score / terms + slope * doc['len'].value + base)"
# Formulas over numbers alone: compiled to code without a look-up for each passage, as a Painless script would make it.
FORMULA = "expression"
# As the embedded engine orders equals: newer first, then in the order of the index.
BY_SCORE: tuple[Json, ...] = (
    {"_score": "desc"},
    {"day": {"order": "desc", "missing": "_last"}},
    {"order": "asc"},
)
BY_DATE: Mapping[str, tuple[Json, ...]] = {
    sort: ({"day": {"order": order, "missing": "_last"}}, {"order": "asc"})
    for sort, order in (("date", "asc"), ("-date", "desc"))
}


def exact(node: Node, within: list[Json], weights: Mapping[str, float], mean: float, lifted: Json | None) -> Json:
    """Return the query of the exact tier with its scores.

    Args:
        node: What a passage must be.
        within: Filters of what is in reach.
        weights: The strings asked for and what each weighs.
        mean: The mean length of a passage, in characters.
        lifted: What selects the passages under a heading that is found, too.
    """
    streams, rest = _needed(node)
    scored = {stream: string(stream, weight, mean) for stream, weight in weights.items()}
    query: Json = {
        "must": [scored[stream] for stream in streams],
        "should": [clause for stream, clause in scored.items() if stream not in streams],
        "filter": [*within, selection.selecting(rest)],
    }
    functions: list[Json] = [{"filter": {"term": {"section": "attendance"}}, "weight": float(ranking.ROLL_FACTOR)}]
    if lifted is not None:
        functions.append({"filter": lifted, "weight": float(ranking.TITLE)})
    return {
        "function_score": {
            "query": {"bool": query},
            "functions": functions,
            "score_mode": "multiply",
            "boost_mode": "multiply",
        }
    }


def related(telling: Iterable[tuple[str, float]], common: Iterable[str], mean: float, boolean: Json) -> Json:
    """Return the query of the related tier: words that tell make the score; of common ones it is told how often.

    Args:
        telling: Words and what each weighs.
        common: Words of which every hit names its count, under the word's number.
        mean: The mean length of a passage, in characters.
        boolean: What else a passage must be and must not.
    """
    words = [_gain({"term": {"w": tokens.word(word)}}, weight, 1, mean, ranking.B) for word, weight in telling]
    # What is only counted is worth nothing, and nothing is found by it alone.
    counted = [_counted(number, word) for number, word in enumerate(common)]
    return {"bool": {**boolean, "must": [{"bool": {"should": words}}], "should": counted}}


def string(stream: str, weight: float, mean: float) -> Json:
    """Return a clause that finds a string and scores it."""
    return _gain(selection.string(stream), weight, selection.terms(stream), mean, ranking.EXACT_B)


def _counted(number: int, word: str) -> Json:
    named = {"term": {"w": {"value": tokens.word(word), "_name": str(number)}}}
    return {"script_score": {"query": named, "script": {"lang": FORMULA, "source": "0"}}}


def _gain(query: Json, weight: float, terms: int, mean: float, b: float) -> Json:
    params = {"terms": terms, "weight": weight * (K1 + 1), "slope": K1 * b / mean, "base": K1 * (1 - b)}
    return {"script_score": {"query": query, "script": {"lang": FORMULA, "source": GAIN, "params": params}}}


def needed(node: Node) -> tuple[str, ...]:
    """Return strings that every passage found must hold; not all of them where that is not plain."""
    return _needed(node)[0]


def _needed(node: Node) -> tuple[tuple[str, ...], Node]:
    """Return the strings that every passage found must hold, and what else it must be."""
    match node:
        case Text():
            return (node.stream,), Everything()
        case And():
            streams = tuple(dict.fromkeys(c.stream for c in node.children if isinstance(c, Text)))
            return streams, And(tuple(c for c in node.children if not isinstance(c, Text)))
    return (), node
