"""Queries that are nothing but strings that must all occur, answered by compiled loops: the same hits, the same order.

Most of what people type is of this kind. What such a query costs is parsing it and one call, its texts included; the
same on whole arrays (evaluate.py, exact.py) is some sixty calls of numpy. Other queries are left to these.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from indexer.engines.engine import Found, Wanted
from indexer.engines.whoosh import frequent, leaders, reading, shown
from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.exact import Exact
from indexer.engines.whoosh.kernels import lists, scores, table
from indexer.engines.whoosh.prepared import ANYWHERE, Prepared, prepared
from indexer.engines.whoosh.scope import Mask, scope
from indexer.engines.whoosh.shown import hits
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Scored, best
from indexer.query.nodes import And, Node, Text

NO_LEADERS = -1
# A page further down is sorted out on whole arrays.
MOST = 128


def prepare(snapshot: Snapshot) -> None:
    """Have every loop compiled for the arrays of segments, by asking for strings in each of the ways there are."""
    everywhere = [None] * len(snapshot.segments)
    for streams in (("会议", "办法"), ("会议纪", "会")):
        tried = Plain(snapshot, streams)
        tried.select(everywhere)
        tried.ranked()
    Plain(snapshot, ("会",)).note(everywhere)
    read, joined = prepared(snapshot), lists.codes(snapshot.segments, ("会",))
    scores.answer(read.table, joined, read.unmasked, 1, 1, 0, 1)
    scores.led(read.table[:0], joined, np.empty(0, np.int64), 1, 0, 1)


def plain(snapshot: Snapshot, node: Node) -> Plain | None:
    """Return the exact tier of a query; None where it is more than strings that must all occur."""
    streams = _strings(node)
    return Plain(snapshot, streams) if streams else None


def page(snapshot: Snapshot, wanted: Wanted) -> Found | None:
    """Answer a request for the best of the exact tier; None where it asks for more than strings that must all occur."""
    streams = _strings(wanted.query.node)
    if streams is None:
        return None
    last = wanted.offset + wanted.limit
    if last <= MOST:
        return _led(snapshot, wanted, streams) or _listed(snapshot, wanted, streams)
    found = Plain(snapshot, streams)
    found.select([scope(segment, wanted.level, wanted.filters) for segment in snapshot.segments])
    places = best(snapshot.segments, found.ranked(), last)
    return Found(found.total, 0, tuple(hits(snapshot, places[wanted.offset :], "exact", reading.read)), {})


def _led(snapshot: Snapshot, wanted: Wanted, streams: tuple[str, ...]) -> Found | None:
    """Answer from the leaders of the only string; None where there are none, or they do not do."""
    rows = [segment.led.get(streams[0], NO_LEADERS) for segment in snapshot.segments]
    if len(streams) > 1 or max(rows) == NO_LEADERS or not frequent.may_lead(snapshot, wanted):
        return None
    if min(rows) > NO_LEADERS:
        read, joined = prepared(snapshot), lists.codes(snapshot.segments, streams)
        last = wanted.offset + wanted.limit
        total, *page = scores.led(read.table, joined, np.array(rows), snapshot.passages, wanted.offset, last)
        if total:
            return _found(snapshot, total, *page)
    led = frequent.led(snapshot, wanted)
    return frequent.page(snapshot, wanted, led, reading.read) if led else None


def _listed(snapshot: Snapshot, wanted: Wanted, streams: tuple[str, ...]) -> Found:
    """Answer from lists, which is all of the query in one call: see `scores.answer`."""
    read = prepared(snapshot)
    masks = [scope(segment, wanted.level, wanted.filters) for segment in snapshot.segments]
    strings = lists.codes(snapshot.segments, streams), _reach(read, masks)
    size, last = snapshot.passages, wanted.offset + wanted.limit
    total, *page = scores.answer(read.table, *strings, size, leaders.FREQUENT_PAIR, wanted.offset, last)
    return _found(snapshot, total, *page)


def _reach(read: Prepared, masks: Sequence[Mask | None]) -> Any:
    """Return where masks lie in memory; they are to be kept as long as that is used."""
    if not any(mask is not None for mask in masks):
        return read.unmasked
    return table.addresses([ANYWHERE if mask is None else mask for mask in masks])


def _found(
    snapshot: Snapshot, total: int, where: Any, passages: Passages, gained: Any, units: Any, escaped: bool
) -> Found:
    segments = [snapshot.segments[which] for which in where.tolist()]
    places, held = passages.tolist(), gained.tolist()
    if escaped or not prepared(snapshot).is_narrow:
        texts = [segment.text(place) for segment, place in zip(segments, places, strict=True)]
    else:
        texts = reading.parted(units)
    return Found(total, 0, shown.page(segments, places, texts, held, "exact"), {})


def _strings(node: Node) -> tuple[str, ...] | None:
    """Return the strings of a query that asks for nothing else than that all of them occur; None for another one."""
    if isinstance(node, Text):
        return (node.stream,)
    if not isinstance(node, And):
        return None
    found = {child.stream: None for child in node.children if isinstance(child, Text) and not child.other}
    return tuple(found) if len(found) == len(node.children) else None


class Plain(Exact):
    """The exact tier of one query of plain strings."""

    def __init__(self, snapshot: Snapshot, streams: tuple[str, ...]) -> None:
        self.snapshot, self.streams = snapshot, streams
        self.passages = []
        self._noted: list[Mask] = []  # which passages of each segment `note` found
        self._read, self._codes = prepared(snapshot), lists.codes(snapshot.segments, streams)
        # What `lists.listed` tells.
        self._listed: tuple[Any, ...] = ()

    def select(self, masks: Sequence[Mask | None]) -> None:
        self._listed = lists.listed(self._read.table, self._codes, _reach(self._read, masks))
        _, _, _, ends, passages, _, _ = self._listed
        self.passages = [passages[first:last] for first, last in pairwise(ends.tolist())]

    def note(self, masks: Sequence[Mask | None]) -> None:
        """Find the passages of each segment as `select` does, but count nothing in them: they cannot be ranked."""
        if len(self.streams) > 1 or len(self.streams[0]) > 1:
            self.select(masks)
            return
        for which, (segment, mask) in enumerate(zip(self.snapshot.segments, masks, strict=True)):
            held = np.zeros(segment.size, dtype=np.bool_)
            lists.note(self._read.table, which, self._codes, held)
            self._noted.append(held if mask is None else held & mask)

    def places(self, which: int) -> Passages | Mask:
        return self._noted[which] if self._noted else super().places(which)

    def masks(self) -> list[Mask]:
        return self._noted or super().masks()

    @property
    def total(self) -> int:
        return sum(map(int, map(np.count_nonzero, self._noted))) or super().total

    def ranked(self) -> list[Scored]:
        found = scores.ranked(self._read.table, self.snapshot.passages, leaders.FREQUENT_PAIR, *self._listed)
        parts = zip(self.passages, pairwise(self._listed[3].tolist()), strict=True)
        return [Scored(i, held, found[first:last]) for i, (held, (first, last)) in enumerate(parts) if first < last]
