"""The child's side of `workers`: paths come in on standard input, what each file holds goes out, pickled.

Run as `python -m indexer.worker` by `workers` alone. What a library prints goes to standard error, so that nothing
but answers is in the pipe.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import sys
from dataclasses import fields
from operator import attrgetter
from typing import Any, BinaryIO

from indexer import model
from indexer.intake import records
from indexer.minutes import parse as _parser  # noqa: F401  # loaded before the first file, whose time it would take

# What a record is made of.
PARTS: tuple[type, ...] = (
    model.AgendaItem,
    model.Attendance,
    model.Chair,
    model.Dates,
    model.Decision,
    model.DocNumber,
    model.Document,
    model.Meeting,
    model.NextStep,
    model.Paragraph,
    model.Resolution,
    model.Source,
)

# What one file may make a reader take; the models for recognition alone take a gigabyte.
MEMORY = 1 << 30
MEMORY_FOR_OCR = 4 << 30


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each (path, ocr) with its records and faults one by one, and None after the last, until the pipe ends.

    A first None tells that this process has started, which is no file's time.
    """
    for part in PARTS:
        _pack_by_values(part)
    _answer(answers, None)
    while True:
        try:
            path, ocr = pickle.load(requests)
        except EOFError:
            return
        limit_memory(MEMORY_FOR_OCR if ocr else MEMORY)
        for one in records(path, ocr):
            _answer(answers, one)
        _answer(answers, None)


def _answer(answers: BinaryIO, one: object) -> None:
    # Whole before it is written, so that no half of it is in the pipe when there is no memory for the rest.
    answers.write(pickle.dumps(one, protocol=pickle.HIGHEST_PROTOCOL))
    answers.flush()


def _pack_by_values(part: type[Any]) -> None:
    """Have a part of records pickled as its values in order: half the time of what dataclasses do, on either side."""
    values = attrgetter(*(field.name for field in fields(part)))
    copyreg.pickle(part, lambda one: (part, values(one)))


def limit_memory(memory: int) -> None:
    """Have the system refuse this process more memory; Windows has no such limit."""
    try:
        import resource
    except ModuleNotFoundError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory if most == resource.RLIM_INFINITY else min(memory, most), most))


if __name__ == "__main__":
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, pipe)
