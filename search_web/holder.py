"""Holds the index, given open or opened at its place when first asked, and asks it what a URL asks.

While the place holds no usable index every question raises IndexUnavailable and the next one tries again,
so a server may be started before its index is there.
"""

from __future__ import annotations

import threading
from pathlib import Path

from flask import current_app

from indexer.answer import Answer
from indexer.search import Index, open_index
from indexer.settings import Settings
from search_web.params import SearchRequest

EXTENSION = "gongwen"


class Holder:
    """The index of one application; safe to share by threads."""

    def __init__(self, source: Index | Settings | Path | str) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._place: Path | str = ""
        if isinstance(source, Index):
            self._index = source
        else:
            self._place = source.index if isinstance(source, Settings) else source

    def index(self) -> Index:
        """Return the open index.

        Raises:
            IndexUnavailable: there is none, or it cannot be used.
        """
        if self._index is None:
            with self._lock:
                if self._index is None:
                    self._index = open_index(self._place)
        return self._index


def held_index() -> Index:
    """Return the index of the application that answers now; raise IndexUnavailable where it has none."""
    holder: Holder = current_app.extensions[EXTENSION]
    return holder.index()


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
