"""Where strings stand: in a whole segment, in the passages that are left of it, single characters too; compiled loops.

The list of a string is that of its rarest pair; at each of its addresses the other characters are compared. Addresses
come in blocks: what an address leads to is read for the whole block before anything is decided by it, so that the
processor waits for many lines of memory at once, and not for one after each guess that was wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, Int, View, bits_set, compiled
from indexer.engines.whoosh.kernels.table import LENGTH_BITS
from indexer.engines.whoosh.postings import LONG

# Addresses that are looked at together, and numbers of a list that are passed over by one look.
BLOCK, STEP = 128, np.uint64(8)


@compiled
def _list_at(view: View, row: Int) -> tuple[Int, Int, Int]:
    """Return where list number `row` begins, its row in the buckets (-1 for a short list), and its length."""
    count, start, long = view[6], view[7], view[11]
    if count[row] < LONG:
        return np.int64(start[row]), -1, np.int64(count[row])
    return np.int64(start[row]), np.searchsorted(long, row), np.int64(count[row])


@compiled
def passage_of(begun: Array, cell: Any) -> Any:
    """Return the passage of a cell; `begun` is that of a segment."""
    word, within = (cell >> np.uint64(6)) << np.uint64(1), cell & np.uint64(63)
    until = (np.uint64(2) << within) - np.uint64(1)
    return begun[word + np.uint64(1)] + bits_set(begun[word] & until) - np.uint64(1)


@compiled
def every(
    view: View, string: Array, row: Int, gram: Int, passages: Array, often: Array, first: Array, mask: Array
) -> Int:
    """Note all passages that hold a string; return how many."""
    codes, folds, begun = view[0], view[1], view[4]
    if len(string) > len(codes):
        return 0
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    start, long, count = _list_at(view, row)
    size, one = np.uint64(len(string)), np.uint64(1)
    furthest, behind = np.int64(len(codes) - len(string)), np.uint64(len(string) - 1)
    begins = np.empty(BLOCK, np.int64)
    touched = np.empty(BLOCK, codes.dtype)
    found, last = np.uint64(0), np.int64(-1)
    for part in range(width if long >= 0 else 1):
        many = np.int64(bucket[long * width + part]) if long >= 0 else count
        base = (part << 16) - gram
        for block in range(0, many, BLOCK):
            here, at = np.uint64(min(BLOCK, many - block)), np.uint64(start + block)
            for i in range(here):
                begins[i] = (np.int64(low[at + i]) if long >= 0 else np.int64(short[at + i])) + base
                if size > 2:
                    begin = np.uint64(min(max(begins[i], 0), furthest))
                    touched[i] = codes[begin] + codes[begin + behind]
            for i in range(here):
                if size > 2:
                    if begins[i] < 0 or begins[i] > furthest:
                        continue
                    begin, j = np.uint64(begins[i]), np.uint64(0)
                    while j < size and folds[codes[begin + j]] == string[j]:
                        j += one
                    if j < size:
                        continue
                passage = passage_of(begun, np.uint64(begins[i]) >> np.uint64(4))
                if np.int64(passage) == last:
                    often[found - one] += 1
                elif not len(mask) or mask[passage]:
                    passages[found], often[found], first[found] = passage, 1, begins[i]
                    found += one
                    last = np.int64(passage)
        start += many
    return np.int64(found)


@compiled
def _skip(values: Array, i: Int, end: Int, wanted: Any) -> Int:
    """Return the first place from `i` on, before `end`, at which ascending values are `wanted` or more."""
    while i + STEP <= end and values[i + STEP - np.uint64(1)] < wanted:
        i += STEP
    if i + STEP <= end:
        less = np.uint64(0)
        for j in range(STEP):
            less += np.uint64(values[i + j] < wanted)
        return i + less
    while i < end and values[i] < wanted:
        i += np.uint64(1)
    return i


@compiled
def among(
    view: View, string: Array, row: Int, gram: Int, passages: Array, often: Array, first: Array, found: Int
) -> None:
    """Count a string in passages (ascending), and tell where each has it first."""
    codes, folds, cell, told = view[0], view[1], view[2], view[3]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    start, long, count = _list_at(view, row)
    size, one = np.uint64(len(string)), np.uint64(1)
    furthest, behind = np.int64(len(codes) - len(string)), np.uint64(len(string) - 1)
    last = width - 1 if long >= 0 else 0
    part = base = np.int64(0)
    i, end = np.uint64(start), np.uint64(start + (np.int64(bucket[long * width]) if long >= 0 else count))
    begins, ends = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    # Where the string may stand, and in which of the passages: compared when there are enough of them.
    places, owners = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    touched = np.empty(BLOCK, codes.dtype)
    held = np.uint64(0)
    for block in range(0, found, BLOCK):
        here = np.uint64(min(BLOCK, found - block))
        for k in range(here):
            passage = passages[np.uint64(block) + k]
            # The pair stands `gram` characters behind the beginning of the string.
            begins[k] = (np.int64(cell[passage]) << 4) + gram
            ends[k] = begins[k] + np.int64(told[passage] >> LENGTH_BITS)
        for k in range(here):
            at = np.uint64(block) + k
            often[at] = 0
            while part < last and part < begins[k] >> 16:
                part += 1
                i, end = end, end + np.uint64(bucket[long * width + part])
            if long >= 0 and part < begins[k] >> 16:  # the list ends before the passage
                continue
            base = part << 16
            if base < begins[k]:
                i = _skip(low, i, end, begins[k] - base) if long >= 0 else _skip(short, i, end, begins[k])
            while True:
                while i == end and part < last:
                    part += 1
                    base += 1 << 16
                    end += np.uint64(bucket[long * width + part])
                if i == end:
                    break
                place = (np.int64(low[i]) if long >= 0 else np.int64(short[i])) + base
                if place >= ends[k]:
                    break
                i += one
                place -= gram
                if size == 2:
                    first[at] = first[at] if often[at] else place
                    often[at] += 1
                elif place <= furthest:
                    places[held], owners[held] = place, at
                    touched[held] = codes[np.uint64(place)] + codes[np.uint64(place) + behind]
                    held += one
                    if held == BLOCK:
                        _compare(codes, folds, string, places, owners, held, often, first)
                        held = np.uint64(0)
    _compare(codes, folds, string, places, owners, held, often, first)


@compiled
def _compare(
    codes: Array, folds: Array, string: Array, places: Array, owners: Array, held: Int, often: Array, first: Array
) -> None:
    """Count a string for its owners at those of the first `held` places at which it stands."""
    size, one = np.uint64(len(string)), np.uint64(1)
    for i in range(held):
        j = np.uint64(0)
        while j < size and folds[codes[places[i] + j]] == string[j]:
            j += one
        if j == size:
            owner = owners[i]
            first[owner] = first[owner] if often[owner] else places[i]
            often[owner] += 1


@compiled
def mark_character(view: View, row: Int, most: Int, held: Array) -> None:
    """Mark the passages that hold a character, whose pairs begin at a row and occur so often in all.

    Its lists are many and each leads through the whole segment: they set a bit for each cell, which all stay in the
    cache; what passages these cells are of is told once, when all lists are done.
    """
    begun, count, starts = view[4], view[6], view[7]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    long = np.searchsorted(view[11], row)
    one, within, sixty_four = np.uint64(1), np.uint64(63), np.uint64(6)
    cells = np.zeros(len(begun) >> 1, np.uint64)
    while most > 0:
        many, start = np.int64(count[row]), np.int64(starts[row])
        if many < LONG:
            for place in short[start : start + many]:
                cell = np.uint64(place) >> np.uint64(4)
                cells[cell >> sixty_four] |= one << (cell & within)
        else:
            for part in range(width):
                here = np.int64(bucket[long * width + part])
                near = cells[part << 6 :]
                for place in low[start : start + here]:
                    cell = np.uint64(place) >> np.uint64(4)
                    near[cell >> sixty_four] |= one << (cell & within)
                start += here
            long += 1
        most -= many
        row += 1
    none = np.uint64(0)
    for i in range(len(cells)):
        marked, begins, passage = cells[i], begun[2 * i], begun[2 * i + 1]
        # The lowest bit of a number is what it has in common with its negative; one less are all bits below.
        if marked & ((begins & (none - begins)) - one):
            held[passage - one] = True
        while begins:
            next_ones = begins & (begins - one)
            own = (next_ones & (none - next_ones)) - (begins & (none - begins))
            held[passage] = (marked & own) != none
            passage += one
            begins = next_ones


@compiled
def with_character(
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
    codes, folds, cell, told, begun, keys = view[0], view[1], view[2], view[3], view[4], view[5]
    short, low, bucket, width = view[8], view[9], view[10], view[12]
    characters = np.int64(0)
    for i in range(found):
        characters += told[passages[i]] >> LENGTH_BITS
    if n and characters < most:
        for i in range(found):
            begins = np.int64(cell[passages[i]]) << 4
            often[i], first[i] = 0, begins
            for j in range(begins, begins + np.int64(told[passages[i]] >> LENGTH_BITS)):
                often[i] += folds[codes[j]] == code
        return found
    held = np.zeros(len(told), np.int32)
    left = most
    while left > 0 and row < len(keys):
        start, long, count = _list_at(view, row)
        left -= count
        for part in range(width if long >= 0 else 1):
            many = np.int64(bucket[long * width + part]) if long >= 0 else count
            for i in range(start, start + many):
                begin = np.int64(low[i]) | part << 16 if long >= 0 else np.int64(short[i])
                held[passage_of(begun, np.uint64(begin) >> np.uint64(4))] += 1
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
