"""One request on one snapshot: both tiers, counted and ranked, the page wanted, and the facets of what was found.

    query tree ── evaluate ──> exact passages ── score ──> best ──┐
    words ─────── related ───> candidates ∖ exact ─────> best ────┴─> page, counts, facets

Everything is worked out on whole arrays; only the passages of the page are ever read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import Found, Wanted
from indexer.engines.whoosh import facets, frequent, ranking, related
from indexer.engines.whoosh.evaluate import binding
from indexer.engines.whoosh.exact import Exact, sunk
from indexer.engines.whoosh.frequent import Led
from indexer.engines.whoosh.scope import Mask, scope
from indexer.engines.whoosh.shown import FoundHit, hits, one_by_one
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Place, Scored, best, dated, floor
from indexer.engines.whoosh.walk import LONG, Walk

if TYPE_CHECKING:
    from indexer.engines.whoosh.kernels import Loops
    from indexer.engines.whoosh.plain import Plain


def run(snapshot: Snapshot, wanted: Wanted, loops: Loops | None = None) -> Found:
    """Answer a request, by compiled loops as far as they are given and know how."""
    best_alone = wanted.match == "exact" and wanted.sort == "relevance" and not wanted.facets
    page = loops.page(snapshot, wanted) if loops and best_alone else None
    if page is not None:
        return page
    led = frequent.led(snapshot, wanted)
    if led and best_alone:
        return frequent.page(snapshot, wanted, led, one_by_one)
    plain = loops.plain(snapshot, wanted.query.node) if loops else None
    return _Run(snapshot, wanted, led, plain, loops).found()


class _Run:
    def __init__(
        self, snapshot: Snapshot, wanted: Wanted, led: Led | None, plain: Plain | None, loops: Loops | None
    ) -> None:
        self.snapshot, self.wanted, self.led = snapshot, wanted, led
        self.way = loops.related if loops else related.ON_ARRAYS
        self.counting = loops.facets if loops else facets.ON_ARRAYS
        self.read = loops.texts if loops else one_by_one
        self.scopes: list[Mask | None] = [scope(s, wanted.level, wanted.filters) for s in snapshot.segments]
        self.exact = plain or Exact(snapshot, wanted.query.node)
        if plain and led:
            plain.note(self.scopes)  # leaders have the scores
        else:
            self.exact.select(self.scopes)
        # With the exact tier alone asked for, the other is neither searched nor counted.
        asked = wanted.words if wanted.match != "exact" else ()
        self.words = related.weigh(snapshot, asked)
        # How many passages the related tier has, and the score from which on they are read again.
        self.rest, self.again = 0, np.inf
        self.related = self._related() if asked else []

    def found(self) -> Found:
        wanted = self.wanted
        exact, rest = self.exact.total, self.rest
        found: list[FoundHit] = []
        last = wanted.offset + wanted.limit
        if wanted.sort != "relevance" and wanted.match == "exact" and wanted.limit >= LONG:
            newest = wanted.sort == "-date"
            walk = Walk(self.snapshot.segments, self.exact.passages, newest, wanted.offset, last, self._hit)
            return Found(exact, rest, walk, self._facets() if wanted.facets else {})
        if wanted.match != "related" and wanted.offset < min(exact, last):
            places = self._ordered(self._exact_parts(), min(last, exact))
            found += hits(self.snapshot, places[wanted.offset : last], "exact", self.read)
        before = exact if wanted.match == "auto" else 0
        if len(found) < wanted.limit and last > before and self.related:
            k = min(last - before, rest)
            places = self._ordered(self._best_related(k), k)
            first = max(0, wanted.offset - before)
            found += hits(self.snapshot, places[first : last - before], "related", self.read)
        return Found(exact, rest, tuple(found), self._facets() if wanted.facets else {})

    def _exact_parts(self) -> list[Scored]:
        if self.led:
            return self.led.parts
        return self.exact.ranked() if self.wanted.sort == "relevance" else self.exact.unranked()

    def _hit(self, place: Place) -> FoundHit:
        return hits(self.snapshot, (place,), "exact", one_by_one)[0]

    def _related(self) -> list[npt.NDArray[Any]]:
        """Return the score of every passage of each segment; 0 for what is not of the related tier.

        Where the page is full of exact hits, no more is told than which passages are of it.
        """
        found: list[npt.NDArray[Any]] = []
        dense: list[related.Dense] = []
        bound = binding(self.wanted.query.node)
        full = self.wanted.match == "auto" and self.exact.total >= self.wanted.offset + self.wanted.limit
        for i, segment in enumerate(self.snapshot.segments):
            if full:
                scores: npt.NDArray[Any] = self.way.held(self.snapshot, i, self.words.telling)
            else:
                dense.append(self.way.scores(self.snapshot, i, self.words.telling))
                scores = dense[i].scores
            scores[self.exact.places(i)] = 0
            mask = self.scopes[i]
            if mask is not None:
                scores *= mask
            if bound is not None:
                kept = np.zeros(segment.size, dtype=np.bool_)
                kept[self.exact.evaluations[i].passages(bound)] = True
                scores *= kept
            found.append(scores)
        if full:
            self.rest = sum(map(int, map(np.count_nonzero, found)))
        else:
            self.rest, self.again = self.way.tell(dense, ranking.READ_AGAIN)
        self.dense = dense
        return found

    def _best_related(self, k: int) -> list[Scored]:
        """Return the passages among which the best k of the related tier are; the best of all are read again."""
        if self.wanted.sort != "relevance":
            return [Scored(i, at := np.flatnonzero(scores), scores[at]) for i, scores in enumerate(self.related)]
        asked = self.way.question(self.snapshot, self.wanted.query.plain)
        bound = self.again if k <= ranking.READ_AGAIN else floor(self.related, k)
        found = []
        for i, dense in enumerate(self.dense):
            passages = self.way.from_score(dense, bound)
            scores = dense.scores[passages]
            chosen = (scores >= self.again).nonzero()[0]
            if asked is not None and len(chosen):
                read = passages[chosen]
                scores[chosen] = self.way.again(self.snapshot, i, read, scores[chosen], self.words.common, asked)
            found.append(Scored(i, passages, sunk(self.snapshot, i, passages, scores)))
        return found

    def _ordered(self, parts: list[Scored], k: int) -> list[Place]:
        if self.wanted.sort != "relevance":
            parts = [self._dated(part) for part in parts]
        return best(self.snapshot.segments, parts, k)

    def _dated(self, part: Scored) -> Scored:
        """Score by date instead."""
        segment = self.snapshot.segments[part.segment]
        scores = dated(segment, part.passages, self.wanted.sort == "-date").astype(np.float64)
        return Scored(part.segment, part.passages, scores)

    def _facets(self) -> facets.Counts:
        every = [scores != 0 for scores in self.related]
        if self.wanted.match != "related":
            exact = self.exact.masks()
            every = [one | other for one, other in zip(every, exact, strict=True)] if every else exact
        return facets.count(self.snapshot, self.wanted.facets, every, self.counting)
