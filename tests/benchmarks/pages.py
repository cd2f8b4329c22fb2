"""Measures the server's time for pages: `python tests/benchmarks/pages.py [--write]`.

Without --index it makes one of meetings with about 365,000 passages; with it, any index is asked. Searches are drawn
from the words of the index itself: words, pairs of words, strings, whole sentences (related tier), with and without
filters, and the most frequent characters. Times are those of the processor, so that what else runs counts little; every
query is asked once, nothing is repeated until it is fast.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote_plus, urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import many  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402
from run import processor  # noqa: E402

import indexer  # noqa: E402
from indexer.search import Index  # noqa: E402
from search_web import create_app  # noqa: E402
from search_web.running import warm  # noqa: E402

PAGE, COMMAND = ROOT / "docs/pages.md", "python tests/benchmarks/pages.py --write"
WHAT = "milliseconds of the processor for whole pages, facets and all; each address is asked once."
PASSAGES = 365_000
SEARCHES = 400
OF_A_MEETING = many.ITEMS * (1 + 2 * many.RESOLUTIONS) + 2
FREQUENT = ("的", "和", "市", "人民政府", "规定", "项目", "教育", "管理")


def main() -> None:
    """Make or open the index, ask, and print percentiles of each kind of page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--searches", type=int, default=SEARCHES)
    parser.add_argument("--write", action="store_true", help="write docs/pages.md")
    given = parser.parse_args()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        place = given.index or Path(folder) / "index"
        if given.index is None:
            many.build(place, -(-given.passages // OF_A_MEETING))
        with indexer.open_index(place) as index:
            stats = index.stats()
            lines += [f"{stats.passages:,} passages, {stats.meetings:,} meetings, {stats.segments} segments.", ""]
            app = create_app(index)
            warm(app)
            client = app.test_client()
            lines += [
                "| page | asked | p50 ms | p95 ms | p99 ms | max ms | slowest |",
                "|---|---:|---:|---:|---:|---:|---|",
            ]
            lines += [report(client, kind, urls) for kind, urls in kinds(index, given.searches)]
    print("\n".join(lines))
    if given.write:
        machine = f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        head = f"Measured on {date.today()} on {machine} with `{COMMAND}`, which writes this page: {WHAT}"
        PAGE.write_text("# Server time of pages\n\n" + head + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def kinds(index: Index, searches: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the kinds of pages with their addresses."""
    chance = random.Random(7)
    yield "search", list(queries(index, chance, searches))
    heads = [head for head in index.heads() if head.type == "meeting"]
    chosen = chance.sample(heads, min(30, len(heads)))
    yield "meeting", [f"/meetings/{head.id}" for head in chosen]
    yield "meeting with marks", [f"/meetings/{head.id}?q={quote('教育 资金')}" for head in chosen]
    for sort, path in (("person", "people"), ("department", "departments"), ("instrument", "instruments")):
        values = [name for name, _ in index.engine.values(sort)[:15]]
        if values:
            yield path, [f"/{path}", f"/{path}?by=count"] * 3
            yield f"one of {path}", [f"/{path}/{quote(name, safe='')}" for name in values]


def queries(index: Index, chance: random.Random, count: int) -> Iterator[str]:
    """Yield the addresses of searches, each another one."""
    words = [word for word, _ in index.engine.frequent_words(3000)]
    texts = [text for text in index.engine.sample(3000) if len(text) > 30]
    departments = [name for name, _ in index.engine.values("department")[:20]]
    years = [name for name, _ in index.engine.values("year")]
    for number in range(count):
        text = chance.choice(texts)
        start = chance.randrange(len(text) - 24)
        asked = {
            0: {"q": chance.choice(words)},
            1: {"q": f"{chance.choice(words)} {chance.choice(words)}"},
            2: {"q": f"“{text[start : start + chance.randint(2, 12)]}”"},
            3: {"q": text[start : start + chance.randint(10, 24)], "match": "related"},
            4: {"q": chance.choice(words), "year": chance.choice(years)} if years else {"q": chance.choice(words)},
            5: {"q": chance.choice(words), "department": chance.choice(departments)} if departments else {"q": "的"},
            6: {"q": f"{chance.choice(words)} | {chance.choice(words)} -{chance.choice(words)}"},
            7: {"q": FREQUENT[number // 8 % len(FREQUENT)], "offset": str(number // 64 * 10)},
        }[number % 8]
        yield f"/search?{urlencode(asked)}"


def report(client: FlaskClient, kind: str, urls: list[str]) -> str:
    """Ask for every address once and return a row with the percentiles of the time."""
    client.get(urls[0])  # templates are compiled, and files mapped, before anything counts
    times = []
    for url in urls:
        started = time.process_time()
        response = client.get(url)
        times.append(((time.process_time() - started) * 1000, url))
        assert response.status_code == 200, url
        response.close()
    times.sort()
    told = [f"{times[min(len(times) - 1, int(len(times) * share))][0]:.1f}" for share in (0.5, 0.95, 0.99, 1)]
    return f"| {kind} | {len(times)} | {' | '.join(told)} | `{unquote_plus(times[-1][1])}` |"


if __name__ == "__main__":
    main()
