"""The leaders of frequent strings: for each, the passages among which the best few are, whatever the query's weights.

A string that stands in a great part of all passages is the one whose list costs most, and the one whose full list
nobody reads. Among the passages that hold it equally often, the shorter one is the better under every BM25; so the
shortest DEPTH of each frequency hold the best DEPTH of all, exactly. Headings that hold the string, too, and rolls of
attendance make classes of their own, as they score otherwise, and so does each level of boilerplate, as the segment
alone tells it. Where other segments make passages sink below that, a class may have too few left: a page that one of
those left out could be on is made of the whole list. With the number of passages beside them, a page of a
single frequent string is answered without its list: on level all, as long as no filter and no deletion comes between.

    lead_key       the strings, in order: code of the first character · 2^32 + code of the second, or ALONE
    lead_total     how many passages of level all hold the string
    lead_start     where the leaders of each string begin; one entry more than there are strings
    lead_passage   the leaders, ascending; beside them lead_tf, lead_lifted where the heading holds the string, too, and
                   lead_level, how much of them is boilerplate
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.passages import IN_ALL
from indexer.engines.whoosh import boilerplate, ranking, strings
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.boilerplate import U8
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.evaluate import member
from indexer.engines.whoosh.kernels.inverting import inverting
from indexer.engines.whoosh.segment import ALONE, Segment
from indexer.engines.whoosh.strings import Occurrences

# From this many occurrences on, a pair of characters or a single one has leaders: where a list costs about 0.3 ms.
FREQUENT_PAIR, FREQUENT_CHARACTER = 8_192, 65_536
# How far down the list the leaders reach.
DEPTH = 20


class Leaders(NamedTuple):
    """How many passages of level all hold a string; the best of them, ascending.

    `lifted` tells which of these stand under a heading that holds the string, too, `levels` how much of them was
    boilerplate when they were chosen.
    """

    total: int
    found: Occurrences
    lifted: npt.NDArray[np.bool_]
    levels: U8


def build(segment: Segment) -> dict[str, Array]:
    """Return the leaders of a segment that is not written yet."""
    levels = boilerplate.levels((segment,), ranking.REPEATED)[0]
    choose = _choice(segment, levels)
    made = sorted(((key, choose(found)) for key, found in _frequent(segment)), key=lambda one: one[0])
    led = [leaders for _, leaders in made]
    return {
        "lead_key": np.array([key for key, _ in made], dtype=np.uint64),
        "lead_total": np.array([one.total for one in led], dtype=np.uint32),
        "lead_start": np.cumsum([0, *(len(one.lifted) for one in led)]).astype(np.uint32),
        "lead_passage": _joined([one.found.passages for one in led], np.uint32),
        "lead_tf": _joined([one.found.counts for one in led], np.uint32),
        "lead_lifted": _joined([one.lifted for one in led], np.bool_),
        "lead_level": _joined([one.levels for one in led], np.uint8),
    }


def find(segment: Segment, stream: str) -> Leaders | None:
    """Return the leaders of a string; None where it has none."""
    i = segment.led.get(stream)
    if i is None:
        return None
    arrays: Mapping[str, Any] = segment.arrays
    first, last = int(arrays["lead_start"][i]), int(arrays["lead_start"][i + 1])
    found = Occurrences(arrays["lead_passage"][first:last], arrays["lead_tf"][first:last], None)
    return Leaders(
        int(arrays["lead_total"][i]), found, arrays["lead_lifted"][first:last], arrays["lead_level"][first:last]
    )


def fallen(led: Leaders, levels: U8 | None) -> int:
    """Return how many leaders are boilerplate beyond what they were when they were chosen."""
    return 0 if levels is None else int(np.count_nonzero(levels[led.found.passages] != led.levels))


def suffice(segment: Segment, led: Leaders, levels: U8, scores: ranking.Floats, last: int, least: float) -> bool:
    """Tell whether the best `last` passages of an answer are among its leaders, though some of these have fallen.

    Who is no leader is not better than any leader of its kind was when it was chosen. So it is not among the best
    where so many of its kind have not fallen, or where even the last of its kind would not have been.

    Args:
        segment: Whose leaders they are.
        led: The leaders.
        levels: How much of each passage is boilerplate.
        scores: Those of the leaders, as they have fallen.
        last: How far down the answer goes.
        least: The score of the last one.
    """
    passages, factors = led.found.passages, np.array(ranking.SUNK)
    deep = levels[passages]
    kinds, of_each, many = np.unique(
        _kinds(segment, passages, led.found.counts, led.lifted, led.levels), return_inverse=True, return_counts=True
    )
    lowest = np.full(len(kinds), np.inf)
    np.minimum.at(lowest, of_each, scores * factors[led.levels] / factors[deep])
    stand = many - np.bincount(of_each, weights=deep != led.levels, minlength=len(kinds))
    # Scores are of 32 bits: what is nearly as good may be as good.
    return bool(((many < DEPTH) | (stand >= last) | (lowest * (1 + 1e-5) < least)).all())


def _kinds(
    segment: Segment,
    passages: npt.NDArray[Any],
    counts: npt.NDArray[Any],
    lifted: npt.NDArray[np.bool_],
    deep: npt.NDArray[np.uint8],
) -> npt.NDArray[np.int64]:
    """Return numbers that are equal for passages of which the shorter one is the better."""
    roll = (segment.levels[passages] & ROLL) != 0
    frequency = np.minimum(counts, 0xFFFF).astype(np.int64)
    return np.asarray((frequency * 4 + lifted * 2 + roll) * (boilerplate.DEEPEST + 1) + deep)


def _frequent(segment: Segment) -> Iterator[tuple[int, Occurrences]]:
    """Yield the frequent pairs and characters with their passages."""
    keys, grams = segment.gram_keys, segment.grams
    shift = keys.dtype.itemsize * 4
    mask = (1 << shift) - 1
    for row in np.flatnonzero(grams.count >= FREQUENT_PAIR).tolist():
        key = int(keys[row])
        if key & mask != 0xFFFF:
            yield (key >> shift) << 32 | key & mask, strings.of_row(segment, row)
    characters, first = np.unique(keys >> keys.dtype.type(shift), return_index=True)
    bounds = grams.before[np.append(first, len(keys))]
    for i in np.flatnonzero(np.diff(bounds) >= FREQUENT_CHARACTER).tolist():
        code = int(characters[i])
        yield code << 32 | ALONE, strings.of_character(segment, code)


def _choice(segment: Segment, levels: U8 | None) -> Callable[[Occurrences], Leaders]:
    """Return what chooses the leaders of a string by what stands in all passages: loops for a large segment."""
    places = _places(segment)
    loops = inverting(len(segment.codes))
    if loops is None:
        return lambda found: of(segment, found, levels, places)
    deep = np.zeros(segment.size, dtype=np.uint8) if levels is None else levels

    def chosen(found: Occurrences) -> Leaders:
        passages, counts = found.passages, found.counts
        at, lifted, total = loops.leaders(passages, counts, segment.heading, segment.levels, deep, places, DEPTH)
        return Leaders(total, Occurrences(passages[at], counts[at], None), lifted, deep[passages[at]])

    return chosen


def _places(segment: Segment) -> npt.NDArray[np.int64]:
    """Return the place of each passage among all of them: the shorter first, then the newer, then the earlier."""
    places = np.empty(segment.size, dtype=np.int64)
    places[np.lexsort((-segment.rec_date[segment.record_of], segment.length))] = np.arange(segment.size)
    return places


def of(segment: Segment, found: Occurrences, levels: U8 | None, places: npt.NDArray[np.int64] | None = None) -> Leaders:
    """Choose the leaders among the passages of level all that hold a string.

    Args:
        places: As `_places` gives them, which makes many such choices cheaper and no choice another one.
    """
    passages, counts = found.passages, found.counts
    under = lifts(segment, passages)
    lifted = np.zeros(len(passages), dtype=np.bool_) if under is None else under
    if not segment.common_levels & IN_ALL:
        shown = (segment.levels[passages] & IN_ALL) != 0
        passages, counts, lifted = passages[shown], counts[shown], lifted[shown]
    deep = np.zeros(len(passages), dtype=np.uint8) if levels is None else levels[passages]
    kind = _kinds(segment, passages, counts, lifted, deep)
    if places is None:
        days = segment.rec_date[segment.record_of[passages]]
        order = np.lexsort((passages, -days, segment.length[passages], kind))
    else:
        order = np.argsort(kind * segment.size + places[passages])
    edges = np.flatnonzero(np.diff(kind[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(edges, np.diff(np.append(edges, len(order))))
    chosen = np.sort(order[rank < DEPTH])
    best = Occurrences(passages[chosen], counts[chosen], None)
    return Leaders(len(passages), best, lifted[chosen], deep[chosen])


def lifts(segment: Segment, passages: npt.NDArray[Any]) -> npt.NDArray[np.bool_] | None:
    """Tell which of the passages of an answer stand under a heading that is in it, too; None where none has one."""
    if not len(segment.heading):
        return None
    headings = segment.heading[passages]
    return np.asarray((headings != passages) & member(headings, passages, segment.size))


def _joined(parts: list[npt.NDArray[Any]], dtype: type) -> npt.NDArray[Any]:
    return np.concatenate(parts).astype(dtype) if parts else np.empty(0, dtype)
