"""Holds the index, given open or opened at its place when first asked, and asks it what a URL asks.

While the place holds no usable index every question raises IndexUnavailable and the next one tries again,
so a server may be started before its index is there. An index that is opened here is read and summed up as a whole
before its first answer, and again every hour beside the answers; one that is damaged answers nothing until its files
are other ones.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from flask import current_app, g

from indexer.answer import Answer
from indexer.errors import IndexDamaged, IndexUnavailable
from indexer.search import Index, open_index
from indexer.settings import Settings
from search_web.params import SearchRequest

_log = logging.getLogger(__name__)

EXTENSION = "gongwen"
# A disk may give back other bytes than it was given; what is read every hour is not wrong for longer than that.
ROUND_SECONDS = 3600.0
# To find that an index is damaged can mean to read all of it, which not every request may do.
DAMAGED_SECONDS = 1.0


class Holder:
    """The index of one application; safe to share by threads."""

    def __init__(self, source: Index | Settings | Path | str) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._place: Path | str = ""
        self._damage: IndexDamaged | None = None
        self._next = 0.0  # when to try a damaged index again, then when to sum it up again
        if isinstance(source, Index):
            self._index, self._next = source, float("inf")
        else:
            self._place = source.index if isinstance(source, Settings) else source

    @property
    def place(self) -> Path | str | None:
        """Where the index is opened, by another process too; None where it was given open."""
        return self._place or None

    def index(self) -> Index:
        """Return the open index.

        Raises:
            IndexUnavailable: there is none, or it cannot be used.
        """
        if self._index is None or time.monotonic() >= self._next:
            with self._lock:
                if self._index is None:
                    self._index = self._opened()
                    self._next = time.monotonic() + ROUND_SECONDS
                elif time.monotonic() >= self._next:
                    self._next = time.monotonic() + ROUND_SECONDS
                    threading.Thread(target=_sum_up, args=(self._index,), name="gongwen-check", daemon=True).start()
        return self._index

    def _opened(self) -> Index:
        if self._damage and time.monotonic() < self._next:
            raise self._damage.with_traceback(None)
        self._damage = None
        opened = None
        try:
            opened = open_index(self._place)
            opened.engine.verify()
        except IndexUnavailable as error:
            if opened:
                opened.close()
            if isinstance(error, IndexDamaged):
                self._damage, self._next = error, time.monotonic() + DAMAGED_SECONDS
            raise
        return opened


def _sum_up(index: Index) -> None:
    """Compare all files with their checksums; the index itself remembers what is wrong, and says so to who asks."""
    try:
        index.engine.verify()
    except IndexUnavailable as error:
        _log.error("the index is not what was written: %s", error)


def held_index() -> Index:
    """Return the index of the application that answers now; raise IndexUnavailable where it has none."""
    holder: Holder = current_app.extensions[EXTENSION]
    g.index_held = True
    return holder.index()


def held_place() -> Path | str | None:
    """Return where the index of the application that answers now is opened; None where it was given open."""
    holder: Holder = current_app.extensions[EXTENSION]
    return holder.place


def look_again() -> None:
    """Raise IndexUnavailable if the index that this request has asked is damaged by now; what it gave may be wrong."""
    if g.get("index_held"):
        held_index().generation()


def ask(index: Index, wanted: SearchRequest, facets: tuple[str, ...]) -> Answer:
    """Ask the index for what a URL asks."""
    return index.search(
        wanted.text,
        level=wanted.level,
        match=wanted.match,
        limit=wanted.limit,
        offset=wanted.offset,
        sort=wanted.sort,
        facets=facets,
        expand=wanted.expand,
        body=wanted.body,
        kind=wanted.kind,
        year=wanted.year,
        department=wanted.department,
        person=wanted.person,
        verdict=wanted.verdict,
        instrument=wanted.instrument,
        first=wanted.first,
        last=wanted.last,
    )
