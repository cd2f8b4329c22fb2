"""A page answered from the leaders of a frequent string equals the page of its whole list."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from made import document, meeting

from indexer.engines.engine import Filters, Found, Wanted
from indexer.engines.whoosh import frequent, kernels, leaders, ranking, strings
from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.engines.whoosh.kernels import inverting
from indexer.engines.whoosh.kernels.__main__ import main as compile_all
from indexer.engines.whoosh.segment import Segment
from indexer.query.nodes import Query, Text

STREAMS = ("市", "政府", "府教", "教育", "政策", "职业", "审", "条例", "出席", "没有")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WhooshEngine:
    """An index of two segments in which nearly every string counts as frequent."""
    return filled(tmp_path, monkeypatch, 2)


def filled(folder: Path, monkeypatch: pytest.MonkeyPatch, segments: int) -> WhooshEngine:
    monkeypatch.setattr(leaders, "FREQUENT_PAIR", 3)
    monkeypatch.setattr(leaders, "FREQUENT_CHARACTER", 3)
    chance = random.Random(5)
    engine = open_engine(folder, create=True)
    for part in range(segments):
        with engine.writing() as writing:
            for i in range(40):
                words = ["".join(chance.choices("市政府教育", k=chance.randint(1, 30))) for _ in range(9)]
                words += ["市政府要抓好教育。"] * (i % 4 == 0) + ["教育政策由市政府定。"] * 6 * (i % 8 == part)
                words += [f"第{part}-{i}批人才引进的政策说明材料"]
                writing.put(document(f"{part}-{i}", words, date(2020 + i % 5, 1, 1)), ())
                writing.put(meeting(part * 100 + i, date(2021, 1, 1 + i % 28)), ())
            writing.commit()
    return engine


def ask(engine: WhooshEngine, stream: str, *, whole: bool, limit: int = 10, offset: int = 0) -> Found:
    """Ask for a string; whole keeps the leaders from being used, by a filter that all passages pass."""
    filters = Filters(last=date(9999, 1, 1)) if whole else Filters()
    query = Query(Text(stream), (stream,), "", ())
    return engine.find(Wanted(query, match="exact", filters=filters, limit=limit, offset=offset))


@pytest.mark.parametrize("stream", STREAMS)
def test_leaders_give_the_page_of_the_whole_list(engine: WhooshEngine, stream: str) -> None:
    """Total, order and scores are those of the whole list, on the first page and the second.

    One sentence is boilerplate in each of the segments, the other in both together alone, with all leaders of 政策.
    """
    compare(engine, stream)


def compare(engine: WhooshEngine, stream: str) -> None:
    for offset in (0, 7):
        led = ask(engine, stream, whole=False, offset=offset)
        whole = ask(engine, stream, whole=True, offset=offset)
        assert led.exact == whole.exact
        assert [h.passage.id for h in led.hits] == [h.passage.id for h in whole.hits]
        assert [h.score for h in led.hits] == [h.score for h in whole.hits]


def test_leaders_of_the_only_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled loops, which answer from leaders only where there is one segment, give the page of the whole list."""
    engine = filled(tmp_path, monkeypatch, 1)
    snapshot = engine.snapshot()
    assert kernels.load(snapshot) is not None
    levels = snapshot.levels(ranking.REPEATED)[0]
    assert levels is not None
    for stream in STREAMS:
        compare(engine, stream)
        led = leaders.find(snapshot.segments[0], stream)
        assert led is None or leaders.fallen(led, levels) == 0


def test_leaders_that_sink_are_used_as_far_as_they_tell(engine: WhooshEngine) -> None:
    """Where other segments make leaders boilerplate, some pages are made of the rest, and are the same, some not."""
    snapshot = engine.snapshot()
    levels = snapshot.levels(ranking.REPEATED)
    seen = set()
    for stream in ("市", "政府", "教育", "政策"):
        led = [leaders.find(segment, stream) for segment in snapshot.segments]
        told = [leaders.fallen(one, of) for one, of in zip(led, levels, strict=True) if one is not None]
        assert len(told) == 2
        for last in range(1, leaders.DEPTH + 1):
            query = Query(Text(stream), (stream,), "", ())
            used = frequent.led(snapshot, Wanted(query, match="exact", limit=last)) is not None
            seen.add((last > leaders.DEPTH - max(told), used))
            page, whole = (ask(engine, stream, whole=w, limit=last) for w in (False, True))
            assert [(h.passage.id, h.score) for h in page.hits] == [(h.passage.id, h.score) for h in whole.hits]
    assert seen == {(False, True), (True, True), (True, False)}


def test_count_alone_needs_no_leaders(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no passage is wanted, the number of all is told, though more leaders have fallen than a page has."""
    snapshot = engine.snapshot()
    levels = snapshot.levels(ranking.REPEATED)
    led = [leaders.find(segment, "政策") for segment in snapshot.segments]
    told = [leaders.fallen(one, of) for one, of in zip(led, levels, strict=True) if one is not None]
    monkeypatch.setattr(leaders, "DEPTH", min(told) - 1)
    none = ask(engine, "政策", whole=False, limit=0)
    assert (none.exact, list(none.hits)) == (ask(engine, "政策", whole=True).exact, [])


def test_leaders_are_used_and_left_where_they_do_not_tell(engine: WhooshEngine) -> None:
    """A frequent string has leaders; deletions, far pages and longer strings go without them."""
    segment = engine.snapshot().segments[0]
    assert leaders.find(segment, "政府") is not None
    assert leaders.find(segment, "市政府") is None
    query = Query(Text("政府"), ("政府",), "", ())
    assert frequent.led(engine.snapshot(), Wanted(query, match="exact")) is not None
    assert frequent.led(engine.snapshot(), Wanted(query, match="exact", offset=leaders.DEPTH)) is None
    with engine.writing() as writing:
        writing.remove("d-0-0")
        writing.commit()
    assert frequent.led(engine.snapshot(), Wanted(query, match="exact")) is None


def test_places_change_no_choice(tmp_path: Path) -> None:
    """Leaders chosen with the places of all passages worked out before are those chosen without."""
    chance = random.Random(7)
    made = [
        document(str(i), ["".join(chance.choices("市政府教育", k=chance.randrange(2, 9))) for _ in range(5)], day)
        for i, day in enumerate(chance.choices((None, date(2020, 1, 1), date(2021, 2, 3)), k=60))
    ]
    with open_engine(tmp_path, create=True).writing() as writing:
        for record in made:
            writing.put(record, ())
        writing.commit()
    (path,) = tmp_path.glob("MAIN_*.arr")
    segment = Segment(path)
    for string in ("市", "政府", "教"):
        found = strings.find(segment, string)
        one, other = leaders.of(segment, found, None), leaders.of(segment, found, None, leaders._places(segment))
        assert len(one.found.passages) > leaders.DEPTH
        assert one.found.passages.tolist() == other.found.passages.tolist()
        assert (one.total, one.lifted.tolist()) == (other.total, other.lifted.tolist())


def test_loops_choose_the_same(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaders of whole segments are chosen alike by loops and by sorting."""
    compile_all()
    for segment in engine.snapshot().segments:
        made = []
        for most in (10**9, 0):
            monkeypatch.setattr(inverting, "MANY", most)
            made.append(leaders.build(segment))
        by_sorting, by_loops = made
        assert by_sorting["lead_lifted"].any()
        assert by_sorting["lead_level"].any()
        for name, array in by_sorting.items():
            assert array.dtype == by_loops[name].dtype
            assert array.tolist() == by_loops[name].tolist(), name
