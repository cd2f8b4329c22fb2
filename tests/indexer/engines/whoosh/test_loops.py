"""Compiled loops find what whole arrays find, on lists long enough for every way through them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made import document

from indexer.engines.engine import FACETS, Filters, Wanted
from indexer.engines.whoosh import executor, kernels
from indexer.engines.whoosh.build import Gathering
from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.engines.whoosh.kernels import inverting, kept
from indexer.engines.whoosh.postings import LONG
from indexer.engines.whoosh.shown import one_by_one
from indexer.engines.whoosh.snapshot import Snapshot
from indexer.engines.whoosh.top import Place
from indexer.query.parse import parse
from indexer.text import kin

# Frequent ones first: how often each is drawn is what makes its list long or short.
PIECES = ("安全生产", "的", "规划", "职业教育", "、", "《办法》", "\n", "市财政局", "2024", "加装电梯", "噪声", "鼎")
QUERIES = (
    *(
        "安全生产",
        "安全",
        "产的",
        "的",
        "鼎",
        "规划、",
        "财政 规划",
        "鼎 安全",
        "的 规 划",
        "噪声 鼎",
        "加装电梯 安全生产",
    ),
    *("全生 电梯 的", "没有这个", "没有 安全", "鼎鼎", "安全生产 安全生产", "规划 教育 财政局 噪", "《办法》 鼎"),
)
QUESTIONS = ("职业教育的规划由谁负责", "怎样加装电梯", "噪声的处理办法", "鼎")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """Yield an index of two segments, one with lists that are stored in parts, and with records deleted."""
    engine = filled(tmp_path_factory.mktemp("loops"))
    yield engine.snapshot()
    engine.close()


def filled(folder: Path) -> WhooshEngine:
    chance = random.Random(7)
    weights = [2.0**-i for i in range(len(PIECES))]

    def texts(count: int) -> list[str]:
        return ["".join(chance.choices(PIECES, weights, k=chance.randrange(1, 30))) for _ in range(count)]

    engine = open_engine(folder, create=True)
    for numbers, count in ((range(1, 40), 60), (range(40, 44), 8)):
        with engine.writing() as writing:
            for number in numbers:
                writing.put(document(f"d{number}", texts(count)), ())
            if 40 in numbers:
                writing.remove(document("d3", ["的"]).id)
            writing.commit()
    return engine


def test_lists_are_long_enough(snapshot: Snapshot) -> None:
    """The larger segment has lists in parts, and the smaller one has none."""
    large, small = (segment.grams.count.max() for segment in snapshot.segments)
    assert large >= LONG > small


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("limit", [0, 5, 400])
def test_strings(snapshot: Snapshot, query: str, limit: int) -> None:
    """Plain queries have the same count, hits, order and scores, over one segment and over all, with facets or not."""
    loops = kernels.load(snapshot)
    assert loops is not None
    for at in (snapshot, replace(snapshot, entries=snapshot.entries[:1], segments=snapshot.segments[:1])):
        for facets in ((), FACETS):
            wanted = Wanted(parse(query), (), "all", "exact", limit=limit, facets=facets)
            same(at, wanted, loops)
            same(at, wanted._replace(level="paragraph", filters=Filters(kind=("通知",))), loops)


@pytest.mark.parametrize("query", [*QUESTIONS, *QUERIES[:8]])
def test_questions(snapshot: Snapshot, query: str) -> None:
    """Both tiers together, and the related one alone, have the same counts, hits and scores."""
    loops = kernels.load(snapshot)
    assert loops is not None
    asked = parse(query)
    for match in ("auto", "related"):
        same(snapshot, Wanted(asked, kin.weighted_words(asked.plain), "all", match, limit=900, facets=FACETS), loops)


@pytest.mark.parametrize("question", ["怎样见作进一步修改", "怎样致远市长主持", "怎样一步修改完善后,按"])
def test_equal_texts_have_equal_scores(built: Path, question: str) -> None:
    """Related passages that say the same tie to the last bit, on arrays and by loops: days tell, not places."""
    engine = open_engine(built)
    snapshot, asked = engine.snapshot(), parse(question)
    for loops in (None, kernels.load(snapshot)):
        wanted = Wanted(asked, kin.weighted_words(asked.plain), "all", "related", limit=900)
        scores: dict[str, set[float]] = {}
        for hit in executor.run(snapshot, wanted, loops).hits:
            scores.setdefault(hit.text, set()).add(hit.score)
        assert any(len(values) == 1 for values in scores.values())
        assert [text for text, values in scores.items() if len(values) > 1] == []
    engine.close()


@pytest.mark.parametrize("gone", [(), ("d2", "d5")])
def test_segments_are_the_same(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...]) -> None:
    """A segment that is inverted by loops is that of sorting, array by array, also where records were taken out."""
    assert kernels.load(snapshot) is not None
    chance, made = random.Random(5), []
    texts = [["".join(chance.choices(PIECES, k=chance.randrange(400))) for _ in range(20)] for _ in range(9)]
    for most in (sys.maxsize, 0):
        monkeypatch.setattr(inverting, "MANY", most)
        gathering = Gathering()
        for number, some in enumerate(texts):
            gathering.add(document(f"d{number}", ["", *some, "会" * 300]), ())
        for one in gone:
            assert gathering.drop(document(one, ["会"]).id)
        made.append(gathering.arrays())
    by_sorting, by_loops = made
    assert by_sorting.keys() == by_loops.keys()
    for name, array in by_sorting.items():
        assert array.dtype == by_loops[name].dtype, name
        assert np.array_equal(array, by_loops[name]), name


def test_strings_longer_than_a_segment(tmp_path: Path) -> None:
    """A string whose pairs all occur is looked for within the text alone, by itself and behind another one."""
    engine = open_engine(tmp_path, create=True)
    with engine.writing() as writing:
        writing.put(document("d1", ["会议会议会", "议"]), ())
        writing.commit()
    snapshot = engine.snapshot()
    loops = kernels.load(snapshot)
    assert loops is not None
    for query, passages in (("会议" * 30, 0), ("会议会议会", 1), ("议 " + "议会" * 30, 0), ("议会议会 会", 1)):
        wanted = Wanted(parse(query), match="exact")
        same(snapshot, wanted, loops)
        assert executor.run(snapshot, wanted, loops).exact == passages
    engine.close()


def test_short_lists_reach_far(tmp_path: Path) -> None:
    """Strings with few places each are found together behind the first 65,536 addresses, too."""
    engine = open_engine(tmp_path, create=True)
    texts = ["会" * 900, "纪要" * 900] * 60 + ["建立机制", "建立并培养", "培养"] * 3
    with engine.writing() as writing:
        writing.put(document("d1", texts), ())
        writing.commit()
    snapshot = engine.snapshot()
    loops = kernels.load(snapshot)
    assert loops is not None
    assert snapshot.segments[0].cell[-1] > 65_536 // 16
    for query in ("建立 培养", "培养 建立", "建立 培养 并"):
        wanted = Wanted(parse(query), match="exact")
        same(snapshot, wanted, loops)
        assert executor.run(snapshot, wanted, loops).exact == 3
    engine.close()


def test_any_strings_of_a_large_segment(tmp_path: Path) -> None:
    """Strings of every length, one or several, from anywhere in half a million characters, are found alike."""
    chance = random.Random(11)
    weights = [1 / rank for rank in range(1, 301)]
    alphabet = [chr(0x4E00 + 37 * rank) for rank in range(300)]
    texts = ["".join(chance.choices(alphabet, weights, k=chance.randrange(300))) for _ in range(3_500)]
    engine = open_engine(tmp_path, create=True)
    with engine.writing() as writing:
        for number in range(35):
            writing.put(document(f"d{number}", texts[number * 100 : number * 100 + 100]), ())
        writing.commit()
    snapshot = engine.snapshot()
    loops = kernels.load(snapshot)
    assert loops is not None
    assert snapshot.segments[0].cell[-1] > 6 * 65_536 // 16
    found = []
    for _ in range(300):
        strings = []
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 2, 3))):
            text = chance.choice((text, text, chance.choice(texts)))
            begin = chance.randrange(max(1, len(text)))
            strings.append(text[begin : begin + chance.choice((1, 2, 2, 3, 4, 6))])
        asked = parse(" ".join(filter(None, strings)) or "一", expand=False)
        wanted = Wanted(asked, match="exact", limit=chance.choice((3, 10, 200)), offset=chance.choice((0, 0, 2)))
        same(snapshot, wanted, loops)
        found.append(executor.run(snapshot, wanted, loops).exact)
    assert sum(1 < one < 10 for one in found) > 10
    assert sum(one > 1_000 for one in found) > 10
    led = snapshot.segments[0].led
    assert {len(string) for string in led} == {1, 2}
    for string in led:
        for offset in (0, 5, 15):
            same(snapshot, Wanted(parse(string, expand=False), match="exact", offset=offset), loops)
    engine.close()


@pytest.mark.parametrize("odd", ["", "\U000e0100"])
def test_texts_are_those_of_the_source(tmp_path: Path, odd: str) -> None:
    """Texts laid out together have the white space, the rare characters and the invisible ones of each by itself."""
    texts = [
        "　一、会议\n\n纪 要 。",
        "会议",
        "会议𠮷𡈽，会议　",
        "会议\u200b\ufeff纪要",
        f"会议{odd}",
        "\t会议 ends\n",
    ]
    engine = open_engine(tmp_path, create=True)
    with engine.writing() as writing:
        writing.put(document("d1", texts), ())
        writing.commit()
    snapshot = engine.snapshot()
    loops = kernels.load(snapshot)
    assert loops is not None
    found = executor.run(snapshot, Wanted(parse("会议"), match="exact"), loops).hits
    assert sorted(hit.text for hit in found) == sorted(texts)
    every = [Place(0, passage, 0.0) for passage in range(snapshot.segments[0].size)]
    assert loops.texts(snapshot, every) == one_by_one(snapshot, every)
    engine.close()


def same(snapshot: Snapshot, wanted: Wanted, loops: kernels.Loops) -> None:
    by_arrays, by_loops = (executor.run(snapshot, wanted, by) for by in (None, loops))
    assert (by_arrays.exact, by_arrays.related) == (by_loops.exact, by_loops.related)
    assert by_arrays.facets == by_loops.facets
    tiers = [[h.passage.id for h in found.hits if h.tier == "exact"] for found in (by_arrays, by_loops)]
    assert tiers[0] == tiers[1]
    assert [h.text for h in by_arrays.hits] == [h.text for h in by_loops.hits]
    scores = [{(h.tier, h.passage.id): h.score for h in found.hits} for found in (by_arrays, by_loops)]
    assert scores[0] == pytest.approx(scores[1], rel=2e-6)


def test_loops_are_right_in_every_step(tmp_path: Path) -> None:
    """Run as they are written, where a place beyond an array is an error, loops give the same answers."""
    filled(tmp_path / "index").close()
    code = "import pathlib, test_loops as t; t.all_again(pathlib.Path('index'))"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join((*sys.path, str(HERE)))}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=300)


HERE = Path(__file__).parent


def all_again(folder: Path) -> None:
    """Compare the answers of an index on whole arrays with those of the loops as they are in this process."""
    engine = open_engine(folder)
    snapshot = engine.snapshot()
    loops = kernels.load(snapshot)
    assert loops is not None
    for query in QUERIES:
        same(snapshot, Wanted(parse(query), (), "all", "exact", limit=20, facets=FACETS), loops)
    for query in QUESTIONS:
        asked = parse(query)
        same(snapshot, Wanted(asked, kin.weighted_words(asked.plain), "all", "auto", limit=20), loops)
    engine.close()


def test_one_query_loads_nothing(tmp_path: Path) -> None:
    """A process that asks one question does not load a compiler; one that goes on asking does, and answers alike."""
    filled(tmp_path / "index").close()
    code = (
        "import sys, threading, indexer; index = indexer.open_index('index')\n"
        "ask = lambda: index.search('安全 规划', match='exact')\n"
        "first = ask(); assert 'numba' not in sys.modules\n"
        "ask()\n"
        "[t.join() for t in threading.enumerate() if t.name == 'kernels']; assert 'numba' in sys.modules\n"
        "assert [h.id for h in ask().hits] == [h.id for h in first.hits]; index.close()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=300)


def test_where_memory_may_not_be_executed(tmp_path: Path) -> None:
    """A process that is forbidden to execute what it wrote loads no compiler, and answers."""
    filled(tmp_path / "index").close()
    code = (
        "import ctypes, sys, threading, indexer\n"
        "if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0): sys.exit(77)  # PR_SET_MDWE, from Linux 6.3 on\n"
        "index = indexer.open_index('index')\n"
        "found = [index.search('安全 规划', match='exact').total.exact for _ in range(5)]; index.close()\n"
        "assert found[0] > 0 and set(found) == {found[0]}; assert 'numba' not in sys.modules"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, timeout=300)
    if done.returncode == 77:
        pytest.skip("this kernel does not know PR_SET_MDWE")
    assert done.returncode == 0


def test_compiled_loops_of_older_states_go(tmp_path: Path) -> None:
    """The folder of the newest state takes the place of the others; where none can be made, there is none."""
    old = kept._made(tmp_path, f"{kept.OURS}1")
    assert old is not None
    assert old.is_dir()
    new = kept._made(tmp_path, f"{kept.OURS}2")
    assert list(tmp_path.iterdir()) == [new]
    (tmp_path / "file").touch()
    assert kept._made(tmp_path / "file", f"{kept.OURS}3") is None


def test_what_was_compiled_by_another_user_is_copied(tmp_path: Path) -> None:
    """A folder that cannot be written serves as a copy that belongs to the process alone."""
    (tmp_path / kept.WHOLE).touch()
    own = kept._copy(tmp_path)
    assert own is not None
    assert (own / kept.WHOLE).exists()
    assert own.stat().st_mode & 0o077 == 0
    assert kept._copy(tmp_path / "gone") is None
