"""Index and query one corpus with this project and with other engines in one run, and write docs/performance.md.

    python tests/benchmarks/performance.py                 all of it: some twenty minutes, 4 GB of a temporary folder
    python tests/benchmarks/performance.py --quick         a small one in a minute or two, printed and not written
    python tests/benchmarks/performance.py --only main,crowd

Corpus, queries and peers are those beside the checkout (../shared) where they are there; without it the corpus is an
invented one and the peers are those of peers.py. `pip install tantivy` is needed for the comparison with Tantivy, and
nothing of the project needs it otherwise. Every step works in a process of its own, one after the other.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

import corpora  # noqa: E402
import meetings  # noqa: E402
import performance_page  # noqa: E402
from peers import PEERS  # noqa: E402
from steps import OURS  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
SHARED_PEERS = corpora.SHARED / "bench" / "peers.py"
SECTIONS = ("main", "growth", "crowd", "peers", "facets")
WHOLE, SMALL, LARGE = corpora.INVENTED, (20_000, 100_000), 2_000_000
# Paragraphs that the slow peers are asked over: plain Whoosh takes half a minute to index so many.
FEW = 20_000
MEETINGS = 9_000
# How often the main comparison is made, the engines by turns: how fast a machine is changes from minute to minute.
ROUNDS = 3
FREQUENT = ("市", "市 一", "")
Found = dict[str, Any]


class Bench:
    """A temporary folder with the corpus, and what was measured on it so far."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.folder, self.runs = folder, given.runs
        self.whole, self.few, self.meetings = given.paragraphs, min(FEW, given.paragraphs), given.meetings
        self.sizes = sorted({s for s in given.sizes if s <= given.most} | {given.paragraphs, self.few})
        self.against = ["tantivy"] if importlib.util.find_spec("tantivy") else []
        self.slow = [name for name in PEERS if name != "tantivy"]
        self.queries = corpora.queries()
        self.found: Found = {"shared": corpora.there(), "runs": self.runs, "load": _load()}
        subprocess.run([sys.executable, "-m", "indexer.engines.whoosh.kernels"], check=True, cwd=ROOT)
        tell(f"writing {max(self.sizes):,} paragraphs")
        self.files = corpora.write(folder / "corpus", self.sizes)
        self.built: dict[tuple[str, int, int], Found] = {}
        self.told: dict[tuple[str, int], Found] = {}

    def index(self, engine: str, size: int, threads: int) -> Path:
        """Return the folder of an index, which is built when it is first asked for."""
        place = self.folder / f"{engine}-{size}-{threads}"
        if (engine, size, threads) not in self.built:
            given = {"engine": engine, "index": str(place), "threads": threads, "files": _names(self.files[size])}
            self.built[engine, size, threads] = step("build", given)
            assert self.built[engine, size, threads]["passages"] == size
        return place

    def asked(self, engine: str, size: int, runs: int | None = None) -> Found:
        """Return how an index of one thread answers, with what its building took."""
        if (engine, size) not in self.told:
            given = {"engine": engine, "index": str(self.index(engine, size, 1)), "queries": self.queries}
            turns = engine in (OURS, *self.against)
            self.told[engine, size] = step("ask", {**given, "runs": runs or self.runs, "turns": turns})
        return {**self.told[engine, size], "build": self.built[engine, size, 1]}

    def main(self) -> None:
        """Ours and Tantivy on the whole corpus by turns; its figures are those of ../shared/bench/peers.py if there."""
        found = {name: self.asked(name, self.whole) for name in (OURS, *self.against)}
        rounds: dict[str, list[Found]] = {name: [] for name in found}
        for number in range(ROUNDS):
            for name, those in rounds.items():
                shared = name != OURS and corpora.there()
                those.append(self._by_shared_peers() if shared else self._anew(name, number))
        found = {name: one | medians(rounds[name]) for name, one in found.items()}
        self.index(OURS, self.whole, 2)
        found[OURS]["build2"] = self.built[OURS, self.whole, 2]
        self.found["main"] = {"size": self.whole, "rounds": ROUNDS, "engines": found}
        self.found["first"] = step("first", {"index": str(self.index(OURS, self.whole, 1)), "queries": self.queries})

    def _anew(self, engine: str, number: int) -> Found:
        """Return how long it takes to index all paragraphs once more, and to ask; the index is not kept."""
        place = self.folder / f"{engine}-again-{number}"
        given = {"engine": engine, "index": str(place), "threads": 1, "files": _names(self.files[self.whole])}
        built = step("build", given)
        told = step("ask", {**given, "queries": self.queries, "runs": self.runs})
        shutil.rmtree(place)
        return {"queries": told["queries"], "build": built}

    def _by_shared_peers(self) -> Found:
        arguments = ["--paragraphs", str(self.whole), "--engines", "tantivy", "--runs", str(self.runs)]
        tell("tantivy by ../shared/bench/peers.py")
        done = subprocess.run([sys.executable, str(SHARED_PEERS), *arguments], check=True, capture_output=True)
        one = json.loads(done.stdout)["tantivy"]
        build = {"seconds": one["index_s"], "bytes": one["index_mb"] * 1e6, "peak": one["peak_rss_mb"] * 2**20}
        build = {**self.built["tantivy", self.whole, 1], **build}
        kinds = {
            kind: {query: {"total": total, "median": ms} for query, (total, ms) in asked.items()}
            for kind, asked in one["queries"].items()
        }
        return {"queries": kinds, "build": build}

    def growth(self) -> None:
        """Both at growing sizes, and with two threads of writing; then one meeting more at each size."""
        rows = []
        for size in self.sizes:
            for engine in (OURS, *self.against):
                row = {"engine": engine, "size": size, **self.asked(engine, size)}
                if size <= self.whole:
                    self.index(engine, size, 2)
                    row["build2"] = self.built[engine, size, 2]
                if engine == OURS:
                    place = str(self.index(OURS, size, 1))
                    row["first"] = step("first", {"index": place, "queries": self.queries})
                    # The copy is what changes: the index itself is asked again.
                    row["add"] = step("add", {"index": self._copy(Path(place))})
                rows.append(row)
        self.found["growth"] = rows

    def _copy(self, place: Path) -> str:
        copy = place.with_name(f"{place.name}-more")
        subprocess.run(["cp", "-r", str(place), str(copy)], check=True)
        return str(copy)

    def crowd(self) -> None:
        """Queries a second by one thread and by two."""
        rows = []
        for engine in (OURS, *self.against):
            for threads in (1, 2):
                given = {"engine": engine, "index": str(self.index(engine, self.whole, 1)), "queries": self.queries}
                told = step("crowd", {**given, "threads": threads, "seconds": 3 if self.runs > 3 else 1})
                rows.append({"engine": engine, "threads": threads, "rates": told})
        self.found["crowd"] = {"size": self.whole, "rows": rows}

    def peers(self) -> None:
        """Every engine there is on few paragraphs."""
        engines = (OURS, *self.against, *self.slow)
        found = {name: self.asked(name, self.few, None if name in (OURS, "tantivy") else 3) for name in engines}
        self.found["peers"] = {"size": self.few, "engines": found}

    def facets(self) -> None:
        """What counting all facets adds, over the minutes of an invented city."""
        files, place = self.folder / "minutes", self.folder / "minutes-index"
        meetings.write(files, self.meetings)
        step("build", {"engine": OURS, "index": str(place), "threads": os.cpu_count() or 1, "files": [str(files)]})
        self.found["facets"] = step("facets", {"index": str(place), "queries": FREQUENT, "runs": max(self.runs, 15)})


