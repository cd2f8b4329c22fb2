"""Index and query a large corpus with this project and with the engines a user would pick instead, in one run.

    python tests/benchmarks/performance.py --paragraphs 365035 --engines tantivy

Writes docs/performance.md. The corpus, the queries and the peers lie beside the checkout (../shared); without them the
command says so and ends. Each side works in a process of its own, one after the other, on one core's worth of work.
Ours goes through the public door: words = search(q, match="exact"), exact = search('"q"', match="exact"),
any = search(q, match="related"), the text of the best ten read each time, parsing included, nothing cached.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "performance.md"
KINDS = {"words": ("{}", "exact"), "exact": ('"{}"', "exact"), "any": ("{}", "related")}


def paragraphs(limit: int) -> Iterator[tuple[str, str, list[str]]]:
    """Yield id, title and paragraphs of laws, as the peers read them: lines of 8 characters and more."""
    left = limit
    with gzip.open(SHARED / "corpus" / "laws.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            law = json.loads(line)
            kept = [p.strip() for p in law["text"].split("\n") if len(p.strip()) >= 8][:left]
            left -= len(kept)
            if kept:
                yield law["id"], law["title"], kept


def queries() -> dict[str, list[str]]:
    """Return the queries by kind."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for line in (SHARED / "bench" / "queries.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, query = line.split("\t")
            found[kind].append(query)
    return found


def ours(limit: int, runs: int) -> dict[str, Any]:
    """Build and query with this project; times in seconds (index) and milliseconds (queries)."""
    sys.path.insert(0, str(ROOT))
    import indexer

    folder = Path(tempfile.mkdtemp())
    try:
        lines = folder / "laws.jsonl"
        with lines.open("w", encoding="utf-8") as file:
            for law, title, kept in paragraphs(limit):
                file.write(json.dumps({"id": law, "title": title, "text": "\n".join(kept)}, ensure_ascii=False) + "\n")
        started = time.perf_counter()
        report = indexer.build([lines], folder / "index", jobs=1)
        seconds = time.perf_counter() - started
        size = sum(f.stat().st_size for f in (folder / "index").rglob("*") if f.is_file())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        started = time.perf_counter()
        with indexer.open_index(folder / "index") as index:
            opened = (time.perf_counter() - started) * 1000
            index.search("预热", match="related")
            found = {kind: {q: _median(index, kind, q, runs) for q in asked} for kind, asked in queries().items()}
    finally:
        shutil.rmtree(folder)
    return {
        "index_s": round(seconds, 2),
        "docs_per_s": round(report.passages / seconds),
        "index_mb": round(size / 1e6, 1),
        "peak_rss_mb": peak,
        "open_ms": round(opened, 1),
        "queries": found,
    }


def _median(index: Any, kind: str, query: str, runs: int) -> tuple[int, float]:
    form, match = KINDS[kind]
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        answer = index.search(form.format(query), match=match)
        _ = [hit.text for hit in answer.hits]
        times.append((time.perf_counter() - started) * 1000)
    total = answer.total.related if match == "related" else answer.total.exact
    return total, round(statistics.median(times), 4)


def peers(limit: int, engines: str, runs: int) -> dict[str, Any]:
    """Run the peers' own script in a process of its own."""
    command = [sys.executable, str(SHARED / "bench" / "peers.py"), "--paragraphs", str(limit), "--engines", engines]
    done = subprocess.run([*command, "--runs", str(runs)], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return {name: found[name] for name in engines.split(",")}


def page(limit: int, found: dict[str, Any], command: str) -> str:
    """Return the page of figures."""
    load = os.getloadavg()[0]
    lines = [
        "# Performance beside other engines",
        "",
        f"Measured on {date.today():%Y-%m-%d} with `{command}`, which writes this page; {limit:,} paragraphs of laws.",
        "",
        f"- Machine: {platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; load {load:.1f}",
        "- Each engine in a process of its own, one after the other; median of the runs of each query, in milliseconds",
        "",
        "| engine | index s | paragraphs/s | MB on disk | peak MB |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {one['index_s']} | {one['docs_per_s']:,} | {one['index_mb']} | {one['peak_rss_mb']} |"
        for name, one in found.items()
    ]
    lines += ["", f"Opening our index: {found['gongwen']['open_ms']} ms.", ""]
    lines += ["| kind | engine | sum | geometric mean | p50 | p95 | max |", "|---|---|---:|---:|---:|---:|---:|"]
    for kind in KINDS:
        for name, one in found.items():
            times = sorted(ms for _, ms in one["queries"][kind].values())
            mean = statistics.geometric_mean([max(t, 1e-4) for t in times])
            nth = times[int(len(times) * 0.95)]
            middle = statistics.median(times)
            lines.append(
                f"| {kind} | {name} | {sum(times):.2f} | {mean:.3f} | {middle:.3f} | {nth:.2f} | {times[-1]:.2f} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=365_035)
    parser.add_argument("--engines", default="tantivy")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--ours", action="store_true", help="print our figures as JSON and end")
    given = parser.parse_args()
    if not (SHARED / "bench" / "peers.py").exists():
        sys.exit(f"no corpus and no peers beside the checkout ({SHARED.name}/)")
    if given.ours:
        print(json.dumps(ours(given.paragraphs, given.runs), ensure_ascii=False))
        return
    arguments = ["--paragraphs", str(given.paragraphs), "--runs", str(given.runs)]
    done = subprocess.run(
        [sys.executable, __file__, *arguments, "--ours"], check=True, stdout=subprocess.PIPE, text=True
    )
    found = {"gongwen": json.loads(done.stdout), **peers(given.paragraphs, given.engines, given.runs)}
    command = f"python tests/benchmarks/performance.py {' '.join(arguments)} --engines {given.engines}"
    PAGE.write_text(page(given.paragraphs, found, command), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
