"""Suggestions come from the index: by characters, by pinyin, by initials, the best first, none twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import document, meeting

from indexer.build import build
from indexer.engines.whoosh.engine import open_engine
from indexer.errors import BadParameter
from indexer.model import Attendance, Record
from indexer.phrases import pairs
from indexer.search import Index, open_index
from indexer.spelled import Spelled
from indexer.suggest import Suggestion

NAMES = ("单成业", "区志强", "曾海", "尉迟明", "查良", "解放", "任远", "单志明")
SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


def filled(folder: Path, records: list[Record]) -> Index:
    engine = open_engine(folder, create=True)
    with engine.writing() as writing:
        for record in records:
            writing.put(record, ())
        writing.commit()
    return Index(engine)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Three meetings with people of surnames that are read in ways of their own, and two documents."""
    people = tuple(Attendance("出席", name) for name in NAMES)
    texts = [
        "发展职业教育，办好职业学校。",
        "职业教育经费由市财政局保障。",
        "银行要支持律师行业。",
        "执业资格另行规定。",
    ]
    opened = filled(
        tmp_path_factory.mktemp("suggest") / "index",
        [
            meeting(1, date(2023, 2, 1), attendance=people),
            meeting(2, date(2024, 5, 20), attendance=people[:1]),
            meeting(3, date(2024, 8, 9), body="临沚县人民政府"),
            document("one", texts, title="职业教育促进办法", body="云川市人民政府"),
            document("two", ["优化营商环境。", "优化营商环境条例。", "营商环境评价。"], title="营商环境通知"),
        ],
    )
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of the sample documents."""
    place = tmp_path_factory.mktemp("samples") / "index"
    build([SAMPLES], place)
    opened = open_index(place)
    yield opened
    opened.close()


def texts(index: Index, typed: str, limit: int = 10) -> list[str]:
    return [suggestion.text for suggestion in index.suggest(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("职业", "phrase", "职业教育"),
        ("职业", "instrument", "云川市职业教育条例"),
        ("职業", "phrase", "职业教育"),
        ("zhiyejiaoyu", "phrase", "职业教育"),
        ("zhiye jiaoyu", "phrase", "职业教育"),
        ("ZhíYè", "phrase", "职业教育"),
        ("zyjy", "phrase", "职业教育"),
        ("zyjy", "instrument", "云川市职业教育条例"),
        ("职业jy", "phrase", "职业教育"),
        ("zhiyej", "phrase", "职业教育"),
        ("jiaoyuju", "department", "市教育局"),
        ("caizheng", "department", "市财政局"),
        ("yinhang", "phrase", "银行"),
        ("lvshi", "phrase", "律师"),
        ("lüshi", "phrase", "律师"),
        ("yunchuan", "body", "云川市人民政府"),
        ("linzhi", "body", "临沚县人民政府"),
        ("shancheng", "person", "单成业"),
        ("dancheng", "person", "单成业"),
        ("ouzhi", "person", "区志强"),
        ("zenghai", "person", "曾海"),
        ("yuchi", "person", "尉迟明"),
        ("zhaliang", "person", "查良"),
        ("xief", "person", "解放"),
        ("reny", "person", "任远"),
        ("szm", "person", "单志明"),
    ],
)
def test_found_by_what_is_typed(index: Index, typed: str, kind: str, text: str) -> None:
    """Characters, full pinyin, initials, and mixtures of them lead to what stands in the index."""
    assert (kind, text) in [(s.kind, s.text) for s in index.suggest(typed, 10)]


def test_counts_are_true(index: Index) -> None:
    """A department has its passages, a person the meetings, a phrase the passages that a search finds."""
    found = {s.text: s.count for s in (*index.suggest("单成"), *index.suggest("营商"), *index.suggest("职业"))}
    assert found["单成业"] == 2
    assert found["营商环境"] == 3
    assert found["云川市职业教育条例"] == 9
    assert index.suggest("市财政局")[0] == Suggestion("市财政局", "department", 3)


def test_instrument_counts_no_text_twice(index: Index) -> None:
    """The count of a value is what a search with it as a filter finds."""
    for text, field in (("云川市职业教育条例", "instrument"), ("市财政局", "department")):
        (told,) = [s for s in index.suggest(text) if s.kind == field]
        assert told.count == index.search("", **{field: text}).total.exact


def test_beginning_before_inside(samples: Index) -> None:
    """What begins with the typed characters comes before what holds them, each part by count."""
    found = samples.suggest("职业", 20)
    begins = [s.text.startswith("职业") for s in found]
    assert begins == sorted(begins, reverse=True)
    assert any(begins)
    assert not all(begins)
    for part in (True, False):
        counts = [s.count for s, begin in zip(found, begins, strict=True) if begin is part]
        assert counts == sorted(counts, reverse=True)


def test_kinds_leave_room_for_each_other(samples: Index) -> None:
    """Many phrases do not crowd out the instruments that hold the same word."""
    kinds = {s.kind for s in samples.suggest("营商", 6)}
    assert {"phrase", "instrument"} <= kinds


def test_each_text_once(samples: Index) -> None:
    """No text is suggested twice, and no more than asked for."""
    for typed in ("市", "shi", "职业", "s", "政府"):
        found = texts(samples, typed, 30)
        assert len(set(found)) == len(found) <= 30


def test_every_phrase_has_hits(samples: Index) -> None:
    """What is suggested as a phrase is found by searching for it, in as many passages as is told."""
    for typed in ("职业", "shishi", "y", "市", "jian"):
        for told in samples.suggest(typed, 20):
            if told.kind == "phrase":
                assert samples.search(f'"{told.text}"', match="exact", limit=0).total.exact == told.count > 0


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "，", "\0", "zzzzzz", "v" * 61, "职" * 1000, "'"])
def test_nothing_fits(index: Index, typed: str) -> None:
    """Where nothing fits, nothing is suggested."""
    assert index.suggest(typed) == ()


@pytest.mark.parametrize("limit", [-1, 101])
def test_limit_is_checked(index: Index, limit: int) -> None:
    """A limit out of its range is refused."""
    with pytest.raises(BadParameter):
        index.suggest("职业", limit)
    assert index.suggest("职业", 0) == ()
    assert len(index.suggest("职业", 1)) == 1


def test_new_generation_is_seen(tmp_path: Path) -> None:
    """After a commit the list is made again; what was removed is gone."""
    index = filled(tmp_path / "index", [document("one", ["发展职业教育。"])])
    assert "职业" in texts(index, "zhiye")
    with index.engine.writing() as writing:
        writing.put(document("two", ["养老服务。"]), ())
        writing.remove("d-one")
        writing.commit()
    assert texts(index, "zhiye") == []
    assert "养老" in texts(index, "yanglao")


def test_empty_index(tmp_path: Path) -> None:
    """An empty index suggests nothing."""
    assert filled(tmp_path / "index", []).suggest("职业") == ()


def test_threads_share_one_list(index: Index) -> None:
    """Threads that ask at once before there is a list get the same answer."""
    fresh = Index(index.engine)
    answers: list[tuple[Suggestion, ...]] = []
    threads = [threading.Thread(target=lambda: answers.append(fresh.suggest("职业"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [index.suggest("职业")] * 6


def test_others_go_on_with_the_last_list(tmp_path: Path) -> None:
    """While one thread makes the next list, another is answered from the last one."""
    index = filled(tmp_path / "index", [document("one", ["发展职业教育。"])])
    index.suggest("职业")
    with index.engine.writing() as writing:
        writing.put(document("two", ["养老服务。"]), ())
        writing.commit()
    with index._suggester._lock:
        assert texts(index, "yanglao") == []
    assert "养老" in texts(index, "yanglao")


TEXTS = ["职业", "执业", "职业教育", "重庆银行", "西安", "县", "单于明", "5g应用", "app"]


@pytest.mark.parametrize(
    ("typed", "beginning", "inside"),
    [
        ("zhiye", [0, 1, 2], []),
        ("zhiyejy", [2], []),
        ("chongqing", [3], []),
        ("yinhang", [], [3]),
        ("xian", [5, 4], []),
        ("sym", [6], []),
        ("yu", [], [2, 6]),
        ("shanyu", [6], []),
        ("5gyy", [7], []),
        ("ap", [8], []),
        ("业", [], [0, 1, 2]),
        ("zye", [0, 1, 2], []),
        ("zhy", [0, 1, 2], []),
        ("zhye", [0, 1, 2], []),
        ("zhijiao", [], []),
    ],
)
def test_spelled(typed: str, beginning: list[int], inside: list[int]) -> None:
    """Each character takes itself, its syllable or its initial; fewer characters read in full come first."""
    begins, holds = Spelled(TEXTS, names=[6]).find(typed)
    assert begins.numbers.tolist() == beginning
    assert holds.numbers.tolist() == inside


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(), max_size=6), st.text(max_size=70))
def test_spelled_takes_anything(found: list[str], typed: str) -> None:
    """Any texts and any typing are taken; a text is always found by its own characters, where it has any."""
    spelled = Spelled(found, names=range(len(found)))
    begins, holds = spelled.find(typed)
    assert not set(begins.numbers.tolist()) & set(holds.numbers.tolist())
    for number, text in enumerate(found):
        if 0 < len(text) <= 60 and "\0" not in text:
            assert number in spelled.find(text)[0].numbers


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(max_size=80), st.text(alphabet="zhiyejaou职业市'\"() ", max_size=30)))
def test_any_text_is_taken(samples: Index, typed: str) -> None:
    """Whatever is typed, there is an answer and no error."""
    assert len(samples.suggest(typed, 5)) <= 5


def test_pairs_are_neighbours() -> None:
    """Words that stand together in several texts are a phrase; those with something between them are none."""
    streams = ["加强学徒补贴发放。", "学徒补贴发放及时。", "学徒的补贴。", "应当补贴", "应当补贴"]
    found = pairs(streams)
    assert found["学徒补贴"] == 2
    assert "应当补贴" not in found
    assert pairs([]) == {}
