"""The texts of passages as they stand in the source, laid out one after the other by a compiled loop.

The same as `Segment.text` gives one by one: the codes of a passage, and the white space that the stream leaves out.
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.kernels.compiling import Array, Int, compiled
from indexer.engines.whoosh.kernels.table import LENGTH_BITS, patches, texts
from indexer.text.points import FILLER

# An escape is a lone surrogate: what they all are, shifted by so many bits.
SURROGATE_BITS, SURROGATES = 11, 0xD800 >> 11


@compiled
def lay_out(table: Array, where: Array, passages: Array) -> tuple[Array, bool]:
    """Return the characters of passages, 16 bits each and a filler behind each passage; and whether any is escaped.

    Args:
        table: The segments.
        where: The segment of each passage.
        passages: Which ones.
    """
    room: Int = np.int64(len(passages))
    for i in range(len(passages)):
        passage, first_patch = passages[i], patches(table, where[i])[0]
        told = texts(table, where[i])[3]
        room += np.int64((told[passage] >> LENGTH_BITS) + first_patch[passage + 1] - first_patch[passage])
    found = np.empty(room, np.uint16)
    at: Int = 0
    for i in range(len(passages)):
        passage, view = passages[i], texts(table, where[i])
        codes, cell, told = view[0], view[2], view[3]
        first_patch, patch_at, patch_code = patches(table, where[i])
        begin = np.int64(cell[passage]) << 4
        done = begin
        for patch in range(first_patch[passage], first_patch[passage + 1]):
            until = begin + patch_at[patch]
            found[at : at + until - done] = codes[done:until]
            at += until - done
            found[at] = patch_code[patch]
            at += 1
            done = until
        until = begin + np.int64(told[passage] >> LENGTH_BITS)
        found[at : at + until - done] = codes[done:until]
        at += until - done
        found[at] = FILLER
        at += 1
    escaped = False
    for character in found:
        escaped |= character >> SURROGATE_BITS == SURROGATES
    return found, escaped
