"""Times one index on both engines: `python tests/benchmarks/opensearch.py FILE.jsonl.gz [--passages N]`.

The file is built into the embedded engine, and the same index is moved into a cluster of three nodes that is started
for it. Then both are asked the same queries, strings and questions cut from the texts at random but the same each
time, ten hits with their texts read. Other queries are asked before, as nodes that have just started interpret what
they compile later. Prints the tables of docs/scale.md, and how often the first ten were the same.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from opensearch_nodes import Cluster, cluster  # noqa: E402

from indexer.build import build  # noqa: E402
from indexer.engines.choose import open_engine  # noqa: E402
from indexer.move import move  # noqa: E402
from indexer.search import Index, open_index  # noqa: E402
from indexer.text import words  # noqa: E402
from indexer.text.fold import fold  # noqa: E402

QUERIES = 100
SEED, WARMING_SEED = 20, 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--passages", type=int, default=0, help="stop after so many; 0 takes all")
    parser.add_argument("--heap", default="1g", help="memory of each node's Java heap")
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--warming", type=int, default=20 * QUERIES, help="queries asked before those that are timed")
    given = parser.parse_args()
    # What the embedded engine compiles beside its first queries would count as work of the program for either.
    subprocess.run([sys.executable, "-m", "indexer.engines.whoosh.kernels"], check=True, cwd=ROOT)
    with tempfile.TemporaryDirectory() as folder, cluster(heap=given.heap) as nodes:
        part = Path(folder) / "part.jsonl"
        _cut(given.file, part, given.passages)
        embedded, served = str(Path(folder) / "index"), f"{nodes.place}/bench"
        started = time.perf_counter()
        build([part], embedded, jobs=2)
        print(f"embedded: built in {time.perf_counter() - started:.0f} s", flush=True)
        before, own = nodes.worked(), time.process_time()
        moved = move(embedded, served)
        rate = moved.passages / moved.seconds
        print(f"servers: {moved.passages:,} passages in {moved.seconds:.0f} s, {rate:,.0f} a second", flush=True)
        took, own = nodes.worked() - before, time.process_time() - own
        print(f"processor time: {took:.0f} s of the nodes, {own:.0f} s of the program", flush=True)
        for place in (embedded, served):
            with closing(open_engine(place)) as engine:
                print(
                    f"{'servers' if place == served else 'embedded':9} {engine.stats().bytes / 1e6:,.0f} MB, one copy",
                    flush=True,
                )
        _compare(embedded, served, part, given.queries, given.warming, nodes)


def _cut(source: Path, target: Path, passages: int) -> None:
    """Copy the first records of a file, up to so many lines of text."""
    opened: Callable[..., Iterator[str]] = gzip.open if source.suffix == ".gz" else open  # type: ignore[assignment]
    count = 0
    with opened(source, "rt", encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:  # type: ignore[attr-defined]
        for line in lines:
            if passages and count >= passages:
                return
            count += sum(1 for text in json.loads(line)["text"].splitlines() if text.strip())
            out.write(line)


def asked(part: Path, count: int, seed: int = SEED) -> list[tuple[str, str]]:
    """Return queries, each with its kind: strings of one to eight characters, several words, and questions."""
    chosen = random.Random(seed)
    texts = []
    for line in part.open(encoding="utf-8"):
        texts += [text for text in json.loads(line)["text"].splitlines() if len(text) > 30]
    found = []
    while len(found) < count:
        stream = fold(chosen.choice(texts))
        kind = ("string", "words", "question", "question")[len(found) % 4]
        start = chosen.randrange(len(stream) - 24)
        if kind == "string":
            query = stream[start : start + chosen.randint(1, 8)]
        elif kind == "words":
            cut = [w for w in words.cut(stream) if len(w) > 1]
            query = " ".join(chosen.sample(cut, min(2, len(cut))))
        else:
            query = "怎样" + stream[start : start + chosen.randint(8, 20)]
        if any(map(str.isalnum, query)) and not set(query) & set('"()|:*-~') and query.strip():
            found.append((kind, query))
    return found


def _compare(embedded: str, served: str, part: Path, count: int, warming: int, nodes: Cluster) -> None:
    with open_index(embedded) as here, open_index(served) as there:
        answers = {}
        for name, index in (("embedded", here), ("servers", there)):
            others = asked(part, warming, WARMING_SEED)
            for first in range(0, warming, QUERIES * 4):
                before, some = nodes.worked(), others[first : first + QUERIES * 4]
                for _, query in some:
                    _ask(index, query)
                cost = (nodes.worked() - before) / len(some) * 1000
                print(f"{name:9} warming, from query {first:5,}, processors: {cost:4.0f} ms nodes", flush=True)
            for kind in ("string", "words", "question"):
                taken = []
                before, own = nodes.worked(), time.process_time()
                for query in [q for k, q in asked(part, count) if k == kind]:
                    started = time.perf_counter()
                    answers[name, query] = _ask(index, query)
                    taken.append((time.perf_counter() - started) * 1000)
                taken.sort()
                cost = (nodes.worked() - before) / len(taken) * 1000
                spent = (time.process_time() - own) / len(taken) * 1000
                told = f"{statistics.median(taken):7.1f} ms median, {taken[int(len(taken) * 0.95)]:7.1f} ms p95"
                print(f"{name:9} {kind:9} {told}, processors: {cost:4.0f} ms nodes, {spent:3.0f} program", flush=True)
    different = [q for _, q in asked(part, count) if answers["embedded", q] != answers["servers", q]]
    print(f"the same counts and first ten: {count - len(different)} of {count}")
    for query in different:
        here_, there_ = answers["embedded", query], answers["servers", query]
        print(f"  {query}: counts {here_[0]} {there_[0]}; both: {len(set(here_[1]) & set(there_[1]))} of 10")


def _ask(index: Index, query: str) -> tuple[tuple[int, int], tuple[str, ...]]:
    answer = index.search(query)
    hits = tuple(hit.id for hit in answer.hits if hit.text)
    return (answer.total.exact, answer.total.related), hits


if __name__ == "__main__":
    os.nice(5)
    main()
