"""The pages show what the index answers, escaped, with links that lead where they say."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from indexer.report import RecordHead, path_of
from indexer.search import Index

Heads = dict[int | None, RecordHead]


def page(client: FlaskClient, url: str, status: int = 200) -> HTMLParser:
    """Get a page and check what every page must have."""
    response = client.get(url)
    assert response.status_code == status, url
    assert response.mimetype == "text/html"
    tree = HTMLParser(response.text)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert len(tree.css("h1")) == 1
    assert not tree.css("script:not([src]):not([type='application/ld+json']), style, [style]")
    assert not [node for node in tree.css("*") if any(name.startswith("on") for name in node.attributes)]
    return tree


def texts(tree: HTMLParser, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", node.text()).strip() for node in tree.css(selector)]


def links(tree: HTMLParser, selector: str = "a") -> list[str]:
    return [node.attributes["href"] or "" for node in tree.css(selector)]


@pytest.mark.parametrize("path", ["/", "/meetings", "/documents", "/about", "/help", "/search?q=教育"])
def test_every_link_leads_to_a_page(client: FlaskClient, path: str) -> None:
    """No page of this site links to one that is not there; fragments name an id of their page."""
    for href in links(page(client, path)):
        if href.startswith(("http:", "https:")):
            continue
        parts = urlsplit(href)
        if not parts.path:
            assert page(client, path).css_first(f"[id='{parts.fragment}']"), href
            continue
        with client.get(href, follow_redirects=True) as response:
            assert response.status_code == 200, href
            text = response.text
        if parts.fragment:
            assert HTMLParser(text).css_first(f"[id='{parts.fragment}']"), href


def test_home_tells_what_is_held(client: FlaskClient) -> None:
    """The first page has the box, the counts and the bodies."""
    tree = page(client, "/")
    assert tree.css_first("form[action='/search'] input[name=q]")
    assert "会议 3 次、其他文件 1 件" in texts(tree, ".held")[0]
    assert texts(tree, ".by-body li") == ["云川市人民政府 3 次"]


def test_search_shows_hits_with_their_place(client: FlaskClient, heads: Heads) -> None:
    """A hit shows item, marked snippet, verdict, department, meeting and date, and leads to its place."""
    tree = page(client, "/search?q=进一步修改完善")
    assert "精确命中 1 段" in texts(tree, ".counts")[0]
    assert texts(tree, "#exact")[0].startswith("精确命中")
    hit = tree.css_first(".hit")
    assert hit
    assert "职业教育产教融合实施方案" in hit.css_first("h3").text()
    assert hit.css_first(".snippet mark").text() == "进一步修改完善"
    assert texts(tree, ".hit .verdict") == ["原则同意"]
    assert "市教育局" in hit.css_first(".facts").text()
    place = hit.css_first(".place").text()
    assert "2023 年 5 月 18 日" in place
    assert "议题 1 第 1 条" in place
    assert urlsplit(links(tree, ".hit h3 a")[0]).path == path_of(heads[12])
    assert urlsplit(links(tree, ".hit h3 a")[0]).fragment == "1.1"


def test_both_tiers_stand_under_their_own_headings(client: FlaskClient, index: Index) -> None:
    """Exact hits come first, related ones below, and both counts are told."""
    answer = index.search("市教育局 学徒补贴")
    assert answer.total.exact
    assert answer.total.related
    tree = page(client, "/search?q=市教育局 学徒补贴")
    assert [node.attributes["id"] for node in tree.css(".tier h2")] == ["exact", "related"]
    counts = texts(tree, ".counts")[0]
    assert f"精确命中 {answer.total.exact} 段" in counts
    assert f"相关段落 {answer.total.related} 段" in counts


def test_related_hit_leads_to_its_marked_words(client: FlaskClient) -> None:
    """A question in plain words has no exact hit; its first related one is marked by words, on its page too."""
    tree = page(client, "/search?q=怎样做好老旧小区排水管网的改造")
    assert not tree.css("#exact")
    place = urlsplit(links(tree, "[aria-labelledby=related] .hit h3 a")[0])
    assert place.query.endswith("match=related")
    there = page(client, f"{place.path}?{place.query}")
    assert there.css_first(f"[id='{place.fragment}'] mark")


def test_facets_allow_a_second_value_of_one_field(client: FlaskClient) -> None:
    """A chosen year leaves the other years to be chosen too, and choosing both finds hits of both."""
    tree = page(client, "/search?q=市政府&year=2023")
    years = {a.text().split()[0]: a.attributes["href"] for a in tree.css("[aria-labelledby=facet-year] a")}
    assert set(years) == {"2023", "2024"}
    assert texts(tree, ".chips li")[0].startswith("年份：2023")
    both = page(client, years["2024"] or "")
    assert {"2023", "2024"} <= set(re.findall(r"20\d\d", " ".join(texts(both, ".hit .place"))))
    assert links(tree, ".chips a")[0] == "/search?q=%E5%B8%82%E6%94%BF%E5%BA%9C"


def test_pages_follow_each_other_without_gap(client: FlaskClient) -> None:
    """Following the next link shows every hit once."""
    seen: list[str] = []
    url: str | None = "/search?q=市&limit=3"
    while url:
        tree = page(client, url)
        seen += links(tree, ".hit h3 a")
        url = next(iter(links(tree, "a[rel=next]")), None)
    assert len(seen) == len(set(seen)) > 6


def test_empty_result_is_honest(client: FlaskClient) -> None:
    """Nothing found is said so, with ways on that are true."""
    tree = page(client, "/search?q=量子计算机&year=2023&level=resolution")
    assert texts(tree, ".nothing h2") == ["没有找到"]
    assert "/search?q=%E9%87%8F%E5%AD%90%E8%AE%A1%E7%AE%97%E6%9C%BA&level=resolution" in links(tree, ".nothing a")
    assert not tree.css(".hit")
    far = page(client, "/search?q=教育&offset=5000")
    assert texts(far, ".nothing h2") == ["这一页没有结果"]
    assert links(far, ".nothing a")[0] == "/search?q=%E6%95%99%E8%82%B2"


def test_filters_alone_are_a_search(client: FlaskClient) -> None:
    """Without a query the filters list what they select; without both the first page is shown."""
    assert texts(page(client, "/search?verdict=暂缓"), ".hit .verdict") == ["暂缓"]
    assert client.get("/search").location == "/"
    assert client.get("/?q=%E6%95%99").location == "/search?q=%E6%95%99"


def test_notices_of_the_parser_are_shown(client: FlaskClient) -> None:
    """What was taken literally is told above the hits."""
    assert "引号" in texts(page(client, '/search?q="教育'), ".notices")[0]


HOSTILE = "\"><script>alert(1)<script>'&amp;<mark>"


@pytest.mark.parametrize(
    "path", ["/search?q={}", "/search?person={}", "/meetings?body={}", "/meetings/{}", "{meeting}?q={}"]
)
def test_what_is_typed_is_escaped(client: FlaskClient, heads: Heads, path: str) -> None:
    """Hostile text in a URL is shown as text, and nowhere as HTML."""
    url = path.replace("{meeting}", path_of(heads[12])).replace("{}", quote(HOSTILE, safe=""))
    response = client.get(url)
    assert response.status_code in (200, 404)
    tree = HTMLParser(response.text)
    scripts = tree.css("script:not([type='application/ld+json'])")
    assert [node.attributes.get("src", "")[:8] for node in scripts] == ["/static/"]
    assert HOSTILE in html.unescape(response.text)


def test_text_of_documents_is_escaped(client: FlaskClient, heads: Heads) -> None:
    """Code in a document is shown as the document has it, in its page and in snippets."""
    for url in (f"{path_of(heads[None])}?q=填报", "/search?q=填报"):
        tree = page(client, url)
        assert len(tree.css("script:not([type='application/ld+json'])")) == 1
        assert '<script>alert("填报")</script>一类的代码，& 等' in tree.body.text()


def test_meeting_page_reads_like_the_minutes(client: FlaskClient, heads: Heads) -> None:
    """Items, resolutions and paragraphs stand there with anchors, link signs, verdicts and next steps."""
    tree = page(client, path_of(heads[12]))
    assert texts(tree, "h1[id=p1]") == [f"{heads[12].title}#"]
    assert len(tree.css(".contents li")) == 2
    assert texts(tree, ".item h2")[1].startswith("二、听取关于老旧小区改造工作情况的汇报")
    for anchor in ("1", "1.1", "1.1p1", "2.2", "2.2p1"):
        assert tree.css_first(f"[id='{anchor}']"), anchor
        assert tree.css_first(f"a.sign[href='#{anchor}']"), anchor
    assert tree.css_first("[id='1.3p1']").text().strip().startswith("（三）市财政局要统筹安排")
    notes = tree.css_first("[id='1.1'] .notes")
    assert notes.css_first(".verdict").text() == "原则同意"
    assert "按程序提请市委常委会审议" in notes.text()
    assert all(href.startswith("/instruments/") for href in links(tree, ".instruments a"))
    assert not tree.css("mark")


def test_meeting_page_folds_the_attendance(client: FlaskClient, heads: Heads) -> None:
    """The roll is folded, opens where the query stands in it, and keeps its original wording."""
    folded = page(client, path_of(heads[12])).css_first("#attendance")
    assert "open" not in folded.attributes
    assert "请假：何川（出差）" in folded.css_first(".verbatim").text()
    opened = page(client, f"{path_of(heads[12])}?q=何川").css_first("#attendance")
    assert "open" in opened.attributes
    assert {mark.text() for mark in opened.css("mark")} == {"何川"}


def test_meeting_page_marks_the_query(client: FlaskClient, heads: Heads) -> None:
    """Every occurrence is marked by the server; the places are listed, and the marks can be taken away."""
    tree = page(client, f"{path_of(heads[12])}?q=市住建局")
    assert {mark.text() for mark in tree.css("mark")} == {"市住建局"}
    places = links(tree, ".marks ol a")
    assert "#2.1p1" in places
    assert all(tree.css_first(f"[id='{place[1:]}'] mark") for place in places)
    assert links(tree, ".unmark") == [path_of(heads[12])]
    assert "没有可为" in texts(page(client, f"{path_of(heads[12])}?q=量子"), ".marks")[0]


def test_meeting_page_names_its_sources(client: FlaskClient, heads: Heads) -> None:
    """The file that the text was read from is named with its hash."""
    sources = texts(page(client, path_of(heads[12])), ".sources li")
    assert len(sources) == 1
    assert re.match(r"12\.txt txt · SHA-256 [0-9a-f]{16}", sources[0])


def test_record_at_the_other_address_is_pointed_to(client: FlaskClient, heads: Heads) -> None:
    """A document asked for as a meeting is redirected, with its query."""
    right = path_of(heads[None])
    wrong = right.replace("/documents/", "/meetings/")
    assert client.get(wrong).location == right
    assert client.get(f"{wrong}?q=a").location == f"{right}?q=a"


def test_list_shows_gaps(client: FlaskClient) -> None:
    """Between the 13th and 16th meeting the list tells which are missing."""
    tree = page(client, "/meetings")
    assert texts(tree, ".records h3") == ["2024 年", "2023 年"]
    assert texts(tree, ".gap") == ["缺第 14—15 次"]
    assert len(links(tree, ".rows a")) == 3


def test_list_is_narrowed(client: FlaskClient) -> None:
    """Body and year narrow the list; what is not held is said so."""
    assert len(links(page(client, "/meetings?body=云川市人民政府&year=2023"), ".rows a")) == 2
    assert "没有收录这样的会议" in page(client, "/meetings?year=1999").body.text()
    assert len(links(page(client, "/documents"), ".rows a")) == 1


def test_list_is_paged(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list comes in parts, and the gap of a meeting stays with it."""
    monkeypatch.setattr("search_web.pages.LIST_LENGTH", 1)
    tree = page(client, "/meetings")
    assert links(tree, "a[rel=next]") == ["/meetings?offset=1"]
    assert texts(tree, ".gap") == ["缺第 14—15 次"]
    last = page(client, "/meetings?offset=2")
    assert links(last, "a[rel=prev]") == ["/meetings?offset=1"]
    assert not links(last, "a[rel=next]")


def test_about_tells_coverage(client: FlaskClient) -> None:
    """Each body has a row with dates and missing numbers."""
    cells = texts(page(client, "/about"), "tbody tr > *")
    assert cells == ["云川市人民政府", "常务会议", "3", "2023-05-18 至 2024-01-09", "14—15"]


def test_search_page_is_light(client: FlaskClient) -> None:
    """The search page without results, its style and script stay under 60 kB in three requests."""
    response = client.get("/search?q=量子计算机")
    tree = HTMLParser(response.text)
    parts = [*links(tree, "link[rel=stylesheet]"), *(node.attributes["src"] or "" for node in tree.css("script, img"))]
    assert len(parts) == 2
    assert (links(tree, "link[rel=icon]")[0]).startswith("data:")
    size = len(response.data)
    for part in parts:
        with client.get(part) as file:
            size += len(file.data)
    assert size < 60_000


def test_examples_of_the_help_are_understood(client: FlaskClient, index: Index) -> None:
    """No example of the help page makes the query parser complain or take a sign literally."""
    examples = texts(page(client, "/help"), "td code")
    assert len(examples) > 10
    assert {example: index.search(example, expand=False).notices for example in examples} == dict.fromkeys(examples, ())
