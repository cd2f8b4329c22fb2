"""The compiled loops of the engine: made ready beside the first queries of a process, and at work from then on.

Everything they do is done without them, too, on whole arrays (executor.py): a process that asks a few questions and
ends does not wait for a compiler, and a machine for which there is none answers alike, only slower.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from indexer.engines.whoosh import facets, related
    from indexer.engines.whoosh.plain import Plain
    from indexer.engines.whoosh.snapshot import Snapshot
    from indexer.query.nodes import Node

log = logging.getLogger(__name__)
# A process that has asked so many queries will ask more.
PATIENCE = 8


class Loops(NamedTuple):
    """What compiled loops do: the exact tier of plain queries, the related tier, and facets."""

    plain: Callable[[Snapshot, Node], Plain | None]
    related: related.Way
    facets: facets.Way


_lock = threading.Lock()
_asked = 0
_tried = False
_ready: Loops | None = None


def loops(snapshot: Snapshot) -> Loops | None:
    """Return the loops; None until they are ready, for which this may be the start."""
    global _asked
    if not _fit(snapshot):
        return None
    if not _tried:
        _asked += 1
        if _asked == PATIENCE:
            threading.Thread(target=load, args=(snapshot,), name="kernels").start()
    return _ready


def load(snapshot: Snapshot) -> Loops | None:
    """Make the loops ready, which takes part of a second or, the first time on a machine, many; return them.

    None where there is no compiler, or nothing that they are made for.
    """
    global _tried, _ready
    with _lock:
        if not _tried and _fit(snapshot):
            try:
                from indexer.engines.whoosh import counting, plain, questions

                for part in (plain, questions, counting):
                    part.prepare(snapshot)
                _ready = Loops(plain.plain, questions.BY_LOOPS, counting.BY_LOOPS)
            except ImportError:
                log.info("numba is not there: queries are answered on whole arrays alone")
            _tried = True
        return _ready


def _fit(snapshot: Snapshot) -> bool:
    """Tell whether segments are what nearly all are: there, and with codes of 16 bits, for which loops are compiled."""
    return bool(snapshot.segments) and all(segment.codes.dtype.itemsize == 2 for segment in snapshot.segments)
