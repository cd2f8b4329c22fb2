"""Times the reading of folders of one format each: `python tests/benchmarks/formats.py [--write]`.

Every file holds the minutes of another meeting (a PDF those of ten, printed by Chromium), read and parsed as a build
does it, by two processes that are started with the clock running; nothing is indexed. What two free processors would do
is reckoned from the processor time that all processes took, this one too, since few machines are free. With --write
docs/formats.md gets the figures, with --only NAME one format is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support"), str(Path(__file__).parent)]

import meetings  # noqa: E402
import wrapped  # noqa: E402
from printed import printer  # noqa: E402
from run import processor  # noqa: E402

from indexer.intake import Fault  # noqa: E402
from indexer.workers import read_all  # noqa: E402

PAGE = ROOT / "docs/formats.md"
JOBS = 2
PDF_MEETINGS = 10
# By the row of docs/formats.md: files, what makes one, and the least that issue and page promise, if any.
FORMATS: dict[str, tuple[int, str, Callable[[Sequence[str]], bytes], int | None]] = {
    "TXT": (1000, ".txt", wrapped.plain, None),
    "MD": (1000, ".md", wrapped.markdown, None),
    "HTML": (2000, ".html", wrapped.web_page, 300),
    "MHTML": (1000, ".mht", wrapped.web_archive, None),
    "PDF": (40, ".pdf", wrapped.portable, 200),  # with fonts within: see `main`
    "DOCX": (200, ".docx", wrapped.word_document, 60),
    "DOC, WPS": (300, ".doc", wrapped.old_word, None),
    "RTF": (300, ".rtf", wrapped.rich_text, None),
    "OFD": (300, ".ofd", wrapped.fixed, 60),
    "XLSX, XLSM": (200, ".xlsx", wrapped.workbook, None),
    "ZIP": (100, ".zip", wrapped.archive, None),
}


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=[*FORMATS])
    given = parser.parse_args()
    busy = f", load average {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    where = (
        f"Measured on {date.today()}: {processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}{busy}."
    )
    figures = {}
    for name, (count, suffix, made, least) in FORMATS.items():
        if given.only not in (None, name):
            continue
        with printer() if name == "PDF" else nullcontext(made) as make:
            files = [make(_lines(number, PDF_MEETINGS if name == "PDF" else 1)) for number in range(1, count + 1)]
        figures[name], speed = _measured(files, suffix)
        promise = "" if least is None else f" (at least {least})" if speed >= least else f" (BELOW {least})"
        print(f"{name:12} {figures[name]}{promise}", flush=True)
    print(where)
    if given.write:
        _write(figures, where)


def _measured(files: Sequence[bytes], suffix: str) -> tuple[str, float]:
    """Return the speed in words, and what it would be on two free processors."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{number:04}{suffix}") for number in range(len(files))]
        for path, data in zip(paths, files, strict=True):
            Path(path).write_bytes(data)
        started, before = time.perf_counter(), _processor_seconds()
        records = [one for _, held in read_all(paths, JOBS) for one in held]
        seconds, taken = time.perf_counter() - started, _processor_seconds() - before
    sources = [one.sources[0] for one in records if not isinstance(one, Fault)]
    assert len(sources) == len(files) == len(records)
    things, name = (sum(one.pages or 0 for one in sources), "pages") if suffix == ".pdf" else (len(files), "files")
    free = things / taken * JOBS
    return f"{things / seconds:,.0f} {name}/s; {free:,.0f} on two free processors", free


def _lines(number: int, meetings_each: int) -> list[str]:
    first = (number - 1) * meetings_each + 1
    texts = (meetings.text(at) for at in range(first, first + meetings_each))
    return [line for text in texts for line in text.splitlines() if line.strip()]


def _processor_seconds() -> float:
    """Return what this process and those that have ended took; those of a measurement end with it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _write(figures: dict[str, str], where: str) -> None:
    """Put the figures into the last column of the table, and the machine under it."""
    text = PAGE.read_text(encoding="utf-8")
    for name, figure in figures.items():
        text = re.sub(rf"^(\| {re.escape(name)} \|.*\| )[^|\n]*\|$", rf"\g<1>{figure} |", text, flags=re.MULTILINE)
    text = re.sub(r"^Measured on [^\n]*$", where, text, flags=re.MULTILINE)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
