"""A page of a single frequent string, made of its leaders (leaders.py) without its list.

Only where the leaders tell all of it: by relevance, on level all, without a filter or a deleted record, not far down.
"""

from __future__ import annotations

from typing import NamedTuple

from indexer.engines.engine import NO_FILTERS, Found, Wanted
from indexer.engines.whoosh import leaders, ranking, strings
from indexer.engines.whoosh.exact import score
from indexer.engines.whoosh.shown import Reader, hits
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Scored, best, threshold
from indexer.query.nodes import Text


class Led(NamedTuple):
    """The passages among which the best of a single frequent string are, and how many hold it."""

    total: int
    parts: list[Scored]


def led(snapshot: Snapshot, wanted: Wanted) -> Led | None:
    """Return the leaders of a single frequent string; None where they do not tell the hits wanted."""
    node, last = wanted.query.node, wanted.offset + wanted.limit
    if not isinstance(node, Text) or not may_lead(snapshot, wanted):
        return None
    found = [leaders.find(segment, node.stream) for segment in snapshot.segments]
    if not any(found):
        return None
    every = []
    levels = snapshot.levels(ranking.REPEATED)
    for i, segment in enumerate(snapshot.segments):
        every.append(found[i] or leaders.of(segment, strings.find(segment, node.stream), levels[i]))
    weight = ranking.spread_idf(snapshot, strings.rarest(snapshot.segments, node.stream))
    parts = [
        Scored(i, one.found.passages, score(snapshot, i, one.found.passages, [(weight, one.found.counts)], one.lifted))
        for i, one in enumerate(every)
    ]
    doubtful = [i for i, one in enumerate(every) if leaders.DEPTH - leaders.fallen(one, levels[i]) < last]
    least = threshold([part.scores for part in parts], last) if doubtful else 0.0
    for i in doubtful:
        of = levels[i]
        if of is not None and not leaders.suffice(snapshot.segments[i], every[i], of, parts[i].scores, last, least):
            return None
    return Led(sum(one.total for one in every), parts)


def may_lead(snapshot: Snapshot, wanted: Wanted) -> bool:
    """Tell whether a request is of those that leaders answer, if its only string has some."""
    if wanted.offset + wanted.limit > leaders.DEPTH or wanted.sort != "relevance" or wanted.match == "related":
        return False
    if wanted.level != "all" or wanted.filters is not NO_FILTERS:
        return False
    for segment in snapshot.segments:  # noqa: SIM110  a third of the time of any(), and asked for most queries
        if segment.dead:
            return False
    return True


def page(snapshot: Snapshot, wanted: Wanted, found: Led, read: Reader) -> Found:
    """Answer a request for the best of the exact tier from leaders."""
    places = best(snapshot.segments, found.parts, wanted.offset + wanted.limit)
    return Found(found.total, 0, tuple(hits(snapshot, places[wanted.offset :], "exact", read)), {})
