"""The related tier in compiled loops: the lists of a question's words added up, and the best passages read again.

The same sums as `related.py` and `rescore.py`, which tell the reasons. A segment's words come as the tuple of `view`.
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.kernels.compiling import Array, Int, View, compiled
from indexer.engines.whoosh.kernels.heap import replace_least
from indexer.engines.whoosh.postings import LONG
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import K1

GAIN = np.float32(K1 + 1)
DELTA, CHARACTERS, PAIRS = np.float32(ranking.DELTA), np.float32(ranking.CHARACTERS), np.float32(ranking.PAIRS)


def view(segment: Segment) -> View:
    """Return what the loops read of the words of a segment."""
    words = segment.words
    lists = (words.count, words.starts, words.short, words.low, words.bucket, words.long, words.width)
    return (*lists, segment.arrays["word_first"], segment.arrays["word_tf"])


@compiled
def add(view: View, rows: Array, gains: Array, norms: Array, found: Array) -> Array:
    """Add to the scores of all passages, which are 0, what words give them; return the passages above 0, in no order.

    `gains` are the weights of the words times k1 + 1.
    """
    count, start, short, low, bucket, long, width, first, often = view
    room = 0
    for row in rows:
        room += count[row]
    above, held = np.empty(room, np.uint32), 0
    for one in range(len(rows)):
        row, gain = rows[one], gains[one]
        begin, tf, many = np.int64(start[row]), np.int64(first[row]), np.int64(count[row])
        is_long = many >= LONG
        place = np.searchsorted(long, row) * width if is_long else 0
        for part in range(width if is_long else 1):
            if is_long:
                many = np.int64(bucket[place + part])
            for _ in range(many):
                passage = np.int64(low[begin]) | part << 16 if is_long else np.int64(short[begin])
                counted, before = np.float32(often[tf]), found[passage]
                above[held] = passage
                held += before == 0
                found[passage] = before + counted * gain / (counted + norms[passage])
                begin += 1
                tf += 1
    return above[:held]


@compiled
def mark(view: View, rows: Array, found: Array) -> None:
    """Mark all passages that hold any of the words."""
    count, start, short, low, bucket, long, width, _, _ = view
    for row in rows:
        begin = np.int64(start[row])
        if count[row] < LONG:
            for i in range(np.int64(count[row])):
                found[short[begin + i]] = True
            continue
        place = np.searchsorted(long, row) * width
        for part in range(width):
            base = part << 16
            for _ in range(bucket[place + part]):
                found[base | np.int64(low[begin])] = True
                begin += 1


@compiled
def highest(scores: Array, among: Array, k: int) -> tuple[int, Array]:
    """Return how many of some scores are above 0, and the k highest, or all where there are no more, in no order."""
    heap, held, above = np.empty(k, np.float32), 0, 0
    for i in among:
        score = scores[i]
        if score <= 0:
            continue
        above += 1
        if held < k:
            heap[held] = score
            held += 1
            if held == k:
                heap.sort()  # an ascending array is a heap with the least on top
        elif score > heap[0]:
            replace_least(heap, score)
    return above, heap[:held]


@compiled
def from_score(scores: Array, among: Array, least: float) -> Array:
    """Return which of some passages have at least a score, ascending."""
    held = 0
    for i in among:
        held += scores[i] >= least
    found = np.empty(held, np.int64)
    held = 0
    for i in among:
        if scores[i] >= least:
            found[held] = i
            held += 1
    return np.sort(found)


@compiled
def again(
    texts: View,
    words: View,
    rows: Array,
    gains: Array,
    norms: Array,
    passages: Array,
    found: Array,
    numbers: Array,
    pairs: Array,
    character_weights: Array,
    pair_weights: Array,
) -> None:
    """Add to the scores of passages (ascending) what the common words of a question, its characters and pairs give.

    Args:
        texts: The segment's codes, folds, and the cells and lengths of its passages; `words` is what `view` gives.
        rows: The common words, with `gains` as for `add`.
        norms: Of all passages of the segment.
        found: The scores, changed in place.
        numbers: Of each code the number of the question's character, from 1 on; 0 for all others.
        pairs: Of two such numbers the number of the question's pair, 0 where it has none.
        character_weights: Of the characters; `pair_weights` of the pairs.
    """
    codes, folds, cell, length = texts
    for one in range(len(rows)):
        _add_to(words, rows[one], gains[one], norms, passages, found)
    characters = np.empty(len(character_weights) + 1, np.float32)
    two = np.empty(len(pair_weights) + 1, np.float32)
    for i in range(len(passages)):
        passage = passages[i]
        characters[:] = 0
        two[:] = 0
        begin = np.int64(cell[passage]) << 4
        before: Int = 0
        for j in range(begin, begin + length[passage]):
            number = np.int64(numbers[folds[codes[j]]])
            if number:
                characters[number] += 1
                if before:
                    two[pairs[before, number]] += 1
            before = number
        norm = norms[passage]
        of_characters, of_pairs = np.float32(0), np.float32(0)
        for j in range(1, len(characters)):
            if characters[j]:
                of_characters += (characters[j] * GAIN / (characters[j] + norm) + DELTA) * character_weights[j - 1]
        for j in range(1, len(two)):
            if two[j]:
                of_pairs += (two[j] * GAIN / (two[j] + norm) + DELTA) * pair_weights[j - 1]
        found[i] += CHARACTERS * of_characters + PAIRS * of_pairs


@compiled
def _add_to(view: View, row: int, gain: float, norms: Array, passages: Array, found: Array) -> None:
    """Add to the scores of some passages (ascending) what a word gives them, looking each up in its list."""
    count, start, short, low, bucket, long, width, first, often = view
    short_list = count[row] < LONG
    place = 0 if short_list else np.searchsorted(long, row) * width
    begin, tf = np.int64(start[row]), np.int64(first[row])
    part, low_end, high_end = -1, begin, begin + (np.int64(count[row]) if short_list else 0)
    at = begin
    for i in range(len(passages)):
        passage = passages[i]
        if not short_list:
            while part < passage >> 16 and part < width - 1:
                part += 1
                low_end = high_end
                high_end += np.int64(bucket[place + part])
                at = low_end
            if part < passage >> 16:
                return
        # Steps that double, from where the passage before was found, and then halves.
        step, lowest = 1, at
        if short_list:
            while lowest + step < high_end and short[lowest + step] < passage:
                lowest += step
                step *= 2
        else:
            while lowest + step < high_end and low[lowest + step] < passage & 0xFFFF:
                lowest += step
                step *= 2
        highest_place = min(high_end, lowest + step)
        while lowest < highest_place:
            middle = (lowest + highest_place) >> 1
            value = np.int64(short[middle]) if short_list else np.int64(low[middle]) | part << 16
            if value < passage:
                lowest = middle + 1
            else:
                highest_place = middle
        at = lowest
        if at < high_end:
            value = np.int64(short[at]) if short_list else np.int64(low[at]) | part << 16
            if value == passage:
                counted = np.float32(often[tf + at - begin])
                found[i] += counted * gain / (counted + norms[passage])
