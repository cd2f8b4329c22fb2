"""A query tree becomes a filter of the server that selects the same passages as the embedded engine does, exactly.

Strings are phrases of pairs; what has to stand near each other are intervals of characters. Nothing here ranks.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from indexer.engines.engine import Filters, Level
from indexer.engines.opensearch import tokens
from indexer.engines.opensearch.mapping import PARTS, folded
from indexer.engines.passages import FIELDS, simplified
from indexer.engines.whoosh.evaluate import SENTENCE_END
from indexer.query.nodes import And, Between, Everything, FieldIs, InSentence, Near, Node, Not, Or, Text
from indexer.text.fold import fold

Json = dict[str, Any]
ALL: Json = {"match_all": {}}
NONE: Json = {"match_none": {}}
# The characters that SENTENCE_END knows.
ENDS = tuple(c for c in "。!?;…" if SENTENCE_END.match(c))


class Where(NamedTuple):
    """The fields in which strings are looked for: those of a passage, or of the heading of its item."""

    characters: str
    pairs: str
    heading: bool


PASSAGE = Where("c", "g", heading=False)
HEADING = Where("hc", "hg", heading=True)


def visible(generation: int) -> list[Json]:
    """Return the filters by which a reader of a generation sees it and no other."""
    return [
        {"range": {"born": {"lte": generation}}},
        {"bool": {"must_not": [{"range": {"died": {"lte": generation}}}]}},
    ]


def scope(level: Level, filters: Filters, generation: int) -> list[Json]:
    """Return the filters of what a request may find at all."""
    # Nothing but passages has a level.
    found: list[Json] = [*visible(generation), {"term": {"levels": level}}]
    for field in FIELDS:
        values = getattr(filters, field)
        if values:
            found.append(_one_of(field, values))
    if filters.first or filters.last:
        found.append(selecting(Between(filters.first, filters.last)))
    return found


def lifting(node: Node, level: Level, filters: Filters) -> Json | None:
    """Return what selects the passages whose item has a heading that the same request finds; None if none can."""
    if level == "resolution" or filters.verdict or filters.department:
        return None
    return {"bool": {"filter": [{"term": {"headed": True}}, selecting(node, HEADING)]}}


def string(stream: str, where: Where = PASSAGE) -> Json:
    """Return what selects the passages that hold a stream; its score is how often, times `terms`."""
    if len(stream) == 1:
        return {"term": {where.characters: tokens.characters(stream)}}
    if len(stream) == 2:
        return {"term": {where.pairs: tokens.pairs(stream)}}
    return {"match_phrase": {where.pairs: tokens.pairs(stream)}}


def terms(stream: str) -> int:
    """Return how many tokens are looked for: the server adds up their scores."""
    return max(1, len(stream) - 1)


def selecting(node: Node, where: Where = PASSAGE) -> Json:
    """Return what selects the passages that a node selects."""
    match node:
        case Text():
            return string(node.stream, where)
        case And():
            return {"bool": {"filter": [selecting(child, where) for child in node.children]}} if node.children else ALL
        case Or():
            if not node.children:
                return NONE
            return {"bool": {"should": [selecting(c, where) for c in node.children], "minimum_should_match": 1}}
        case Not():
            return {"bool": {"must_not": [selecting(node.child, where)]}}
        case Near():
            return _near(node, where)
        case InSentence():
            return _in_sentence(node, where)
        case FieldIs():
            return _field(node, where)
        case Between():
            return _days(node)
        case Everything():
            return ALL


def _near(node: Near, where: Where) -> Json:
    """Return intervals that hold all streams; as many characters between them as `proximity.gap` counts."""
    distinct = list(dict.fromkeys(node.streams))
    # A stream that is asked for twice is found at one place, and its length is taken off once more all the same.
    room = node.within + sum(map(len, node.streams)) - sum(map(len, distinct))
    rules = [_run(stream) for stream in distinct]
    if len(rules) == 1:
        return string(distinct[0], where)
    return {"intervals": {where.characters: {"all_of": {"ordered": False, "max_gaps": room, "intervals": rules}}}}


def _in_sentence(node: InSentence, where: Where) -> Json:
    """Return intervals that hold the streams in order, and no end of a sentence."""
    if any(end in stream for stream in node.streams for end in ENDS):
        return NONE
    if len(node.streams) == 1:
        return string(node.streams[0], where)
    ends: Json = {"any_of": {"intervals": [_run(end) for end in ENDS]}}
    rules = [_run(stream) for stream in node.streams]
    whole: Json = {"ordered": True, "intervals": rules, "filter": {"not_containing": ends}}
    return {"intervals": {where.characters: {"all_of": whole}}}


def _run(stream: str) -> Json:
    return {"match": {"query": tokens.characters(stream), "ordered": True, "max_gaps": 0}}


def _field(node: FieldIs, where: Where) -> Json:
    if where.heading and node.field in ("verdict", "department"):
        return NONE
    if node.field in PARTS:
        part = fold(node.value)
        if not part:
            return ALL if node.field in ("title", "docno") else {"exists": {"field": folded(node.field)}}
        return {"wildcard": {folded(node.field): {"value": f"*{_literal(part)}*"}}}
    return _one_of(node.field, (node.value,))


def _literal(part: str) -> str:
    """Return a part of a value with the signs escaped that stand for others."""
    return part.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")


def _one_of(field: str, values: tuple[str, ...]) -> Json:
    return {"terms": {field: sorted({*values, *map(simplified, values)})}}


def _days(node: Between) -> Json:
    bounds: Json = {"gte": node.first.toordinal() if node.first else 1}
    if node.last:
        bounds["lte"] = node.last.toordinal()
    return {"range": {"day": bounds}}
