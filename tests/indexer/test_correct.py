"""A query without exact hits comes back with what may have been meant, and every proposal has hits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import document, meeting

from indexer.build import build
from indexer.engines.whoosh.engine import open_engine
from indexer.search import Index, open_index

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A meeting, and documents with a few phrases that stand in them often."""
    engine = open_engine(tmp_path_factory.mktemp("correct") / "index", create=True)
    texts = [
        *("优化营商环境", "营商环境评价", "营商环境条例", "发展职业教育", "职业教育经费", "职业教育质量", "职业病防治"),
        *("不动产登记", "依法处罚", "环境保护", "职业教育与营商环境", "Open Data"),
    ]
    with engine.writing() as writing:
        writing.put(meeting(1, date(2023, 2, 1)), ())
        writing.put(document("one", texts, date(2024, 1, 2), body="云川市人民政府"), ())
        writing.commit()
    opened = Index(engine)
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


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("营商还境", "营商环境"),  # a homophone
        ("职业叫育", "职业教育"),
        ("不懂产", "不动产"),
        ("不动产登计", "不动产登记"),
        ("还境", "环境"),  # two characters: only homophones
        ("职业教肓", "职业教育"),  # looks alike
        ("职业育", "职业教育"),  # missing
        ("职业教教育", "职业教育"),  # twice
        ("职业的教育", "职业教育"),  # too many
        ("业职教育", "职业教育"),  # swapped
        ("境环", "环境"),
        ("zhiyejiaoyu", "职业教育"),  # pinyin
        ("opem data", "open data"),
        ('"营商还境"', '"营商环境"'),
        ("優化營商還境", "优化营商环境"),
        ("营商还境 -税务", "营商环境 -税务"),
        ("营商还境 职业教育", "营商环境 职业教育"),
        ("营商还境 职业叫育", "营商环境 职业教育"),
    ],
)
def test_one_slip_is_mended(index: Index, query: str, meant: str) -> None:
    """One wrong, missing, doubled, swapped or like-sounding character in a chunk leads to what stands in the index."""
    answer = index.search(query)
    assert answer.total.exact == 0
    assert answer.suggestions[:1] == (meant,)


@pytest.mark.parametrize(
    "query",
    [
        "营商环境",  # has hits
        "营商环境 不动产",  # both chunks have hits, though never together
        "营商还境 不动产",  # mended, still never together
        "税务登记簿册",  # nothing near
        "还",  # one character is no slip
        "-营商还境",  # an excluded chunk is nobody's wish
        "职业教育" * 6,  # a sentence
        "甲乙丙丁 戊己庚辛 壬癸子丑 寅卯辰巳",  # too much at once
        "部门:市教肓局",
        "",
        "xq",
        "qqqqqqqq",
    ],
)
def test_no_proposal(index: Index, query: str) -> None:
    """Where no single slip in a chunk explains it, nothing is proposed."""
    assert index.search(query).suggestions == ()


def test_filters_hold_for_proposals(index: Index) -> None:
    """A proposal has hits under the filters and the level of the query."""
    assert index.search("营商还境", year="2024").suggestions == ("营商环境",)
    assert index.search("营商还境", year="2023").suggestions == ()
    assert index.search("营商还境", level="resolution").suggestions == ()


def test_when_proposals_are_made(index: Index) -> None:
    """Only a first page that shows exact hits has proposals: not the related tier alone, not a later page."""
    assert index.search("营商还境", match="exact").suggestions == ("营商环境",)
    assert index.search("营商还境", match="related").suggestions == ()
    assert index.search("营商还境", offset=10).suggestions == ()


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="职业教育营商环还境市的叫 \"()-|zhye'", max_size=16),
        st.lists(st.sampled_from(["职业教育", "营商还境", "财证局", "市教局", " ", "养老服务", "-", "zhengfu"])).map(
            "".join
        ),
    )
)
@example("职" * 21)
@example("\ud800还境")
def test_every_proposal_has_hits(samples: Index, query: str) -> None:
    """Whatever is asked, a proposal differs from it, has exact hits, and there are at most three."""
    answer = samples.search(query)
    assert len(answer.suggestions) <= 3
    assert not (answer.suggestions and answer.total.exact)
    for proposal in answer.suggestions:
        assert proposal != query
        assert samples.search(proposal, match="exact", limit=1).total.exact > 0


def test_slips_in_the_samples_are_mended(samples: Index) -> None:
    """One slip in a frequent word of four characters or more of the samples is mended for nearly every word."""
    wanted = [word for word, count in samples.engine.frequent_words(400) if len(word) >= 4 and count > 2]
    assert len(wanted) > 5
    for make in (
        lambda word: word[:2] + "犇" + word[3:],
        lambda word: word[:2] + "犇" + word[2:],
        lambda word: word[:1] + word[2:],
        lambda word: word[1] + word[0] + word[2:],
    ):
        answers = {word: samples.search(make(word)) for word in wanted}
        missed = [word for word, a in answers.items() if not a.total.exact and word not in a.suggestions]
        assert len(missed) <= len(wanted) // 5, missed
