"""Sixteen threads read while a writer commits: every list is that of one generation, and no error comes.

GONGWEN_SECONDS sets how long (2 seconds without it); `--log-level INFO -rP` shows how many answers were compared.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import defaultdict
from pathlib import Path

from made import document

from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.model import Record
from indexer.search import Index

log = logging.getLogger(__name__)
SECONDS = float(os.environ.get("GONGWEN_SECONDS", "2"))
THREADS = 16
LEAST = 3  # generations, however slow the machine is
RECORDS = 12
# Kinds of queries that share whatever an engine might share: strings, several, an order by date, words, everything.
QUERIES = (
    ('"职业教育"', {"match": "exact"}),
    ("教育 条例", {"match": "exact"}),
    ("的", {"match": "exact"}),
    ("教育 | 财政 -没有", {"match": "exact", "sort": "-date"}),
    ("怎样保障职业培训的经费", {"match": "related"}),
    ("职业培训", {"match": "auto", "facets": ("year",)}),
)
Told = tuple[int, int, tuple[tuple[str, float, str], ...]]


def record(number: int, generation: int) -> Record:
    """Return a record whose every text tells its generation; the longer the later, so that scores differ, too."""
    paragraphs = [
        f"第{generation}代，职业教育条例的第{number}条。",
        f"第{generation}代，保障培训的经费，教育{'和财政' * (generation % 5)}。",
        f"第{generation}代，职业{'培训' * (number % 3)}的经费由财政安排。",
    ]
    return document(f"{number}", paragraphs)


def commit(engine: WhooshEngine, generation: int) -> None:
    """Replace all records by those of a generation, in which every fourth is missing, each time another."""
    with engine.writing() as writing:
        for number in range(RECORDS):
            made = record(number, generation)
            if (number + generation) % 4:
                writing.put(made, ())
            else:
                writing.remove(made.id)
        writing.commit()


def ask(index: Index, which: int) -> Told:
    """Return the counts and the list of one query."""
    query, options = QUERIES[which]
    answer = index.search(query, limit=100, **options)
    hits = tuple((hit.id, round(hit.score, 4), hit.text) for hit in answer.hits)
    return answer.total.exact, answer.total.related, hits


def generation_of(told: Told) -> set[str]:
    """Return the generations of which the texts of a list tell."""
    return {text.partition("代")[0] for _, _, text in told[2]}


def test_every_list_is_of_one_generation(tmp_path: Path) -> None:
    """What a thread is told equals what the writer's own reader is told of that generation, for every query."""
    engine = open_engine(tmp_path, create=True)
    commit(engine, 0)
    index = Index(engine)
    seen: dict[tuple[int, str], set[Told]] = defaultdict(set)
    wrong: list[object] = []
    answers = [0] * THREADS
    stop = threading.Event()

    def read(thread: int) -> None:
        turn = thread
        while not stop.is_set():
            which = turn % len(QUERIES)
            turn += 1
            try:
                told = ask(index, which)
                generations = generation_of(told)
                answers[thread] += 1
                if len(generations) == 1:
                    seen[which, generations.pop()].add(told)
                else:
                    wrong.append((which, generations))
            except Exception as error:  # noqa: BLE001  any error of a reader is what this test looks for
                wrong.append(error)

    threads = [threading.Thread(target=read, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    expected: dict[tuple[int, str], Told] = {}
    generation = 0
    end = time.monotonic() + SECONDS
    with Index(open_engine(tmp_path)) as alone:
        while time.monotonic() < end or generation < LEAST:
            for which in range(len(QUERIES)):
                expected[which, f"第{generation}"] = ask(alone, which)
            generation += 1
            commit(engine, generation)
        for which in range(len(QUERIES)):
            expected[which, f"第{generation}"] = ask(alone, which)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert {key: told for key, told in seen.items() if told != {expected[key]}} == {}
    assert min(answers) > 0
    log.info("%d answers of %d generations", sum(answers), generation + 1)
