"""Queries that are nothing but strings that must all occur, answered by compiled loops: the same hits, the same order.

Most of what people type is of this kind. What such a query costs is parsing it, two calls, and ten texts; the same on
whole arrays (evaluate.py, exact.py) is some sixty calls of numpy. Other queries are left to these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from indexer.engines.engine import Found, Wanted
from indexer.engines.whoosh import frequent, leaders, ranking, reading, shown
from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.exact import Exact
from indexer.engines.whoosh.kernels import lists, scores
from indexer.engines.whoosh.kernels.compiling import View
from indexer.engines.whoosh.scope import Mask, scope
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.shown import hits
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Place, Scored, best
from indexer.query.nodes import And, Node, Text

# A page further down is sorted out on whole arrays.
MOST = 128
ANYWHERE = np.empty(0, dtype=np.bool_)
NOTHING_SUNK = np.empty(0, dtype=np.float32)


class Prepared(NamedTuple):
    """A segment as the loops read it: its lists and texts, what passages are ranked by, and texts as they are shown.

    `laid` is that of the segment. `beside` holds norms, heading, levels, what being boilerplate leaves of scores, the
    days of records, the records of passages, and the passages of several lines with the ends of their first ones; see
    kernels/scores.py.
    """

    view: View
    beside: tuple[Any, ...]
    laid: tuple[Any, ...]


def prepare(snapshot: Snapshot) -> None:
    """Have every loop compiled for the arrays of segments, by asking for strings in each of the ways there are."""
    everywhere = [None] * len(snapshot.segments)
    for streams in (("会议", "办法"), ("会议纪", "会")):
        tried = Plain(snapshot, streams)
        tried.select(everywhere)
        tried.ranked(every=True)
        tried.best(1)
    Plain(snapshot, ("会",)).note(everywhere)
    for i, segment in enumerate(snapshot.segments):
        if segment.laid:
            joined, leading = lists.codes(segment, ("会",)), segment.arrays
            none = leading["lead_passage"][:0], leading["lead_tf"][:0], leading["lead_lifted"][:0]
            scores.answer(*_prepared(snapshot, i), joined, 1, 1, ANYWHERE, 0, 1)
            scores.led(*_prepared(snapshot, i), joined, 1, *none, 0, 1)


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
    if len(snapshot.segments) == 1 and last <= MOST and _prepared(snapshot, 0).laid:
        return _led(snapshot, wanted, streams) or _listed(snapshot, wanted, streams)
    led = frequent.led(snapshot, wanted)
    if led:
        return frequent.page(snapshot, wanted, led, reading.read)
    found = Plain(snapshot, streams)
    found.select([scope(segment, wanted.level, wanted.filters) for segment in snapshot.segments])
    places = found.best(last) if last <= MOST else best(snapshot.segments, found.ranked(), last)
    return Found(found.total, 0, tuple(hits(snapshot, places[wanted.offset :], "exact", reading.read)), {})


def _led(snapshot: Snapshot, wanted: Wanted, streams: tuple[str, ...]) -> Found | None:
    """Answer from the leaders of the only string in the only segment; None where there are none, or they do not do.

    The leaders were chosen by what this segment tells of boilerplate: none can have fallen.
    """
    segment = snapshot.segments[0]
    leading = leaders.find(segment, streams[0]) if len(streams) == 1 else None
    if leading is None or not frequent.may_lead(snapshot, wanted):
        return None
    asked = lists.codes(segment, streams), snapshot.passages, *leading.found[:2], leading.lifted
    page = scores.led(*_prepared(snapshot, 0), *asked, wanted.offset, wanted.offset + wanted.limit)
    return _found(segment, leading.total, *page)


def _listed(snapshot: Snapshot, wanted: Wanted, streams: tuple[str, ...]) -> Found:
    """Answer from the lists of the only segment, which is all of the query in one call: see `scores.answer`."""
    segment = snapshot.segments[0]
    mask = scope(segment, wanted.level, wanted.filters)
    asked = lists.codes(segment, streams), snapshot.passages, leaders.FREQUENT_PAIR, ANYWHERE if mask is None else mask
    return _found(segment, *scores.answer(*_prepared(snapshot, 0), *asked, wanted.offset, wanted.offset + wanted.limit))


def _found(segment: Segment, total: int, passages: Passages, gained: Any, units: Any, escaped: bool) -> Found:
    texts = reading.parted(segment, passages, units, escaped)
    return Found(total, 0, shown.page(segment, passages, texts, gained.tolist(), "exact"), {})


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
        self._prepared = [_prepared(snapshot, i) for i in range(len(snapshot.segments))]
        # What `lists.listed` tells of each segment.
        self._listed: list[tuple[Any, Any, Any, Any, Any, Any]] = []

    def select(self, masks: Sequence[Mask | None]) -> None:
        self._listed = [
            lists.listed(prepared.view, lists.codes(segment, self.streams), ANYWHERE if mask is None else mask)
            for prepared, segment, mask in zip(self._prepared, self.snapshot.segments, masks, strict=True)
        ]
        self.passages = [one[3] for one in self._listed]

    def note(self, masks: Sequence[Mask | None]) -> None:
        """Find the passages of each segment as `select` does, but count nothing in them: they cannot be ranked."""
        if len(self.streams) > 1 or len(self.streams[0]) > 1:
            self.select(masks)
            return
        for prepared, segment, mask in zip(self._prepared, self.snapshot.segments, masks, strict=True):
            held = np.zeros(segment.size, dtype=np.bool_)
            lists.note(prepared.view, lists.codes(segment, self.streams), held)
            self._noted.append(held if mask is None else held & mask)

    def places(self, which: int) -> Passages | Mask:
        return self._noted[which] if self._noted else super().places(which)

    def masks(self) -> list[Mask]:
        return self._noted or super().masks()

    @property
    def total(self) -> int:
        return sum(map(int, map(np.count_nonzero, self._noted))) or super().total

    def ranked(self, *, every: bool = False) -> list[Scored]:
        """Return what was found with its scores; with `every`, segments in which nothing was found, too."""
        at = self._listed[0][1]
        counts = np.sum([one[2] for one in self._listed], axis=0)
        weights, telling = scores.weigh(counts, at, self.snapshot.passages, leaders.FREQUENT_PAIR)
        parts = [
            Scored(i, passages, scores.score(passages, often, weights, *self._prepared[i].beside[:4]))
            for i, (*_, passages, often, _) in enumerate(self._listed)
            if every or len(passages)
        ]
        if parts and telling.any():
            least = _bound(parts, ranking.READ_FOR_STANDING)
            for part in parts:
                text, at = self._listed[part.segment][:2]
                _, _, levels, left, _, _, broken, broken_at = self._prepared[part.segment].beside
                scores.stand(*self._read(part), least, text, at, telling, levels, left, broken, broken_at)
        if parts and len(weights) > 1:
            least = _bound(parts, ranking.READ_FOR_PROXIMITY)
            most = ranking.PROXIMITY * float(weights.sum())
            for part in parts:
                text, at = self._listed[part.segment][:2]
                scores.draw_near(*self._read(part), least, text, at, most, *self._prepared[part.segment].beside[2:4])
        return parts

    def best(self, last: int) -> list[Place]:
        """Return the best of all segments, down to number `last`."""
        found, gained = np.empty(last, np.uint32), np.empty(last, np.float32)
        days, where = np.empty(last, np.int32), np.empty(last, np.int32)
        held = 0
        for which, passages, scored in self.ranked():
            dates, record_of = self._prepared[which].beside[4:6]
            held = scores.best(passages, scored, dates, record_of, which, held, found, gained, days, where)
        rows = zip(where[:held].tolist(), found[:held].tolist(), gained[:held].tolist(), strict=True)
        return [Place(*row) for row in rows]

    def _read(self, part: Scored) -> tuple[Any, Any, Any, Any]:
        return self._prepared[part.segment].view, part.passages, self._listed[part.segment][5], part.scores


def _bound(parts: list[Scored], k: int) -> float:
    """Return the k-th highest score of all parts; minus infinity where there are no more than k."""
    return scores.bound(np.concatenate([part.scores for part in parts]), k)


def _prepared(snapshot: Snapshot, which: int) -> Prepared:
    """Return what the loops read of a segment; made once for a snapshot."""
    found: Prepared | None = snapshot.prepared.get(which)
    if found is None:
        segment = snapshot.segments[which]
        norms = snapshot.norms(which, ranking.EXACT_B)
        left = ranking.sinking(snapshot, which)
        left = NOTHING_SUNK if left is None else left
        ranked = (norms, segment.heading, segment.levels, left)
        beside = (*ranked, segment.rec_date, segment.record_of, *segment.first_lines)
        found = snapshot.prepared[which] = Prepared(lists.view(segment), beside, segment.laid or ())
    return found
