"""Passages as one array of characters: texts go in; what comes out is both the text shown and the stream searched.

A passage lies in cells of 16 characters, at least one filler (U+FFFF) after it:

    cell   0                 1                 2
           |市政府常务会议纪要要▢▢▢▢|关于安全生产的……|……▢▢▢|

The characters are those of the original; `folds` tells for each of them what it becomes in the stream, so the same
array is verified against folded queries and decoded for display. White space that the stream leaves out is kept
aside as patches (passage, place, character). So `address >> 4` gives the cell and `cell_passage[cell]` the passage
of any address, by one look-up.

An array holds 16-bit codes. Characters beyond the BMP get the codes of the surrogates (never characters themselves),
as `astral` lists them; a segment with more than 2,048 different ones holds 32-bit codes instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from indexer.text import fold

CELL = 16
CELL_BITS = 4
FILLER = 0xFFFF
FIRST_ESCAPE, ESCAPES = 0xD800, 0x800
REPLACEMENT = 0xFFFD

U32 = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Streams:
    """The passages of a segment as arrays.

    `codes` the characters in cells; `cell` the first cell of each passage; `length` its characters in `codes`;
    `cell_passage` the passage of each cell; `patch_passage`, `patch_at`, `patch_code` what the stream left out,
    in order; `astral` the code points behind the escape codes.
    """

    codes: Codes
    cell: U32
    length: U32
    cell_passage: U32
    patch_passage: U32
    patch_at: U32
    patch_code: U32
    astral: U32


@cache
def folds() -> U32:
    """Return code point -> folded code point for all of Unicode; every gap character becomes a space."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code, folded in fold.table().items():
        table[code] = folded if folded != ord(fold.NOTHING) else 0x20
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


def lay_out(texts: Sequence[str]) -> Streams:
    """Lay passages out in cells; a filler or a lone surrogate in a text becomes U+FFFD."""
    points, ends = _points(texts)
    keep = _kept(points)
    kept_before = np.concatenate(([0], np.cumsum(keep))).astype(np.int64)
    starts = np.concatenate(([0], ends[:-1] + 1))
    # The filler that ends each text is kept, too: lengths leave it out again.
    length = kept_before[ends] - kept_before[starts]
    cells = length // CELL + 1
    cell = np.concatenate(([0], np.cumsum(cells)))
    narrow, astral = _narrow(points)
    codes = np.full(int(cell[-1]) * CELL, FILLER, dtype=narrow.dtype)
    chosen = narrow[keep & (points != FILLER)]
    place = np.arange(len(chosen)) + np.repeat(cell[:-1] * CELL - (np.cumsum(length) - length), length)
    codes[place] = chosen
    dropped = np.flatnonzero(~keep)
    owner = np.searchsorted(ends, dropped)
    return Streams(
        codes=codes,
        cell=cell[:-1].astype(np.uint32),
        length=length.astype(np.uint32),
        cell_passage=np.repeat(np.arange(len(texts), dtype=np.uint32), cells),
        patch_passage=owner.astype(np.uint32),
        patch_at=(kept_before[dropped] - kept_before[starts[owner]]).astype(np.uint32),
        patch_code=points[dropped],
        astral=astral,
    )


def code_folds(astral: U32, wide: bool) -> U32:
    """Return code -> folded code for one segment: of 65,536 entries, or of all code points for a wide one."""
    table = folds()
    if wide:
        return table
    small = table[:0x10000].copy()
    small[FILLER] = FILLER
    small[FIRST_ESCAPE : FIRST_ESCAPE + len(astral)] = table[astral]
    # What folds to a character beyond the BMP folds to its escape; a segment without the one has not the other either.
    far = np.flatnonzero(small > 0xFFFF)
    at = np.searchsorted(astral, small[far])
    known = np.append(astral, 0)[at] == small[far]
    small[far] = np.where(known, FIRST_ESCAPE + at, far)
    return small


def _points(texts: Sequence[str]) -> tuple[U32, npt.NDArray[np.int64]]:
    """Return the code points of all texts with a filler after each, and where those fillers stand."""
    joined = "\uffff".join([t.replace("\uffff", "\ufffd") if "\uffff" in t else t for t in texts]) + "\uffff"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lone = (points >= FIRST_ESCAPE) & (points < FIRST_ESCAPE + ESCAPES)
    if lone.any():
        points = np.where(lone, np.uint32(REPLACEMENT), points)
    return points, np.flatnonzero(points == FILLER)


def _kept(points: U32) -> npt.NDArray[np.bool_]:
    """Return which characters stay in the stream: all but gaps, of which one character stays between spaced letters."""
    gap = _gaps()[points]
    keep: npt.NDArray[np.bool_] = gap == 0
    at = np.flatnonzero(gap)
    if not len(at):
        return keep
    breaks = np.flatnonzero(np.diff(at) > 1)
    first = at[np.concatenate(([0], breaks + 1))]
    last = at[np.concatenate((breaks, [len(at) - 1]))]
    # A text may begin with a gap: the filler before it, or nothing at all, is no letter.
    before = np.where(first > 0, points[np.maximum(first - 1, 0)], FILLER)
    letters = _spaced()[folds()[before]] & _spaced()[folds()[points[last + 1]]]
    space = np.add.reduceat((gap[at] == 1).astype(np.int32), np.concatenate(([0], breaks + 1))) > 0
    keep[first[letters & space]] = True
    return keep


@cache
def _fold_far() -> npt.NDArray[np.bool_]:
    """Return code point -> whether it folds to one beyond the BMP."""
    return np.asarray(folds() > 0xFFFF)


def _narrow(points: U32) -> tuple[Codes, U32]:
    """Return the points as codes, and the code points behind the escapes (none for 32-bit codes)."""
    beyond = np.unique(points[(points > 0xFFFF) | _fold_far()[points]])
    if not len(beyond):
        return points.astype(np.uint16), np.empty(0, np.uint32)
    astral = np.union1d(beyond, folds()[beyond])
    astral = astral[astral > 0xFFFF].astype(np.uint32)
    if len(astral) > ESCAPES:
        return points, np.empty(0, np.uint32)
    codes = points.astype(np.uint16)
    far = points > 0xFFFF
    codes[far] = FIRST_ESCAPE + np.searchsorted(astral, points[far])
    return codes, astral
