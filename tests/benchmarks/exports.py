"""Measures how much memory an export of a million rows takes: `python tests/benchmarks/exports.py`.

An index of so many resolutions is made first (some minutes, 1.2 GB), or is given with --index. Each format is written
by `gongwen export`, a process of its own, and read from a server of its own, `gongwen serve`, which has another process
make it. The memory of all of them is looked at all the while, and the system's own marks of their peaks are read.

An export takes what the process that makes it holds at most, with the pages of mapped files, and what the peak of the
server is above what it held when it had been warmed and nobody had asked for anything (its mark is set back then). What
the server holds for its searches is told beside it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent), str(ROOT / "tests/soak")]

import load  # noqa: E402
import many  # noqa: E402

import indexer  # noqa: E402
from indexer.export import FORMATS, Format  # noqa: E402

ROWS = 1_000_000
LIMIT = 300  # MB
WAYS = ("cli", "http")
CHUNK = 1 << 20
MAKER = b"indexer.exporter"  # not the process that compiles a server's loops, which may be there still


@dataclass
class Taken:
    """What an export took: bytes, seconds of processor, and kB.

    `own` and `peak` are what the process that makes it held at most without and with mapped files; `before` and `most`
    are what the server held before and at most, with mapped files, and `bare` what it held before without them.
    """

    written: int = 0
    cpu: float = 0.0
    own: int = 0
    peak: int = 0
    bare: int = 0
    before: int = 0
    most: int = 0

    def all(self) -> int:
        """Return what the export took of memory, wherever."""
        return self.peak + self.most - self.before


HEAD = (
    *("format", "by", "rows", "MB written", "seconds of CPU", "own MB", "peak MB with mapped files"),
    *("server grew by MB", "all MB", "server before: own MB", "with mapped files", "at most"),
)


def main() -> None:
    """Make the index, export it in every format and both ways, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--index", type=Path, help="an index made by an earlier run")
    parser.add_argument("--formats", nargs="*", choices=FORMATS, default=FORMATS)
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=WAYS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.index or Path(folder) / "index"
        if given.index is None or not given.index.exists():
            many.build(place, -(-given.rows // (many.ITEMS * many.RESOLUTIONS)))
        print(f"| {' | '.join(HEAD)} |\n|---|---|{'---:|' * (len(HEAD) - 2)}")
        worst = 0.0
        for form in given.formats:
            rows = count(place, form)
            for way in given.ways:
                taken = by_command(place, form) if way == "cli" else by_server(place, form)
                worst = max(worst, taken.all() / 1024)
                held = (
                    taken.own,
                    taken.peak,
                    taken.most - taken.before,
                    taken.all(),
                    taken.bare,
                    taken.before,
                    taken.most,
                )
                figures = (taken.written / 1e6, taken.cpu, *(kilobytes / 1024 for kilobytes in held))
                print(f"| {form} | {way} | {rows:,} | {' | '.join(f'{n:,.0f}' for n in figures)} |", flush=True)
        print(f"\nAt most {worst:,.0f} MB with everything; the limit is {LIMIT} MB.")
    if worst > LIMIT:
        sys.exit(1)


def count(place: Path, form: Format) -> int:
    """Return how many rows a file of everything has: resolutions for a ledger, else passages."""
    with indexer.open_index(place) as index:
        level = "resolution" if form in ("ledger", "xlsx") else "all"
        return index.search("", match="exact", level=level, limit=0).total.exact


def by_command(place: Path, form: Format) -> Taken:
    """Have the command line write everything to a pipe."""
    command = [sys.executable, "-m", "search_web", "export", "--index", str(place), "--format", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None
        out = process.stdout
        return watched(process.pid, None, lambda: out.read(CHUNK))


def by_server(place: Path, form: Format) -> Taken:
    """Read everything from a server."""
    with load.served(place) as server, closing(http.client.HTTPConnection("127.0.0.1", server.port)) as client:
        client.request("GET", "/opensearch.xml")  # answered once it is warm
        client.getresponse().read()
        pid = server.process.pid
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="utf-8")
        bare, before = memory(pid, "RssAnon"), memory(pid, "VmHWM")
        client.request("GET", f"/export?format={form}")
        answer = client.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{form}: {answer.status}")
        (maker,) = (child for child in children(pid) if MAKER in Path(f"/proc/{child}/cmdline").read_bytes())
        taken = watched(maker, pid, lambda: answer.read(CHUNK))
        taken.bare, taken.before = bare, before
        return taken


def children(pid: int) -> list[int]:
    """Return the processes that any thread of a process has started."""
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def watched(maker: int, server: int | None, read: Callable[[], bytes]) -> Taken:
    """Read an export to its end while a thread looks at who makes it and at the server that hands it on."""
    taken, ended = Taken(), threading.Event()
    used = dict.fromkeys([maker] if server is None else [maker, server], 0.0)

    def look() -> None:
        while True:
            with suppress(OSError, StopIteration):  # it may have ended
                taken.own = max(taken.own, memory(maker, "RssAnon"))
                taken.peak = max(taken.peak, memory(maker, "VmHWM"))
            if server is not None:
                taken.most = memory(server, "VmHWM")
            for pid in used:
                with suppress(OSError):
                    used[pid] = processor(pid)
            if ended.wait(0.05):
                return

    watching = threading.Thread(target=look)
    watching.start()
    try:
        while part := read():
            taken.written += len(part)
    finally:
        ended.set()
        watching.join()
    taken.cpu = sum(used.values())
    return taken


def memory(pid: int, name: str) -> int:
    """Return a figure of a process in kB, as Linux tells it."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def processor(pid: int) -> float:
    """Return the seconds of processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
