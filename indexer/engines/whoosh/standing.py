"""Where a string stands in the passages that hold it: early, as what they are about, or late and in a list.

Minutes name their subject at once: 原则同意《…办法》. What comes behind, or between the 、 of an enumeration, is mostly
named in passing. Read from the places found, so no text is fetched for it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.engines.whoosh.streams import CELL_BITS

# The code of 、 in every segment, as it stands in texts.
COMMA = ord("、")


def gain(segment: Segment, passages: Ints, stream: str, places: Ints, sure: bool) -> npt.NDArray[np.float64]:
    """Return what each passage gains by where the stream first stands in it, as a share of the string's weight.

    Args:
        segment: Whose passages and places these are.
        passages: Ascending.
        stream: Two characters or more.
        places: All addresses of the stream in the segment, ascending.
        sure: That every passage holds the stream; one that does not gains nothing.
    """
    if not len(places):
        return np.zeros(len(passages))
    starts = segment.cell[passages].astype(np.int64) << CELL_BITS
    first = places.take(places.searchsorted(starts), mode="clip").astype(np.int64)
    depth = first - starts
    held = None if sure else (depth >= 0) & (depth < segment.length[passages])
    if held is not None:
        depth[~held] = 0
    gained = ranking.EARLY / (1 + depth * (1 / ranking.EARLY_AT))
    codes = segment.codes
    listed = (codes.take(first - 1, mode="clip") == COMMA) | (codes.take(first + len(stream), mode="clip") == COMMA)
    gained -= ranking.PASSING * listed
    return np.asarray(gained if held is None else gained * held)
