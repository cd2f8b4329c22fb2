"""A query tree on one segment: which passages it selects, as set algebra over ascending arrays.

Field conditions select by values; strings by `strings.find`; nothing here ranks.
"""

from __future__ import annotations

import re
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import proximity, scope, strings
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.strings import Occurrences
from indexer.query.nodes import And, Between, Everything, FieldIs, InSentence, Near, Node, Not, Or, Text
from indexer.text.fold import fold

Passages = npt.NDArray[Any]
# Ends of sentences in a stream, where full-width signs are ASCII.
SENTENCE_END = re.compile(r"[。!?;…]")
# Characters that are read in the time of one posting.
READING = 1
EXACT_FIELDS = ("verdict", "body", "kind", "year")


class Evaluation:
    """One query on one segment; every string is looked up once."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.strings: dict[str, Occurrences] = {}
        # Occurrences in a part of the passages that holds all that the query selects.
        self.partly: dict[str, Occurrences] = {}

    def occurrences(self, stream: str) -> Occurrences:
        """Return the occurrences of a stream of the query in what the query selects, and maybe in more."""
        return self.strings.get(stream) or self.partly.get(stream) or self.string(stream)

    def string(self, stream: str) -> Occurrences:
        """Return the occurrences of a stream."""
        found = self.strings.get(stream)
        if found is None:
            found = self.strings[stream] = strings.find(self.segment, stream)
        return found

    def passages(self, node: Node) -> Passages:
        """Return the passages that a node selects, ascending."""
        match node:
            case Text():
                return self.string(node.stream).passages
            case And():
                return self._and(node.children)
            case Or():
                return reduce(union, map(self.passages, node.children), np.empty(0, np.uint32))
            case Not():
                return self._complement(self.passages(node.child))
            case Near():
                return self._verified(node.streams, lambda text: proximity.gap(text, node.streams) <= node.within)
            case InSentence():
                return self._verified(node.streams, lambda text: in_sentence(text, node.streams))
            case FieldIs():
                return np.flatnonzero(self._field(node))
            case Between():
                return np.flatnonzero(scope.between(self.segment, node.first, node.last))
            case Everything():
                return np.arange(self.segment.size, dtype=np.uint32)

    def _and(self, children: tuple[Node, ...]) -> Passages:
        found: Passages | None = None
        texts = [c.stream for c in children if isinstance(c, Text)]
        others = [c for c in children if not isinstance(c, Text | Not)]
        for passages in sorted(map(self.passages, others), key=len):
            found = passages if found is None else intersection(found, passages, self.segment.size)
        # The rarest first, so that the others need only be looked up in what is left.
        for most, stream in sorted((strings.bound(self.segment, s), s) for s in texts):
            found = self.string(stream).passages if found is None else self._holding(found, stream, most)
        if found is None:
            found = np.arange(self.segment.size, dtype=np.uint32)
        for child in children:
            if isinstance(child, Not) and len(found):
                found = found[~member(found, self.passages(child.child), self.segment.size)]
        return found

    def _holding(self, passages: Passages, stream: str, most: int) -> Passages:
        """Return which of the passages hold a string: by reading them where that is less work than its whole list."""
        if stream not in self.strings and int(self.segment.length[passages].sum()) < READING * most:
            found = self.partly[stream] = strings.within(self.segment, stream, passages)
            return found.passages
        return intersection(passages, self.string(stream).passages, self.segment.size)

    def _complement(self, passages: Passages) -> Passages:
        mask = np.ones(self.segment.size, dtype=np.bool_)
        mask[passages] = False
        return np.flatnonzero(mask)

    def _verified(self, streams: tuple[str, ...], holds: Any) -> Passages:
        candidates = self._and(tuple(Text(s) for s in streams))
        return np.array([p for p in candidates.tolist() if holds(self.segment.stream(p))], dtype=np.uint32)

    def _field(self, node: FieldIs) -> npt.NDArray[np.bool_]:
        segment = self.segment
        if node.field == "title":
            return self._title(fold(node.value))
        if node.field == "docno":
            part = fold(node.value)
            rows = (segment.head(i)[7] for i in range(len(segment.rec_date)))
            wanted = np.fromiter((part in fold(number or "") for number in rows), np.bool_, len(segment.rec_date))
            return scope.of_records(segment, wanted)
        if node.field in EXACT_FIELDS:
            return scope.holding(segment, node.field, scope.codes_equal(segment, node.field, (node.value,)))
        return scope.holding(segment, node.field, scope.codes_containing(segment, node.field, node.value))

    def _title(self, part: str) -> npt.NDArray[np.bool_]:
        """Return the passages of records, or under items, whose title holds `part`."""
        segment = self.segment
        wanted = np.zeros(len(segment.rec_date), dtype=np.bool_)
        items = np.zeros(segment.size, dtype=np.bool_)
        for record in range(len(segment.rec_date)):
            wanted[record] = part in fold(segment.head(record)[2] or "")
        for passage in np.flatnonzero(np.diff(segment.arrays["meta_at"].astype(np.int64))).tolist():
            title = segment.meta(passage).get("item", (None, None))[1]
            items[passage] = bool(title) and part in fold(title)
        return items | scope.of_records(segment, wanted)


def binding(node: Node) -> Node | None:
    """Return the part of a query that the related tier keeps to, too: its fields, days and exclusions; None if none."""
    match node:
        case FieldIs() | Between() | Not():
            return node
        case And():
            kept = tuple(child for child in map(binding, node.children) if child is not None)
            return And(kept) if kept else None
        case Or() if all(binding(child) == child for child in node.children):
            return node
    return None


def intersection(small: Passages, large: Passages, size: int) -> Passages:
    """Return what both hold; `small` is the shorter one."""
    return small[member(small, large, size)]


def member(wanted: Passages, held: Passages, size: int) -> npt.NDArray[np.bool_]:
    """Tell for each of `wanted` whether `held` (ascending) has it."""
    if not len(held):
        return np.zeros(len(wanted), dtype=np.bool_)
    if len(wanted) * 16 < len(held):
        at = np.searchsorted(held, wanted)
        np.minimum(at, len(held) - 1, out=at)
        return held[at] == wanted  # type: ignore[no-any-return]
    mask = np.zeros(size, dtype=np.bool_)
    mask[held] = True
    return mask[wanted]


def union(a: Passages, b: Passages) -> Passages:
    """Return what either holds."""
    return np.union1d(a, b) if len(a) and len(b) else (a if len(a) else b)


def in_sentence(text: str, streams: tuple[str, ...]) -> bool:
    """Tell whether a sentence holds the streams in order, without overlap."""
    return any(_in_order(sentence, streams) for sentence in SENTENCE_END.split(text))


def _in_order(sentence: str, streams: tuple[str, ...]) -> bool:
    at = 0
    for stream in streams:
        at = sentence.find(stream, at)
        if at < 0:
            return False
        at += len(stream)
    return True
