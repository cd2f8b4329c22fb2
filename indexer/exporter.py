"""The place of an index and what is asked of it go in, the parts of a file come out, made by a process of its own.

A file of a million rows is the work of half a minute and more. Made apart it takes neither memory nor interpreter of
the process that asks, which only hands the parts on, and it ends at once when nobody takes it any more. Run as
`python -m indexer.exporter` by `export_apart` alone.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from indexer.errors import GongwenError, IndexUnavailable
from indexer.export import Format, export
from indexer.processes import pipe_of, start
from indexer.search import open_index

PART = 1 << 16  # bytes: what a pipe holds


def export_apart(place: str | Path, query: str, form: Format, **asked: Any) -> Iterator[bytes]:
    """Yield the parts of a file as `export` makes them of the index at a place.

    The process starts when the first part is asked for, and is gone when the last one was or this is closed.

    Args:
        place: As `open_index` takes it; who may read there is told by the environment.
        query: As `export` takes it, like all others.

    Raises:
        BadParameter, IndexUnavailable: As `open_index` and `export` do, before the first part; the latter also where
            no process can be started.
        GongwenError: The process ended before the file was whole; what has come of it is not to be kept.
    """
    # Of the library for matrices, which has no work here and would start a thread for every processor.
    try:
        process = start("indexer.exporter", OPENBLAS_NUM_THREADS="1")
    except OSError as refused:
        raise IndexUnavailable(place, f"暂时不能导出：系统不能再启动进程（{refused.strerror}）") from refused
    try:
        answer = cast(BufferedReader, pipe_of(process.stdout))
        try:
            with pipe_of(process.stdin) as request:
                pickle.dump((place, query, form, asked), request)
            error = pickle.load(answer)
        except (OSError, EOFError, pickle.UnpicklingError):
            error = _broken(process.wait())
        if error is not None:
            raise error
        while part := answer.read1(PART):
            yield part
        if code := process.wait():
            raise _broken(code)
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what could not be written to it is of no use any more
                pipe_of(pipe).close()
        process.wait()


def _broken(code: int) -> GongwenError:
    how = f"信号 {-code}" if code < 0 else f"返回码 {code}"
    return GongwenError(f"写出文件的进程意外结束（{how}），文件不完整")


def _make(request: BinaryIO, answer: BinaryIO) -> None:
    """Write what is asked for behind a None, or why there is no file, both pickled."""
    place, query, form, asked = pickle.load(request)
    with ExitStack() as opened:
        try:
            index = opened.enter_context(open_index(place))
            parts = export(index, query, form, **asked)
            first = next(parts, b"")
        except GongwenError as error:
            pickle.dump(error, answer)
            return
        pickle.dump(None, answer)
        answer.write(first)
        answer.flush()
        answer.writelines(parts)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells everybody; who asked finishes what it has begun
    pipe = os.fdopen(os.dup(1), "wb", PART)
    os.dup2(2, 1)  # what a library prints is no part of the file
    try:
        _make(sys.stdin.buffer, pipe)
        pipe.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody takes it any more, nor what is left in the buffer