def medians(rounds: list[Found]) -> Found:
    """Return the last of several rounds with the median of all in the place of every time."""
    found = rounds[-1]
    builds, asked = [one["build"] for one in rounds], [one["queries"] for one in rounds]
    for key in ("seconds", "processor"):
        found["build"][key] = statistics.median(one[key] for one in builds)
    for kind, queries in found["queries"].items():
        for query, told in queries.items():
            for key in {"median", "first"} & told.keys():
                told[key] = statistics.median(one[kind][query][key] for one in asked)
    return found


def step(name: str, given: Found) -> Found:
    """Run one step in a process of its own; the answer gets `peak`, the most bytes it and its children held at once."""
    tell(name, given.get("engine", OURS), Path(given["index"]).name)
    command = [sys.executable, str(HERE / "steps.py"), name, json.dumps(given, ensure_ascii=False)]
    with tempfile.TemporaryFile() as out, subprocess.Popen(command, stdout=out) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(_resident, _family(process.pid))))
            time.sleep(0.05)
        if process.returncode:
            sys.exit(f"{name} ended with {process.returncode}")
        out.seek(0)
        found: Found = json.load(out)
    return {**found, "peak": peak}


def _family(pid: int) -> list[int]:
    """Return a process and all that it started; itself alone where the system does not tell."""
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except (OSError, ValueError):
                continue
    return found


def _resident(pid: int) -> int:
    """Return the bytes that a process holds now; 0 where that is not known."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _names(files: list[Path]) -> list[str]:
    return list(map(str, files))


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def tell(*what: object) -> None:
    """Tell on stderr what is being measured."""
    print(f"{time.strftime('%H:%M:%S')}", *what, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Read the command line; --quick stands for small figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small, in a minute or two; the page is only printed")
    parser.add_argument("--paragraphs", type=int, help="of the main comparison")
    parser.add_argument("--most", type=int, default=LARGE, help="the greatest size of the growth")
    parser.add_argument("--runs", type=int, help="how often each query is asked")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"some of {','.join(SECTIONS)}")
    parser.add_argument("--out", type=Path, help="another file than docs/performance.md")
    given = parser.parse_args()
    given.sizes = (1_000, 4_000, 12_000) if given.quick else (*SMALL, LARGE)
    given.paragraphs = given.paragraphs or (4_000 if given.quick else WHOLE)
    given.runs = given.runs or (3 if given.quick else 7)
    given.meetings = 200 if given.quick else MEETINGS
    return given


def main() -> None:
    """Measure, write the page and print it."""
    given = arguments()
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(SECTIONS):
        sys.exit(f"--only takes {','.join(SECTIONS)}, not {','.join(sorted(unknown))}")
    if not importlib.util.find_spec("tantivy"):
        tell("no Tantivy here, so ours stands alone: pip install tantivy")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), given)
        for name in wanted:
            measure: Callable[[], None] = getattr(bench, name)
            measure()
    # Where the page lies is no part of what was measured.
    typed = [word for word in sys.argv[1:] if word not in ("--out", str(given.out))]
    command = " ".join(["python tests/benchmarks/performance.py", *typed])
    page = performance_page.page(bench.found, command)
    out = given.out or (None if given.quick else PAGE)
    if out:
        out.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
