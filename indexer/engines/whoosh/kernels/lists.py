"""Which passages of a segment hold all of some strings, how often each holds them, and where first: compiled loops.

The same lists and the same answers as `strings.py` and `evaluate.py`, walked number by number: the rarest string's list
once, and the lists of the others only near what is left. A segment comes as the tuple that `view` makes.

Places in the innermost loops are unsigned: numba looks at each signed one whether it counts from the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.engines.whoosh.kernels.compiling import compiled
from indexer.engines.whoosh.postings import LONG
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import FIRST_ESCAPE

Array = Any
Int = Any  # 64 bits, of numpy or not
View = tuple[Any, ...]
# A list is looked up by the bounds of passages, where it holds so many more numbers than there are passages.
SPARSE = 24
# The code of a character that a segment cannot have, and how far the first code of a pair is shifted in its key.
NO_CODE, PAIR_BITS = 0xFFFFFFFF, 16
FIRST_RARE = chr(FIRST_ESCAPE)


def view(segment: Segment) -> View:
    """Return what the loops read of a segment."""
    grams = segment.grams
    arrays = (segment.codes, segment.folds, segment.cell, segment.length, segment.cell_passage, segment.gram_keys)
    return (*arrays, grams.count, grams.starts, grams.short, grams.low, grams.bucket, grams.long, grams.width)


def codes(segment: Segment, streams: Sequence[str]) -> Array:
    """Return the codes of strings, one after the other; NO_CODE for a character that the segment cannot have."""
    whole = "".join(streams)
    if max(whole) < FIRST_RARE:  # then the code of a character is its code point
        return np.frombuffer(bytearray(whole, "utf-32-le"), np.uint32)
    return np.array([c if c >= 0 else NO_CODE for c in segment.query_codes(whole)], dtype=np.uint32)


@compiled
def look_up(keys: Array, count: Array, text: Array, at: Array, shift: int) -> tuple[Array, Array]:
    """Return the rows of the pairs of strings in the grams, and how often each occurs.

    Args:
        keys: The pairs of the segment, ascending.
        count: How often each occurs.
        text: The codes of the strings, one after the other; see `codes`.
        at: Where each string begins in `text`; one entry more than there are strings.
        shift: How far the first code of a pair is shifted in its key.

    A string of one character has one entry: the first row that begins with it, and how often all of these occur.
    """
    room = 0
    for i in range(len(at) - 1):
        room += max(1, at[i + 1] - at[i] - 1)
    rows, counts = np.zeros(room, np.int64), np.zeros(room, np.int64)
    mask = (np.uint64(1) << np.uint64(shift)) - np.uint64(1)
    slot = 0
    for i in range(len(at) - 1):
        pairs = at[i + 1] - at[i] - 1
        for j in range(max(1, pairs)):
            first = np.uint64(text[at[i] + j])
            second = np.uint64(text[at[i] + j + 1]) if pairs else np.uint64(0)
            if first <= mask and second <= mask:
                wanted = first << np.uint64(shift) | second
                row = _lowest(keys, wanted)
                rows[slot] = row
                if not pairs:
                    while row < len(keys) and np.uint64(keys[row]) >> np.uint64(shift) == first:
                        counts[slot] += count[row]
                        row += 1
                elif row < len(keys) and np.uint64(keys[row]) == wanted:
                    counts[slot] = count[row]
            slot += 1
    return rows, counts


@compiled
def _lowest(keys: Array, wanted: Any) -> Int:
    """Return the first row whose key is `wanted` or more."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) >> 1
        if np.uint64(keys[middle]) < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def select(view: View, text: Array, at: Array, rows: Array, counts: Array, mask: Array) -> tuple[Array, Array, Array]:
    """Return the passages that hold all strings, and two tables (string by passage): how often, and where first.

    The tables may have more columns than there are passages.

    Args:
        view: The segment.
        text: The codes of the strings, one after the other; `at` tells where each begins.
        rows: Their pairs, as `look_up` found them; `counts` beside them.
        mask: Which passages are in reach; empty where all are.

    Passages ascend. Where a string of one character stands first is told as the beginning of the passage.
    """
    strings = len(at) - 1
    slots, most = np.empty(strings, np.int64), np.empty(strings, np.int64)
    slot = 0
    for i in range(strings):
        best = slot
        pairs = max(1, at[i + 1] - at[i] - 1)
        for j in range(slot, slot + pairs):
            if counts[j] < counts[best]:
                best = j
        slots[i], most[i] = best, counts[best]
        slot += pairs
    # Characters come last: theirs are not lists but many lists each.
    order = np.argsort(most + (at[1:] - at[:-1] == 1) * (np.int64(1) << 40))
    rarest = order[0]
    room = min(most[rarest], len(view[3])) if most.min() else 0
    passages = np.empty(room, np.uint32)
    often, first = np.empty((strings, room), np.int32), np.empty((strings, room), np.uint32)
    if not room:
        return passages, often, first
    slot_base = np.zeros(strings, np.int64)
    for i in range(1, strings):
        slot_base[i] = slot_base[i - 1] + max(1, at[i] - at[i - 1] - 1)
    found = 0
    for n in range(strings):
        one = order[n]
        codes = text[at[one] : at[one + 1]]
        row, gram = rows[slots[one]], slots[one] - slot_base[one]
        if len(codes) == 1:
            found = _with_character(view, codes[0], row, most[one], passages, often[one], first[one], found, n, mask)
        elif n == 0:
            found = _every(view, codes, row, gram, passages, often[one], first[one], mask)
        elif most[one] > found * SPARSE and most[one] >= LONG:
            _sparse(view, codes, row, gram, passages, often[one], first[one], found)
        else:
            _dense(view, codes, row, gram, passages, often[one], first[one], found)
        if n:
            found = _kept(passages, often, first, order[: n + 1], found)
        if not found:
            break
    return passages[:found], often, first


