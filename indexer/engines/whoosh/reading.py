"""The texts of a page by a compiled loop: the same as `shown.one_by_one` gives."""

from __future__ import annotations

from codecs import utf_16_le_decode
from collections.abc import Sequence

import numpy as np

from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.kernels import texts
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.shown import one_by_one
from indexer.engines.whoosh.snapshot import Snapshot


def prepare(snapshot: Snapshot) -> None:
    """Have the loop of this module compiled."""
    for segment in snapshot.segments:
        read(segment, np.zeros(min(1, segment.size), dtype=np.uint32))


def read(segment: Segment, passages: Passages) -> Sequence[str]:
    """Return the texts of passages."""
    laid = segment.laid
    if laid is None:
        return one_by_one(segment, passages)
    places = np.empty(len(passages) + 1, np.int64)
    units = texts.lay_out(laid, passages, places)
    *ends, escaped = places.tolist()
    whole = utf_16_le_decode(units, "surrogatepass", True)[0]
    if escaped:
        whole = segment.put_back(whole)
    found, begin = [], 0
    for end in ends:
        found.append(whole[begin:end])
        begin = end
    return found
