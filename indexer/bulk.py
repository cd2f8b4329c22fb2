"""A whole index as lines of JSON, one record a line, and an index made of such lines again with equal answers.

The lines are the wire form; they come in the order in which the records were written, so that passages of equal score
keep their order. A line that holds no record is a row of the report; the others are taken in one transaction.
"""

from __future__ import annotations

import gzip
import json
import logging
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from indexer import wire
from indexer.engines.choose import open_engine
from indexer.engines.engine import Engine, SourceState, Writing
from indexer.errors import IndexUnavailable, UnreadableFile
from indexer.intake import absolute
from indexer.model import Record
from indexer.outcome import Failure, Report
from indexer.secrecy import mark_of

logger = logging.getLogger(__name__)

_NO_RECORD = "不是 gongwen export --all 写出的记录"


def export_lines(engine: Engine) -> Iterator[str]:
    """Yield every record of an index as one line of JSON."""
    written = dict.fromkeys(state.record_id for state in engine.sources().values())
    for record_id in written | dict.fromkeys(head.id for head in engine.heads()):
        yield json.dumps(wire.to_json(engine.record(record_id)), ensure_ascii=False) + "\n"


def import_file(path: str | Path, index: str | Path) -> Report:
    """Put every record of a file of such lines (plain or gzip) into an index, which is made where there is none.

    Raises:
        UnreadableFile: there is no such file, or it cannot be read to its end; nothing has been changed.
        IndexUnavailable: the index cannot be written.
    """
    started = time.perf_counter()
    if not Path(path).is_file():
        raise UnreadableFile(path, "没有这个文件")
    with closing(open_engine(index, create=True)) as engine:
        with engine.writing() as writing, closing(open_engine(index)) as standing:
            taking = _Taking(standing, writing)
            for number, line in enumerate(_lines(Path(path)), 1):
                if line.strip():
                    taking.take(f"{path} 第{number}行", line)
            if taking.added or taking.updated:
                writing.commit()
        stats = engine.stats()
    return replace(
        taking.report(),
        meetings=stats.meetings,
        documents=stats.documents,
        passages=stats.passages,
        seconds=time.perf_counter() - started,
    )


class _Taking:
    """The bookkeeping of one import."""

    def __init__(self, standing: Engine, writing: Writing) -> None:
        self.added = self.updated = self.unchanged = 0
        self._standing = standing
        self._writing = writing
        self._before = {head.id for head in standing.heads()}
        self._failed: list[Failure] = []
        self._refused: list[Failure] = []

    def take(self, place: str, line: str) -> None:
        """Put the record of one line; one that the index has as it is stays untouched."""
        try:
            record = read_line(line)
            found = mark_of(record)
            if found is not None:
                self._refused.append(Failure(place, f"标有“{found}”，未收录"))
                return
            if record.id in self._before and self._standing.record(record.id) == record:
                self.unchanged += 1
                return
            self._writing.put(record, _states(record))
        except ValueError as error:
            self._failed.append(Failure(place, str(error)))
        except IndexUnavailable:
            raise
        except Exception as error:  # one record that an engine cannot take must not cost the others
            logger.error("record of %s was not taken", place, exc_info=error)
            self._failed.append(Failure(place, f"收录时出错（{type(error).__name__} {error}）"))
        else:
            self.updated += record.id in self._before
            self.added += record.id not in self._before
            self._before.add(record.id)

    def report(self) -> Report:
        """Return what was done."""
        failed, refused = tuple(self._failed), tuple(self._refused)
        return Report(self.added, self.updated, self.unchanged, failed=failed, refused=refused)


def read_line(line: str) -> Record:
    """Return the record of one line.

    Raises:
        ValueError: the line is not JSON, or no record's.
    """
    try:
        data = json.loads(line)
        record = wire.from_json(data)
    except (AttributeError, KeyError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(_NO_RECORD) from error
    if not _fits(record, type(record)) or not record.id or wire.to_json(record) != data:
        raise ValueError(_NO_RECORD)
    return record


def _states(record: Record) -> Iterable[SourceState]:
    """Return by what the index knows the sources; without size and time each is read again when it is next met."""
    found = {}
    for source in record.sources:
        path = absolute(source.path) + (f"#{record.id}" if source.format == "jsonl" else "")
        found[path] = SourceState(path, source.sha256, record.id)
    return found.values()


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file; a line is UTF-8, and one that is not is no record's."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if packed else path.open("rb") as lines:
            for line in lines:
                yield line.decode("utf-8", "replace")
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableFile(path, "压缩文件不完整" if packed else f"无法读取（{error}）") from error


def _fits(value: object, hint: Any) -> bool:
    """Return whether a value is what a type of the model says, all the way down."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return any(_fits(value, one) for one in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if arguments[-1] is Ellipsis:
            return all(_fits(one, arguments[0]) for one in value)
        return len(value) == len(arguments) and all(map(_fits, value, arguments))
    if isinstance(hint, type) and is_dataclass(hint):
        return isinstance(value, hint) and all(
            _fits(getattr(value, field.name), _hints(hint)[field.name]) for field in fields(hint)
        )
    return value is None if hint is NoneType else type(value) is hint


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
