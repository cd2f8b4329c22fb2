"""Segments as compiled loops read them: one table of where the arrays of each lie in memory.

Every array that a loop is called with is looked at first, 0.2 µs each, and a query reads some twenty of each segment:
so it is called with one array for all segments. Who has a table keeps the arrays; the table itself does not.

    table[segment, array]    address, number of entries
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, Int, View, array_at, compiled

# What the arrays of a segment hold, in their order; see `texts`, `ranks`, `patches` and `leading`.
TEXTS: tuple[Any, ...] = (
    *(np.uint16, np.uint16, np.uint32, np.uint32, np.uint64, np.uint32),
    *(np.uint32, np.uint32, np.uint32, np.uint16, np.uint32, np.uint32),
)
RANKS: tuple[Any, ...] = (np.float32, np.uint32, np.int32, np.uint32, np.uint32, np.int64)
PATCHES: tuple[Any, ...] = (np.uint32, np.uint32, np.uint32)
LEADING: tuple[Any, ...] = (np.uint32, np.uint32, np.uint32, np.uint32, np.bool_, np.uint8, np.uint8)
KINDS = (*TEXTS, *RANKS, *PATCHES, *LEADING)
# How many arrays come before those of each.
BEFORE_RANKS, BEFORE_PATCHES = len(TEXTS), len(TEXTS) + len(RANKS)
BEFORE_LEADING = BEFORE_PATCHES + len(PATCHES)
# What is told of a passage in 32 bits: its length, behind it whether it stands under a heading and whether it is a roll
# of attendance, and how much of it is boilerplate (boilerplate.py).
LENGTH_BITS = 8
UNDER, ROLLED, DEEP = 16, 8, 7
LONGEST = 1 << (32 - LENGTH_BITS)


def table(segments: Sequence[Iterable[Array]]) -> tuple[Array, list[Array]]:
    """Return the table of segments whose arrays come in the order of KINDS, and what is to be kept as long as it is."""
    kept = [
        np.ascontiguousarray(array, dtype=kind)
        for arrays in segments
        for array, kind in zip(arrays, KINDS, strict=True)
    ]
    return addresses(kept).reshape(len(segments), len(KINDS), 2), kept


def addresses(arrays: Sequence[Array]) -> Array:
    """Return where arrays lie in memory, and how many entries each has."""
    return np.array([(array.ctypes.data, array.size) for array in arrays], dtype=np.uint64)


@compiled
def texts(table: Array, which: Int) -> View:
    """Return what strings are found in.

    These are the codes, their folds, the first cell of each passage, what is told of it (LENGTH_BITS), where passages
    begin (Segment.begun), and the lists of Segment.grams: keys, count, starts, short, low, bucket, long, width.
    """
    at = table[which]
    bucket = array_at(at[10, 0], at[10, 1], np.uint32)
    long = array_at(at[11, 0], at[11, 1], np.uint32)
    width = len(bucket) // len(long) if len(long) else 1
    return (
        array_at(at[0, 0], at[0, 1], np.uint16),
        array_at(at[1, 0], at[1, 1], np.uint16),
        array_at(at[2, 0], at[2, 1], np.uint32),
        array_at(at[3, 0], at[3, 1], np.uint32),
        array_at(at[4, 0], at[4, 1], np.uint64),
        array_at(at[5, 0], at[5, 1], np.uint32),
        array_at(at[6, 0], at[6, 1], np.uint32),
        array_at(at[7, 0], at[7, 1], np.uint32),
        array_at(at[8, 0], at[8, 1], np.uint32),
        array_at(at[9, 0], at[9, 1], np.uint16),
        bucket,
        long,
        width,
    )


@compiled
def ranks(table: Array, which: Int) -> tuple[Array, ...]:
    """Return what passages are ranked by, beside what `texts` tells of each.

    These are the two numbers that make a norm of a length, heading, the days of records, the records of passages, and
    the passages of several lines with the ends of their first ones.
    """
    at = table[which, BEFORE_RANKS:]
    return (
        array_at(at[0, 0], at[0, 1], np.float32),
        array_at(at[1, 0], at[1, 1], np.uint32),
        array_at(at[2, 0], at[2, 1], np.int32),
        array_at(at[3, 0], at[3, 1], np.uint32),
        array_at(at[4, 0], at[4, 1], np.uint32),
        array_at(at[5, 0], at[5, 1], np.int64),
    )


@compiled
def patches(table: Array, which: Int) -> tuple[Array, ...]:
    """Return the white space that the streams leave out: where that of each passage begins, its places, what it is."""
    at = table[which, BEFORE_PATCHES:]
    return (
        array_at(at[0, 0], at[0, 1], np.uint32),
        array_at(at[1, 0], at[1, 1], np.uint32),
        array_at(at[2, 0], at[2, 1], np.uint32),
    )


@compiled
def leading(table: Array, which: Int) -> tuple[Array, ...]:
    """Return the leaders of strings (leaders.py).

    These are lead_total, lead_start, lead_passage, lead_tf, lead_lifted and lead_level; and how much of each passage is
    boilerplate, or nothing where that cannot be more than what lead_level tells.
    """
    at = table[which, BEFORE_LEADING:]
    return (
        array_at(at[0, 0], at[0, 1], np.uint32),
        array_at(at[1, 0], at[1, 1], np.uint32),
        array_at(at[2, 0], at[2, 1], np.uint32),
        array_at(at[3, 0], at[3, 1], np.uint32),
        array_at(at[4, 0], at[4, 1], np.bool_),
        array_at(at[5, 0], at[5, 1], np.uint8),
        array_at(at[6, 0], at[6, 1], np.uint8),
    )
