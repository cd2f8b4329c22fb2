"""Which passages of a segment hold all of some strings, how often each holds them, and where first: compiled loops.

The same lists and the same answers as `strings.py` and `evaluate.py`, walked number by number: the rarest string's list
once, and the lists of the others only near what is left. A segment comes as the tuple that `view` makes.
"""

from __future__ import annotations

from codecs import utf_32_le_encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, Int, View, compiled
from indexer.engines.whoosh.kernels.occurrences import among, every, mark_character, with_character
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import FIRST_ESCAPE

# The code of a character that a segment cannot have, and how far the first code of a pair is shifted in its key.
NO_CODE, PAIR_BITS = 0xFFFFFFFF, 16
FIRST_RARE = chr(FIRST_ESCAPE)
# Stands between strings; no stream holds it.
PARTING = "\n"
PARTING_CODE = ord(PARTING)


def view(segment: Segment) -> View:
    """Return what the loops read of a segment."""
    grams = segment.grams
    arrays = (segment.codes, segment.folds, segment.cell, segment.length, segment.cell_passage, segment.gram_keys)
    return (*arrays, grams.count, grams.starts, grams.short, grams.low, grams.bucket, grams.long, grams.width)


def codes(segment: Segment, streams: Sequence[str]) -> Array:
    """Return the codes of strings, parted; NO_CODE for a character that the segment cannot have."""
    whole = PARTING.join(streams)
    if max(whole) < FIRST_RARE:  # then the code of a character is its code point
        return np.frombuffer(utf_32_le_encode(whole)[0], np.uint32)
    held = [code if code >= 0 else NO_CODE for code in segment.query_codes(whole)]
    held = [PARTING_CODE if one == PARTING else code for one, code in zip(whole, held, strict=True)]
    found = np.array(held, dtype=np.uint32)
    found.flags.writeable = False  # as the other is: loops are compiled for one kind
    return found


@compiled
def part(joined: Array) -> tuple[Array, Array]:
    """Return the codes of strings, one after the other, and where each begins; one entry more than there are strings.

    `joined` is what `codes` gives.
    """
    text, at = np.empty_like(joined), np.zeros(len(joined) + 2, np.int64)
    size, strings = 0, 0
    for code in joined:
        if code == PARTING_CODE:
            strings += 1
            at[strings] = size
        else:
            text[size] = code
            size += 1
    at[strings + 1] = size
    return text[:size], at[: strings + 2]


@compiled
def look_up(keys: Array, count: Array, text: Array, at: Array, shift: int) -> tuple[Array, Array]:
    """Return the rows of the pairs of strings in the grams, and how often each occurs.

    Args:
        keys: The pairs of the segment, ascending.
        count: How often each occurs.
        text: The codes of the strings, one after the other; `at` tells where each begins. See `part`.
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
def note(view: View, joined: Array, held: Array) -> None:
    """Mark the passages of a segment that hold a single character; `joined` is what `codes` gives."""
    text, at = part(joined)
    rows, counts = look_up(view[5], view[6], text, at, PAIR_BITS)
    mark_character(view, rows[0], counts[0], held)


@compiled
def listed(view: View, joined: Array, mask: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Return strings and where each begins, how often their pairs occur in a segment, and what `select` tells of it.

    `joined` is what `codes` gives, `mask` that of `select`.
    """
    text, at = part(joined)
    rows, counts = look_up(view[5], view[6], text, at, PAIR_BITS)
    return text, at, counts, *select(view, text, at, rows, counts, mask)


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
            found = with_character(view, codes[0], row, most[one], passages, often[one], first[one], found, n, mask)
        elif n == 0:
            found = every(view, codes, row, gram, passages, often[one], first[one], mask)
        else:
            among(view, codes, row, gram, passages, often[one], first[one], found)
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
