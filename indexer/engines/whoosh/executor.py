"""One request on one snapshot: both tiers, counted and ranked, the page wanted, and the facets of what was found.

    query tree ── evaluate ──> exact passages ── score ──> best ──┐
    words ─────── related ───> candidates ∖ exact ─────> best ────┴─> page, counts, facets

Everything is worked out on whole arrays; only the passages of the page are ever read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import Filters, Found, PassageRecord, Tier, Wanted
from indexer.engines.whoosh import facets, leaders, proximity, ranking, related, rescore, standing, strings
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.evaluate import Evaluation, Passages, binding
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.scope import Mask, scope
from indexer.engines.whoosh.snapshot import Snapshot, passage_record
from indexer.engines.whoosh.streams import CELL_BITS
from indexer.engines.whoosh.top import Place, Scored, best, floor, threshold
from indexer.engines.whoosh.walk import LONG, Walk
from indexer.query.nodes import And, InSentence, Near, Node, Or, Text

# So many occurrences of a string in one passage tell how near it comes to another.
FEW = 4


class FoundHit:
    """A passage found; its text and record are read when asked for."""

    __slots__ = ("_place", "_snapshot", "score", "tier")

    def __init__(self, snapshot: Snapshot, place: Place, tier: Tier) -> None:
        self._snapshot, self._place = snapshot, place
        self.score, self.tier = place.score, tier

    @property
    def text(self) -> str:
        return self._snapshot.segments[self._place.segment].text(self._place.passage)

    @property
    def passage(self) -> PassageRecord:
        return passage_record(self._snapshot.segments[self._place.segment], self._place.passage)


def run(snapshot: Snapshot, wanted: Wanted) -> Found:
    """Answer a request."""
    return _led(snapshot, wanted) or _Run(snapshot, wanted).found()


def _led(snapshot: Snapshot, wanted: Wanted) -> Found | None:
    """Answer a single frequent string from its leaders; None where they do not tell."""
    node, last = wanted.query.node, wanted.offset + wanted.limit
    plain = wanted.match == "exact" and wanted.sort == "relevance" and wanted.level == "all" and not wanted.facets
    if wanted.filters != Filters() or any(segment.dead for segment in snapshot.segments):
        return None
    if not isinstance(node, Text) or len(node.stream) > 2 or not plain or last > leaders.DEPTH:
        return None
    led = [leaders.find(segment, node.stream) for segment in snapshot.segments]
    if not any(led):
        return None
    for i, segment in enumerate(snapshot.segments):
        if led[i] is None:
            led[i] = leaders.of(segment, strings.find(segment, node.stream))
    every = [one for one in led if one is not None]
    total = sum(one.total for one in every)
    weight = ranking.spread_idf(snapshot, strings.rarest(snapshot.segments, node.stream))
    parts = [
        Scored(i, one.found.passages, score(snapshot, i, one.found.passages, [(weight, one.found.counts)], one.lifted))
        for i, one in enumerate(every)
    ]
    hits = [FoundHit(snapshot, place, "exact") for place in best(snapshot.segments, parts, last)]
    return Found(total, 0, tuple(hits[wanted.offset :]), {})


def score(
    snapshot: Snapshot,
    which: int,
    passages: Passages,
    terms: Iterable[tuple[float, npt.NDArray[Any]]],
    lifted: Mask,
) -> Floats:
    """Return BM25 over strings, as weights and counts, of passages that hold them, those under a heading raised."""
    segment = snapshot.segments[which]
    norm = snapshot.norms(which, ranking.EXACT_B)[passages]
    scores = np.zeros(len(passages), dtype=np.float32)
    for weight, counts in terms:
        scores += ranking.gain(weight, counts, norm)
    if len(segment.heading):
        scores[lifted] *= ranking.TITLE
    if segment.has_roll:
        scores[(segment.levels[passages] & ROLL) != 0] *= ranking.ROLL_FACTOR
    return scores


class _Run:
    def __init__(self, snapshot: Snapshot, wanted: Wanted) -> None:
        self.snapshot, self.wanted = snapshot, wanted
        self.scopes: list[Mask | None] = [scope(s, wanted.level, wanted.filters) for s in snapshot.segments]
        self.evaluations = [Evaluation(s) for s in snapshot.segments]
        self.exact = [self._exact(i) for i in range(len(snapshot.segments))]
        self.words = related.weigh(snapshot, wanted.words)
        # With the exact tier alone asked for, the other is neither searched nor counted.
        self.related = self._related() if wanted.words and wanted.match != "exact" else []

    def found(self) -> Found:
        wanted = self.wanted
        exact, rest = sum(map(len, self.exact)), sum(int(np.count_nonzero(scores > 0)) for scores in self.related)
        hits: list[FoundHit] = []
        last = wanted.offset + wanted.limit
        if wanted.sort != "relevance" and wanted.match == "exact" and wanted.limit >= LONG:
            parts = [self._dated(Scored(i, found, found)) for i, found in enumerate(self.exact) if len(found)]
            walk = Walk(self.snapshot.segments, parts, wanted.offset, last, self._hit)
            return Found(exact, rest, walk, self._facets() if wanted.facets else {})
        if wanted.match != "related" and wanted.offset < exact:
            places = self._ordered(self._near(self._placed(list(self._scored()))), min(last, exact))
            hits += [FoundHit(self.snapshot, p, "exact") for p in places[wanted.offset : last]]
        before = exact if wanted.match == "auto" else 0
        if len(hits) < wanted.limit and last > before and self.related:
            k = min(last - before, rest)
            places = self._ordered(self._best_related(k), k)
            first = max(0, wanted.offset - before)
            hits += [FoundHit(self.snapshot, p, "related") for p in places[first : last - before]]
        return Found(exact, rest, tuple(hits), self._facets() if wanted.facets else {})

    def _hit(self, place: Place) -> FoundHit:
        return FoundHit(self.snapshot, place, "exact")

    def _exact(self, i: int) -> Passages:
        passages = self.evaluations[i].passages(self.wanted.query.node)
        mask = self.scopes[i]
        return passages if mask is None else passages[mask[passages]]

    def _related(self) -> list[Floats]:
        """Return the score of every passage of each segment; 0 for what is not of the related tier."""
        found = []
        bound = binding(self.wanted.query.node)
        for i, segment in enumerate(self.snapshot.segments):
            scores = related.scores(self.snapshot, i, self.words.telling)
            scores[self.exact[i]] = 0
            mask = self.scopes[i]
            if mask is not None:
                scores *= mask
            if bound is not None:
                kept = np.zeros(segment.size, dtype=np.bool_)
                kept[self.evaluations[i].passages(bound)] = True
                scores *= kept
            found.append(scores)
        return found

    def _best_related(self, k: int) -> list[Scored]:
        """Return the passages among which the best k of the related tier are; the best of all are read again."""
        if self.wanted.sort != "relevance":
            return [Scored(i, at := np.flatnonzero(scores), scores[at]) for i, scores in enumerate(self.related)]
        asked = rescore.question(self.snapshot, self.wanted.query.plain)
        again = floor(self.related, ranking.READ_AGAIN)
        bound = again if k <= ranking.READ_AGAIN else floor(self.related, k)
        found = []
        for i, dense in enumerate(self.related):
            passages = np.flatnonzero(dense >= bound)
            scores = dense[passages]
            chosen = np.flatnonzero(scores >= again)
            if asked is not None and len(chosen):
                read = scores[chosen]
                related.add_common(self.snapshot, i, self.words.common, passages[chosen], read)
                scores[chosen] = read + rescore.score(self.snapshot, i, passages[chosen], asked)
            found.append(Scored(i, passages, scores))
        return found

    def _placed(self, parts: list[Scored]) -> list[Scored]:
        """Let the best passages of the exact tier gain by where the strings of the query stand in them."""
        if self.wanted.sort != "relevance":
            return parts
        telling = [(s, w) for s, w in self.weights.items() if self._tells(s)]
        for part, chosen in self._foremost(parts, ranking.READ_FOR_STANDING) if telling else ():
            segment, passages = self.snapshot.segments[part.segment], part.passages[chosen]
            for stream, weight in telling:
                places = self.evaluations[part.segment].occurrences(stream).places
                assert places is not None
                part.scores[chosen] += weight * standing.gain(segment, passages, stream, places, len(self.weights) == 1)
        return parts

    def _tells(self, stream: str) -> bool:
        """Tell whether it matters where a string stands; not for one so frequent that leaders may answer for it."""
        return len(stream) > 2 or (len(stream) == 2 and self.most[stream] < leaders.FREQUENT_PAIR)

    def _foremost(self, parts: list[Scored], most: int) -> Iterator[tuple[Scored, Any]]:
        """Yield each part with an index of those of its passages that are among the best few; no roll is."""
        bound = threshold([part.scores for part in parts], most)
        for part in parts:
            segment = self.snapshot.segments[part.segment]
            if bound == -np.inf and not segment.has_roll:
                yield part, slice(None)
                continue
            chosen = np.flatnonzero(part.scores >= bound)[: 2 * most]
            if segment.has_roll:
                chosen = chosen[(segment.levels[part.passages[chosen]] & ROLL) == 0]
            if len(chosen):
                yield part, chosen

    def _near(self, parts: list[Scored]) -> list[Scored]:
        """Let the best passages of the exact tier gain by how close together the strings of the query stand."""
        slots = [slot for slot in _slots(self.wanted.query.node) if slot]
        if len(slots) < 2 or self.wanted.sort != "relevance":
            return parts
        most = ranking.PROXIMITY * sum(self.weights.values())
        for part, chosen in self._foremost(parts, ranking.READ_FOR_PROXIMITY):
            gaps = self._gaps(part.segment, part.passages[chosen], slots)
            part.scores[chosen] += most / (1 + np.array(gaps) / ranking.NEAR)
        return parts

    def _gaps(self, which: int, passages: Passages, slots: list[tuple[str, ...]]) -> list[float]:
        """Return for each passage how many characters lie between one string of each slot, at best.

        The other names of a slot count as if they were as long as the one that was typed.
        """
        segment = self.snapshot.segments[which]
        sizes = [len(slot[0]) for slot in slots]
        streams = [(i, stream) for i, slot in enumerate(slots) for stream in slot]
        places = [self.evaluations[which].occurrences(stream).places for _, stream in streams]
        if any(p is None for p in places):
            texts = map(segment.stream, passages.tolist())
            return [
                proximity.least([(at, i) for i, s in streams for at in proximity.starts(t, s)], sizes) for t in texts
            ]
        starts = segment.cell[passages].astype(np.int64) << CELL_BITS
        edges = np.concatenate((starts, starts + segment.length[passages]))
        found: list[list[tuple[int, int]]] = [[] for _ in passages]
        for (i, _), held in zip(streams, places, strict=True):
            bounds = held.searchsorted(edges).tolist()  # type: ignore[union-attr]
            for spot, first, last in zip(found, bounds, bounds[len(passages) :], strict=False):
                spot += [(at, i) for at in held[first : min(last, first + FEW)].tolist()]  # type: ignore[index]
        return [proximity.least(spot, sizes) for spot in found]

    def _scored(self) -> Iterator[Scored]:
        """Score the exact tier: BM25 over the strings themselves, which every one of its passages holds."""
        for i, passages in enumerate(self.exact):
            if not len(passages):
                continue
            evaluation = self.evaluations[i]
            terms = ((w, strings.counted(passages, evaluation.occurrences(s))) for s, w in self.weights.items())
            lifted = leaders.lifts(self.snapshot.segments[i], passages)
            yield Scored(i, passages, score(self.snapshot, i, passages, terms, lifted))

    @cached_property
    def most(self) -> dict[str, int]:
        """The strings that are asked for, and how often each can occur at most, however segments divide them."""
        streams = dict.fromkeys(_streams(self.wanted.query.node))
        return {stream: strings.rarest(self.snapshot.segments, stream) for stream in streams}

    @cached_property
    def weights(self) -> dict[str, float]:
        """The strings that are asked for and their idf, by how often each can occur at most."""
        found = {stream: ranking.spread_idf(self.snapshot, most) for stream, most in self.most.items()}
        for stream in _others(self.wanted.query.node):
            found[stream] *= ranking.OTHER_NAME
        return found

    def _ordered(self, parts: list[Scored], k: int) -> list[Place]:
        if self.wanted.sort != "relevance":
            parts = [self._dated(part) for part in parts]
        return best(self.snapshot.segments, parts, k)

    def _dated(self, part: Scored) -> Scored:
        """Score by date instead, undated passages last."""
        segment = self.snapshot.segments[part.segment]
        days = segment.rec_date[segment.record_of[part.passages]].astype(np.float64)
        if self.wanted.sort == "date":
            days = np.where(days > 0, -days, -1e9)
        return Scored(part.segment, part.passages, days)

    def _facets(self) -> facets.Counts:
        tiers: list[tuple[int, Passages]] = []
        if self.wanted.match != "related":
            tiers += enumerate(self.exact)
        tiers += [(i, np.flatnonzero(scores)) for i, scores in enumerate(self.related)]
        return facets.count(self.wanted.facets, [(self.snapshot.segments[i], p) for i, p in tiers])


def _streams(node: Node) -> Iterator[str]:
    """Yield the strings that a passage is asked to hold, those of excluded parts left out."""
    match node:
        case Text():
            yield node.stream
        case Near() | InSentence():
            yield from node.streams
        case And() | Or():
            for child in node.children:
                yield from _streams(child)


def _slots(node: Node) -> Iterator[tuple[str, ...]]:
    """Yield what a passage is asked to hold, each as the strings of which one is enough; empty for a field."""
    match node:
        case And():
            for child in node.children:
                yield from _slots(child)
        case Near() | InSentence():
            yield from ((stream,) for stream in node.streams)
        case _:
            yield tuple(_streams(node))


def _others(node: Node) -> Iterator[str]:
    """Yield the strings that nobody typed: other names of what was."""
    match node:
        case Text(other=True):
            yield node.stream
        case And() | Or():
            for child in node.children:
                yield from _others(child)
