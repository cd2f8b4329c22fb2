"""Several processes that answer at one address, so that as many processors search at once; started and watched here.

All accept from one socket, each has its own threads, and all read the one index. One that dies is replaced; when the
first process is told to stop, or dies, the others finish what they are answering and stop, too.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess

from indexer.errors import GongwenError

_log = logging.getLogger(__name__)

EARLY = 2.0  # seconds: one that dies sooner has not served anything
MOST_EARLY = 5  # of those in a row: then it is not chance


def possible() -> bool:
    """Whether this system can share a socket by forking."""
    return "fork" in multiprocessing.get_all_start_methods()


def serve(count: int, work: Callable[[], None], patience: float) -> None:
    """Run `work` in `count` processes until stopped by SIGTERM or SIGINT.

    Args:
        work: serves until its own process gets SIGTERM; runs in the main thread of each process.
        patience: seconds that each has to stop; then it is killed.

    Raises:
        GongwenError: processes die as soon as they are started.
    """
    family = _Family(count, work)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: family.stop())
    try:
        family.watch()
    finally:
        family.end(patience)


class _Family:
    def __init__(self, count: int, work: Callable[[], None]) -> None:
        self._count, self._work = count, work
        self._members: dict[int, tuple[ForkProcess, float]] = {}  # by sentinel, with when it was started
        self._early = 0
        self._stopping = False

    def watch(self) -> None:
        """Keep as many processes as were asked for, until told to stop."""
        while not self._stopping:
            while len(self._members) < self._count and not self._stopping:
                self._start()
            for sentinel in wait(list(self._members), timeout=1):
                self._bury(int(sentinel))  # type: ignore[arg-type]  # what was put in comes out

    def stop(self) -> None:
        """Tell all processes to stop; a signal handler may."""
        self._stopping = True
        for member, _ in list(self._members.values()):
            member.terminate()

    def end(self, patience: float) -> None:
        """Wait for all processes, and kill those that do not stop."""
        self.stop()
        until = time.monotonic() + patience
        for member, _ in self._members.values():
            member.join(max(0.1, until - time.monotonic()))
            if member.is_alive():
                _log.warning("process %s does not stop and is killed", member.pid)
                member.kill()
                member.join()

    def _start(self) -> None:
        member = multiprocessing.get_context("fork").Process(target=_live, args=(self._work,))
        member.start()
        self._members[member.sentinel] = (member, time.monotonic())

    def _bury(self, sentinel: int) -> None:
        member, started = self._members.pop(sentinel)
        member.join()  # it is gone; now the system knows that we know
        if self._stopping:
            return
        self._early = self._early + 1 if time.monotonic() - started < EARLY else 0
        _log.error("process %s died (%s) and is replaced", member.pid, member.exitcode)
        if self._early >= MOST_EARLY:
            raise GongwenError("服务进程一启动就退出，详情见日志（serving processes die as they start; see the log）")


def _live(work: Callable[[], None]) -> None:
    """Do the work of one process, and stop when the first process is no more."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent.sentinel,), daemon=True).start()
    try:
        work()
    except GongwenError as error:
        sys.exit(str(error))


def _outlive(sentinel: int) -> None:
    wait([sentinel])
    signal.raise_signal(signal.SIGTERM)
