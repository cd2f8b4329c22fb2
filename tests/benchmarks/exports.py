"""Measures how much memory an export of a million rows takes: `python tests/benchmarks/exports.py`.

An index of so many resolutions is made first (some minutes, 1.2 GB), or is given with --index. Each format is written
by a process of its own, whose memory is looked at all the while: what it holds itself, and its peak with the files of
the index that are mapped into it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import many  # noqa: E402

import indexer  # noqa: E402
from indexer.export import FORMATS, Format, export  # noqa: E402

ROWS = 1_000_000
LIMIT = 300  # MB


def main() -> None:
    """Make the index, export it in every format, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--index", type=Path, help="an index made by an earlier run")
    parser.add_argument("--formats", nargs="*", choices=FORMATS, default=FORMATS)
    parser.add_argument("--one", choices=FORMATS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.index, given.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        place = given.index or Path(folder) / "index"
        if given.index is None or not given.index.exists():
            many.build(place, -(-given.rows // (many.ITEMS * many.RESOLUTIONS)))
        print("| format | rows | MB written | seconds of CPU | own memory, MB | peak with mapped files, MB |")
        print("|---|---:|---:|---:|---:|---:|")
        worst = 0
        for form in given.formats:
            command = [sys.executable, __file__, "--index", str(place), "--one", form]
            found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            worst = max(worst, found["own"])
            row = (form, f"{found['rows']:,}", *(f"{found[name]:,.0f}" for name in ("written", "cpu", "own", "peak")))
            print(f"| {' | '.join(row)} |", flush=True)
        print(f"\nOwn memory at most {worst:,.0f} MB; the limit is {LIMIT} MB.")
    if worst > LIMIT:
        sys.exit(1)


def measured(place: Path, form: Format) -> dict[str, float]:
    """Export all resolutions in one format and return what it took."""
    ended = threading.Event()
    own: list[int] = []

    def look() -> None:
        while not ended.wait(0.05):
            own.append(memory("RssAnon"))

    watching = threading.Thread(target=look, daemon=True)
    with indexer.open_index(place) as index:
        rows = index.search("", match="exact", level="resolution", limit=0).total.exact
        watching.start()
        started, written = time.process_time(), 0
        for part in export(index, "", form, level="resolution"):
            written += len(part)
        cpu = time.process_time() - started
    ended.set()
    watching.join()
    return {"rows": rows, "written": written / 1e6, "cpu": cpu, "own": max(own) / 1024, "peak": memory("VmHWM") / 1024}


def memory(name: str) -> int:
    """Return a figure of this process in kB, as Linux tells it."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
