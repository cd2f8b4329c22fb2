"""The passages that hold a frequent string go in, its leaders come out: compiled loops for `leaders.of`.

The best of each kind are kept while the list is walked once; nothing is sorted.
"""

from __future__ import annotations

import numpy as np

from indexer.engines.passages import IN_ALL
from indexer.engines.whoosh.boilerplate import DEEPEST
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.kernels.compiling import Array, compiled


def prepare() -> None:
    """Have the loop of this module compiled."""
    one, none = np.zeros(1, np.uint32), np.zeros(1, np.uint8)
    for heading in (one, one[:0]):
        choose(one, np.ones(1, np.int64), heading, none, none, np.zeros(1, np.int64), 1)


@compiled
def choose(
    passages: Array, counts: Array, heading: Array, levels: Array, deep: Array, places: Array, depth: int
) -> tuple[Array, Array, int]:
    """Return which of the passages are leaders, ascending, which of these are lifted, and how many are of level all.

    Args:
        passages: Those that hold the string, ascending; `counts` tells how often.
        heading: For every passage the one that heads its item; empty where none is headed.
        levels: Those of all passages.
        deep: How much of each of all passages is boilerplate.
        places: The place of each of all passages among all of them; see `leaders._places`.
        depth: How many leaders a kind has at most.
    """
    size = len(passages)
    room = (min(counts.max(), 0xFFFF) + 1) * 4 * (DEEPEST + 1)
    kind_of, slots = np.full(size, -1, np.int32), np.full(room, -1, np.int32)
    lifted = np.zeros(size, np.bool_)
    before, under = np.int64(-1), False
    kinds = total = 0
    for i in range(size):
        passage = passages[i]
        if not levels[passage] & IN_ALL:
            continue
        total += 1
        if len(heading) and heading[passage] != passage:
            if heading[passage] != before:
                before = np.int64(heading[passage])
                at = np.searchsorted(passages, before)
                under = bool(at < size and passages[at] == before)
            lifted[i] = under
        frequency = min(counts[i], 0xFFFF) * 4 + lifted[i] * 2 + (levels[passage] & ROLL != 0)
        kind = frequency * (DEEPEST + 1) + deep[passage]
        if slots[kind] < 0:
            slots[kind] = kinds
            kinds += 1
        kind_of[i] = slots[kind]
    best, held = np.empty((kinds, depth), np.int64), np.zeros(kinds, np.int64)
    for i in range(size):
        kind = kind_of[i]
        if kind < 0:
            continue
        place, last = places[passages[i]], held[kind]
        if last == depth:
            if place > places[passages[best[kind, depth - 1]]]:
                continue
            last -= 1
        else:
            held[kind] += 1
        while last and places[passages[best[kind, last - 1]]] > place:
            best[kind, last] = best[kind, last - 1]
            last -= 1
        best[kind, last] = i
    chosen = np.zeros(size, np.bool_)
    for kind in range(kinds):
        for rank in range(held[kind]):
            chosen[best[kind, rank]] = True
    leaders = np.flatnonzero(chosen)
    return leaders, lifted[leaders], total
