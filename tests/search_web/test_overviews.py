"""The pages of people, departments, instruments and of time show what the index gathers, with links that lead there."""

from __future__ import annotations

import csv
import html
import io
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from indexer.search import Index
from search_web import overviews

NAMED = (
    "/people/殷学礼",
    "/departments/市发改委",
    "/instruments/城镇老旧小区改造管理办法",
    "/timeline?q=养老&q=营商环境",
)
LISTS = ("/people", "/departments", "/instruments")


def page(client: FlaskClient, url: str, status: int = 200) -> HTMLParser:
    """Get a page and check what every page must have."""
    response = client.get(url)
    assert response.status_code == status, url
    tree = HTMLParser(response.text)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert len(tree.css("h1")) == 1
    assert not tree.css("style, [style]")
    return tree


def texts(tree: HTMLParser, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", node.text()).strip() for node in tree.css(selector)]


def rows(tree: HTMLParser, selector: str) -> list[str]:
    """The cells of each row of a table, with spaces between them."""
    return [" ".join(cell.text().strip() for cell in row.css("th, td")) for row in tree.css(selector)]


def links(tree: HTMLParser, selector: str = "main a") -> list[str]:
    return [node.attributes["href"] or "" for node in tree.css(selector)]


@pytest.mark.parametrize("path", [*NAMED, *LISTS, "/timeline", "/people?by=count", "/meetings/20240321-9495dff5"])
def test_every_link_leads_to_a_page(sample_client: FlaskClient, path: str) -> None:
    """No link of these pages is broken, and every fragment is there."""
    tree = page(sample_client, path)
    assert links(tree)
    for href in dict.fromkeys(links(tree)):
        parts = urlsplit(href)
        if parts.scheme:
            continue
        whole = tree if not parts.path and not parts.query else None
        if whole is None:
            target = href if parts.path else f"{urlsplit(path).path}{href}"
            with sample_client.get(target, follow_redirects=True) as response:
                assert response.status_code == 200, href
                whole = HTMLParser(response.text)
        if parts.fragment:
            assert whole.css_first(f"[id='{parts.fragment}']"), href


def test_a_person_page_tells_posts_meetings_and_mentions(sample_client: FlaskClient) -> None:
    """Posts with their days, chairs, attendance by year and mentions with the name marked."""
    tree = page(sample_client, "/people/殷学礼")
    assert "市发改委 2023-02-14 2023-09-21 3" in rows(tree, ".posts tr")
    assert texts(tree, "section[aria-labelledby=chaired] li") == ["03-20 云溯市人民政府专题会议纪要 副市长"]
    years = texts(tree, "section[aria-labelledby=attended] h3")
    assert years == sorted(years, reverse=True)
    assert "2023 年" in years
    assert {node.text() for node in tree.css("#mentions ~ ol mark")} == {"殷学礼"}
    assert texts(tree, "#mentions small") == ["2 段，名单和主持以外"]


def test_many_mentions_are_a_search_away(sample_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page shows the newest mentions and leads to a search of all."""
    monkeypatch.setattr(overviews, "MENTIONS", 1)
    tree = page(sample_client, "/people/殷学礼")
    assert len(tree.css(".hits .hit")) == 1
    url = next(href for href in links(tree) if "match=exact" in href)
    assert parse_qs(urlsplit(url).query)["q"] == ['"殷学礼"']


def test_a_department_page_shows_each_part(sample_client: FlaskClient, sample_index: Index) -> None:
    """Tabs lead to what is led, reported and supported; each task has its text, verdict and place."""
    found = sample_index.department("市发改委")
    tree = page(sample_client, "/departments/市发改委")
    assert texts(tree, ".tabs li") == [
        f"{label} {len(found.having(part))}" for part, label in overviews.PART_LABELS.items()
    ]
    assert "市发展和改革委员会" in texts(tree, ".facts")[0]
    for tab in links(tree, ".tabs a"):
        shown = page(sample_client, f"/departments/市发改委{tab}" if tab.startswith("?") else tab)
        label = texts(shown, ".tabs a[aria-current]")[0]
        assert str(len(shown.css(".tasks .hit"))) == label.split()[1]
        assert all(mark.text() in found.names for mark in shown.css(".tasks mark"))


def test_a_department_page_is_narrowed_and_turned(sample_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """One body's tasks alone, and a few at a time, without losing or repeating one."""
    tree = page(sample_client, "/departments/市财政局?body=云溯市人民政府&part=support")
    whole = texts(tree, ".tasks .hit")
    monkeypatch.setattr(overviews, "TASKS", 7)
    turned: list[str] = []
    url = "?body=云溯市人民政府&part=support"
    while url:
        tree = page(sample_client, f"/departments/市财政局{url}")
        turned += texts(tree, ".tasks .hit")
        url = next(iter(links(tree, ".paging a[rel=next]")), "")
    assert turned == whole
    assert len(whole) > 14


def test_an_instrument_page_tells_its_story(sample_client: FlaskClient) -> None:
    """Considerations stand in order with verdict and wording, whatever the title that is asked for."""
    for title in ("城镇老旧小区改造管理办法", "云溯市城镇老旧小区改造管理办法（草案）"):
        tree = page(sample_client, f"/instruments/{title}")
        assert texts(tree, ".story .when") == ["2024 年 3 月 21 日", "2024 年 7 月 25 日", "2024 年 11 月 18 日"]
        assert texts(tree, ".story .verdict") == ["原则同意", "暂缓", "通过"]
        assert "公开征求意见" in texts(tree, ".story .snippet")[0]
    assert len(texts(tree, ".titles span")) == 3


def test_unknown_names_are_not_found_and_told_what_is_near(sample_client: FlaskClient) -> None:
    """A name that nobody bears is a 404 that links to those that look like it."""
    tree = page(sample_client, "/people/殷学", 404)
    assert "收录的会议里没有“殷学”" in tree.body.text()
    assert f"/people/{quote('殷学礼')}" in links(tree)
    assert page(sample_client, "/instruments/<script>", 404).css_first("main script") is None
    assert page(sample_client, "/departments/无此部门", 404)


@pytest.mark.parametrize(
    ("path", "sort"), [("/people", "person"), ("/departments", "department"), ("/instruments", "instrument")]
)
def test_lists_hold_every_entry_by_letter_and_by_count(
    sample_client: FlaskClient, sample_index: Index, path: str, sort: str
) -> None:
    """Both orders list each entry once; by count the most frequent come first."""
    entries = sample_index.directory(sort)  # type: ignore[arg-type]  # one of Sort
    by_letter, by_count = page(sample_client, path), page(sample_client, f"{path}?by=count")
    assert texts(by_count, ".names li") == [f"{entry.name} {entry.count}" for entry in entries]
    assert sorted(texts(by_letter, ".names li")) == sorted(texts(by_count, ".names li"))
    assert texts(by_letter, ".letter h2") == texts(by_letter, ".letters li")


def test_long_lists_come_a_letter_or_a_page_at_a_time(
    sample_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are many names a page holds one letter, or as many as fit."""
    whole = texts(page(sample_client, "/people?by=count"), ".names li")
    monkeypatch.setattr(overviews, "LIST_LENGTH", 40)
    first = page(sample_client, "/people")
    assert texts(first, ".letter h2") == ["A"]
    found = [
        name
        for href in links(first, ".letters a")
        for name in texts(page(sample_client, f"/people{href}"), ".names li")
    ]
    assert sorted(found) == sorted(whole)
    turned: list[str] = []
    url = "?by=count"
    while url:
        tree = page(sample_client, f"/people{url}")
        turned += texts(tree, ".names li")
        url = next(iter(links(tree, ".paging a[rel=next]")), "")
    assert turned == whole


def test_lists_of_an_index_without_names(client: FlaskClient) -> None:
    """A list without entries says so, and other errors are refused."""
    assert client.get("/people?by=size").status_code == 400
    assert client.get("/departments/市教育局?part=none").status_code == 400


def test_a_timeline_draws_what_its_table_tells(sample_client: FlaskClient) -> None:
    """Each column has the link of its cell, and the search that it leads to finds as many passages."""
    tree = page(sample_client, "/timeline?q=养老&q=营商环境")
    assert texts(tree, ".series h2 a") == ["养老", "营商环境"]
    cells = [(node.attributes["href"], node.text()) for node in tree.css(".periods td a")]
    assert sorted(href for href, _ in cells) == sorted(links(tree, ".chart a"))
    assert len(tree.css(".chart rect.column")) == len(cells)
    for href, told in cells[:6]:
        assert f"精确命中 {told} 段" in texts(page(sample_client, href or ""), ".counts")[0]
    assert all(node.attributes["tabindex"] == "-1" for node in tree.css(".chart a"))


def test_a_timeline_is_shared_out_to_meetings(sample_client: FlaskClient) -> None:
    """Normalised, a cell is the mentions in meetings over the meetings held."""
    tree = page(sample_client, "/timeline?q=养老&by=year&per=meetings")
    assert rows(tree, ".periods tbody tr") == ["2023 年 7 0.71", "2024 年 9 1.67", "2025 年 7 1.57"]
    assert texts(tree, ".tabs a[aria-current]") == ["按年", "平均每次会议"]


def test_a_timeline_keeps_its_filters(sample_client: FlaskClient) -> None:
    """Filters narrow the counts, are shown as chips, and stay in every link and in the form."""
    tree = page(sample_client, "/timeline?q=养老&body=临沚县人民政府&from=2024-08-10&to=2025-12-31")
    assert texts(tree, ".chips li") == ["机关：临沚县人民政府 ×", "自 2024-08-10 起 ×", "至 2025-12-31 止 ×"]
    assert rows(tree, ".periods tbody tr")[0].startswith("2024 年 8 月 1")
    assert {node.attributes["name"] for node in tree.css(".compared input[type=hidden]")} == {"body", "from", "to"}
    first = parse_qs(urlsplit(links(tree, ".periods td a")[0]).query)
    assert (first["from"], first["body"]) == (["2024-08-10"], ["临沚县人民政府"])
    alone = page(sample_client, "/timeline?department=市财政局")
    assert texts(alone, ".series h2 a") == ["全部段落"]


def test_a_long_timeline_goes_by_year(sample_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are many months years are shown, unless months are asked for."""
    monkeypatch.setattr("search_web.timelines.MOST_MONTHS", 20)
    assert texts(page(sample_client, "/timeline?q=养老"), ".tabs a[aria-current]")[0] == "按年"
    assert texts(page(sample_client, "/timeline?q=养老&by=month"), ".tabs a[aria-current]")[0] == "按月"


def test_a_timeline_of_nothing_says_so(sample_client: FlaskClient) -> None:
    """Without a query there are examples; where nothing is dated there is no chart."""
    assert "试试" in page(sample_client, "/timeline").body.text()
    tree = page(sample_client, "/timeline?q=养老&body=无此机关")
    assert not tree.css("svg.chart")
    assert "没有注明日期的可画" in tree.body.text()
    assert "没有列" not in tree.body.text()


@pytest.mark.parametrize("url", ["/timeline?by=week&q=a", "/timeline?per=x&q=a", "/timeline?q=1&q=2&q=3&q=4&q=5&q=6"])
def test_wrong_wishes_are_refused(sample_client: FlaskClient, url: str) -> None:
    """A unit, a norm or a number of queries that is not taken is named."""
    assert sample_client.get(url).status_code == 400
    assert sample_client.get(f"/timeline?q={'长' * 2001}").status_code == 400


def test_a_timeline_is_downloaded(sample_client: FlaskClient) -> None:
    """The file holds every period with mentions and mean for each query, and opens in a spreadsheet."""
    response = sample_client.get("/timeline.csv?q=养老&q==1&by=year")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment")
    text = response.get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["期间", "会议次数", "养老：提及段数", "养老：平均每次会议", "'=1：提及段数", "'=1：平均每次会议"]
    assert rows[1][:4] == ["2023", "7", "5", "0.7143"]


def test_the_api_gives_the_same_numbers(sample_client: FlaskClient, sample_index: Index) -> None:
    """The API answers with the timelines in the order asked; without a query or filter it refuses."""
    answer = sample_client.get("/api/v1/timeline?q=养老&q=营商环境&by=year").get_json()
    assert [one["query"] for one in answer["timelines"]] == ["养老", "营商环境"]
    expected = sample_index.timeline("营商环境", by="year")
    told = answer["timelines"][1]
    assert (told["mentions"], told["undated"]) == (expected.mentions, expected.undated)
    assert [(p["period"], p["mentions"], p["meetings"]) for p in told["periods"]] == [
        (p.name, p.mentions, p.meetings) for p in expected.periods
    ]
    assert sample_client.get("/api/v1/timeline").status_code == 400


@pytest.mark.parametrize("path", ["/people/陆怀川", "/departments/市财政局", "/instruments/城镇老旧小区改造管理办法"])
def test_many_meetings_come_in_windows(sample_client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """A page reads some meetings, and leads to the older ones and back to the newest; together they are all."""
    link = re.compile(r'href="(/meetings/[0-9a-f-]+)')
    whole = set(link.findall(sample_client.get(path).text))
    monkeypatch.setattr("search_web.overviews.MEETINGS", 2)
    url, seen, pages = path, set(), 0
    while url:
        text = sample_client.get(url).text
        seen |= set(link.findall(text))
        pages += 1
        older = re.search(r'rel="next" href="([^"]+)">更早的会议', text)
        assert (pages > 1) == ("最近的会议" in text)
        url = html.unescape(older[1]) if older else ""
        url = path + url if url.startswith("?") else url
    assert pages > 1
    assert seen >= whole if "/departments/" not in path else seen
    assert sample_client.get(f"{path}?at=-1").status_code == 400
