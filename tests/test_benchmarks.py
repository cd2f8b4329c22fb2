"""The benchmark measures what it says: the sizes asked for, the same texts each time, answers of peers that agree."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parent / "benchmarks"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The modules of the benchmark, with a small invented corpus in three sizes, the last beyond its end."""
    before, path = set(sys.modules), list(sys.path)
    sys.path.insert(0, str(BENCHMARKS))
    import corpora
    import peers
    import performance_page
    import steps

    class Made:
        folder = tmp_path_factory.mktemp("benchmark")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpora, "INVENTED", 300)
        patch.setattr(corpora, "PART", 120)
        patch.setattr(corpora, "there", lambda: False)
        Made.corpora, Made.peers, Made.steps, Made.page = corpora, peers, steps, performance_page  # type: ignore[attr-defined]
        Made.files = corpora.write(Made.folder / "corpus", [50, 250, 700])  # type: ignore[attr-defined]
        yield Made
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_a_corpus_has_the_paragraphs_asked_for(made: Any) -> None:
    """Each size is whole, a smaller one begins the greater, and what goes beyond the corpus is its sentences."""
    texts = {size: list(made.corpora.paragraphs(files)) for size, files in made.files.items()}
    assert {size: len(found) for size, found in texts.items()} == {50: 50, 250: 250, 700: 700}
    assert texts[700][:250] == texts[250]
    assert sorted("".join(texts[700][300:600])) == sorted("".join(texts[700][:300]))
    assert texts[700][300:600] != texts[700][:300]


def test_every_engine_counts_the_same(made: Any, tmp_path: Path) -> None:
    """Ours and the peers find the same number of paragraphs for strings, and the scan for words, too."""
    size, queries = 250, made.corpora.queries()
    long = {"exact": [query for query in queries["exact"] if len(query) > 2]}
    told = {}
    for engine in ("gongwen", "whoosh", "fts5", "scan"):
        given = {"engine": engine, "index": str(tmp_path / engine), "threads": 1, "runs": 1, "queries": long}
        built = made.steps.build({**given, "files": list(map(str, made.files[size]))})
        assert built["passages"] == size
        assert built["bytes"] > 0
        found = made.steps.ask(given)["queries"]["exact"]
        told[engine] = {query: one["total"] for query, one in found.items()}
    assert len(long["exact"]) > 20
    assert sum(told["scan"].values()) > 20
    assert told["gongwen"] == told["scan"] == told["fts5"] == told["whoosh"]


def test_the_page_has_a_ratio_for_every_line(made: Any) -> None:
    """Each kind is told for both engines and as ours by theirs; p95 is the nearest rank."""
    asked = {f"q{i}": {"total": 1, "median": float(i), "first": float(i)} for i in range(1, 21)}
    assert made.page.figures(asked)["p95"] == 19.0
    build = {"seconds": 2.0, "processor": 2.0, "passages": 10, "bytes": 5e6, "peak": 1e8}
    one = {"queries": dict.fromkeys(made.page.KINDS, asked), "build": build, "nowhere": 0.1}
    other = {**one, "build": {**build, "seconds": 1.0}}
    found = {
        "shared": False,
        "runs": 3,
        "load": 0.0,
        "main": {"size": 10, "rounds": 3, "engines": {"gongwen": one, "tantivy": other}},
    }
    page = made.page.page(found, "the command")
    assert page.count("**ours / tantivy**") == 1 + len(made.page.KINDS)
    assert "| **ours / tantivy** | 2.00 |" in page
    assert "| **1.00** |" in page


def test_growth_is_told_as_factors(made: Any) -> None:
    """What is asked in turn is summed beside its hits, and the last two sizes are set against each other."""
    rows = [
        {
            "engine": "gongwen",
            "size": size,
            "build": {"seconds": 1.0, "bytes": 1e6, "peak": 1e8},
            "queries": {k: {"会议": {"total": size // 5, "median": 1.0, "turn": size / 50}} for k in made.page.KINDS},
        }
        for size in (50, 100, 400)
    ]
    lines = list(made.page._growth(rows))
    assert "| 100 | gongwen | 20 | 2.000 | 20 | 2.000 | 2.000 |" in lines
    assert "| **4.00 times | gongwen** | **4.00** | **4.00** | **4.00** | **4.00** | **4.00** |" in lines
