"""A module of this package goes in, a process that runs it comes out, with a pipe each way.

Processes are started as plain commands and not forked: a program that uses the package needs no
`if __name__ == "__main__"`, may have threads, and runs on every system alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO


def start(module: str, **environ: str) -> subprocess.Popen[bytes]:
    """Start `python -m module`, which imports from where this process does, with more in its environment."""
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environ, "PYTHONPATH": paths},
    )


def pipe_of(pipe: IO[bytes] | None) -> IO[bytes]:
    """Return a pipe that was asked for when its process was started."""
    if pipe is None:
        raise AssertionError("a process started here has both pipes")
    return pipe
