"""Which passages of a segment hold all of some strings, how often each holds them, and where first: compiled loops.

The same lists and the same answers as `strings.py` and `evaluate.py`, walked number by number: the rarest string's list
once, and the lists of the others only near what is left. Segments come as a table (table.py).
"""

from __future__ import annotations

from codecs import utf_32_le_encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, Int, View, array_at, compiled
from indexer.engines.whoosh.kernels.occurrences import among, every, mark_character, with_character
from indexer.engines.whoosh.kernels.table import texts
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import FIRST_ESCAPE

# The code of a character that a segment cannot have, and how far the first code of a pair is shifted in its key.
NO_CODE, PAIR_BITS = 0xFFFFFFFF, 16
FIRST_RARE = chr(FIRST_ESCAPE)
# Stands between strings; no stream holds it.
PARTING = "\n"
PARTING_CODE = ord(PARTING)


def codes(segments: Sequence[Segment], streams: Sequence[str]) -> Array:
    """Return the codes of strings, parted, in one row for all segments; where these write a character otherwise, in one
    row each. NO_CODE stands for a character that a segment cannot have.
    """
    whole = PARTING.join(streams)
    if max(whole) < FIRST_RARE:  # then the code of a character is its code point
        return np.frombuffer(utf_32_le_encode(whole)[0], np.uint32).reshape(1, -1)
    rows = [[code if code >= 0 else NO_CODE for code in segment.query_codes(whole)] for segment in segments]
    held = [[PARTING_CODE if one == PARTING else code for one, code in zip(whole, row, strict=True)] for row in rows]
    found = np.array(held, dtype=np.uint32)
    found.flags.writeable = False  # as the other is: loops are compiled for one kind
    return found


@compiled
def part(joined: Array) -> tuple[Array, Array]:
    """Return the codes of strings, one after the other, and where each begins; one entry more than there are strings.

    `joined` is what `codes` gives; there are as many rows of codes as there.
    """
    size, partings = 0, np.int64((joined[0] == PARTING_CODE).sum())
    text, at = np.empty((len(joined), joined.shape[1] - partings), np.uint32), np.zeros(partings + 2, np.int64)
    strings = 0
    for i in range(joined.shape[1]):
        if joined[0, i] == PARTING_CODE:
            strings += 1
            at[strings] = size
        else:
            for row in range(len(joined)):
                text[row, size] = joined[row, i]
            size += 1
    at[strings + 1] = size
    return text, at


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
def note(table: Array, which: Int, joined: Array, held: Array) -> None:
    """Mark the passages of a segment that hold a single character; `joined` is what `codes` gives."""
    view = texts(table, which)
    text, at = part(joined)
    rows, counts = look_up(view[5], view[6], text[min(which, len(text) - 1)], at, PAIR_BITS)
    mark_character(view, rows[0], counts[0], held)


@compiled
def listed(table: Array, joined: Array, masks: Array) -> tuple[Array, Array, Array, Array, Array, Array, Array]:
    """Return which passages of all segments hold all of some strings.

    Args:
        table: The segments.
        joined: The strings, as `codes` gives them.
        masks: Where the mask of each segment lies (table.addresses): which passages are in reach; empty where all are.

    Returns:
        The codes of the strings and where each begins (`part`); how often their pairs occur in all (`look_up`). Where
        the passages of each segment begin among those found, one entry more than there are segments; the passages,
        ascending in each segment, and two tables (string by passage): how often, and where first. The tables may have
        more columns than there are passages. Where a string of one character stands first is told as the beginning of
        the passage.
    """
    text, at = part(joined)
    segments, strings = len(table), len(at) - 1
    pairs = _pairs(at)
    rows, counts = np.empty((segments, pairs), np.int64), np.empty((segments, pairs), np.int64)
    room = 0
    for i in range(segments):
        view = texts(table, i)
        rows[i], counts[i] = look_up(view[5], view[6], text[min(i, len(text) - 1)], at, PAIR_BITS)
        room += _room(at, counts[i], len(view[3]))
    ends = np.zeros(segments + 1, np.int64)
    passages = np.empty(room, np.uint32)
    often, first = np.empty((strings, room), np.int32), np.empty((strings, room), np.uint32)
    for i in range(segments):
        view, mask = texts(table, i), array_at(masks[i, 0], masks[i, 1], np.bool_)
        ends[i + 1] = ends[i]
        if _room(at, counts[i], len(view[3])):
            row = text[min(i, len(text) - 1)]
            ends[i + 1] += select(view, row, at, rows[i], counts[i], mask, ends[i], passages, often, first)
    return text, at, counts.sum(axis=0), ends, passages[: ends[-1]], often, first


