"""Where a string stands in the passages that hold it: early, as what they are about, or late and in a list.

Minutes name their subject at once: 原则同意《…办法》. What comes behind, or between the 、 of an enumeration, is mostly
named in passing. Read from the places found, so no text is fetched for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh import ranking
from indexer.engines.whoosh.ranking import Floats
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.streams import CELL_BITS


def gain(segment: Segment, passages: npt.NDArray[Any], stream: str, places: npt.NDArray[Any] | None) -> Floats:
    """Return what each passage gains by where the stream first stands in it, as a share of the string's weight.

    A passage that holds another of the query's strings instead gains nothing.
    """
    if places is None or not len(places):
        return np.zeros(len(passages), dtype=np.float32)
    starts = segment.cell[passages].astype(np.int64) << CELL_BITS
    first = places.take(places.searchsorted(starts), mode="clip").astype(np.int64)
    depth = first - starts
    held = (depth >= 0) & (depth < segment.length[passages])
    gained = ranking.EARLY / (1 + np.where(held, depth, 0) * (1 / ranking.EARLY_AT))
    edges = np.concatenate((first - 1, first + len(stream)))
    listed = segment.folds.take(segment.codes.take(edges, mode="clip")) == segment.query_codes("、")[0]
    gained -= ranking.PASSING * (listed[: len(first)] | listed[len(first) :])
    return np.asarray(gained * held, dtype=np.float32)
