"""The ranking of passages that hold all strings of a query: compiled loops over what `lists.select` found.

The same sums, in the same order and precision, as `exact.py`, `standing.py` and `proximity.py`, which tell the reasons.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.columns import ROLL
from indexer.engines.whoosh.kernels.compiling import Array, Int, View, compiled
from indexer.engines.whoosh.kernels.heap import replace_least
from indexer.engines.whoosh.kernels.lists import PAIR_BITS, listed, look_up, part
from indexer.engines.whoosh.kernels.texts import lay_out
from indexer.engines.whoosh.snapshot import K1
from indexer.engines.whoosh.standing import CLOSING, COMMA, OPENING

FEW = 4
MANY = 1000
BEFORE = 8
GAIN = K1 + 1
EARLY, PER_EARLY, PASSING = ranking.EARLY, 1 / ranking.EARLY_AT, ranking.PASSING
QUOTED, HEADED, PER_NEAR, PROXIMITY = ranking.QUOTED, ranking.HEADED, 1 / ranking.NEAR, ranking.PROXIMITY
TITLE, ROLL_FACTOR = ranking.TITLE, ranking.ROLL_FACTOR
READ_FOR_STANDING, READ_FOR_PROXIMITY = ranking.READ_FOR_STANDING, ranking.READ_FOR_PROXIMITY

spread = compiled(ranking.spread)


@compiled
def weigh(counts: Array, at: Array, size: Int, frequent: Int) -> tuple[Array, Array]:
    """Return the weight of each string, and again with 0 for those whose place in a passage does not matter.

    Args:
        counts: How often each of their pairs occurs, as `lists.look_up` tells.
        at: Where each string begins.
        size: How many passages the index has.
        frequent: How often a pair occurs whose place does not matter.
    """
    strings, slot = len(at) - 1, 0
    weights, telling = np.empty(strings), np.zeros(strings)
    for one in range(strings):
        pairs = at[one + 1] - at[one] - 1
        most = counts[slot : slot + max(1, pairs)].min()
        slot += max(1, pairs)
        weights[one] = spread(size, most)
        if pairs > 1 or (pairs == 1 and most < frequent):
            telling[one] = weights[one]
    return weights, telling


@compiled
def score(
    passages: Array, often: Array, weights: Array, norms: Array, heading: Array, levels: Array, left: Array
) -> Array:
    """Return BM25 over the strings of each passage; one below a heading that was found gains, a roll loses.

    `left` tells for every passage of the segment what its being boilerplate leaves of its score; empty where all of it.
    """
    scores = np.zeros(len(passages), np.float32)
    before, lifted = -1, False
    for i in range(len(passages)):
        passage = passages[i]
        norm = norms[passage]
        for one in range(len(weights)):
            counted = np.float32(often[one, i])
            scores[i] += counted * np.float32(weights[one] * GAIN) / (counted + norm)
        if len(heading) and heading[passage] != passage:
            if heading[passage] != before:
                before = heading[passage]
                at = np.searchsorted(passages, before)
                lifted = at < len(passages) and passages[at] == before
            if lifted:
                scores[i] *= TITLE
        if levels[passage] & ROLL:
            scores[i] *= ROLL_FACTOR
        if len(left):
            scores[i] *= left[passage]
    return scores


@compiled
def bound(scores: Array, k: int) -> float:
    """Return the k-th highest score; minus infinity where there are no more than k."""
    if len(scores) <= k:
        return -np.inf
    # A heap of the k highest, the least of them on top.
    heap = np.sort(scores[:k])
    for i in range(k, len(scores)):
        if scores[i] > heap[0]:
            replace_least(heap, scores[i])
    return np.float64(heap[0])


@compiled
def stand(
    view: View,
    passages: Array,
    first: Array,
    scores: Array,
    least: float,
    text: Array,
    at: Array,
    telling: Array,
    levels: Array,
    left: Array,
    broken: Array,
    broken_at: Array,
) -> None:
    """Let passages with at least a score gain by where the strings stand in them.

    Args:
        view: The segment.
        passages: Ascending; `first` tells for each string where it first stands in each.
        scores: Changed in place.
        least: The score from which on a passage is read.
        text: The codes of the strings; `at` tells where each begins.
        telling: The weight of each string; 0 for one whose place does not matter.
        levels: Those of all passages of the segment; `left` is that of `score`.
        broken: The passages of several lines, and in `broken_at` where the first line of each ends.
    """
    codes, folds, cell, length = view[0], view[1], view[2], view[3]
    done = 0
    for i in range(len(passages)):
        if scores[i] < least:
            continue
        done += 1
        if done > 2 * READ_FOR_STANDING:
            return
        passage = passages[i]
        if levels[passage] & ROLL:
            continue
        begins = np.int64(cell[passage]) << 4
        ends = begins + length[passage]
        line = begins
        if len(broken):
            row = np.searchsorted(broken, passage)
            if row < len(broken) and broken[row] == passage:
                line = begins + broken_at[row]
        gained = 0.0
        for one in range(len(telling)):
            if telling[one]:
                string, place = text[at[one] : at[one + 1]], np.int64(first[one, i])
                behind = place + len(string)
                gain = EARLY / (1 + (place - begins) * PER_EARLY)
                if (place > begins and codes[place - 1] == COMMA) or (behind < len(codes) and codes[behind] == COMMA):
                    gain -= PASSING
                for j in range(place - 1, max(begins, place - BEFORE) - 1, -1):
                    if codes[j] == OPENING or codes[j] == CLOSING:
                        if codes[j] == OPENING:
                            gain += QUOTED
                        break
                if place < line and _next(codes, folds, string, line, ends) < ends:
                    gain += HEADED
                gained += telling[one] * gain
        if len(left):
            gained *= left[passage]
        scores[i] = np.float32(np.float64(scores[i]) + gained)


@compiled
def _next(codes: Array, folds: Array, string: Array, begin: Int, end: Int) -> Int:
    """Return where a string begins next between two addresses; the second one where it does not."""
    for place in range(begin, end - len(string) + 1):
        here = 0
        while here < len(string) and folds[codes[place + here]] == string[here]:
            here += 1
        if here == len(string):
            return place
    return end


@compiled
def draw_near(
    view: View,
    passages: Array,
    first: Array,
    scores: Array,
    least: float,
    text: Array,
    at: Array,
    most: float,
    levels: Array,
    left: Array,
) -> None:
    """Let passages with at least a score gain by how close together the strings stand in them; see `stand`.

    `most` is what a passage gains whose strings touch.
    """
    codes, folds, cell, length = view[0], view[1], view[2], view[3]
    strings = len(at) - 1
    few = MANY if (at[1:] - at[:-1]).min() == 1 else FEW
    room = 0
    for one in range(strings):
        room += at[one + 1] - at[one]
    places, which = np.empty(strings * few, np.int64), np.empty(strings * few, np.int64)
    last = np.empty(strings, np.int64)
    done = 0
    for i in range(len(passages)):
        if scores[i] < least:
            continue
        done += 1
        if done > 2 * READ_FOR_PROXIMITY:
            return
        passage = passages[i]
        if levels[passage] & ROLL:
            continue
        ends = (np.int64(cell[passage]) << 4) + length[passage]
        held = 0
        for one in range(strings):
            string, place = text[at[one] : at[one + 1]], np.int64(first[one, i])
            for _ in range(few):
                place = _next(codes, folds, string, place, ends)
                if place >= ends:
                    break
                # By place, and those of one place in the order of the strings: they came before.
                spot = held
                while spot and places[spot - 1] > place:
                    places[spot], which[spot] = places[spot - 1], which[spot - 1]
                    spot -= 1
                places[spot], which[spot] = place, one
                held += 1
                place += 1
        last[:] = -1
        gap = np.inf
        for spot in range(held):
            last[which[spot]] = places[spot]
            least_last = last.min()
            if least_last >= 0:
                between = places[spot] + at[which[spot] + 1] - at[which[spot]] - least_last - room
                gap = min(gap, max(between, 0))
        gained = most / (1 + gap * PER_NEAR)
        if len(left):
            gained *= left[passage]
        scores[i] = np.float32(np.float64(scores[i]) + gained)


@compiled
def best(
    passages: Array,
    scores: Array,
    dates: Array,
    record_of: Array,
    segment: int,
    held: Int,
    found: Array,
    found_scores: Array,
    found_days: Array,
    found_in: Array,
) -> int:
    """Put the best passages of a segment among those of the segments before; return how many are held then.

    They come by score, newer first among equals, then in their order, as many as there is room.

    Args:
        passages: Ascending; `scores` beside them.
        dates: The days of the segment's records; `record_of` tells for every passage its record.
        segment: The number of the segment.
        held: How many of the other arrays are filled.
        found: The passages; beside them their scores, their days and the numbers of their segments.
    """
    room = len(found)
    for i in range(len(passages) if room else 0):
        score = scores[i]
        if held == room and score < found_scores[held - 1]:
            continue
        day = dates[record_of[passages[i]]]
        if held == room:
            if score == found_scores[held - 1] and day <= found_days[held - 1]:
                continue
            held -= 1
        at = held
        while at and (score > found_scores[at - 1] or (score == found_scores[at - 1] and day > found_days[at - 1])):
            found[at], found_scores[at] = found[at - 1], found_scores[at - 1]
            found_days[at], found_in[at] = found_days[at - 1], found_in[at - 1]
            at -= 1
        found[at], found_scores[at], found_days[at], found_in[at] = passages[i], score, day, segment
        held += 1
    return int(held)


@compiled
def answer(
    view: View,
    beside: tuple[Any, ...],
    laid: tuple[Array, ...],
    joined: Array,
    size: Int,
    frequent: Int,
    mask: Array,
    passed: Int,
    last: Int,
) -> tuple[Int, Array, Array, Array, bool]:
    """Return how many passages of a segment hold the strings; the best ones, their scores, and what `lay_out` gives.

    The whole of a query on an index of one segment, of `size` passages: its best down to number `last`, without the
    first ones that are passed over. `beside` and `laid` are those of plain.Prepared, `joined` is what `lists.codes`
    gives, and `frequent` that of `weigh`.
    """
    norms, heading, levels, left, dates, record_of, broken, broken_at = beside
    text, at, counts, passages, often, first = listed(view, joined, mask)
    scores = np.empty(0, np.float32)
    if len(passages):
        weights, telling = weigh(counts, at, size, frequent)
        scores = score(passages, often, weights, norms, heading, levels, left)
        if telling.max() > 0:
            least = bound(scores, READ_FOR_STANDING)
            stand(view, passages, first, scores, least, text, at, telling, levels, left, broken, broken_at)
        if len(weights) > 1:
            least = bound(scores, READ_FOR_PROXIMITY)
            draw_near(view, passages, first, scores, least, text, at, PROXIMITY * weights.sum(), levels, left)
    return len(passages), *_page(laid, passages, scores, dates, record_of, passed, last)


@compiled
def led(
    view: View,
    beside: tuple[Any, ...],
    laid: tuple[Array, ...],
    joined: Array,
    size: Int,
    passages: Array,
    often: Array,
    lifted: Array,
    passed: Int,
    last: Int,
) -> tuple[Array, Array, Array, bool]:
    """Return what `answer` does, but for the number, of a single frequent string from its leaders.

    Args:
        passages: The leaders, ascending; `often` and `lifted` beside them are those of leaders.Leaders.
    """
    norms, _, levels, left, dates, record_of, _, _ = beside
    text, at = part(joined)
    _, counts = look_up(view[5], view[6], text, at, PAIR_BITS)
    weight = np.float32(spread(size, counts[0]) * GAIN)
    scores = np.zeros(len(passages), np.float32)
    for i in range(len(passages)):
        passage, counted = passages[i], np.float32(often[i])
        scores[i] += counted * weight / (counted + norms[passage])
        if lifted[i]:
            scores[i] *= TITLE
        if levels[passage] & ROLL:
            scores[i] *= ROLL_FACTOR
        if len(left):
            scores[i] *= left[passage]
    return _page(laid, passages, scores, dates, record_of, passed, last)


@compiled
def _page(
    laid: tuple[Array, ...], passages: Array, scores: Array, dates: Array, record_of: Array, passed: Int, last: Int
) -> tuple[Array, Array, Array, bool]:
    """Return the best passages down to number `last`, their scores, and their texts laid out."""
    found, found_scores = np.empty(last, np.uint32), np.empty(last, np.float32)
    days, where = np.empty(last, np.int32), np.empty(last, np.int32)
    held = best(passages, scores, dates, record_of, 0, 0, found, found_scores, days, where)
    shown = found[passed:held]
    return shown, found_scores[passed:held], *lay_out(laid, shown)
