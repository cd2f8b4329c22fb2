"""The ranking of passages that hold all strings of a query: compiled loops over what `lists.select` found.

The same sums, in the same order and precision, as `exact.py`, `standing.py` and `proximity.py`, which tell the reasons.
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.kernels.compiling import Array, Int, View, compiled
from indexer.engines.whoosh.kernels.heap import replace_least
from indexer.engines.whoosh.kernels.lists import PAIR_BITS, listed, look_up, part
from indexer.engines.whoosh.kernels.table import DEEP, LENGTH_BITS, ROLLED, UNDER, leading, ranks, texts
from indexer.engines.whoosh.kernels.texts import lay_out
from indexer.engines.whoosh.leaders import DEPTH
from indexer.engines.whoosh.snapshot import K1
from indexer.engines.whoosh.standing import CLOSING, COMMA, OPENING

FEW = 4
MANY = 1000
BEFORE = 8
GAIN = K1 + 1
EARLY, PER_EARLY, PASSING = ranking.EARLY, 1 / ranking.EARLY_AT, ranking.PASSING
QUOTED, HEADED, PER_NEAR, PROXIMITY = ranking.QUOTED, ranking.HEADED, 1 / ranking.NEAR, ranking.PROXIMITY
TITLE, ROLL_FACTOR, SUNK = ranking.TITLE, ranking.ROLL_FACTOR, np.array(ranking.SUNK, np.float32)
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
def score(told: Array, beside: View, passages: Array, often: Array, weights: Array, start: Int, scores: Array) -> None:
    """Tell BM25 over the strings of each passage; one below a heading that was found gains, rolls and boilerplate lose.

    Args:
        told: What is told of the passages of the segment (table.texts); `beside` is what table.ranks returns.
        passages: Ascending; `scores` beside them.
        often: How often each string (row) stands in each passage; those of the segment begin in column `start`.
        weights: Those of the strings.
    """
    (of_length, of_all), heading = beside[0], beside[1]
    before, lifted = -1, False
    for i in range(len(passages)):
        passage = passages[i]
        here = told[passage]
        norm, gained = np.float32(here >> LENGTH_BITS) * of_length + of_all, np.float32(0)
        for one in range(len(weights)):
            counted = np.float32(often[one, start + i])
            gained += counted * np.float32(weights[one] * GAIN) / (counted + norm)
        if here & UNDER:
            if heading[passage] != before:
                before = heading[passage]
                at = np.searchsorted(passages, before)
                lifted = at < len(passages) and passages[at] == before
            if lifted:
                gained *= TITLE
        if here & ROLLED:
            gained *= ROLL_FACTOR
        scores[i] = gained * SUNK[here & DEEP]


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
    beside: View,
    passages: Array,
    first: Array,
    start: Int,
    scores: Array,
    least: float,
    text: Array,
    at: Array,
    telling: Array,
) -> None:
    """Let passages with at least a score gain by where the strings stand in them.

    Args:
        view: The segment's texts (table.texts); `beside` is what table.ranks returns.
        passages: Ascending.
        first: Where each string (row) first stands in each passage; those of the segment begin in column `start`.
        scores: Changed in place.
        least: The score from which on a passage is read.
        text: The codes of the strings; `at` tells where each begins.
        telling: The weight of each string; 0 for one whose place does not matter.
    """
    codes, folds, cell, told = view[0], view[1], view[2], view[3]
    broken, broken_at = beside[4], beside[5]
    done = 0
    for i in range(len(passages)):
        if scores[i] < least:
            continue
        done += 1
        if done > 2 * READ_FOR_STANDING:
            return
        passage, here = passages[i], told[passages[i]]
        if here & ROLLED:
            continue
        begins = np.int64(cell[passage]) << 4
        ends = begins + np.int64(here >> LENGTH_BITS)
        line = begins
        if len(broken):
            row = np.searchsorted(broken, passage)
            if row < len(broken) and broken[row] == passage:
                line = begins + broken_at[row]
        gained = 0.0
        for one in range(len(telling)):
            if telling[one]:
                string, place = text[at[one] : at[one + 1]], np.int64(first[one, start + i])
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
        gained *= np.float64(SUNK[here & DEEP])
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
    start: Int,
    scores: Array,
    least: float,
    text: Array,
    at: Array,
    most: float,
) -> None:
    """Let passages with at least a score gain by how close together the strings stand in them; see `stand`.

    `most` is what a passage gains whose strings touch.
    """
    codes, folds, cell, told = view[0], view[1], view[2], view[3]
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
        passage, here = passages[i], told[passages[i]]
        if here & ROLLED:
            continue
        ends = (np.int64(cell[passage]) << 4) + np.int64(here >> LENGTH_BITS)
        held = 0
        for one in range(strings):
            string, place = text[at[one] : at[one + 1]], np.int64(first[one, start + i])
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
        gained *= np.float64(SUNK[here & DEEP])
        scores[i] = np.float32(np.float64(scores[i]) + gained)


@compiled
def ranked(
    table: Array,
    size: Int,
    frequent: Int,
    text: Array,
    at: Array,
    counts: Array,
    ends: Array,
    passages: Array,
    often: Array,
    first: Array,
) -> Array:
    """Return the score of each passage that `lists.listed` found; all after `frequent` is what that returns.

    Args:
        table: The segments, of `size` passages in all.
        frequent: That of `weigh`.
    """
    scores = np.empty(len(passages), np.float32)
    if not len(passages):
        return scores
    weights, telling = weigh(counts, at, size, frequent)
    for i in range(len(table)):
        start, end = ends[i], ends[i + 1]
        if start < end:
            told, here = texts(table, i)[3], passages[start:end]
            score(told, ranks(table, i), here, often, weights, start, scores[start:end])
    if telling.max() > 0:
        least = bound(scores, READ_FOR_STANDING)
        for i in range(len(table)):
            start, end, row = ends[i], ends[i + 1], text[min(i, len(text) - 1)]
            if start < end:
                read = texts(table, i), ranks(table, i), passages[start:end], first, start, scores[start:end]
                stand(*read, least, row, at, telling)
    if len(weights) > 1:
        least, most = bound(scores, READ_FOR_PROXIMITY), PROXIMITY * weights.sum()
        for i in range(len(table)):
            start, end, row = ends[i], ends[i + 1], text[min(i, len(text) - 1)]
            if start < end:
                near = texts(table, i), passages[start:end], first, start, scores[start:end]
                draw_near(*near, least, row, at, most)
    return scores


@compiled
def best(table: Array, ends: Array, passages: Array, scores: Array, last: Int) -> tuple[Array, Array, Array]:
    """Return the segments, the numbers and the scores of the best passages, as many as there are down to number `last`.

    They come by score, newer first among equals, then in their order.

    Args:
        table: The segments.
        ends: Where the passages of each begin, one entry more than there are segments.
        passages: Ascending in each segment; `scores` beside them.
    """
    where, found = np.empty(last, np.int32), np.empty(last, np.uint32)
    found_scores, days = np.empty(last, np.float32), np.empty(last, np.int32)
    held = 0
    for which in range(len(table) if last else 0):
        beside = ranks(table, which)
        dates, record_of = beside[2], beside[3]
        for i in range(ends[which], ends[which + 1]):
            score = scores[i]
            if held == last and score < found_scores[held - 1]:
                continue
            day = dates[record_of[passages[i]]]
            if held == last:
                if score == found_scores[held - 1] and day <= days[held - 1]:
                    continue
                held -= 1
            at = held
            while at and (score > found_scores[at - 1] or (score == found_scores[at - 1] and day > days[at - 1])):
                found[at], found_scores[at] = found[at - 1], found_scores[at - 1]
                days[at], where[at] = days[at - 1], where[at - 1]
                at -= 1
            found[at], found_scores[at], days[at], where[at] = passages[i], score, day, which
            held += 1
    return where[:held], found[:held], found_scores[:held]


@compiled
def answer(
    table: Array, joined: Array, masks: Array, size: Int, frequent: Int, passed: Int, last: Int
) -> tuple[Int, Array, Array, Array, Array, bool]:
    """Return how many passages hold the strings; the best ones as `best` does; and what `lay_out` gives of these.

    The whole of a query: its best down to number `last`, without the first ones that are passed over. The other
    arguments are those of `lists.listed` and `ranked`.
    """
    text, at, counts, ends, passages, often, first = listed(table, joined, masks)
    scores = ranked(table, size, frequent, text, at, counts, ends, passages, often, first)
    return len(passages), *_page(table, ends, passages, scores, passed, last)


@compiled
def led(
    table: Array, joined: Array, rows: Array, size: Int, passed: Int, last: Int
) -> tuple[Int, Array, Array, Array, Array, bool]:
    """Return what `answer` does for a single frequent string, from its leaders; no passages at all if they do not do.

    `rows` tells for each segment where the leaders of the string are among those of all strings.
    """
    text, at = part(joined)
    ends = np.zeros(len(table) + 1, np.int64)
    total: Int = 0
    counted: Int = 0
    room: Int = 0
    for i in range(len(table)):
        view, lead = texts(table, i), leading(table, i)
        counted += look_up(view[5], view[6], text[min(i, len(text) - 1)], at, PAIR_BITS)[1][0]
        total += lead[0][rows[i]]
        room += np.int64(lead[1][rows[i] + 1]) - np.int64(lead[1][rows[i]])
        ends[i + 1] = room
    weight = np.float32(spread(size, counted) * GAIN)
    passages, scores = np.empty(room, np.uint32), np.empty(room, np.float32)
    for i in range(len(table)):
        told, (of_length, of_all) = texts(table, i)[3], ranks(table, i)[0]
        _, lead_start, lead_passage, lead_tf, lead_lifted, lead_level, deep = leading(table, i)
        fallen, begin = 0, np.int64(lead_start[rows[i]])
        for at_all in range(ends[i], ends[i + 1]):
            j = begin + at_all - ends[i]
            passage, count = lead_passage[j], np.float32(lead_tf[j])
            if len(deep):
                fallen += deep[passage] != lead_level[j]
            here = told[passage]
            gained = count * weight / (count + (np.float32(here >> LENGTH_BITS) * of_length + of_all))
            if lead_lifted[j]:
                gained *= TITLE
            if here & ROLLED:
                gained *= ROLL_FACTOR
            passages[at_all], scores[at_all] = passage, gained * SUNK[here & DEEP]
        if DEPTH - fallen < last:
            total, ends[:] = 0, 0
            break
    return total, *_page(table, ends, passages, scores, passed, last)


@compiled
def _page(
    table: Array, ends: Array, passages: Array, scores: Array, passed: Int, last: Int
) -> tuple[Array, Array, Array, Array, bool]:
    """Return the best passages down to number `last` without the first ones, and their texts laid out."""
    where, found, found_scores = best(table, ends, passages, scores, last)
    where, found = where[passed:], found[passed:]
    return where, found, found_scores[passed:], *lay_out(table, where, found)
