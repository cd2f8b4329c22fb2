"""A folder goes in; each time that what is in it has changed and come to rest, it is synced, and the report comes out.

One commit for each change, however many files it is of. A change while the index is locked, or while a build runs,
is taken up as soon as that is over. The folder itself going away ends the watch with an error, and removes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from indexer.build import build
from indexer.engines.choose import place_of
from indexer.errors import IndexLocked
from indexer.intake import absolute
from indexer.outcome import Failure, Report
from indexer.readers.folder import LOCKS

logger = logging.getLogger(__name__)

# Milliseconds without a further change after which a change is at rest, and the longest that it is waited for.
REST = 800
LONGEST = 60_000
# Milliseconds between looks at whether to stop, or whether the index is free again.
LOOK = 300


def follow(
    folder: str | Path,
    index: str | Path,
    *,
    jobs: int = 1,
    public_only: bool = False,
    ocr: bool = False,
    keep_originals: bool = False,
    allow_marked: bool = False,
    stop: Event | None = None,
) -> Iterator[Report]:
    """Yield the report of a first sync, then one for each change, until `stop` is set.

    Changes that change nothing of the index, and tell of no other file that cannot be read, have no report.

    Raises:
        UnreadableFile: there is no such folder, or it has gone.
        IndexUnavailable: the index cannot be written; being locked is waited for, but for the first time.
    """
    last: tuple[Failure, ...] | None = None
    pending = True
    for changes in _changes(Path(folder), place_of(index), stop):
        pending = pending or changes
        if not pending:
            continue
        try:
            report = build(
                [folder],
                index,
                jobs=jobs,
                sync=True,
                public_only=public_only,
                ocr=ocr,
                keep_originals=keep_originals,
                allow_marked=allow_marked,
            )
        except IndexLocked:
            if last is None:
                raise
            logger.info("the index is locked; trying again")
            continue
        pending = False
        if last is None or report.failed != last or _changed(report):
            yield report
        last = report.failed


def _changes(folder: Path, index: str, stop: Event | None) -> Iterator[bool]:
    """Yield at once and then every LOOK milliseconds, True when something has changed; it is watched from the start."""
    own = absolute(index)

    def counts(_: Change, path: str) -> bool:
        name = Path(path).name
        return not name.startswith((".", *LOCKS)) and not Path(path).is_relative_to(own)

    top = folder.resolve() if folder.exists() else folder
    if not top.exists():
        yield True  # the build tells what is missing
        return
    for found in watch(
        top, watch_filter=counts, debounce=LONGEST, step=REST, rust_timeout=LOOK, yield_on_timeout=True, stop_event=stop
    ):
        yield bool(found)


def _changed(report: Report) -> bool:
    return bool(report.added or report.updated or report.removed or report.duplicates)
