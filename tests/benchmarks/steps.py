"""One step of the measurement in a process of its own: `python tests/benchmarks/steps.py STEP JSON` prints JSON.

build    files -> index: seconds on the clock and of the processors
ask      every query of every kind, `runs` times: hits, median, first asking, median in turn; memory held at the end
crowd    the same queries by several threads for some seconds: queries a second
add      one meeting more, until a reader that is open finds it
facets   a frequent string with and without all facets counted
first    to import what opens an index, to open one, to answer the first query
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import corpora  # noqa: E402
import meetings  # noqa: E402
from peers import PEERS, Search  # noqa: E402

OURS = "gongwen"
# What our index is asked for each kind of query, by the contract of the public door.
FORMS = {"words": ("{}", "exact"), "exact": ('"{}"', "exact"), "any": ("{}", "related")}
NOWHERE = "龘龘龘"
Given = dict[str, Any]


def main() -> None:
    """Do one step and print what it tells."""
    name, given = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(STEPS[name](given), ensure_ascii=False))


def build(given: Given) -> Given:
    """Index files into a folder that is made for it."""
    files, folder = list(map(Path, given["files"])), Path(given["index"])
    folder.mkdir(parents=True)
    _warm_up()
    started, used = time.perf_counter(), _processor_seconds()
    if given["engine"] == OURS:
        import indexer

        report = indexer.build(files, folder, jobs=given["threads"], allow_marked=True)
        count = report.passages
    else:
        count = PEERS[given["engine"]]().build(corpora.paragraphs(files), folder, given["threads"])
    seconds, used = time.perf_counter() - started, _processor_seconds() - used
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"passages": count, "seconds": seconds, "processor": used, "bytes": size}


def ask(given: Given) -> Given:
    """Ask every query several times, one after the other, as ../shared/bench/peers.py does; then, if wished, in turn.

    A processor learns a query that is repeated, also which comparisons will fail; asked in turn, it has met all others.
    """
    _warm_up()
    search, close = _opened(given)
    search("words", "预热")
    search("any", "预热")
    asked: Given = {}
    for kind, queries in given["queries"].items():
        asked[kind] = {query: _times(search, kind, query, given["runs"]) for query in queries}
    rounds = [_turn(search, given["queries"]) for _ in range(given["runs"])] if given.get("turns") else []
    for kind, query in rounds[0] if rounds else ():
        asked[kind][query]["turn"] = statistics.median(one[kind, query] for one in rounds)
    nowhere = _times(search, "exact", NOWHERE, 200)
    found = {"queries": asked, "nowhere": nowhere["median"], **_memory()}
    close()
    return found


def _times(search: Search, kind: str, query: str, runs: int) -> Given:
    times = []
    total = 0
    for _ in range(runs):
        started = time.perf_counter()
        total, _ = search(kind, query)
        times.append((time.perf_counter() - started) * 1000)
    return {"total": total, "median": statistics.median(times), "first": times[0]}


def _turn(search: Search, queries: dict[str, list[str]]) -> dict[tuple[str, str], float]:
    """Ask every query of every kind once, and return the milliseconds of each."""
    times = {}
    for kind, some in queries.items():
        for query in some:
            started = time.perf_counter()
            search(kind, query)
            times[kind, query] = (time.perf_counter() - started) * 1000
    return times


def crowd(given: Given) -> Given:
    """Ask all queries of each kind in turn, from several threads at once."""
    _warm_up()
    search, close = _opened(given)
    found: Given = {}
    for kind, queries in given["queries"].items():
        counts = [0] * given["threads"]
        end = time.perf_counter() + given["seconds"]

        def work(which: int, kind: str, queries: list[str], counts: list[int], end: float) -> None:
            chance = random.Random(which)
            while time.perf_counter() < end:
                search(kind, chance.choice(queries))
                counts[which] += 1

        threads = [threading.Thread(target=work, args=(i, kind, queries, counts, end)) for i in range(given["threads"])]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found[kind] = sum(counts) / (time.perf_counter() - started)
    close()
    return found


def add(given: Given) -> Given:
    """Add one meeting to an index; a reader that was open before, and has answered, asks until it finds it.

    Another one is added first: an index that was copied is summed up whenever it is opened, until its next commit.
    """
    import indexer

    _warm_up()
    number = 9_999
    with tempfile.TemporaryDirectory() as folder, indexer.open_index(given["index"]) as index:
        file = Path(folder) / "another.txt"
        file.write_text(meetings.text(number - 1), encoding="utf-8")
        indexer.build(file, given["index"])
        for query in ("市", "会议 办法", "职业教育"):
            index.search(query)
        file = Path(folder) / "meeting.txt"
        file.write_text(meetings.text(number), encoding="utf-8")
        wanted = f'"云州市人民政府第{number}次常务会议"'
        assert index.search(wanted, match="exact").total.exact == 0
        started = time.perf_counter()
        report = indexer.build(file, given["index"])
        built = time.perf_counter() - started
        assert index.search(wanted, match="exact").total.exact > 0
        return {"seconds": time.perf_counter() - started, "build": built, "added": report.added, **_memory()}


def facets(given: Given) -> Given:
    """Ask for frequent strings in an index of meetings, with all facets and without."""
    import indexer
    from indexer.engines.engine import FACETS

    rows = []
    with indexer.open_index(given["index"]) as index:
        for query in given["queries"]:
            for fields in ((), FACETS):
                index.search(query, match="exact", facets=fields)
            medians = []
            for fields in ((), FACETS):
                times = []
                for _ in range(given["runs"]):
                    started = time.perf_counter()
                    answer = index.search(query, match="exact", facets=fields)
                    _ = [hit.text for hit in answer.hits]
                    times.append((time.perf_counter() - started) * 1000)
                medians.append(statistics.median(times))
            rows.append({"query": query, "total": answer.total.exact, "without": medians[0], "with": medians[1]})
    return {"rows": rows}


def first(given: Given) -> Given:
    """Tell what a process pays before its first answer, and what parsing alone takes."""
    started = time.perf_counter()
    import indexer

    imported = time.perf_counter()
    index = indexer.open_index(given["index"])
    opened = time.perf_counter()
    index.search("职业教育", match="exact")
    answered = time.perf_counter()
    index.close()
    again = []
    for _ in range(5):
        begun = time.perf_counter()
        indexer.open_index(given["index"]).close()
        again.append((time.perf_counter() - begun) * 1000)
    from indexer.query.parse import parse

    typed = [FORMS[kind][0].format(query) for kind, queries in given["queries"].items() for query in queries]
    begun = time.perf_counter()
    for text in typed:
        parse(text)
    parsing = (time.perf_counter() - begun) * 1000 / len(typed)
    milliseconds = [(imported - started) * 1000, (opened - imported) * 1000, (answered - opened) * 1000]
    return {
        "import": milliseconds[0],
        "open": milliseconds[1],
        "answer": milliseconds[2],
        "again": statistics.median(again),
        "parse": parsing,
    }


def _opened(given: Given) -> tuple[Search, Callable[[], None]]:
    """Return what answers a query of a kind with its count and best ten texts, and what closes it."""
    if given["engine"] != OURS:
        return PEERS[given["engine"]]().open(Path(given["index"])), lambda: None
    import indexer

    index = indexer.open_index(given["index"])

    def search(kind: str, query: str) -> tuple[int, list[str]]:
        form, match = FORMS[kind]
        answer = index.search(form.format(query), match=match)  # type: ignore[arg-type]
        texts = [hit.text for hit in answer.hits]
        return answer.total.related if match == "related" else answer.total.exact, texts

    return search, index.close


def _warm_up() -> None:
    """Load the dictionary of words, which is no part of what is measured."""
    import peers

    from indexer.text import words

    peers.asked("预热")
    words.cut("预热")


def _processor_seconds() -> float:
    """Return the seconds that the processors spent on this process and on those that it started."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _memory() -> Given:
    """Return what this process holds now, in bytes, all of it and what are pages of files; nothing where unknown."""
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    rows = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    sizes = {name: int(rows[name].split()[0]) * 1024 for name in ("VmRSS", "RssFile") if name in rows}
    return {"resident": sizes.get("VmRSS", 0), "of_files": sizes.get("RssFile", 0)}


STEPS: dict[str, Callable[[Given], Given]] = {
    "build": build,
    "ask": ask,
    "crowd": crowd,
    "add": add,
    "facets": facets,
    "first": first,
}

if __name__ == "__main__":
    main()
