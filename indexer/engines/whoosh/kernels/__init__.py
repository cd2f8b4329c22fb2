"""The compiled loops of the engine: loaded with the second query of a process, and at work from then on.

Everything they do is done without them, too, on whole arrays (executor.py): a process that asks one question and ends
does not load a compiler, and a machine for which there is none answers alike, only slower. Where nothing was compiled
yet, a process of its own does that beside the queries: `python -m indexer.engines.whoosh.kernels`, also beforehand.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from indexer.engines.whoosh.kernels import kept, memory

if TYPE_CHECKING:
    from indexer.engines.engine import Found, Wanted
    from indexer.engines.whoosh import facets, related
    from indexer.engines.whoosh.plain import Plain
    from indexer.engines.whoosh.shown import Reader
    from indexer.engines.whoosh.snapshot import Snapshot
    from indexer.query.nodes import Node

log = logging.getLogger(__name__)
# A process that asks more queries than so many will ask many.
PATIENCE = 1


class Loops(NamedTuple):
    """What compiled loops do: a page of a plain query or its exact tier, the related tier, facets, texts of a page."""

    page: Callable[[Snapshot, Wanted], Found | None]
    plain: Callable[[Snapshot, Node], Plain | None]
    related: related.Way
    facets: facets.Way
    texts: Reader


_lock = threading.Lock()
_asked = 0
_compiling = False
_tried = False
_ready: Loops | None = None


def loops(snapshot: Snapshot) -> Loops | None:
    """Return the loops; None until they are ready, for which this may be the start."""
    global _asked, _compiling, _tried
    if not snapshot.is_narrow:
        return None
    if not _tried and not _compiling:
        _asked += 1
        if _asked > PATIENCE and _lock.acquire(blocking=False):
            try:
                if kept.is_whole():
                    _load(snapshot)
                elif kept.folder() is None:
                    _tried = True
                    log.info("compiled loops cannot be kept anywhere: queries are answered on whole arrays alone")
                else:
                    _compiling = True
                    threading.Thread(target=_compile, args=(snapshot,), name="kernels").start()
            finally:
                _lock.release()
    return _ready


def _compile(snapshot: Snapshot) -> None:
    """Have another process compile, as what a compiler needs of memory is never given back, and load what it made."""
    if memory.may_be_executed():
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        nowhere = subprocess.DEVNULL  # standard input and output may be a client's
        with suppress(OSError):
            command = [sys.executable, "-m", __name__]
            subprocess.run(command, check=False, env=os.environ | path, stdin=nowhere, stdout=nowhere)
    if kept.is_whole():
        load(snapshot)
    else:
        log.info("the loops could not be compiled: queries are answered on whole arrays alone")


def load(snapshot: Snapshot) -> Loops | None:
    """Make the loops ready, which takes half a second or, the first time on a machine, a quarter of a minute.

    None where there is no compiler, or nothing that they are made for.
    """
    with _lock:
        _load(snapshot)
        return _ready


def _load(snapshot: Snapshot) -> None:
    global _tried, _ready
    if _tried or not snapshot.is_narrow:
        return
    _tried = True
    if not memory.may_be_executed():
        log.info("memory of this process may not be executed: queries are answered on whole arrays alone")
        return
    try:
        from indexer.engines.whoosh import counting, plain, questions, reading
        from indexer.engines.whoosh.kernels import inverting
    except ImportError:
        log.info("numba is not there: queries are answered on whole arrays alone")
        return
    for part in (plain, questions, counting, reading):
        part.prepare(snapshot)
    inverting.prepare()
    kept.close()
    _ready = Loops(plain.page, plain.plain, questions.BY_LOOPS, counting.BY_LOOPS, reading.read)
