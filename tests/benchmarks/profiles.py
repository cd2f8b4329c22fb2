"""Where the time goes, as text: `python tests/benchmarks/profiles.py` writes docs/profiles/, one file a kind of work.

Each file begins with times on the clock, taken without a profiler. Then come the stages: what called what, with the
share of the whole, and the functions that took most by themselves. A profiler slows Python's calls down and numpy's
work not at all, so shares of small functions are too large. Of a build, the stages are in seconds of the processor. The
corpus is that of performance.py.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import corpora  # noqa: E402
from run import processor  # noqa: E402
from steps import FORMS  # noqa: E402

import indexer  # noqa: E402
from indexer.text import words  # noqa: E402

OUT = ROOT / "docs" / "profiles"
# Stages below this share of the whole are left out; so deep the tree goes.
LEAST, DEEPEST = 0.02, 7
FUNCTIONS = 20
RUNS = 15
SLOWEST = 8
Function = tuple[str, int, str]


def main() -> None:
    """Build an index under the profiler, ask every query of each kind, and write what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=corpora.INVENTED)
    parser.add_argument("--indexing", action="store_true", help="only how an index is built")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each query is asked")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    words.cut("预热")
    with tempfile.TemporaryDirectory() as folder:
        files = corpora.write(Path(folder) / "corpus", [given.paragraphs])[given.paragraphs]
        place = Path(folder) / "index"
        started, used = time.perf_counter(), time.process_time()
        indexer.build(files, place, allow_marked=True)
        seconds, used = time.perf_counter() - started, time.process_time() - used
        seen = _profiled(lambda: indexer.build(files, Path(folder) / "again", allow_marked=True), time.process_time)
        _write(given, "indexing", [f"On the clock: {seconds:.2f} s, of the processor {used:.2f} s."], seen, 1)
        with indexer.open_index(place) as index:
            for kind, queries in () if given.indexing else corpora.queries().items():
                told, seen = _asked(index, kind, queries, given.runs)
                _write(given, kind, told, seen, len(queries) * given.runs)


def _asked(index: indexer.Index, kind: str, queries: list[str], runs: int) -> tuple[list[str], pstats.Stats]:
    """Ask the queries of a kind, first on the clock and then under the profiler."""
    form, match = FORMS[kind]

    def once(query: str) -> int:
        answer = index.search(form.format(query), match=match)  # type: ignore[arg-type]
        _ = [hit.text for hit in answer.hits]
        return answer.total.related if match == "related" else answer.total.exact

    times: dict[str, float] = {}
    totals: dict[str, int] = {}
    for query in queries:
        taken = []
        for _ in range(runs):
            started = time.perf_counter()
            totals[query] = once(query)
            taken.append((time.perf_counter() - started) * 1000)
        times[query] = statistics.median(taken)
    every = sorted(times.values())
    told = [
        f"On the clock, medians of {runs}: sum {sum(every):.2f} ms, geometric mean "
        f"{statistics.geometric_mean(every):.3f} ms, p50 {statistics.median(every):.3f} ms.",
        "",
        "The slowest:",
    ]
    slowest = sorted(queries, key=lambda query: -times[query])[:SLOWEST]
    told += [
        f"  {times[query]:8.3f} ms  {totals[query]:8,} hits  number {queries.index(query) + 1}, {len(query)} characters"
        for query in slowest
    ]
    return told, _profiled(lambda: [once(query) for query in queries for _ in range(runs)])


def _profiled(work: Callable[[], object], timer: Callable[[], float] = time.perf_counter) -> pstats.Stats:
    profiler = cProfile.Profile(timer)
    profiler.runcall(work)
    return pstats.Stats(profiler)


def _write(given: argparse.Namespace, name: str, told: list[str], seen: pstats.Stats, times: int) -> None:
    """Write one profile; times are those of one query, or of the one build."""
    unit, factor = ("ms a query", 1000 / times) if times > 1 else ("s", 1.0)
    command = "python tests/benchmarks/profiles.py"
    if given.paragraphs != corpora.INVENTED:
        command += f" --paragraphs {given.paragraphs}"
    if given.indexing:
        command += " --indexing"
    if given.runs != RUNS:
        command += f" --runs {given.runs}"
    lines = [
        f"{name}: {given.paragraphs:,} paragraphs, {date.today():%Y-%m-%d}, `{command}`",
        f"{processor()}, Python {sys.version.split()[0]}",
        "",
        *told,
        "",
        f"Stages under the profiler ({unit}; the share of the whole; calls)",
        "",
        *_stages(seen, factor, times),
        "",
        f"What took most by itself under the profiler ({unit}; calls)",
        "",
        *_functions(seen, factor, times),
    ]
    (given.out / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines), end="\n\n")


def _stages(seen: pstats.Stats, factor: float, times: int) -> Iterator[str]:
    """Yield the tree of calls between the project's own functions, the greatest branch first."""
    table = seen.stats  # type: ignore[attr-defined]
    called: dict[Function, list[tuple[float, float, Function]]] = defaultdict(list)
    for function, (_, _, _, _, callers) in table.items():
        for caller, (_, count, _, taken) in callers.items():
            called[caller].append((taken, count, function))
    roots = [(row[3], row[1], f) for f, row in table.items() if f[2] in ("search", "build") and _ours(f)]
    whole, count, root = max(roots)

    def walk(taken: float, count: float, function: Function, depth: int, above: set[Function]) -> Iterator[str]:
        yield f"{taken * factor:9.3f} {taken / whole:5.0%} {count / times:9,.1f}  {'  ' * depth}{_name(function)}"
        if depth < DEEPEST:
            for part, often, inner in sorted(called[function], reverse=True):
                if part >= LEAST * whole and _ours(inner) and inner not in above:
                    yield from walk(part, often, inner, depth + 1, above | {inner})

    yield from walk(whole, count, root, 0, {root})


def _functions(seen: pstats.Stats, factor: float, times: int) -> Iterator[str]:
    table = seen.stats  # type: ignore[attr-defined]
    rows = sorted(((own, count, f) for f, (_, count, own, _, _) in table.items()), reverse=True)
    for own, count, function in rows[:FUNCTIONS]:
        yield f"{own * factor:9.3f} {count / times:9,.1f}  {_name(function)}"


def _ours(function: Function) -> bool:
    return Path(function[0]).is_relative_to(ROOT / "indexer")


def _name(function: Function) -> str:
    """Return a function with the file that it is in, without what lies on this machine alone."""
    place, _, name = function
    if not place or place.startswith(("~", "<")):
        return name
    parts = Path(place).parts
    if _ours(function):
        parts = Path(place).relative_to(ROOT).parts
    elif "site-packages" in parts:
        parts = parts[parts.index("site-packages") + 1 :]
    else:
        parts = parts[-1:]
    return f"{'/'.join(parts)}:{name}"


if __name__ == "__main__":
    main()
