"""Many paths in, what their files hold out, in the same order; read by several processes at once.

Each process has one file at a time, so one that dies costs that file and nothing else. The processes are started
as plain commands and not forked: a program that uses the package needs no `if __name__ == "__main__"`.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, cast

from indexer.intake import Fault, holds_many, records
from indexer.model import Record

Held = Iterable[Record | Fault]

# Files asked for ahead of the one that is waited for, per process: keeps all busy behind one slow file.
_AHEAD = 4


def read_all(paths: Iterable[str], jobs: int, ocr: bool = False) -> Iterator[tuple[str, Held]]:
    """Yield each path with what its file holds; one after the other in this process if `jobs` is 1.

    A list of documents is always read in this process, one document at a time, so that it never stands in memory.
    """
    if jobs <= 1:
        yield from ((path, records(path, ocr)) for path in paths)
        return
    crew = _Crew(jobs, ocr)
    waiting: deque[tuple[str, Future[Held] | None]] = deque()
    try:
        for path in paths:
            waiting.append((path, None if holds_many(path) else crew.ask(path)))
            if len(waiting) > jobs * _AHEAD:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    finally:
        crew.close()


def _next(waiting: deque[tuple[str, Future[Held] | None]]) -> tuple[str, Held]:
    path, held = waiting.popleft()
    return path, records(path) if held is None else held.result()


class _Crew:
    """Some workers, and a thread each to wait for what they answer."""

    def __init__(self, jobs: int, ocr: bool) -> None:
        self._workers = [_Worker(ocr) for _ in range(jobs)]
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="gongwen-read")

    def ask(self, path: str) -> Future[Held]:
        return self._pool.submit(self._read, path)

    def close(self) -> None:
        """End all workers, whatever they are at; the killed ones wake the threads that wait for them."""
        for worker in self._workers:
            worker.stop()
        self._pool.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def _read(self, path: str) -> Held:
        worker = self._idle.get()
        try:
            return worker.read(path)
        finally:
            self._idle.put(worker)


class _Worker:
    """One child process, started when first asked and again after it has died; used by one thread at a time."""

    def __init__(self, ocr: bool) -> None:
        self._ocr = ocr
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def read(self, path: str) -> Held:
        """Return what the child makes of the file, or a fault if it dies over it."""
        if self._stopped:
            return [Fault(path, "读取已中止")]
        process = self._process = self._process or _start()
        try:
            pickle.dump((path, self._ocr), _pipe(process.stdin))
            _pipe(process.stdin).flush()
            return cast("Held", pickle.load(_pipe(process.stdout)))
        except (OSError, EOFError, pickle.UnpicklingError):
            code = self.end()
            how = f"信号 {-code}" if code < 0 else f"返回码 {code}"
            return [Fault(path, f"读取它的进程意外结束（{how}），可能是文件过大或已损坏")]

    def stop(self) -> None:
        """Kill the child, also while another thread waits for it."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def end(self) -> int:
        """Close the pipes, wait for the child to go and return its code; 0 where there is none."""
        process, self._process = self._process, None
        if process is None:
            return 0
        for pipe in (process.stdin, process.stdout):
            # What could not be written to a dead child is of no use any more.
            with contextlib.suppress(OSError):
                _pipe(pipe).close()
        return process.wait()


def _start() -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return subprocess.Popen(
        [sys.executable, "-m", "indexer.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    """Return a pipe that was asked for when its process was started."""
    if pipe is None:
        raise AssertionError("a worker has both pipes")
    return pipe
