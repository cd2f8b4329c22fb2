"""The figures of judged queries are those of their definitions, and a folder of judgements is read with care."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from indexer import evaluate as judge
from indexer.answer import Answer, Hit, Total
from indexer.build import build
from indexer.engines.engine import Match, PassageRecord, RecordHead, Tier
from indexer.errors import UnreadableFile
from indexer.search import Index, open_index

RELEVANCE = {"a": 2, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [
        (["a", "b"], 1.0),
        (["b", "a"], (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))),
        (["x", "c", "a"], (2 / 2) / (2 + 1 / math.log2(3))),
        (["x"], 0.0),
        ([], 0.0),
        (["x"] * 10 + ["a"], 0.0),
    ],
)
def test_ndcg(ranked: list[str], expected: float) -> None:
    """The gain of each rank is discounted by its logarithm, and the best order has 1."""
    assert judge.ndcg(ranked, RELEVANCE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ranked", "expected"), [(["a"], 1.0), (["c", "x", "b", "a"], 1 / 3), (["x"] * 10 + ["a"], 0.0), ([], 0.0)]
)
def test_mrr(ranked: list[str], expected: float) -> None:
    """Only the first relevant document within ten ranks counts."""
    assert judge.mrr(ranked, RELEVANCE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ranked", "expected"), [(["a", "b"], 1.0), (["x"] * 99 + ["b"], 0.5), (["x"] * 100 + ["b"], 0.0)]
)
def test_recall(ranked: list[str], expected: float) -> None:
    """Relevant documents within a hundred ranks count, whatever their order."""
    assert judge.recall(ranked, RELEVANCE) == pytest.approx(expected)


def test_nothing_relevant_gives_nothing() -> None:
    """Where no document is relevant no figure is undefined."""
    assert judge.ndcg(["a"], {}) == judge.mrr(["a"], {}) == judge.recall(["a"], {"a": 0}) == 0.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Judgements of three queries over invented documents; the third query has no relevant document."""
    docs = [
        {"id": f"{n}", "title": f"第{n}号办法", "text": f"关于{matter}的规定。\n{matter}由主管部门负责。"}
        for n, matter in enumerate(["河道保洁", "电梯加装", "培训补贴", "夜间施工"])
    ]
    lines = "".join(json.dumps(doc, ensure_ascii=False) + "\n" for doc in docs)
    (tmp_path / "docs.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "queries.tsv").write_text("q1\t河道保洁\nq2\t夜间施工\n\nq3\t无\n", encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("q1\t0\t0\t1\nq2 0 2 1\nq3\t0\t1\t0\n", encoding="utf-8")
    return tmp_path


def test_a_folder_is_read(folder: Path) -> None:
    """Tables may use tabs or spaces; the compressed documents stand in for the plain ones."""
    judged = judge.read(folder)
    assert judged.queries == {"q1": "河道保洁", "q2": "夜间施工", "q3": "无"}
    assert judged.relevance == {"q1": {"0": 1}, "q2": {"2": 1}, "q3": {"1": 0}}
    (folder / "docs.jsonl").rename(folder / "docs.jsonl.gz")
    assert judge.read(folder).documents.name == "docs.jsonl.gz"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("queries.tsv", "q1\t河道\nq2 夜间\n", "第 2 行"),
        ("qrels.tsv", "q1\t0\t1\n", "第 1 行"),
        ("qrels.tsv", "q1\t0\t1\t高\n", "第 1 行"),
        ("qrels.tsv", None, "无法读取"),
        ("docs.jsonl", None, "docs.jsonl"),
    ],
)
def test_what_cannot_be_read_is_named(folder: Path, name: str, content: str | None, told: str) -> None:
    """A missing file or a line out of form is an error that names file and line."""
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        judge.read(folder)


@dataclass(frozen=True)
class FoundPassage:
    """A hit of the index below."""

    passage: PassageRecord
    score: float = 1.0
    tier: Tier = "exact"

    @property
    def text(self) -> str:
        return self.passage.text


class LineIndex:
    """An index of the lines of a file of documents, which finds those that hold the query, in their order."""

    def __init__(self, documents: Path, copies: int) -> None:
        self.asked: list[tuple[str, int]] = []
        self.closed = False
        self.passages = []
        for row in documents.read_text(encoding="utf-8").splitlines():
            doc = json.loads(row)
            head = RecordHead(f"d-{doc['id']}", "document", doc["title"], None, None, None, None)
            for n, text in enumerate(doc["text"].split("\n") * copies, start=1):
                anchor = f"p{n}"
                self.passages.append(PassageRecord(f"{head.id}#{anchor}", anchor, "paragraph", "body", text, head))

    def search(self, query: str, *, match: Match = "auto", limit: int = 10, offset: int = 0) -> Answer:
        self.asked.append((match, offset))
        found = [FoundPassage(p) for p in self.passages if query in p.text]
        hits = tuple(Hit(f, lambda text, tier: ()) for f in found[offset : offset + limit])
        return Answer(query, (query,), (), "exact", Total(len(found), 0), offset, limit, 0.0, hits)


def test_judged_queries_are_asked_of_an_index(folder: Path) -> None:
    """Passages count for their document once, queries without a relevant document are not asked, means are told."""
    opened: list[LineIndex] = []

    @contextmanager
    def index(documents: Path) -> Iterator[LineIndex]:
        opened.append(LineIndex(documents, copies=1))
        yield opened[0]
        opened[0].closed = True

    found = judge.evaluate(folder, index, match="related")
    assert (found.queries, found.ndcg, found.mrr, found.recall) == (2, 0.5, 0.5, 0.5)
    assert found.ms > 0
    assert opened[0].asked == [("related", 0), ("related", 0)]
    assert opened[0].closed


def test_documents_with_many_passages_do_not_hide_the_others(folder: Path) -> None:
    """Pages are turned until a hundred documents are found or none is left, but only so many."""
    line = {"id": "0", "title": "河道", "text": "\n".join(["河道保洁"] * 150)}
    last = {"id": "9", "title": "河道", "text": "河道保洁"}
    (folder / "docs.jsonl").write_text(f"{json.dumps(line)}\n{json.dumps(last)}\n", encoding="utf-8")
    (folder / "qrels.tsv").write_text("q1\t0\t9\t1\n", encoding="utf-8")
    index = LineIndex(folder / "docs.jsonl", copies=1)
    found = judge.evaluate(folder, lambda documents: nullcontext(index))
    assert (found.mrr, found.recall) == (0.5, 1.0)
    assert [offset for _, offset in index.asked] == [0, 100]
    endless = LineIndex(folder / "docs.jsonl", copies=10)
    assert judge.evaluate(folder, lambda documents: nullcontext(endless)).recall == 0.0
    assert [offset for _, offset in endless.asked] == [0, 100, 200, 300, 400]


def test_a_real_index_is_judged(folder: Path, tmp_path: Path) -> None:
    """Documents indexed by the package are found under their own ids."""

    @contextmanager
    def index(documents: Path) -> Iterator[Index]:
        build([documents], tmp_path / "index")
        with open_index(tmp_path / "index") as opened:
            yield opened

    found = judge.evaluate(folder, index)
    assert (found.queries, found.mrr, found.recall) == (2, 0.5, 0.5)