@compiled
def _pairs(at: Array) -> Int:
    """Return how many entries `look_up` gives."""
    found = 0
    for i in range(len(at) - 1):
        found += max(1, at[i + 1] - at[i] - 1)
    return found


@compiled
def _room(at: Array, counts: Array, size: Int) -> Int:
    """Return how many passages of a segment of some size hold all strings at most; `counts` are those of `look_up`.

    The list that is walked whole is that of the rarest string, of those of several characters if there are any.
    """
    slot = 0
    least, character = np.int64(-1), np.int64(-1)
    for i in range(len(at) - 1):
        pairs = at[i + 1] - at[i] - 1
        here = counts[slot]
        for j in range(slot + 1, slot + pairs):
            here = min(here, counts[j])
        slot += max(1, pairs)
        if not here:
            return 0
        if pairs:
            least = here if least < 0 else min(least, here)
        else:
            character = here if character < 0 else min(character, here)
    return min(size, character if least < 0 else least)


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
def select(
    view: View,
    text: Array,
    at: Array,
    rows: Array,
    counts: Array,
    mask: Array,
    start: Int,
    passages: Array,
    often: Array,
    first: Array,
) -> Int:
    """Put the passages of a segment that hold all strings, each of which it has, from a place on; return how many.

    Args:
        view: The segment.
        text: The codes of the strings, one after the other; `at` tells where each begins.
        rows: Their pairs, as `look_up` found them; `counts` beside them.
        mask: Which passages are in reach; empty where all are.
        start: The place.
        passages: As many as `_room` tells find room in it; `often` and `first` are the tables that `listed` returns.
    """
    strings = len(at) - 1
    slots, most = np.empty(strings, np.int64), np.empty(strings, np.int64)
    slot_base = np.zeros(strings, np.int64)
    slot = 0
    for i in range(strings):
        best = slot_base[i] = slot
        pairs = max(1, at[i + 1] - at[i] - 1)
        for j in range(slot, slot + pairs):
            if counts[j] < counts[best]:
                best = j
        slots[i], most[i] = best, counts[best]
        slot += pairs
    # Characters come last: theirs are not lists but many lists each.
    order = np.argsort(most + (at[1:] - at[:-1] == 1) * (np.int64(1) << 40))
    here = passages[start:]
    found = 0
    for n in range(strings):
        one = order[n]
        codes = text[at[one] : at[one + 1]]
        row, gram = rows[slots[one]], slots[one] - slot_base[one]
        counted, places = often[one, start:], first[one, start:]
        if len(codes) == 1:
            found = with_character(view, codes[0], row, most[one], here, counted, places, found, n, mask)
        elif n == 0:
            found = every(view, codes, row, gram, here, counted, places, mask)
        else:
            among(view, codes, row, gram, here, counted, places, found)
        if n:
            found = _kept(passages, often, first, order[: n + 1], start, found)
        if not found:
            break
    return found


@compiled
def _kept(passages: Array, often: Array, first: Array, done: Array, start: Int, found: Int) -> Int:
    """Close the gaps of the passages that do not hold the string looked for last; return how many are left.

    They are so many from a place on.
    """
    last = done[-1]
    kept = start
    for i in range(start, start + found):
        if often[last, i]:
            if kept < i:
                passages[kept] = passages[i]
                for one in done:
                    often[one, kept] = often[one, i]
                    first[one, kept] = first[one, i]
            kept += 1
    return kept - start
