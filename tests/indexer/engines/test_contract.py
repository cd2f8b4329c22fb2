"""What every engine must do, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import document, meeting

from indexer.engines.engine import Engine, Filters, Found, SourceState, Wanted
from indexer.errors import NotFound
from indexer.model import Record
from indexer.query.nodes import And, Node, Not, Or, Query, Text
from indexer.query.parse import parse
from indexer.text import words
from indexer.text.fold import fold

Opened = Callable[[Sequence[Record]], Engine]
MEETINGS = [meeting(1, date(2023, 2, 1)), meeting(2, date(2024, 5, 20)), meeting(3, date(2024, 8, 9))]


def ask(engine: Engine, query: str, **options: Any) -> Found:
    """Ask as search.py does."""
    parsed = parse(query, expand=False)
    plain = words.weighted_words(parsed.plain) if options.get("match") != "exact" else ()
    return engine.find(Wanted(parsed, plain, **options))


def ids(found: Found) -> list[str]:
    return [hit.passage.id for hit in found.hits]


def texts(found: Found) -> set[str]:
    return {hit.text for hit in found.hits}


def test_level_all_holds_resolutions_whole_and_the_other_paragraphs(opened: Opened) -> None:
    """Level all shows each text once: resolutions whole, other paragraphs, headings and the roll."""
    engine = opened(MEETINGS[:1])
    found = ask(engine, "", limit=100)
    anchors = [i.partition("#")[2] for i in ids(found)]
    assert sorted(anchors) == ["1", "1.1", "1.2", "attendance", "p1"]


def test_level_resolution_holds_numbered_resolutions(opened: Opened) -> None:
    """Level resolution shows numbered resolutions only."""
    found = ask(opened(MEETINGS[:1]), "", level="resolution", limit=100)
    assert {i.partition("#")[2] for i in ids(found)} == {"1.1", "1.2"}
    assert {hit.passage.level for hit in found.hits} == {"resolution"}


def test_level_paragraph_holds_natural_paragraphs(opened: Opened) -> None:
    """Level paragraph shows the paragraphs of resolutions one by one."""
    found = ask(opened(MEETINGS[:1]), "", level="paragraph", limit=100)
    assert {i.partition("#")[2] for i in ids(found)} == {"1", "1.1p1", "1.2p1", "1.2p2", "attendance", "p1"}


def test_a_hit_knows_its_place(opened: Opened) -> None:
    """A hit carries its meeting, item, verdict, lead department and next step."""
    found = ask(opened(MEETINGS[:1]), "按程序印发", level="resolution")
    passage = found.hits[0].passage
    assert passage.head.title == "市政府第1次常务会议纪要"
    assert passage.head.date == date(2023, 2, 1)
    assert (passage.item_number, passage.item_title) == (1, "审议《云川市职业教育条例》")
    assert passage.verdicts == ("原则同意",)
    assert passage.lead_department == "市教育局"
    assert passage.next_step == "按程序印发"
    assert found.hits[0].tier == "exact"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("职业教育", 2),
        ("职业教育 印发", 1),
        ("职业教育 -印发", 1),
        ("印发 | 经费", 2),
        ("(印发 | 经费) 财政", 1),
        ('"教育条例》。由市教"', 1),
        ("業敎育條例", 2),
        ("職業教育條例", 2),
        ("林远", 1),
        ("市  教 育 局", 2),
        ("结论:原则同意", 1),
        ("部门:财政", 1),
        ("人员:何平", 5),
        ("标题:职业教育 落实", 1),
        ("机关:云川市人民政府 职业教育", 2),
        ("年:2022", 0),
        ("日期:2023-01..2023-03 职业教育", 2),
        ("文件:职业教育条例 保障", 1),
        ('"修改 印发"~7', 1),
        ('"修改 印发"~6', 0),
        ("由市*印发", 1),
        ("原则*印发", 0),
    ],
)
def test_query_language_selects(opened: Opened, query: str, expected: int) -> None:
    """Every form of the query language selects what it says."""
    assert ask(opened(MEETINGS[:1]), query, match="exact", limit=100).exact == expected


def test_filters_narrow_and_combine(opened: Opened) -> None:
    """Values of one filter widen, filters together narrow, days are both included."""
    engine = opened([*MEETINGS, document("ban-fa", ["职业教育办法"], date(2024, 5, 20), genre="办法")])

    def count(filters: Filters) -> int:
        return ask(engine, "职业教育", match="exact", filters=filters).exact

    assert count(Filters()) == 7
    assert count(Filters(year=("2024",))) == 5
    assert count(Filters(year=("2023", "2024"))) == 7
    assert count(Filters(year=("2024",), kind=("办法",))) == 1
    assert count(Filters(first=date(2024, 5, 20), last=date(2024, 5, 20))) == 3
    assert count(Filters(verdict=("原则同意",))) == 3
    assert count(Filters(department=("市教育局",), year=("2023",))) == 1
    assert count(Filters(person=("何平",), body=("云川市人民政府",))) == 6
    assert count(Filters(instrument=("没有的条例",))) == 0


def test_facets_count_what_was_found(opened: Opened) -> None:
    """Facets count passages by value, most frequent first, over all hits and not the page."""
    engine = opened(MEETINGS)
    fields = ("year", "body", "kind", "department", "verdict", "instrument", "person")
    found = ask(engine, "职业教育", match="exact", limit=1, facets=fields)
    assert found.facets["year"] == (("2024", 4), ("2023", 2))
    assert found.facets["verdict"] == (("原则同意", 3),)
    assert found.facets["instrument"] == (("云川市职业教育条例", 6),)
    assert dict(found.facets["person"])["林远"] == 6


def test_months_are_counted_beside_facets(opened: Opened) -> None:
    """Months are counted as fields are; those of meetings leave other records out, and undated ones are in none."""
    records = [*MEETINGS, document("n", ["云川市教育"], date(2024, 5, 3)), document("u", ["教育"])]
    found = ask(opened(records), "教育", match="exact", limit=0, facets=("month", "meeting_month"))
    per_month = found.facets["month"]
    assert dict(per_month)["2024-05"] == dict(found.facets["meeting_month"])["2024-05"] + 1
    assert [month for month, _ in found.facets["meeting_month"]] == ["2023-02", "2024-05", "2024-08"]
    assert found.exact == sum(count for _, count in per_month) + 1


def test_values_are_counted_by_passages_or_records(opened: Opened) -> None:
    """A value of passages counts each of them once in a search of all, or each record once."""
    engine = opened(MEETINGS)
    assert engine.values("department") == (("市教育局", 3), ("市财政局", 3))
    assert engine.values("instrument") == (("云川市职业教育条例", 9),)
    assert engine.values("instrument", of_records=True) == (("云川市职业教育条例", 3),)
    with engine.writing() as writing:
        writing.remove(MEETINGS[0].id)
        writing.commit()
    assert engine.values("instrument", of_records=True) == (("云川市职业教育条例", 2),)
    assert engine.values("person", of_records=True) == engine.values("person")


def test_order_by_date(opened: Opened) -> None:
    """Both date orders hold; undated records come last in either."""
    engine = opened([document("undated", ["职业教育"]), *MEETINGS])
    newest = [h.passage.head.date for h in ask(engine, "职业教育", match="exact", sort="-date").hits]
    oldest = [h.passage.head.date for h in ask(engine, "职业教育", match="exact", sort="date").hits]
    assert newest == [date(2024, 8, 9)] * 2 + [date(2024, 5, 20)] * 2 + [date(2023, 2, 1)] * 2 + [None]
    assert oldest == [date(2023, 2, 1)] * 2 + [date(2024, 5, 20)] * 2 + [date(2024, 8, 9)] * 2 + [None]


def test_equal_scores_put_the_newer_first(opened: Opened) -> None:
    """Among equal passages the newer meeting comes first."""
    found = ask(opened(MEETINGS), "保障经费", match="exact", level="paragraph")
    assert [h.passage.head.date for h in found.hits] == [date(2024, 8, 9), date(2024, 5, 20), date(2023, 2, 1)]


@pytest.mark.parametrize("match", ["auto", "exact", "related"])
@pytest.mark.parametrize("sort", ["relevance", "date", "-date"])
def test_pages_join_to_the_whole(opened: Opened, match: Any, sort: Any) -> None:
    """Pages of any size, one after the other, give every hit once and in one order."""
    engine = opened([meeting(n, date(2020 + n % 5, 1 + n % 12, 1)) for n in range(1, 30)])
    query = "教育 条例" if match != "related" else "怎样修改教育条例"
    whole = ids(ask(engine, query, match=match, sort=sort, limit=1000))
    for size in (1, 7, 50):
        pages: list[str] = []
        for offset in range(0, len(whole) + size, size):
            pages += ids(ask(engine, query, match=match, sort=sort, limit=size, offset=offset))
        assert pages == whole
    assert len(set(whole)) == len(whole) > 0


def test_far_pages_and_nothing_found_are_empty(opened: Opened) -> None:
    """A page beyond the end is empty and keeps the counts; a string that is nowhere gives nothing."""
    engine = opened(MEETINGS)
    far = ask(engine, "职业教育", match="exact", offset=10_000)
    assert (far.exact, far.hits) == (6, ())
    assert ask(engine, "没有这个词", match="exact").exact == 0


def test_an_empty_index_answers(opened: Opened) -> None:
    """An index without records answers every kind of question."""
    engine = opened([])
    assert ask(engine, "职业教育", facets=("year",)).exact == 0
    assert ask(engine, "").hits == ()
    assert engine.heads() == ()
    assert list(engine.check()) == []


def test_related_tier_excludes_the_exact_one(opened: Opened) -> None:
    """Passages of the exact tier are never counted or shown as related, and come first."""
    engine = opened([document("a", ["本市职业教育改革方案", "教育改革与职业培训", "财政预算公开"])])
    found = ask(engine, "职业教育改革", limit=10)
    assert [h.tier for h in found.hits] == ["exact", "related"]
    assert (found.exact, found.related) == (1, 1)
    assert ids(found) == ["d-a#p1", "d-a#p2"]


def test_fields_and_exclusions_bind_the_related_tier(opened: Opened) -> None:
    """What a query says by fields, days and exclusions holds for related hits, too."""
    engine = opened([*MEETINGS, document("a", ["职业培训与教育改革", "职业培训与教育经费"])])
    assert {h.passage.head.date for h in ask(engine, "年:2023 怎样修改职业教育", limit=50).hits} == {date(2023, 2, 1)}
    assert texts(ask(engine, "类型:没有 怎样修改职业教育")) == set()
    found = ask(engine, "职业教育培训 -经费", match="related", limit=50)
    assert "职业培训与教育改革" in texts(found)
    assert "职业培训与教育经费" not in texts(found)


def test_the_roll_is_no_related_hit_and_comes_last(opened: Opened) -> None:
    """The roll of attendance is found by its strings behind all else, and never by words."""
    engine = opened([meeting(1, date(2024, 1, 1)), document("a", ["市教育局何平汇报了有关情况，会议讨论了很久"])])
    found = ask(engine, "何平", match="exact")
    assert [i.partition("#")[2] for i in ids(found)] == ["p1", "attendance"]
    related = ask(engine, "周方出席会议的情况怎样", match="related", limit=100)
    assert all("attendance" not in i for i in ids(related))


def test_records_come_back_as_they_were(opened: Opened) -> None:
    """A record read from the index equals the record that was put."""
    records = [*MEETINGS, document("d", ["第一条 为了 发展", "ABC  def\n下一行", "𠮷野家", ""])]
    engine = opened(records)
    for record in records:
        assert engine.record(record.id) == record
    assert engine.passage(f"{MEETINGS[0].id}#1.2p2").text == "市财政局要保障经费。"
    assert [h.id for h in engine.heads()] == [MEETINGS[2].id, MEETINGS[1].id, MEETINGS[0].id, "d-d"]


def test_what_was_let_go_comes_back(opened: Opened) -> None:
    """Letting go of memory loses nothing: hits found before can be read after it, and answers are the same."""
    engine = opened(MEETINGS)
    found = ask(engine, "", limit=100)
    engine.let_go()
    assert ids(found) == ids(ask(engine, "", limit=100)) != []
    engine.let_go()
    assert texts(found) == texts(ask(engine, "", limit=100))


def test_unknown_ids_raise_with_what_is_near(opened: Opened) -> None:
    """An unknown record or anchor raises NotFound, which names ids that look alike."""
    engine = opened(MEETINGS)
    with pytest.raises(NotFound) as error:
        engine.record("20240520-ffffffff")
    assert error.value.near == (MEETINGS[1].id,)
    with pytest.raises(NotFound):
        engine.passage(f"{MEETINGS[1].id}#9.9")


def test_put_replaces_and_remove_removes(opened: Opened) -> None:
    """A record put again replaces the old one, within a transaction and after it; a removed one is gone."""
    engine = opened([document("a", ["旧的内容"]), document("b", ["别的内容"])])
    with engine.writing() as writing:
        writing.put(document("a", ["新的内容"]), ())
        writing.put(document("a", ["更新的内容", "第二段内容"]), ())
        assert writing.remove("d-b")
        assert not writing.remove("d-b")
        assert not writing.remove("d-none")
        writing.commit()
    assert texts(ask(engine, "内容", match="exact")) == {"更新的内容", "第二段内容"}
    assert engine.stats().passages == 2
    with pytest.raises(NotFound):
        engine.record("d-b")
    assert list(engine.check()) == []


def test_nothing_changes_without_commit(opened: Opened) -> None:
    """Leaving a transaction without commit, or by an error, changes nothing."""
    engine = opened([document("a", ["内容"])])
    generation = engine.stats().generation

    def fail() -> None:
        with engine.writing() as writing:
            writing.put(document("b", ["内容"]), ())
            writing.remove("d-a")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    with engine.writing() as writing:
        writing.put(document("c", ["内容"]), ())
    assert ids(ask(engine, "内容", match="exact")) == ["d-a#p1"]
    assert engine.stats().generation == generation


def test_sources_are_kept_and_forgotten(opened: Opened) -> None:
    """Sources come back by path; forgetting one of two keeps the record."""
    engine = opened([])
    record = replace(document("a", ["内容"]), sources=document("a", []).sources + document("b", []).sources)
    states = [SourceState("a.txt", "1" * 64, "d-a", 10, 20), SourceState("b.txt", "2" * 64, "d-a", 30, 40)]
    with engine.writing() as writing:
        writing.put(record, states)
        writing.commit()
    assert engine.sources() == {s.path: s for s in states}
    with engine.writing() as writing:
        writing.forget("a.txt")
        writing.commit()
    assert set(engine.sources()) == {"b.txt"}
    assert [s.path for s in engine.record("d-a").sources] == ["b.txt"]


TEXT = st.text(st.sampled_from('市政府关于職業职业教育的〔2024〕[]（）()，,。ab AB１1 　\n—-“”"𠮷\u200b'), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=1, max_size=8), st.data())
def test_exact_strings_equal_a_scan(opened: Opened, paragraphs: list[str], data: st.DataObject) -> None:
    """Any part of any text is found exactly where a scan of the streams finds it."""
    engine = opened([document("a", paragraphs)])
    text = data.draw(st.sampled_from(paragraphs))
    start = data.draw(st.integers(0, len(text)))
    part = text[start : start + data.draw(st.integers(1, 20))]
    stream = fold(part)
    if not stream:
        return
    found = engine.find(Wanted(Query(Text(stream, part), (stream,), "", ()), match="exact", limit=1000))
    expected = {f"d-a#p{i}" for i, p in enumerate(paragraphs, 1) if stream in fold(p)}
    assert set(ids(found)) == expected
    assert found.exact == len(expected)


LEAVES = st.sampled_from(["市", "政府", "教育", "20", "a", "的"]).map(lambda s: ("text", s))
NODES: st.SearchStrategy[Any] = st.deferred(
    lambda: st.one_of(
        LEAVES,
        st.tuples(st.just("and"), NODES, NODES),
        st.tuples(st.just("or"), NODES, NODES),
        st.tuples(st.just("not"), NODES),
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=1, max_size=10), NODES)
def test_boolean_answers_equal_set_algebra(opened: Opened, paragraphs: list[str], tree: Any) -> None:
    """Any tree of and, or, not selects what set algebra over scans selects."""
    everything = frozenset(range(len(paragraphs)))

    def build(tree: Any) -> tuple[Node, frozenset[int]]:
        if tree[0] == "text":
            return Text(tree[1]), frozenset(i for i in everything if tree[1] in fold(paragraphs[i]))
        children = [build(child) for child in tree[1:]]
        nodes, sets = tuple(c[0] for c in children), [c[1] for c in children]
        if tree[0] == "not":
            return Not(nodes[0]), everything - sets[0]
        return (And(nodes), sets[0] & sets[1]) if tree[0] == "and" else (Or(nodes), sets[0] | sets[1])

    node, expected = build(tree)
    found = opened([document("a", paragraphs)]).find(Wanted(Query(node, (), "", ()), match="exact", limit=1000))
    assert {int(i.partition("#p")[2]) - 1 for i in ids(found)} == expected


def test_boilerplate_sinks(opened: Opened) -> None:
    """A formula of dozens of meetings comes behind the passage that says the words for its own sake, in both tiers."""
    formulas = [
        f"各区县、各部门要提高政治站位，强化责任担当，细化工作举措，{more}确保各项任务落地见效。"
        for more in ("", "加强协调配合，完善推进机制，")
    ]
    own = (
        "会议听取了市粮食和储备局关于秋粮收购准备情况的汇报，议定由粮食部门会同农发行备足收购资金，"
        "仓容不足的县区于九月底前腾仓；收购期间实行专班值守，各专班组长要强化责任担当，坚决防止出现卖粮难。"
    )
    meetings = [
        document(f"m{i}", [f"第{i}次会议研究了第{i}项工作。", f"（{'一二三'[i % 3]}）{formulas[i % 2]}"])
        for i in range(24)
    ]
    engine = opened([*meetings, document("own", [own])])
    for query, tier in (("强化责任担当", "exact"), ("强化 责任担当", "exact"), ("怎样强化责任担当", "related")):
        hits = ask(engine, query, limit=30).hits
        assert (hits[0].passage.id, hits[0].tier) == ("d-own#p1", tier)
        assert len(hits) == 25
        for shown in (1, 3, 10):
            assert ids(ask(engine, query, limit=shown)) == [hit.passage.id for hit in hits[:shown]]
    # In a few records the same words are no boilerplate, and the shorter passage is the better one.
    few = opened([*meetings[:3], document("own", [own])])
    assert ask(few, "强化责任担当").hits[0].passage.id != "d-own#p1"
