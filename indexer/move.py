"""An index is copied from one engine to another, record by record: the same records, sources and order, no files read.

On servers the copy takes the place of what had the name before, in one step: a rebuild without a time without answers.
Originals and near-duplicates, which are kept in the folder of an index, stay there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from indexer.engines.choose import engine_string, open_engine, replacing
from indexer.engines.engine import Engine, SourceState
from indexer.errors import BadParameter
from indexer.model import Record

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied, and in how many seconds."""

    meetings: int
    documents: int
    passages: int
    seconds: float


def move(source: str | Path, target: str | Path, progress: Progress | None = None) -> Moved:
    """Copy the index at one place to another.

    Args:
        source: a path, or an engine string.
        target: the same; a folder must hold no index, an index on servers is replaced when the copy is whole.
        progress: called with the number of records copied and of all.

    Raises:
        IndexUnavailable: one of them cannot be read or written; the target is as it was before.
        BadParameter: both are one, or the target is a folder with an index in it.
    """
    started = time.perf_counter()
    if engine_string(source) == engine_string(target):
        raise BadParameter("TO", str(target), "须与来源不同")
    with closing(open_engine(source)) as standing:
        with replacing(target) as writing:
            total = len(standing.heads())
            for number, (record, states) in enumerate(_records(standing), 1):
                writing.put(record, states)
                if progress:
                    progress(number, total)
            writing.commit()
        with closing(open_engine(target)) as made:
            stats = made.stats()
    return Moved(stats.meetings, stats.documents, stats.passages, time.perf_counter() - started)


def _records(engine: Engine) -> Iterator[tuple[Record, list[SourceState]]]:
    """Yield every record in the order in which they were written, with the files it was read from."""
    states: dict[str, list[SourceState]] = {}
    for state in engine.sources().values():
        states.setdefault(state.record_id, []).append(state)
    for record_id in dict.fromkeys((*states, *(head.id for head in engine.heads()))):
        yield engine.record(record_id), states.get(record_id, [])
