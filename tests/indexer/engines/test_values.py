"""What every engine tells of its values, words, texts and strings, held to a scan of the records put."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import document, meeting

from indexer.engines.engine import Engine
from indexer.model import Attendance, Record
from indexer.text.fold import fold

Opened = Callable[[Sequence[Record]], Engine]
TEXTS = ["职业教育和职业病", "发展职业教育", "教育质量", "Open Data 开放", "𠮷祥職業", "的"]


def remove(engine: Engine, record_id: str) -> None:
    with engine.writing() as writing:
        writing.remove(record_id)
        writing.commit()


def test_values_of_passages_count_passages_of_a_search(opened: Opened) -> None:
    """A department counts each resolution once, not its paragraphs too; a removed meeting counts no more."""
    engine = opened([meeting(1, date(2023, 2, 1)), meeting(2, date(2024, 5, 20))])
    assert dict(engine.values("department")) == {"市教育局": 2, "市财政局": 2}
    assert dict(engine.values("verdict")) == {"原则同意": 2}
    remove(engine, f"{date(2023, 2, 1):%Y%m%d}-{1:08x}")
    assert dict(engine.values("department")) == {"市教育局": 1, "市财政局": 1}


def test_values_of_records_count_records(opened: Opened) -> None:
    """A person, a body, a year count the records that have them, the most frequent first."""
    only = (Attendance("出席", "林远"),)
    engine = opened([meeting(1, date(2023, 2, 1)), meeting(2, date(2024, 5, 20), attendance=only)])
    assert engine.values("person") == (("林远", 2), ("何平", 1), ("周方", 1))
    assert engine.values("year") == (("2023", 1), ("2024", 1))
    remove(engine, f"{date(2023, 2, 1):%Y%m%d}-{1:08x}")
    assert engine.values("person") == (("林远", 1),)
    assert engine.values("body") == (("云川市人民政府", 1),)


def test_generation_grows(opened: Opened) -> None:
    """A commit makes the generation greater; a reading leaves it as it is."""
    engine = opened([document("one", TEXTS)])
    before = engine.generation()
    engine.values("body")
    assert engine.generation() == before
    remove(engine, "d-one")
    assert engine.generation() > before


def test_frequent_words(opened: Opened) -> None:
    """Words of two characters or more come with their passages, most frequent first, at most as many as wanted."""
    engine = opened([document("one", TEXTS), document("two", ["职业教育"])])
    found = engine.frequent_words(100)
    assert dict(found)["教育"] == 4
    assert [count for _, count in found] == sorted((count for _, count in found), reverse=True)
    assert all(len(word) > 1 for word, _ in found)
    assert engine.frequent_words(2) == found[:2]
    assert engine.frequent_words(1) == found[:1]
    remove(engine, "d-two")
    assert dict(engine.frequent_words(100))["教育"] == 3
    remove(engine, "d-one")
    assert engine.frequent_words(100) == ()


@pytest.mark.parametrize("limit", [1, 3, 6, 100])
def test_sample_is_of_the_texts(opened: Opened, limit: int) -> None:
    """A sample holds folded texts, each at most once, no more than wanted and all where there are no more."""
    engine = opened([document("one", TEXTS)])
    found = list(engine.sample(limit))
    assert len(found) == min(limit, len(TEXTS))
    assert not Counter(found) - Counter(map(fold, TEXTS))
    assert list(engine.sample(limit)) == found


def test_sample_leaves_rolls_out(opened: Opened) -> None:
    """No roll of attendance is in a sample."""
    found = list(opened([meeting(1, date(2023, 2, 1))]).sample(100))
    assert found
    assert not any("列席" in text for text in found)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("职业", "育", "教"),
        ("职业教", "", "育"),
        ("", "育质", "教"),
        ("职", "教", "业"),
        ("", "病", "业"),
        ("𠮷", "职", "祥"),
        ("", "祥职业", "𠮷"),
        ("open", "data", " "),
        ("没有", "", ""),
        ("𠀀", "育", ""),
        ("", "", ""),
        ("质量", "", ""),
        ("", "发展", ""),
    ],
)
def test_fillings(opened: Opened, before: str, after: str, expected: str) -> None:
    """The characters between two streams, or beside one, are told; the ends of texts are no characters."""
    assert [character for character, _ in opened([document("one", TEXTS)]).fillings(before, after)] == list(expected)


LETTERS = st.text(alphabet="职业教育a𠮷", max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(LETTERS, min_size=1, max_size=5), LETTERS, LETTERS)
def test_fillings_equal_a_scan(opened: Opened, texts: list[str], before: str, after: str) -> None:
    """Where one side has two characters or more, the counts are those of a scan."""
    before, after = fold(before)[-3:], fold(after)[:3]
    if max(len(before), len(after)) < 2:
        before += "职业"
    streams = [fold(text) for text in texts]
    scanned: Counter[str] = Counter()
    for stream in streams:
        for at, character in enumerate(stream):
            if stream[:at].endswith(before) and stream[at + 1 :].startswith(after):
                scanned[character] += 1
    engine = opened([document("one", texts)])
    assert dict(engine.fillings(before, after)) == scanned
