"""A query tree on one segment: which passages it selects, as set algebra over ascending arrays.

Field conditions select by values; strings by `strings.find`; nothing here ranks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import proximity, scope, strings
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.strings import Occurrences, Term
from indexer.query.nodes import And, Between, Everything, FieldIs, InSentence, Near, Node, Not, Or, Text
from indexer.text.fold import fold

Passages = npt.NDArray[Any]
# Ends of sentences in a stream, where full-width signs are ASCII.
SENTENCE_END = re.compile(r"[。!?;…]")
# A list is gone through whole rather than looked up by the bounds of more passages than one in so many of its places.
BOUNDS = 8
# Passages may be read rather than the list of a string that occurs more often than this.
FREQUENT = 16_384
NOWHERE = np.empty(0, np.uint32)
EXACT_FIELDS = ("verdict", "body", "kind", "year")


class Evaluation:
    """One query on one segment; every string is looked up once, all of them together."""

    def __init__(self, segment: Segment, streams: Iterable[str] = ()) -> None:
        self.segment = segment
        self.terms = strings.look_up(segment, streams)
        self.strings: dict[str, Occurrences] = {}
        # Where the others begin: ascending addresses in all that the query selects, and maybe elsewhere, too.
        self.places: dict[str, Passages] = {}
        # Whether what is selected need not be in the part that is looked at: below an Or or a Not.
        self._wide = False

    def term(self, stream: str) -> Term:
        """Return what the segment knows of a stream."""
        found = self.terms.get(stream)
        if found is None:
            found = self.terms[stream] = strings.look_up(self.segment, (stream,))[stream]
        return found

    def string(self, stream: str) -> Occurrences:
        """Return the occurrences of a stream."""
        found = self.strings.get(stream)
        if found is None:
            found = self.strings[stream] = strings.find(self.segment, stream, self.term(stream))
        return found

    def where(self, stream: str) -> Passages | None:
        """Return where a stream of the query begins in what the query selects; None for a single character."""
        known = self.strings.get(stream)
        if known is None and stream in self.places:
            return self.places[stream]
        return (known or self.string(stream)).places

    def counts(self, stream: str, passages: Passages) -> Passages:
        """Return how often each of `passages`, which the query selects, holds a stream of the query."""
        if stream in self.strings or stream not in self.places:
            return strings.counted(passages, self.string(stream))
        places, starts = self.places[stream], self.segment.starts(passages)
        counts: Passages = places.searchsorted(starts + self.segment.length[passages]) - places.searchsorted(starts)
        return counts

    def passages(self, node: Node) -> Passages:
        """Return the passages that a node selects, ascending."""
        match node:
            case Text():
                return self.string(node.stream).passages
            case And():
                return self._and(node.children)
            case Or():
                return reduce(union, map(self._apart, node.children), np.empty(0, np.uint32))
            case Not():
                return self._complement(self._apart(node.child))
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

    def _apart(self, node: Node) -> Passages:
        """Return what a part of the query selects that the whole need not be part of: nothing in it is cut short."""
        wide, self._wide = self._wide, True
        found = self.passages(node)
        self._wide = wide
        return found

    def _and(self, children: tuple[Node, ...]) -> Passages:
        found: Passages | None = None
        texts = [(self.term(c.stream), c.stream) for c in children if isinstance(c, Text)]
        others = [c for c in children if not isinstance(c, Text | Not)]
        for passages in sorted(map(self.passages, others), key=len):
            found = passages if found is None else intersection(found, passages, self.segment.size)
        # The rarest first, so that the others need only be looked up in what is left.
        texts.sort(key=lambda text: text[0].most)
        for term, stream in texts:
            found = self.string(stream).passages if found is None else self._holding(found, term, stream)
        if found is None:
            found = np.arange(self.segment.size, dtype=np.uint32)
        for child in children:
            if isinstance(child, Not) and len(found):
                found = found[~member(found, self._apart(child.child), self.segment.size)]
        return found

    def _holding(self, passages: Passages, term: Term, stream: str) -> Passages:
        """Return which of the passages hold a string, in the way that costs least.

        Its places are looked up by the passages' bounds; where it is frequent and they are few, they are read instead.
        """
        if not len(passages) or not term.most:
            return passages[:0]
        segment = self.segment
        apart = self._wide or stream in self.strings
        if not apart and term.most > FREQUENT and int(segment.length[passages].sum()) < term.most:
            read = strings.within(segment, term.codes, passages)
            self.places[stream] = read.places if read.places is not None else NOWHERE
            return read.passages
        if apart or len(term.codes) == 1 or len(passages) * BOUNDS > term.most:
            return intersection(passages, self.string(stream).passages, segment.size)
        places = self.places[stream] = strings.places(segment, term, passages)
        if not len(places):
            return passages[:0]
        starts = segment.starts(passages)
        first = places.take(places.searchsorted(starts), mode="clip")
        # Behind the last place the last one is taken, which lies before.
        held: Passages = passages[(first >= starts) & (first < starts + segment.length[passages])]
        return held

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
    if not len(a) or not len(b):
        return a if len(a) else b
    both = np.concatenate((a, b))
    both.sort(kind="stable")  # two ascending runs: they are merged
    found: Passages = both[np.append(True, both[1:] != both[:-1])]
    return found


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
