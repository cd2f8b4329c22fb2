"""An answer becomes links that each ask for exactly what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from indexer.answer import Answer, Total
from indexer.query.parse import parse
from indexer.report import RecordHead, name_of
from indexer.search import Index
from search_web import present
from search_web.params import SearchRequest


def answer(exact: int = 0, related: int = 0) -> Answer:
    return Answer("教育", ("教育",), (), "exact", Total(exact, related), 0, 10, 1.0, ())


PAGES = [
    (SearchRequest(text="a"), 0, 0, (1, 1, None, None)),
    (SearchRequest(text="a"), 10, 0, (1, 1, None, None)),
    (SearchRequest(text="a"), 10, 1, (1, 2, None, "/search?q=a&offset=10")),
    (SearchRequest(text="a", offset=10), 10, 11, (2, 3, "/search?q=a", "/search?q=a&offset=20")),
    (SearchRequest(text="a", match="exact"), 10, 90, (1, 1, None, None)),
    (SearchRequest(text="a", offset=99_999), 200_000, 0, (10_000, 20_000, "/search?q=a&offset=99989", None)),
]


@pytest.mark.parametrize(("wanted", "exact", "related", "expected"), PAGES)
def test_pages(wanted: SearchRequest, exact: int, related: int, expected: tuple[object, ...]) -> None:
    """Pages count what the request can reach, and no link leads beyond it or beyond the limit."""
    pages = present.search_view(wanted, answer(exact, related), {}).pages
    assert (pages.number, pages.count, pages.before, pages.after) == expected


def test_chips_take_out_one_thing_each() -> None:
    """Every narrowing is a chip whose link keeps all the others."""
    wanted = SearchRequest(text="a", offset=10, year=("2023", "2024"), first=date(2023, 1, 1), last=date(2024, 1, 1))
    chips = {chip.label: chip.url for chip in present.search_view(wanted, answer(), {}).chips}
    rest = replace(wanted, offset=0)
    assert chips == {
        "年份：2023": replace(rest, year=("2024",)).url(),
        "年份：2024": replace(rest, year=("2023",)).url(),
        "自 2023-01-01 起": replace(rest, first=None).url(),
        "至 2024-01-01 止": replace(rest, last=None).url(),
    }


def test_facets_show_chosen_values_even_without_hits() -> None:
    """Chosen values come first and stay to be taken out; years run from the newest."""
    wanted = SearchRequest(text="a", year=("1999",), department=("甲局",))
    counts = {"year": (("2023", 4), ("2024", 2)), "department": (("乙局", 3),), "person": ()}
    facets = {facet.name: facet.values for facet in present.search_view(wanted, answer(), counts).facets}
    assert [(link.label, link.count, link.current) for link in facets["year"]] == [
        ("2024", 2, False),
        ("2023", 4, False),
        ("1999", 0, True),
    ]
    assert [link.label for link in facets["department"]] == ["甲局", "乙局"]
    assert "person" not in facets
    assert facets["department"][1].url == wanted.toggled("department", "乙局").url()


def test_tabs_and_orders_mark_the_current_one() -> None:
    """Exactly one tab, order and tier is the current one, and each link changes only its own thing."""
    wanted = SearchRequest(text="a", level="paragraph", sort="date", match="exact")
    view = present.search_view(wanted, answer(3, 4), {})
    assert [link.label for link in (*view.tabs, *view.sorts, *view.matches) if link.current] == [
        "段落",
        "由远到近",
        "精确命中",
    ]
    assert view.tabs[0].url == replace(wanted, level="all").url()
    assert [link.count for link in view.matches] == [None, 3, 4]


def test_aliases_can_be_switched_off_and_on() -> None:
    """Where the parser looked for other names too, a link asks without them, and a chip goes back."""
    wanted = SearchRequest(text="市发改委")
    notices = parse("市发改委", aliases={"市发改委": ("发改局",)}).notices
    literal = replace(wanted, expand=False)
    view = present.search_view(wanted, replace(answer(), notices=notices), {})
    assert view.literal == literal.url() == "/search?q=%E5%B8%82%E5%8F%91%E6%94%B9%E5%A7%94&expand=no"
    plain = present.search_view(literal, answer(), {})
    assert (plain.literal, [chip.url for chip in plain.chips]) == (None, [wanted.url()])


def test_place_and_url_of_hits(index: Index) -> None:
    """A hit tells its place and leads there with the query to be marked."""
    hits = {hit.passage.anchor: hit for hit in index.search("市教育局", match="exact").hits}
    assert present.place_label(hits["1.3"]) == "议题 1 第 3 条"
    assert present.hit_url(hits["1.3"], "市教育局").endswith("?q=%E5%B8%82%E6%95%99%E8%82%B2%E5%B1%80#1.3")
    assert present.hit_url(hits["1.3"], "") == hits["1.3"].url


@pytest.mark.parametrize(
    ("title", "number", "expected"),
    [
        ("云川市人民政府常务会议纪要", 12, "云川市人民政府常务会议纪要（第 12 次）"),
        ("第十二次常务会议纪要", 12, "第十二次常务会议纪要"),
        ("会议纪要", None, "会议纪要"),
        (None, 12, "云川市人民政府常务会议（第 12 次）"),
    ],
)
def test_name_of_a_record(title: str | None, number: int | None, expected: str) -> None:
    """A record is called by its title, and by its number where the title has none."""
    assert name_of(RecordHead("x", "meeting", title, "云川市人民政府", "常务会议", number, None)) == expected
