"""Processes with so many seconds each go in; those that are not done by then are killed.

One thread for all of them, which sleeps until the earliest deadline: a timer for each file is a thread for each file.
"""

from __future__ import annotations

import math
import threading
from subprocess import Popen
from time import monotonic


class Deadlines:
    """The processes that are at something, each with the time at which it is killed; used by any number of threads."""

    def __init__(self) -> None:
        self._until: dict[Popen[bytes], float] = {}
        self._changed = threading.Condition()
        self._wakes = math.inf
        self._thread: threading.Thread | None = None
        self._closed = False

    def begin(self, process: Popen[bytes], seconds: float) -> None:
        """Give a process so many seconds from now on."""
        with self._changed:
            until = self._until[process] = monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="gongwen-deadlines", daemon=True)
                self._thread.start()
            elif until < self._wakes:
                self._changed.notify()

    def done(self, process: Popen[bytes]) -> bool:
        """Return whether a process is done in time; it is not watched any more, and was killed if not."""
        with self._changed:
            return self._until.pop(process, None) is not None

    def close(self) -> None:
        """Watch nothing any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                now = monotonic()
                for process in [one for one, until in self._until.items() if until <= now]:
                    del self._until[process]
                    process.kill()
                self._wakes = min(self._until.values(), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)