@compiled
def _kept(passages: Array, often: Array, first: Array, done: Array, found: Int) -> Int:
    """Close the gaps of the passages that do not hold the string looked for last; return how many are left."""
    last = done[-1]
    kept = 0
    for i in range(found):
        if often[last, i]:
            if kept < i:
                passages[kept] = passages[i]
                for one in done:
                    often[one, kept] = often[one, i]
                    first[one, kept] = first[one, i]
            kept += 1
    return kept


@compiled
def _stands(codes: Array, folds: Array, string: Array, gram: Int, begin: Int) -> bool:
    """Tell whether a string begins at an address where its pair number `gram` is known to stand."""
    if begin + len(string) > len(codes):
        return False
    for j in range(len(string)):
        if j != gram and j != gram + 1 and folds[codes[np.uint64(begin + j)]] != string[j]:
            return False
    return True


@compiled
def _part(view: View, row: Int) -> tuple[Int, Int, Int]:
    """Return where list number `row` begins, its row in the buckets (-1 for a short list), and its length."""
    count, start, long = view[6], view[7], view[11]
    if count[row] < LONG:
        return np.int64(start[row]), -1, np.int64(count[row])
    return np.int64(start[row]), np.searchsorted(long, row), np.int64(count[row])


@compiled
def _every(
    view: View, string: Array, row: Int, gram: Int, passages: Array, often: Array, first: Array, mask: Array
) -> Int:
    """Note all passages that hold a string; return how many."""
    codes, folds, cell_passage = view[0], view[1], view[4]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    start, long, count = _part(view, row)
    found: Int = 0
    last: Int = -1
    for part in range(width if long >= 0 else 1):
        many = np.int64(bucket[long * width + part]) if long >= 0 else count
        base = (part << 16) - gram
        for i in range(np.uint64(start), np.uint64(start + many)):
            begin = (np.int64(low[i]) if long >= 0 else np.int64(short[i])) + base
            if begin < 0 or (len(string) > 2 and not _stands(codes, folds, string, gram, begin)):
                continue
            passage = np.uint64(cell_passage[np.uint64(begin) >> np.uint64(4)])
            if np.int64(passage) == last:
                often[np.uint64(found - 1)] += 1
            elif not len(mask) or mask[passage]:
                at = np.uint64(found)
                passages[at], often[at], first[at] = passage, 1, begin
                found += 1
                last = np.int64(passage)
        start += many
    return found


@compiled
def _dense(
    view: View, string: Array, row: Int, gram: Int, passages: Array, often: Array, first: Array, found: Int
) -> None:
    """Count a string in passages, walking its whole list."""
    codes, folds, cell, length = view[0], view[1], view[2], view[3]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    start, long, count = _part(view, row)
    at = 0
    often[:found] = 0
    begins = np.int64(cell[passages[0]]) << 4
    ends = begins + length[passages[0]]
    for part in range(width if long >= 0 else 1):
        many = np.int64(bucket[long * width + part]) if long >= 0 else count
        if long >= 0 and (part + 1) << 16 <= begins:  # nothing of this part reaches the next passage
            start += many
            continue
        base = (part << 16) - gram
        for i in range(np.uint64(start), np.uint64(start + many)):
            begin = (np.int64(low[i]) if long >= 0 else np.int64(short[i])) + base
            if begin < begins:
                continue
            while begin >= ends:
                at += 1
                if at == found:
                    return
                begins = np.int64(cell[passages[at]]) << 4
                ends = begins + length[passages[at]]
            if begin >= begins and (len(string) == 2 or _stands(codes, folds, string, gram, begin)):
                if not often[at]:
                    first[at] = begin
                often[at] += 1
        start += many


