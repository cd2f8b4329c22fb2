"""Texts go in, one array of their code points comes out, with what folding makes of each: `fold.py` for whole arrays.

A filler (U+FFFF, which no text holds) ends each text. What is left of a text here, folded, is its stream; only lone
surrogates, which `fold` leaves out, are U+FFFD here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from indexer.text import fold

FILLER = 0xFFFF
FIRST_SURROGATE, SURROGATES = 0xD800, 0x800
REPLACEMENT = 0xFFFD

U32 = npt.NDArray[np.uint32]


def points(texts: Sequence[str]) -> tuple[U32, npt.NDArray[np.int64]]:
    """Return the code points of all texts with a filler after each, and where those fillers stand."""
    joined = "\uffff".join([t.replace("\uffff", "\ufffd") if "\uffff" in t else t for t in texts]) + "\uffff"
    found = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lone = (found >= FIRST_SURROGATE) & (found < FIRST_SURROGATE + SURROGATES)
    if lone.any():
        found = np.where(lone, np.uint32(REPLACEMENT), found)
    return found, np.flatnonzero(found == FILLER)


def kept(found: U32) -> npt.NDArray[np.bool_]:
    """Return which characters stay in the stream: all but gaps, of which one character stays between spaced letters."""
    gap = _gaps()[found]
    keep: npt.NDArray[np.bool_] = gap == 0
    at = np.flatnonzero(gap)
    if not len(at):
        return keep
    breaks = np.flatnonzero(np.diff(at) > 1)
    first = at[np.concatenate(([0], breaks + 1))]
    last = at[np.concatenate((breaks, [len(at) - 1]))]
    # A text may begin with a gap: the filler before it, or nothing at all, is no letter.
    before = np.where(first > 0, found[np.maximum(first - 1, 0)], FILLER)
    letters = _spaced()[folds()[before]] & _spaced()[folds()[found[last + 1]]]
    space = np.add.reduceat((gap[at] == 1).astype(np.int32), np.concatenate(([0], breaks + 1))) > 0
    keep[first[letters & space]] = True
    return keep


@cache
def folds() -> U32:
    """Return code point -> folded code point for all of Unicode; a gap character becomes a space, a filler stays."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code, folded in fold.table().items():
        table[code] = folded if folded != ord(fold.NOTHING) else 0x20
    table[FILLER] = FILLER
    return table


@cache
def _gaps() -> npt.NDArray[np.uint8]:
    """Return for every code point: 0 a character, 1 white space, 2 invisible."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for code, folded in fold.table().items():
        if folded == ord(" "):
            table[code] = 1
        elif folded == ord(fold.NOTHING):
            table[code] = 2
    return table


@cache
def _spaced() -> npt.NDArray[np.bool_]:
    """Return which folded code points are letters of scripts that write spaces."""
    table = np.zeros(0x110000, dtype=np.bool_)
    for code in range(ord(fold.FIRST_UNSPACED)):
        table[code] = chr(code).isalpha()
    return table
