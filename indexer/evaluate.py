"""Judged queries go in, nDCG@10, MRR@10, recall@100 and the time of a query come out.

A folder of judgements holds `docs.jsonl` or `docs.jsonl.gz` (what to search), `queries.tsv` (id TAB text) and
`qrels.tsv` (query id, 0, document id, relevance; tabs or spaces). How documents are indexed is the caller's affair.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer.answer import Answer
from indexer.engines.engine import Match
from indexer.errors import UnreadableFile

DEPTH = 100
TOP = 10
# A document with many passages can fill a page alone; so many pages are turned for the next documents.
MAX_PAGES = 5


class Searching(Protocol):
    """What is asked of an index here."""

    def search(self, query: str, *, match: Match = ..., limit: int = ..., offset: int = ...) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A folder that was read: queries by id, and for each of them the relevance of its documents by their id."""

    documents: Path
    queries: Mapping[str, str]
    relevance: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Means over the judged queries, each from 0 to 1; `ms` is the mean time of a query's first page."""

    queries: int
    ndcg: float
    mrr: float
    recall: float
    ms: float


def evaluate(
    folder: Path, index: Callable[[Path], AbstractContextManager[Searching]], *, match: Match = "auto"
) -> Evaluation:
    """Ask every judged query and compare the order of the documents found with the judgements.

    Args:
        folder: The folder of judgements.
        index: Indexes a file of documents aside and gives the index, open; it is closed at the end.
        match: The tiers to ask.

    Raises:
        UnreadableFile: A file of the folder is absent or has a line that cannot be read.
    """
    judged = read(folder)
    with index(judged.documents) as opened:
        return ask(judged, opened, match=match)


def ask(judged: Judged, index: Searching, *, match: Match = "auto") -> Evaluation:
    """Ask every judged query of an open index of the judged documents; those without a relevant one are left out."""
    sums = [0.0, 0.0, 0.0]
    seconds = 0.0
    asked = [query for query in judged.queries if any(r > 0 for r in judged.relevance.get(query, {}).values())]
    for query in asked:
        ranked, took = _documents(index, judged.queries[query], match)
        relevance = judged.relevance[query]
        figures = (ndcg(ranked, relevance), mrr(ranked, relevance), recall(ranked, relevance))
        sums = [total + figure for total, figure in zip(sums, figures, strict=True)]
        seconds += took
    count = max(len(asked), 1)
    gain, rank, part = (total / count for total in sums)
    return Evaluation(len(asked), gain, rank, part, seconds * 1000 / count)


def read(folder: Path) -> Judged:
    """Read a folder of judgements; the documents themselves are left to the index."""
    documents = next((p for p in (folder / "docs.jsonl", folder / "docs.jsonl.gz") if p.exists()), None)
    if documents is None:
        raise UnreadableFile(folder, "没有 docs.jsonl 或 docs.jsonl.gz")
    queries = {row[0]: row[1] for row in _rows(folder / "queries.tsv", 2, "\t", "编号、制表符、查询")}
    relevance: dict[str, dict[str, int]] = {}
    for query, _, document, value in _rows(folder / "qrels.tsv", 4, None, "查询编号、0、文档编号、相关度"):
        relevance.setdefault(query, {})[document] = int(value)
    return Judged(documents, queries, relevance)


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], k: int = TOP) -> float:
    """Return the discounted gain of the first k documents over that of the best order; the gain is the relevance."""
    ideal = _gain(sorted((r for r in relevance.values() if r > 0), reverse=True)[:k])
    return _gain([max(relevance.get(document, 0), 0) for document in ranked[:k]]) / ideal if ideal else 0.0


def mrr(ranked: Sequence[str], relevance: Mapping[str, int], k: int = TOP) -> float:
    """Return 1 over the rank of the first relevant document, 0 where none is among the first k."""
    return next((1 / rank for rank, d in enumerate(ranked[:k], start=1) if relevance.get(d, 0) > 0), 0.0)


def recall(ranked: Sequence[str], relevance: Mapping[str, int], k: int = DEPTH) -> float:
    """Return which part of the relevant documents is among the first k."""
    relevant = {document for document, value in relevance.items() if value > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def _gain(values: Sequence[int]) -> float:
    return sum(value / math.log2(rank + 1) for rank, value in enumerate(values, start=1))


def _documents(index: Searching, query: str, match: Match) -> tuple[list[str], float]:
    """Return the ids of the first documents found, each at its best passage, and the seconds of the first page."""
    found: dict[str, None] = {}
    start = time.perf_counter()
    answer = index.search(query, match=match, limit=DEPTH, offset=0)
    took = time.perf_counter() - start
    for page in range(1, MAX_PAGES + 1):
        found.update(dict.fromkeys(hit.id.partition("#")[0].removeprefix("d-") for hit in answer.hits))
        if len(found) >= DEPTH or len(answer.hits) < DEPTH or page == MAX_PAGES:
            break
        answer = index.search(query, match=match, limit=DEPTH, offset=page * DEPTH)
    return list(found), took


def _rows(path: Path, columns: int, separator: str | None, form: str) -> list[list[str]]:
    """Read a table without heading; empty lines are passed over."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path, "无法读取") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = line.strip().split(separator, columns - 1)
        if len(row) != columns or (columns == 4 and not row[3].lstrip("-").isdecimal()):
            raise UnreadableFile(path, f"第 {number} 行应为：{form}")
        rows.append(row)
    return rows
