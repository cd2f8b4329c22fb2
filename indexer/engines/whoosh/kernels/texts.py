"""The texts of passages as they stand in the source, laid out one after the other by a compiled loop.

The same as `Segment.text` gives one by one: the codes of a passage, and the white space that the stream leaves out.
"""

from __future__ import annotations

import numpy as np

from indexer.engines.whoosh.columns import PATCHED
from indexer.engines.whoosh.kernels.compiling import Array, compiled
from indexer.text.points import FILLER

# An escape is a lone surrogate: what they all are, shifted by so many bits.
SURROGATE_BITS, SURROGATES = 11, 0xD800 >> 11


@compiled
def lay_out(laid: tuple[Array, ...], passages: Array) -> tuple[Array, bool]:
    """Return the characters of passages, 16 bits each and a filler behind each passage; and whether any is escaped.

    Args:
        laid: What `Segment.laid` gives.
        passages: Which ones.
    """
    codes, cell, length, levels, patch_first, patch_at, patch_code = laid
    room = len(passages)
    for i in range(len(passages)):
        passage = passages[i]
        room += length[passage]
        if levels[passage] & PATCHED:
            room += patch_first[passage + 1] - patch_first[passage]
    found = np.empty(room, np.uint16)
    at = 0
    for i in range(len(passages)):
        passage = passages[i]
        begin = np.int64(cell[passage]) << 4
        done = begin
        if levels[passage] & PATCHED:
            for patch in range(patch_first[passage], patch_first[passage + 1]):
                until = begin + patch_at[patch]
                found[at : at + until - done] = codes[done:until]
                at += until - done
                found[at] = patch_code[patch]
                at += 1
                done = until
        until = begin + length[passage]
        found[at : at + until - done] = codes[done:until]
        at += until - done
        found[at] = FILLER
        at += 1
    escaped = False
    for character in found:
        escaped |= character >> SURROGATE_BITS == SURROGATES
    return found, escaped
