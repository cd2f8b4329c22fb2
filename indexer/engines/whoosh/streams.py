"""Passages as one array of characters: texts go in; what comes out is both the text shown and the stream searched.

A passage lies in cells of 16 characters, at least one filler (U+FFFF) after it:

    cell   0                 1                 2
           |市政府常务会议纪要要▢▢▢▢|关于安全生产的……|……▢▢▢|

The characters are those of the original; `folds` tells for each of them what it becomes in the stream, so the same
array is verified against folded queries and decoded for display. White space that the stream leaves out is kept
aside as patches (passage, place, character). So `address >> 4` gives the cell and `cell_passage[cell]` the passage
of any address, by one look-up.

An array holds 16-bit codes. Characters beyond the BMP get the codes of the surrogates (never characters themselves),
as `astral` lists them; a segment with more than 1,024 different ones holds 32-bit codes instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from indexer.text.points import FILLER, FIRST_SURROGATE, SURROGATES, U32, folds, kept, points

CELL = 16
CELL_BITS = 4
# The first half of the surrogates: one of the second half behind one of the first would be read as one character.
FIRST_ESCAPE, ESCAPES = FIRST_SURROGATE, SURROGATES // 2

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


def lay_out(texts: Sequence[str]) -> Streams:
    """Lay passages out in cells; a filler or a lone surrogate in a text becomes U+FFFD."""
    return joined([part(texts)])


def part(texts: Sequence[str]) -> Streams:
    """Lay out some of a segment's passages, for `joined`.

    Where a character beyond the BMP stands among them, or is what one folds to, the codes are 32-bit code points.
    """
    found, ends = points(texts)
    starts = np.concatenate(([0], ends[:-1] + 1))
    keep = kept(found)
    dropped = np.flatnonzero(~keep)
    owner = np.searchsorted(ends, dropped)
    before = np.searchsorted(dropped, starts)
    length = ends - starts - np.diff(np.append(before, len(dropped)))
    cells = length // CELL + 1
    # Characters and fillers in turns: the fillers that end the texts are not among the characters kept.
    keep[ends] = False
    turns = np.column_stack((length, cells * CELL - length)).reshape(-1)
    codes = np.full(int(cells.sum()) * CELL, FILLER, dtype=np.uint32)
    codes[np.repeat(np.arange(len(turns)) % 2 == 0, turns)] = found[keep]
    after = folds()[codes]
    laid: Codes = codes
    astral = np.empty(0, np.uint32)
    if found.max() > FILLER or after.max() > FILLER:
        astral = np.unique(np.concatenate((found[found > FILLER], after[after > FILLER])))
    else:
        laid = codes.astype(np.uint16)
    return Streams(
        codes=laid,
        cell=(np.cumsum(cells) - cells).astype(np.uint32),
        length=length.astype(np.uint32),
        cell_passage=np.repeat(np.arange(len(texts), dtype=np.uint32), cells),
        patch_passage=owner.astype(np.uint32),
        patch_at=(dropped - starts[owner] - (np.arange(len(dropped)) - before[owner])).astype(np.uint32),
        patch_code=found[dropped],
        astral=astral,
    )


def folded(one: Streams) -> Codes:
    """Return the folded characters of a part, as code points."""
    return folds()[one.codes] if one.codes.dtype.itemsize == 4 else _narrow_folds()[one.codes]


@cache
def _narrow_folds() -> Codes:
    """Return the fold of characters that stand in 16 bits with what they fold to."""
    return folds()[: FILLER + 1].astype(np.uint16)


def joined(parts: Sequence[Streams]) -> Streams:
    """Return parts as the one layout of a segment, passages in their order."""
    if len(parts) == 1 and not len(parts[0].astral):
        return parts[0]
    astral = np.unique(np.concatenate([one.astral for one in parts]))
    wide = len(astral) > ESCAPES
    firsts = np.cumsum([0, *(len(one.length) for one in parts)])
    cells = np.cumsum([0, *(len(one.cell_passage) for one in parts)])

    def moved(arrays: Iterable[U32], by: npt.NDArray[np.int64]) -> U32:
        return np.concatenate([a + np.uint32(n) for a, n in zip(arrays, by.tolist(), strict=False)])

    return Streams(
        codes=np.concatenate([one.codes if wide else _narrow(one.codes, astral) for one in parts]),
        cell=moved((one.cell for one in parts), cells),
        length=np.concatenate([one.length for one in parts]),
        cell_passage=moved((one.cell_passage for one in parts), firsts),
        patch_passage=moved((one.patch_passage for one in parts), firsts),
        patch_at=np.concatenate([one.patch_at for one in parts]),
        patch_code=np.concatenate([one.patch_code for one in parts]),
        astral=np.empty(0, np.uint32) if wide else astral,
    )


def living(laid: Streams, alive: npt.NDArray[np.bool_]) -> Streams:
    """Return a layout without the passages that are gone."""
    number = np.cumsum(alive) - 1
    here = alive[laid.cell_passage]
    cells = np.bincount(laid.cell_passage, minlength=len(alive))[alive]
    patched = alive[laid.patch_passage]
    return Streams(
        codes=laid.codes.reshape(-1, CELL)[here].reshape(-1),
        cell=(np.cumsum(cells) - cells).astype(np.uint32),
        length=laid.length[alive],
        cell_passage=number[laid.cell_passage[here]].astype(np.uint32),
        patch_passage=number[laid.patch_passage[patched]].astype(np.uint32),
        patch_at=laid.patch_at[patched],
        patch_code=laid.patch_code[patched],
        astral=laid.astral,
    )


def code_folds(astral: U32, wide: bool) -> U32:
    """Return code -> folded code for one segment: of 65,536 entries, or of all code points for a wide one."""
    table = folds()
    if wide:
        return table
    small = table[:0x10000].copy()
    small[FIRST_ESCAPE : FIRST_ESCAPE + len(astral)] = table[astral]
    # What folds to a character beyond the BMP folds to its escape; a segment without the one has not the other either.
    far = np.flatnonzero(small > 0xFFFF)
    at = np.searchsorted(astral, small[far])
    known = np.append(astral, 0)[at] == small[far]
    small[far] = np.where(known, FIRST_ESCAPE + at, far)
    return small


def _narrow(codes: Codes, astral: U32) -> Codes:
    """Return 16-bit codes, with escapes for what is beyond the BMP."""
    if codes.dtype == np.uint16:
        return codes
    narrow = codes.astype(np.uint16)
    far = codes > FILLER
    narrow[far] = FIRST_ESCAPE + np.searchsorted(astral, codes[far])
    return narrow
