"""The child's side of `workers`: paths come in on standard input, what each file holds goes out, pickled.

Run as `python -m indexer.worker` by `workers` alone. What a library prints goes to standard error, so that nothing
but answers is in the pipe.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import BinaryIO

from indexer.intake import records


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each (path, ocr) with the list of its records and faults, until the pipe ends."""
    while True:
        try:
            path, ocr = pickle.load(requests)
        except EOFError:
            return
        pickle.dump(list(records(path, ocr)), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, pipe)
