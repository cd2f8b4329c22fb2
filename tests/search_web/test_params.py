"""URL arguments become requests, bad ones are refused by name, and requests become URLs again."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from indexer.errors import BadParameter
from search_web import params
from search_web.params import SearchRequest, search_request

READ = [
    ([], SearchRequest()),
    ([("q", "  教育 ")], SearchRequest(text="教育")),
    ([("q", "a"), ("level", "resolution"), ("match", "exact")], SearchRequest("a", "resolution", "exact")),
    ([("sort", "-date"), ("limit", "25"), ("offset", "50")], SearchRequest(sort="-date", limit=25, offset=50)),
    ([("year", "2023"), ("year", "2024"), ("year", "2023")], SearchRequest(year=("2023", "2024"))),
    (
        [("verdict", "原则同意"), ("body", "云川市人民政府")],
        SearchRequest(verdict=("原则同意",), body=("云川市人民政府",)),
    ),
    ([("from", "2023"), ("to", "2023")], SearchRequest(first=date(2023, 1, 1), last=date(2023, 12, 31))),
    ([("from", "2024-2"), ("to", "2024-02")], SearchRequest(first=date(2024, 2, 1), last=date(2024, 2, 29))),
    ([("from", "2024-02-03")], SearchRequest(first=date(2024, 2, 3))),
    ([("q", ""), ("limit", ""), ("from", ""), ("person", " ")], SearchRequest()),
    ([("expand", "no")], SearchRequest(expand=False)),
    ([("expand", "yes")], SearchRequest()),
    ([("utm_source", "x")], SearchRequest()),
]


@pytest.mark.parametrize(("pairs", "expected"), READ)
def test_arguments_are_read(pairs: list[tuple[str, str]], expected: SearchRequest) -> None:
    """Every argument ends in its place; empty and unknown ones change nothing."""
    assert search_request(MultiDict(pairs)) == expected


REFUSED = [
    ("q", "长" * 2001, "至多 2000 字"),
    ("level", "page", "resolution"),
    ("match", "fuzzy", "related"),
    ("sort", "score", "-date"),
    ("expand", "maybe", "yes、no"),
    ("limit", "0", "1 至 100"),
    ("limit", "101", "1 至 100"),
    ("limit", "１０", "整数"),
    ("limit", "9" * 5000, "整数"),
    ("offset", "-1", "整数"),
    ("offset", "100001", "100000"),
    ("year", "24", "四位数字"),
    ("year", "２０２４", "四位数字"),
    ("verdict", "表决通过", "原则同意"),
    ("person", "人" * 201, "至多 200 字"),
    ("from", "昨日", "日期"),
    ("from", "2023-13", "日期"),
    ("to", "2023-02-30", "日期"),
    ("to", "0000", "日期"),
]


@pytest.mark.parametrize(("name", "value", "takes"), REFUSED, ids=[f"{n}={v[:12]}" for n, v, _ in REFUSED])
def test_bad_value_is_refused_by_name(name: str, value: str, takes: str) -> None:
    """The refusal names the argument and what it takes."""
    with pytest.raises(BadParameter) as caught:
        search_request(MultiDict([(name, value)]))
    assert caught.value.name == name
    assert takes in caught.value.takes


def test_days_in_wrong_order_are_refused() -> None:
    """A last day before the first is a mistake of the asker and no empty answer."""
    with pytest.raises(BadParameter, match="2024-01-01"):
        search_request(MultiDict([("from", "2024"), ("to", "2023")]))


def test_too_many_values_are_refused() -> None:
    """A filter takes a bounded number of values."""
    with pytest.raises(BadParameter, match="20"):
        search_request(MultiDict([("person", f"人{i}") for i in range(21)]))


@pytest.mark.parametrize(("pairs", "expected"), READ)
def test_url_asks_for_the_same(pairs: list[tuple[str, str]], expected: SearchRequest) -> None:
    """A request written as a URL and read again is the same request."""
    arguments = MultiDict(parse_qsl(urlsplit(expected.url()).query))
    assert search_request(arguments) == expected


def test_url_holds_no_defaults() -> None:
    """Only what differs from the defaults stands in a URL."""
    assert SearchRequest().url() == "/search"
    assert SearchRequest(text="a b&c").url() == "/search?q=a+b%26c"


def test_toggling_a_value() -> None:
    """A value not chosen is put in, a chosen one is taken out, and the first page comes back."""
    wanted = SearchRequest(text="a", offset=20, year=("2023",))
    more = wanted.toggled("year", "2024")
    assert (more.year, more.offset) == (("2023", "2024"), 0)
    assert more.toggled("year", "2023").year == ("2024",)


def test_clearing_keeps_query_and_order() -> None:
    """Taking all filters out keeps what was asked and how."""
    wanted = SearchRequest(text="a", level="paragraph", sort="date", year=("2023",), first=date(2020, 1, 1))
    assert wanted.filtered
    assert wanted.cleared() == SearchRequest(text="a", level="paragraph", sort="date")


def test_every_filter_is_a_field() -> None:
    """The names of the filters are fields of the request, all empty at first."""
    assert [SearchRequest().values(name) for name in params.FILTERS] == [()] * len(params.FILTERS)
