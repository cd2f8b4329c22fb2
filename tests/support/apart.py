"""An index of which a file is more than pipes and sockets hold, and the processes that make files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from made import document, meeting

from indexer.engines.choose import open_engine

PATIENCE = 60  # seconds: a bound against hangs, not a measurement
PARAGRAPHS = 12_000


def long_index(place: Path, paragraphs: int = PARAGRAPHS) -> Path:
    """Make an index of many paragraphs and a few meetings; return its place."""
    texts = [f"第{number}段：" + "全市教育工作要抓紧抓好。" * (1 + number % 40) for number in range(paragraphs)]
    with closing(open_engine(place, create=True)) as engine, engine.writing() as writing:
        writing.put(document("long", texts, date(2024, 5, 6)), ())
        for number in range(1, 20):
            writing.put(meeting(number, date(2024, 1, number)), ())
        writing.commit()
    return place


def exporters(parent: int | None = None) -> list[int]:
    """Return the processes that make a file for a process, by default this one, also those not yet buried."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, above = path.read_text().rpartition(")")[2].split()[:2]
            command = path.with_name("cmdline").read_bytes()
        except OSError:
            continue  # gone meanwhile
        if int(above) == (parent or os.getpid()) and (not command or b"indexer.exporter" in command.split(b"\0")):
            found.append(int(path.parent.name))
    return found


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that comes about beside this thread."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)
