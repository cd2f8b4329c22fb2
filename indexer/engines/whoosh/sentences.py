"""The sentences of passages as numbers: folded characters in cells go in, one 32-bit number a sentence comes out.

A sentence goes to the next end of one (。！？；…) or to the end of a line, without the number before it: （二）, 1、,
三是. Equal sentences have equal numbers in every segment, so that they can be counted over all of them
(boilerplate.py); its size in fours of characters is the last four bits, a hash of its characters the rest.
Fewer than LEAST characters are none: 总则, 见附件. Nor is the first of several lines where no sentence ends in it:
that is the heading of the text below.

    said        the sentences of all passages, in order
    said_many   how many each passage has; headings of items and rolls of attendance have none
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.streams import CELL, CELL_BITS, FIRST_ESCAPE, Codes, Streams
from indexer.text.points import FILLER, U32

U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
ENDS = "。!?;…"
NUMERALS = "0123456789一二三四五六七八九十"
# What stands behind a number that begins a sentence: （二）, 1、, 2., 三是.
CLOSING = ")、.是"
LEAST = 4
# Sizes are counted in fours, and what is longer than fifteen of them counts as that.
UNIT, LONGEST = 4, 15
SIZE_BITS = 4
SIZE = np.uint32(LONGEST)
# Cells that are worked on at once: bounds the memory beside a build.
BLOCK = 1 << 15
# An odd factor, and what takes it back, modulo 2^64.
FACTOR = 0x9E3779B97F4A7C15
BACK = pow(FACTOR, -1, 1 << 64)


def sentences(laid: Streams, folded: Codes, silent: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the sentences of a segment's passages.

    Args:
        laid: The passages.
        folded: Their folded codes.
        silent: Which passages have none, whatever they say.
    """
    many = np.zeros(len(laid.length), dtype=np.int64)
    broken = (laid.patch_code == ord("\n")) & (laid.patch_at < laid.length[laid.patch_passage])
    breaks = laid.cell[laid.patch_passage[broken]].astype(np.int64) * CELL + laid.patch_at[broken]
    hashes = _hashes(laid, wide=folded.dtype.itemsize == 4)
    found = []
    for first, last in _blocks(laid):
        codes = folded[first:last]
        within = breaks[breaks.searchsorted(first) : breaks.searchsorted(last)] - first
        begin, end = _bounds(codes, within)
        passages = laid.cell_passage[(begin + first) >> CELL_BITS]
        told = ~silent[passages]
        begin, end, passages = begin[told], end[told], passages[told]
        many += np.bincount(passages, minlength=len(many))
        found.append(_numbers(_mixed(codes) if hashes is None else hashes.take(codes), begin, end))
    said = np.concatenate(found) if found else np.empty(0, np.uint32)
    return {"said": said, "said_many": many.astype(np.uint8 if many.max(initial=0) < 256 else np.uint32)}


def sizes(said: U32) -> Ints:
    """Return the sizes of sentences, in fours of characters."""
    return (said & SIZE).astype(np.int64)


def _blocks(laid: Streams) -> Iterator[tuple[int, int]]:
    """Yield parts of the codes, as addresses, that end with a passage."""
    cells = np.append(laid.cell, len(laid.cell_passage)).astype(np.int64)
    at = 0
    while at < len(laid.length):
        after = max(at + 1, int(cells.searchsorted(cells[at] + BLOCK, side="right")) - 1)
        yield int(cells[at]) * CELL, int(cells[after]) * CELL
        at = after


def _bounds(codes: Codes, breaks: Ints) -> tuple[Ints, Ints]:
    """Return where sentences begin and end; `breaks` are places at which a line begins."""
    ends = _ends(codes.dtype.itemsize == 4).take(codes)
    opens = np.empty(len(codes), dtype=np.bool_)
    opens[0], opens[1:] = True, ends[:-1]
    opens[breaks] = True
    begin = np.flatnonzero(opens)
    last = np.append(begin[1:], len(codes)) - 1
    whole = ends[last]
    end = last + ~whole
    # A passage begins behind a filler, and the first one of all behind the last of all.
    kept = (end - begin >= LEAST) & (whole | (codes[begin - 1] != FILLER))
    begin, end = begin[kept], end[kept]
    begin = begin + _numbered(codes, begin)
    kept = end - begin >= LEAST
    return begin[kept], end[kept]


def _numbered(codes: Codes, begin: Ints) -> Ints:
    """Return how many characters the numbers take with which sentences begin."""
    kinds = _kinds(codes.dtype.itemsize == 4).take(codes.take(begin[:, None] + np.arange(5), mode="clip"))
    opened = kinds[:, :1] == 3
    kinds = np.where(opened, kinds[:, 1:], kinds[:, :4])
    numerals = np.logical_and.accumulate(kinds == 1, axis=1).sum(axis=1)
    closed = kinds[np.arange(len(kinds)), np.minimum(numerals, 3)] == 2
    return np.where((numerals > 0) & closed, opened[:, 0] + numerals + 1, 0)


def _numbers(mixed: U64, begin: Ints, end: Ints) -> U32:
    """Return the number of each sentence: a polynomial of its characters modulo 2^64, by differences of one sum."""
    forth, back = _powers(len(mixed))
    sums = np.zeros(len(mixed) + 1, dtype=np.uint64)
    np.cumsum(mixed * forth, out=sums[1:])
    hashed = _mixed((sums[end] - sums[begin]) * back[begin])
    size = np.minimum((end - begin) // UNIT, LONGEST).astype(np.uint32)
    return np.asarray((hashed >> np.uint64(32)).astype(np.uint32) & ~SIZE | size)


def _powers(count: int) -> tuple[U64, U64]:
    """Return the powers of FACTOR from 0 on, and those of BACK."""
    forth, back = np.full(count, FACTOR, dtype=np.uint64), np.full(count, BACK, dtype=np.uint64)
    forth[:1] = back[:1] = 1
    return np.cumprod(forth), np.cumprod(back)


def _mixed(values: npt.NDArray[np.unsignedinteger]) -> U64:
    """Return 64 well-mixed bits of each value (the finalizer of splitmix64)."""
    mixed = (values.astype(np.uint64) + np.uint64(1)) * np.uint64(FACTOR)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _hashes(laid: Streams, wide: bool) -> U64 | None:
    """Return code -> mixed bits of its character; None for a segment of all code points, whose table were too long."""
    if wide:
        return None
    if not len(laid.astral):
        return _plain_hashes()
    points = np.arange(0x10000, dtype=np.uint32)
    points[FIRST_ESCAPE : FIRST_ESCAPE + len(laid.astral)] = laid.astral
    return _mixed(points)


@cache
def _plain_hashes() -> U64:
    return _mixed(np.arange(0x10000, dtype=np.uint32))


@cache
def _ends(wide: bool) -> npt.NDArray[np.bool_]:
    """Return code -> whether a sentence ends with it."""
    table = np.zeros(0x110000 if wide else 0x10000, dtype=np.bool_)
    table[[FILLER, *map(ord, ENDS)]] = True
    return table


@cache
def _kinds(wide: bool) -> npt.NDArray[np.uint8]:
    """Return code -> what it may be in a number: 1 a numeral, 2 what closes one, 3 a bracket that opens one."""
    table = np.zeros(0x110000 if wide else 0x10000, dtype=np.uint8)
    for kind, signs in ((1, NUMERALS), (2, CLOSING), (3, "(")):
        table[[*map(ord, signs)]] = kind
    return table