@compiled
def _sparse(
    view: View, string: Array, row: Int, gram: Int, passages: Array, often: Array, first: Array, found: Int
) -> None:
    """Count a string in passages, looking its long list up by the bounds of each."""
    codes, folds, cell, length = view[0], view[1], view[2], view[3]
    low, bucket, width = view[9], view[10], view[12]
    start, long, _ = _part(view, row)
    part, before = 0, start
    for at in range(found):
        begins = np.int64(cell[passages[at]]) << 4
        ends = begins + length[passages[at]]
        often[at] = 0
        # The pair stands `gram` characters behind the beginning of the string.
        wanted = begins + gram
        while part < wanted >> 16 and part < width - 1:
            before += np.int64(bucket[long * width + part])
            part += 1
        if part < wanted >> 16:
            continue
        lowest, highest = before, before + np.int64(bucket[long * width + part])
        here, rest = highest, wanted & 0xFFFF
        while lowest < highest:
            middle = (lowest + highest) >> 1
            if low[middle] < rest:
                lowest = middle + 1
            else:
                highest = middle
        i, inside, begun = lowest, part, before
        while True:
            while i == here:
                begun = here
                inside += 1
                if inside == width:
                    break
                here = begun + np.int64(bucket[long * width + inside])
            if inside == width:
                break
            begin = (np.int64(low[i]) | inside << 16) - gram
            if begin >= ends:
                break
            if len(string) == 2 or _stands(codes, folds, string, gram, begin):
                if not often[at]:
                    first[at] = begin
                often[at] += 1
            i += 1


@compiled
def mark_character(view: View, row: Int, most: Int, held: Array) -> None:
    """Mark the passages that hold a character, whose pairs begin at a row and occur so often in all."""
    cell_passage, count, starts = view[4], view[6], view[7]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    long = np.searchsorted(view[11], row)
    while most > 0:
        many, start = np.int64(count[row]), np.int64(starts[row])
        if many < LONG:
            for place in short[start : start + many]:
                held[cell_passage[place >> np.uint32(4)]] = True
        else:
            for part in range(width):
                here = np.int64(bucket[long * width + part])
                cells = cell_passage[part << 12 :]
                for place in low[start : start + here]:
                    held[cells[place >> np.uint16(4)]] = True
                start += here
            long += 1
        most -= many
        row += 1


@compiled
def _with_character(
    view: View,
    code: Int,
    row: Int,
    most: Int,
    passages: Array,
    often: Array,
    first: Array,
    found: Int,
    n: Int,
    mask: Array,
) -> Int:
    """Count a single character: in all passages where it is the first string (n = 0), else in those found so far.

    A few passages are read; otherwise all lists of pairs that begin with the character are walked.
    """
    codes, folds, cell, length, cell_passage, keys = view[0], view[1], view[2], view[3], view[4], view[5]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    characters = np.int64(0)
    for i in range(found):
        characters += length[passages[i]]
    if n and characters < most:
        for i in range(found):
            begins = np.int64(cell[passages[i]]) << 4
            often[i], first[i] = 0, begins
            for j in range(begins, begins + length[passages[i]]):
                often[i] += folds[codes[j]] == code
        return found
    held = np.zeros(len(length), np.int32)
    left = most
    while left > 0 and row < len(keys):
        start, long, count = _part(view, row)
        left -= count
        for part in range(width if long >= 0 else 1):
            many = np.int64(bucket[long * width + part]) if long >= 0 else count
            for i in range(start, start + many):
                begin = np.int64(low[i]) | part << 16 if long >= 0 else np.int64(short[i])
                held[cell_passage[begin >> 4]] += 1
            start += many
        row += 1
    if n:
        for i in range(found):
            often[i], first[i] = held[passages[i]], cell[passages[i]] << 4
        return found
    for passage in range(len(held)):
        if held[passage] and (not len(mask) or mask[passage]):
            passages[found], often[found], first[found] = passage, held[passage], cell[passage] << 4
            found += 1
    return found
