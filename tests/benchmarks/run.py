"""Times builds and queries on generated minutes and writes docs/figures.md: `python tests/benchmarks/run.py`.

Every query is asked through the public door, parsing included, and the text, marks and snippet of its best ten hits
are read each time, as a page needs them. Nothing is cached between two askings of one query.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import meetings  # noqa: E402

import indexer  # noqa: E402
from indexer.engines.engine import FACETS  # noqa: E402

MEETINGS = 300
REPEATS = 15
QUERIES = {
    "one word": (("教育", {}), ("安全生产", {}), ("防汛抗旱", {}), ("市财政局", {}), ("补助", {})),
    "all words (exact tier)": (
        ("教育 财政", {"match": "exact"}),
        ("营商环境 数据共享", {"match": "exact"}),
        ("原则同意 规划 市水务局", {"match": "exact"}),
        ("安全生产 考核", {"match": "exact"}),
    ),
    "exact string": (
        ('"根据本次会议讨论意见作进一步修改完善后"', {"match": "exact"}),
        ('"领域的风险"', {"match": "exact"}),
        ('"的"', {"match": "exact"}),
        ('"云州市人民政府第137次"', {"match": "exact"}),
    ),
    "question in plain words (related tier)": (
        ("老旧小区改造的资金由谁来安排", {"match": "related"}),
        ("哪些部门负责食品安全的监管责任", {"match": "related"}),
        ("数据共享怎么推动", {"match": "related"}),
        ("停车设施年底前要建多少个", {"match": "related"}),
    ),
    "operators and fields": (
        ("教育 -财政", {}),
        ("医疗 | 养老", {}),
        ('"教育 资金"~20', {}),
        ("加快*短板", {}),
        ("部门:市水务局 年:2020 风险", {}),
    ),
    "with all facets counted": (
        ("教育", {"facets": FACETS}),
        ("原则同意", {"facets": FACETS}),
        ('"的"', {"facets": FACETS, "match": "exact"}),
    ),
}


def main() -> None:
    """Measure, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=MEETINGS)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/figures.md")
    given = parser.parse_args()
    command = "python tests/benchmarks/run.py" + (f" --meetings {given.meetings}" if given.meetings != MEETINGS else "")
    lines = list(_top(command))
    with tempfile.TemporaryDirectory() as folder:
        lines += _measured(Path(folder), given.meetings)
    page = "\n".join([*lines, ""])
    given.out.write_text(page, encoding="utf-8")
    print(page)


def _measured(folder: Path, count: int) -> Iterator[str]:
    meetings.write(folder / "in", count)
    yield from _builds(folder, count)
    yield from (
        "",
        "## Queries",
        "",
        "| kind | query | exact | related | median ms | worst ms |",
        "|---|---|---:|---:|---:|---:|",
    )
    with indexer.open_index(folder / "index") as index:
        medians = []
        for kind, queries in QUERIES.items():
            for query, options in queries:
                times = []
                for _ in range(REPEATS):
                    started = time.perf_counter()
                    answer = index.search(query, **options)
                    for hit in answer.hits:
                        _ = (hit.text, hit.marks, hit.snippet)
                    times.append((time.perf_counter() - started) * 1000)
                medians.append(statistics.median(times))
                total = answer.total
                shown = query.replace("|", "\\|")
                row = (kind, f"`{shown}`", f"{total.exact:,}", f"{total.related:,}")
                yield f"| {' | '.join(row)} | {medians[-1]:.2f} | {max(times[1:]):.2f} |"
    yield ""
    yield (
        f"Geometric mean of the medians: {statistics.geometric_mean(medians):.2f} ms. Each query was asked {REPEATS} "
        "times; the worst leaves the first asking out."
    )


def _builds(folder: Path, count: int) -> Iterator[str]:
    first = indexer.build(folder / "in", folder / "index")
    again = indexer.build(folder / "in", folder / "index")
    meetings.write(folder / "in", 1, first=count + 1)
    one_more = indexer.build(folder / "in", folder / "index")
    two = indexer.build(folder / "in", folder / "two", jobs=2)
    assert (first.added, again.unchanged, one_more.added, two.added) == (count, count, 1, count + 1)
    started = time.perf_counter()
    with indexer.open_index(folder / "index") as index:
        index.search("教育")
        opened = (time.perf_counter() - started) * 1000
        size = index.stats().bytes
    characters = sum(len(path.read_text(encoding="utf-8")) for path in (folder / "in").iterdir())
    yield from ("## Builds", "", "| what | figure |", "|---|---:|")
    yield f"| meetings, passages | {first.meetings:,}, {first.passages:,} |"
    yield f"| a whole build, one process | {first.seconds:.2f} s ({first.passages / first.seconds:,.0f} passages/s) |"
    yield f"| a whole build, two processes | {two.seconds:.2f} s |"
    yield f"| again, nothing changed | {again.seconds * 1000:.0f} ms |"
    yield f"| one meeting more | {one_more.seconds * 1000:.0f} ms |"
    yield f"| to open the index and answer once | {opened:.0f} ms |"
    yield f"| index on disk | {size / 1e6:.1f} MB for {characters / 1e6:.2f} million characters |"


def _top(command: str) -> Iterator[str]:
    yield "# Figures"
    yield ""
    yield f"Measured on {date.today()} with `{command}`, which writes this page."
    yield ""
    packages = ", ".join(f"{name} {version(name)}" for name in ("whoosh3", "numpy", "rjieba"))
    busy = f"; load average at the start {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    yield f"- Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}{busy}"
    yield f"- Python {platform.python_version()}, gongwen {indexer.__version__}, {packages}"
    yield "- Data: minutes generated by `tests/benchmarks/meetings.py`, the same on every machine"
    yield ""


def processor() -> str:
    """Return what the system calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
