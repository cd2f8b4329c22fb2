"""The way in: paths -> files -> records -> one transaction of the engine, and a report of what became of each.

A file that the index knows and that has not changed is not read again. Whatever goes wrong with one file is a row
of the report; what was indexed of it before stays. Records of one id from several files are one record: the one
with the most text is shown, all files are its sources. Knows nothing of searching.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from indexer.engines.choose import folder_of, open_engine, place_of
from indexer.engines.engine import Engine
from indexer.errors import BadParameter, NotFound, UnreadableFile
from indexer.intake import absolute
from indexer.originals import Originals
from indexer.outcome import Failure, Report
from indexer.readers import find
from indexer.trip import Progress, Trip

__all__ = ["Failure", "Paths", "Progress", "Report", "build", "remove"]

Paths = Iterable[str | Path] | str | Path


def build(
    paths: Paths,
    index: str | Path,
    *,
    jobs: int = 1,
    sync: bool = False,
    public_only: bool = False,
    ocr: bool = False,
    keep_originals: bool = False,
    allow_marked: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Read files and folders into an index, which is made where there is none.

    Args:
        index: a path, or an engine string.
        jobs: processes that read; with more than one, a process segments beside them, too.
        sync: also remove what came from the given folders and is no longer there.
        public_only: keep only records that say that they are public.
        ocr: recognise the text of pictures and of pages that are pictures, which needs the extra `ocr`.
        allow_marked: take also what bears a mark of secrecy or of internal use, which is refused otherwise.
        keep_originals: also keep in the index the files that its records were read from.

    Raises:
        UnreadableFile: none of the paths exists, or with `sync` one does not; nothing has been changed.
        IndexUnavailable: the index cannot be written.
        BadParameter: originals are to be kept, and the index is on servers.
    """
    started = time.perf_counter()
    if keep_originals and folder_of(index) is None:
        raise BadParameter("keep_originals", True, "原件只能存在文件夹里的索引中，不能存在服务器上")
    roots = _roots(paths, sync)
    found = find(roots, ocr)
    files = _files(found, place_of(index))
    with closing(open_engine(index, create=True)) as engine:
        # Opened again under the lock: another build may have committed before this one got it.
        near: tuple[tuple[str, str, float], ...] = ()
        with engine.writing(jobs) as writing, closing(open_engine(index)) as standing:
            trip = Trip(standing, writing, public_only, ocr, allow_marked)
            if sync:
                trip.lose_all_but(files, roots, [problem.path for problem in found.problems])
            trip.run(files, jobs, progress)
            unkept: list[Failure] = []
            if trip.changed:
                writing.commit()
                near, unkept = _near(engine, index, trip)
            unkept += _originals(engine, index, files if keep_originals else ())
        stats, report = engine.stats(), trip.report()
    return replace(
        report,
        failed=(*(Failure(problem.path, problem.reason) for problem in found.problems), *report.failed, *unkept),
        meetings=stats.meetings,
        documents=stats.documents,
        passages=stats.passages,
        seconds=time.perf_counter() - started,
        near_duplicates=near,
        others=found.others,
    )


def remove(ids: Iterable[str], index: str | Path) -> int:
    """Remove records by id and return how many; if one of them is not there, none is removed.

    Raises:
        NotFound: the index has no record of one of the ids.
        IndexUnavailable: the index is not there or cannot be written.
    """
    wanted = list(dict.fromkeys(ids))
    with closing(open_engine(index)) as engine, engine.writing() as writing:
        for record_id in wanted:
            if not writing.remove(record_id):
                raise NotFound(record_id)
        writing.commit()
        _originals(engine, index, ())
    return len(wanted)


def _near(engine: Engine, index: str | Path, trip: Trip) -> tuple[tuple[tuple[str, str, float], ...], list[Failure]]:
    """Return the documents put that say nearly the same as another: path, id of the other, share of the text.

    The table of them lies beside the index; where it cannot be written, that is a row of the report.
    """
    from indexer.similar import update

    folder = folder_of(index)
    try:
        found = update(folder, engine, trip.prints) if folder else ()
    except OSError as error:
        return (), [Failure(str(folder), f"相近文件的对照表没有写入（{error.strerror or error}）")]
    near = ((engine.record(pair.record_id).sources[0].path, pair.other_id, pair.share) for pair in found)
    return tuple(near), []


def _originals(engine: Engine, index: str | Path, files: Iterable[str]) -> list[Failure]:
    """Keep the originals of these files and let go those of records that are gone; return what could not be kept."""
    folder = folder_of(index)
    if folder is None:
        return []
    kept, states = Originals(folder), engine.sources().values()
    failed = kept.keep(states, files)
    kept.prune(states)
    return failed


def _roots(paths: Paths, all_there: bool) -> list[Path]:
    """Return the paths; one that is not there is left to be a row of the report, unless no other one is there."""
    roots = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    missing = [root for root in roots if not root.exists()]
    if missing and (all_there or len(missing) == len(roots)):
        raise UnreadableFile(missing[0], "没有这个文件或文件夹")
    return roots


def _files(found: Iterable[Path], index: str) -> list[str]:
    """Return every file once, as it was named or found; what lies in the index itself is none."""
    files = {absolute(path): str(path) for path in reversed(list(found))}
    own = absolute(index) + os.sep
    return [path for file, path in reversed(files.items()) if not file.startswith(own)]
