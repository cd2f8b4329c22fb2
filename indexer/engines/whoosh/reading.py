"""The texts of a page by a compiled loop: the same as `shown.one_by_one` gives."""

from __future__ import annotations

from codecs import utf_16_le_decode
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.engines.whoosh.evaluate import Passages
from indexer.engines.whoosh.kernels import texts
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.shown import one_by_one
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.text.points import FILLER

PARTING = chr(FILLER)


def prepare(snapshot: Snapshot) -> None:
    """Have the loop of this module compiled."""
    for segment in snapshot.segments:
        read(segment, np.zeros(min(1, segment.size), dtype=np.uint32))


def read(segment: Segment, passages: Passages) -> Sequence[str]:
    """Return the texts of passages."""
    laid = segment.laid
    return one_by_one(segment, passages) if laid is None else parted(segment, passages, *texts.lay_out(laid, passages))


def parted(segment: Segment, passages: Passages, units: Any, escaped: bool) -> Sequence[str]:
    """Return the texts of passages as `texts.lay_out` has laid them out; where any is escaped they are read again."""
    return one_by_one(segment, passages) if escaped else utf_16_le_decode(units)[0].split(PARTING)[:-1]
