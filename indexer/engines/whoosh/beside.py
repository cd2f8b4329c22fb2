"""A process beside the writer that segments: folded passages go in as they come, the postings of their words come out.

Its pipe takes pickles: that a segment begins, passages of it, and at its end which of them are alive; that alone is
answered, with their words. It ends with its pipe, so that it never outlives the writer. If it dies, that costs time
and nothing else: the writer still has all passages, and segments them itself.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import signal
import sys
import threading
from contextlib import suppress
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from indexer.engines.whoosh.cutting import Cutting, Folded
from indexer.engines.whoosh.invert import Words
from indexer.engines.whoosh.kernels.inverting import MANY
from indexer.processes import pipe_of, start
from indexer.text import words

log = logging.getLogger(__name__)
Alive = npt.NDArray[np.bool_] | None
BEGIN = "begin"


class Beside:
    """The writer's side: hands over without waiting, and takes the words of a segment back. Used by one thread."""

    def __init__(self) -> None:
        self._process = start("indexer.engines.whoosh.beside")
        self._requests: queue.SimpleQueue[str | Folded | tuple[Alive] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._hand_over, name="gongwen-segment", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """Begin a segment; what was added and not asked for is forgotten."""
        self._requests.put(BEGIN)

    def add(self, some: Folded) -> None:
        """Have the next passages of the segment segmented."""
        self._requests.put(some)

    def ask(self, alive: Alive) -> None:
        """Ask for the words of the segment's passages, or of those that are alive."""
        self._requests.put((alive,))

    def words(self) -> Words | None:
        """Wait for what was asked for; None if the process has died."""
        try:
            found: Words = pickle.load(pipe_of(self._process.stdout))
        except (OSError, EOFError, pickle.UnpicklingError):
            log.warning("the process that segments has ended (%s); segmenting here", self.close())
            return None
        return found

    def close(self) -> int:
        """End the process, whatever it is at, and return its code."""
        self._requests.put(None)
        self._process.kill()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            # What could not be written to a dead process is of no use any more.
            with suppress(OSError):
                pipe_of(pipe).close()
        return self._process.wait()

    def _hand_over(self) -> None:
        """Write what is asked; a process that has died is noticed where its answer is read."""
        pipe = pipe_of(self._process.stdin)
        with suppress(OSError):
            while (one := self._requests.get()) is not None:
                pickle.dump(one, pipe, protocol=pickle.HIGHEST_PROTOCOL)
                pipe.flush()


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Segment what comes until the pipe ends; it is asked for large segments alone."""
    cutting = Cutting(MANY)
    words.cut("预备")  # the dictionary is loaded while the first passages are on their way
    while True:
        try:
            one = pickle.load(requests)
        except EOFError:
            return
        if isinstance(one, Folded):
            cutting.add(one)
        elif one == BEGIN:
            cutting = Cutting(MANY)
        else:
            found, cutting = cutting.words(*one), Cutting(MANY)
            pickle.dump(found, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    # A key that interrupts the writer reaches this process, too; the writer ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, pipe)
