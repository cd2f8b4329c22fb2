"""Where a string stands in the passages that hold it: early, as what they are about, or late and in a list.

Minutes name their subject at once: 原则同意《…办法》. A string inside a title in 《》 is what is decided on; one in the
heading of a text and in the text below it, too, is what both are about. What comes behind, or between the 、 of an
enumeration, is mostly named in passing. Read from the places found, so no text is fetched for it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.segment import Ints, Segment
from indexer.text.points import U32

# The codes of signs in every segment, as they stand in texts.
COMMA, OPENING, CLOSING = ord("、"), ord("《"), ord("》")
# The characters before a string among which a 《 is looked for, nearest first.
BEFORE = np.arange(1, 9)


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
    starts = segment.starts(passages)
    first = places.take(places.searchsorted(starts), mode="clip").astype(np.int64)
    depth = first - starts
    held = None if sure else (depth >= 0) & (depth < segment.length[passages])
    if held is not None:
        depth[~held] = 0
    gained = ranking.EARLY / (1 + depth * (1 / ranking.EARLY_AT))
    # What lies before the passage is another one's.
    before = segment.codes.take(first[:, None] - np.minimum(BEFORE, depth[:, None] + 1), mode="wrap")
    listed = (before[:, 0] == COMMA) | (segment.codes.take(first + len(stream), mode="clip") == COMMA)
    gained -= ranking.PASSING * listed
    gained += ranking.QUOTED * _quoted(before)
    if segment.has_lines:
        gained += ranking.HEADED * _headed(segment, passages, starts, first, places)
    return np.asarray(gained if held is None else gained * held)


def _quoted(before: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Tell where the nearest bracket of a title among the characters before a string (nearest first) opens."""
    brackets = (before == OPENING) | (before == CLOSING)
    nearest = brackets.argmax(axis=1)
    return np.asarray(before[np.arange(len(before)), nearest] == OPENING)


def _headed(segment: Segment, passages: Ints, starts: U32, first: Ints, places: Ints) -> npt.NDArray[np.bool_]:
    """Tell which passages of several lines hold the string in the first one and behind it, too."""
    ends = starts + segment.first_line(passages)
    below = places.take(places.searchsorted(ends.astype(places.dtype)), mode="clip")
    return np.asarray((first < ends) & (below >= ends) & (below < starts + segment.length[passages]))
