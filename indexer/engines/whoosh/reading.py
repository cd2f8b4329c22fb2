"""The texts of a page by a compiled loop: the same as `shown.one_by_one` gives."""

from __future__ import annotations

from codecs import utf_16_le_decode
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.engines.whoosh.kernels import texts
from indexer.engines.whoosh.prepared import prepared
from indexer.engines.whoosh.shown import one_by_one
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Place
from indexer.text.points import FILLER

PARTING = chr(FILLER)


def prepare(snapshot: Snapshot) -> None:
    """Have the loop of this module compiled."""
    read(snapshot, ())


def read(snapshot: Snapshot, places: Sequence[Place]) -> Sequence[str]:
    """Return the texts of passages."""
    read = prepared(snapshot)
    if not read.is_narrow:
        return one_by_one(snapshot, places)
    where = np.array([place.segment for place in places], dtype=np.int32)
    passages = np.array([place.passage for place in places], dtype=np.uint32)
    units, escaped = texts.lay_out(read.table, where, passages)
    return one_by_one(snapshot, places) if escaped else parted(units)


def parted(units: Any) -> list[str]:
    """Return the texts that `texts.lay_out` has laid out, none of which is escaped."""
    return utf_16_le_decode(units)[0].split(PARTING)[:-1]
