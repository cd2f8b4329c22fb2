"""The same queries on the same records give the same counts and the same first ten on both engines."""

from __future__ import annotations

import gzip
import json
import random
from contextlib import closing
from pathlib import Path

import pytest

from indexer.build import build
from indexer.engines.choose import open_engine
from indexer.move import move
from indexer.search import Index, open_index
from indexer.text import words
from indexer.text.fold import fold

ROOT = Path(__file__).resolve().parents[4]
LAWS = ROOT / "../shared/corpus/laws.jsonl.gz"
JUDGED = ROOT / "data/judged"


def first_ten(index: Index, query: str) -> tuple[int, int, tuple[str, ...]]:
    """Return both counts and the ids of the first ten."""
    answer = index.search(query)
    return answer.total.exact, answer.total.related, tuple(hit.id for hit in answer.hits)


def queries(texts: list[str], count: int, seed: int) -> list[str]:
    """Return strings, pairs of words and questions cut from texts, the same ones for a seed."""
    chosen = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        stream = fold(chosen.choice(texts))
        if len(stream) < 20:
            continue
        start = chosen.randrange(len(stream) - 12)
        cut = [w for w in words.cut(stream) if len(w) > 1]
        query = (
            stream[start : start + chosen.randint(1, 6)],
            " ".join(chosen.sample(cut, min(2, len(cut)))),
            f"怎样{stream[start : start + chosen.randint(6, 12)]}",
            f"{stream[start : start + 2]}*{stream[start + 5 : start + 7]}",
        )[len(found) % 4]
        if any(map(str.isalnum, query)) and not set(query) & set('"()|:~-'):
            found.append(query)
    return found


def compared(source: Path, place: str, asked: list[str], at_least: float) -> None:
    """Copy an index to the cluster and hold its answers to those of the original."""
    move(source, place)
    with open_index(source) as here, open_index(place) as there:
        assert there.check() == ()
        answers = [(query, first_ten(here, query), first_ten(there, query)) for query in asked]
    assert [query for query, a, b in answers if a[:2] != b[:2]] == []
    other = [query for query, a, b in answers if a[2] != b[2]]
    assert len(other) <= (1 - at_least) * len(asked), other


def test_judged_queries_have_the_same_first_ten(tmp_path: Path, place: str) -> None:
    """The judged queries over their documents: every count is the same, and 95 of 100 first tens at least."""
    build([JUDGED / "docs.jsonl"], tmp_path / "index")
    asked = [line.split("\t")[1] for line in (JUDGED / "queries.tsv").read_text(encoding="utf-8").splitlines()]
    assert len(asked) > 90
    compared(tmp_path / "index", place, asked, 0.95)


def test_minutes_have_the_same_first_ten(place: str, built: Path) -> None:
    """Strings, words and questions of minutes with items, headings and rolls: the same first ten."""
    with closing(open_engine(built)) as engine:
        texts = list(engine.sample(500))
    compared(
        built, place, [*queries(texts, 40, 7), "林致远", "原则同意 市教育局", '"排水 实施"~20', "部门:市民政局"], 0.95
    )


@pytest.mark.shared
@pytest.mark.skipif(not LAWS.exists(), reason="needs ../shared/corpus")
def test_laws_have_the_same_first_ten(tmp_path: Path, place: str) -> None:
    """Two hundred queries over some thousand articles of law: the same first ten for 95 of 100 at least."""
    texts: list[str] = []
    part = tmp_path / "part.jsonl"
    with gzip.open(LAWS, "rt", encoding="utf-8") as lines, part.open("w", encoding="utf-8") as out:
        for line in lines:
            texts += [text for text in json.loads(line)["text"].splitlines() if text.strip()]
            out.write(line)
            if len(texts) > 6_000:
                break
    build([part], tmp_path / "index")
    compared(tmp_path / "index", place, queries(texts, 200, 11), 0.95)
