"""Many paths in, what their files hold out, in the same order; read by other processes than this one.

Each process has one file at a time, and so much memory and time for it, so one that dies over a file or gets nowhere
costs that file and nothing else. Text alone is read here where one process is enough: no library touches it.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from indexer.deadlines import Deadlines
from indexer.intake import Fault, Marked, holds_many, is_light, records
from indexer.model import Record
from indexer.processes import pipe_of, start

Held = Iterable[Record | Fault | Marked]

# Files asked for ahead of the one that is waited for, per process: keeps all busy behind one slow file.
_AHEAD = 4
# Seconds for one file and more for each megabyte of it: 5,000 pages of PDF have 20 and take 50 on a busy machine.
SECONDS = 15.0
SECONDS_A_MEGABYTE = 2.0
# Recognition takes 6 seconds a page.
SECONDS_FOR_OCR = 1800.0


def read_all(paths: Iterable[str], jobs: int, ocr: bool = False) -> Iterator[tuple[str, Held]]:
    """Yield each path with what its file holds, read by `jobs` processes.

    A list of documents is always read in this process, one document at a time, so that it never stands in memory.
    """
    crew = _Crew(max(1, jobs), ocr)
    waiting: deque[tuple[str, Future[Held] | None]] = deque()
    try:
        for path in paths:
            here = holds_many(path) or (jobs <= 1 and is_light(path))
            waiting.append((path, None if here else crew.ask(path)))
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
        self._deadlines = Deadlines()
        self._workers = [_Worker(ocr, self._deadlines) for _ in range(jobs)]
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
        self._deadlines.close()

    def _read(self, path: str) -> Held:
        worker = self._idle.get()
        try:
            return worker.read(path)
        finally:
            self._idle.put(worker)


class _Worker:
    """One child process, started when first asked and again after it has died; used by one thread at a time."""

    def __init__(self, ocr: bool, deadlines: Deadlines) -> None:
        self._ocr = ocr
        self._deadlines = deadlines
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def read(self, path: str) -> Held:
        """Return what the child makes of the file; a fault at the end if it dies over it or takes too long."""
        if self._stopped:
            return [Fault(path, "读取已中止")]
        limit = _seconds(path, self._ocr)
        held: list[Record | Fault | Marked] = []
        process = self._process or self._begin()
        self._deadlines.begin(process, limit)
        broken = False
        try:
            pickle.dump((path, self._ocr), pipe_of(process.stdin))
            pipe_of(process.stdin).flush()
            while (one := pickle.load(pipe_of(process.stdout))) is not None:
                held.append(one)
        except (OSError, EOFError, pickle.UnpicklingError):
            broken = True
        finally:
            in_time = self._deadlines.done(process)
        code = self.end() if broken or not in_time else 0
        if broken:
            how = f"信号 {-code}" if code < 0 else f"返回码 {code}"
            reason = f"读取它的进程意外结束（{how}），可能是文件过大或已损坏"
            held.append(Fault(path, reason if in_time else f"读取超过 {limit:.0f} 秒，已中止"))
        return held

    def _begin(self) -> subprocess.Popen[bytes]:
        """Start the child and wait until it is ready; one that never is shows itself with its first file."""
        process = self._process = start("indexer.worker")
        if self._stopped:  # while it was started, so that `stop` has not seen it
            process.kill()
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            pickle.load(pipe_of(process.stdout))
        return process

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
                pipe_of(pipe).close()
        return process.wait()


def _seconds(path: str, ocr: bool) -> float:
    """Return the time for a file."""
    with contextlib.suppress(OSError):
        megabytes = Path(path).stat().st_size / 1e6
        return (SECONDS_FOR_OCR if ocr else SECONDS) + SECONDS_A_MEGABYTE * megabytes
    return SECONDS
