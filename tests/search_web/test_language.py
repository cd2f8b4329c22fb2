"""A page is Chinese, or English by its address alone: its words, its links, and what of it stays Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from search_web import language
from search_web.app import create_app
from search_web.language import speaking
from search_web.sentences import gloss, told

HAN = re.compile("[一-鿿]")
MEETING = "/meetings/20240321-9495dff5"
PATHS = (
    *("/compare?a=20240321-9495dff5%231&b=20240725-d61e232c%233", "/compare?a=20240321-9495dff5%231"),
    *("/", "/search?q=养老", '/search?q="量子" 市发改委', "/search?verdict=原则同意&from=2024-01&level=resolution"),
    *("/search?q=养老&offset=10&sort=-date", "/search?q=养老&year=1999", MEETING, f"{MEETING}?q=安全"),
    *("/documents", "/meetings", "/meetings?body=云溯市人民政府&year=2024", "/people", "/people?by=count"),
    *("/people/殷学礼", "/departments", "/departments/市发改委", "/instruments"),
    *("/instruments/城镇老旧小区改造管理办法", "/timeline", "/timeline?q=养老&q=市财政局&by=year&per=meetings"),
    *("/about", "/help", "/docs", "/meetings/20240321-9495dff6", "/people/无此人", "/search?level=x", "/no/such/page"),
)


def in_english(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang=en"


@pytest.fixture
def documents(sample_client: FlaskClient) -> list[str]:
    """The addresses of all documents."""
    return re.findall(r'href="(/documents/[^"]+)"', sample_client.get("/documents").text)


def chinese(tree: html.HtmlElement) -> Iterator[str]:
    """Every Chinese text that is not in a part that says so."""
    for node in tree.body.iter():
        if not isinstance(node.tag, str):
            continue
        for text, parent in ((node.text, node), (node.tail, node.getparent())):
            if not text or not HAN.search(text) or parent is None or parent.tag in ("script", "option"):
                continue
            spoken = next((e.get("lang") for e in (parent, *parent.iterancestors()) if e.get("lang")), "")
            if spoken != "zh-Hans":
                yield text.strip()
        for name in ("placeholder", "title"):
            if HAN.search(node.get(name) or ""):
                yield f"{name}={node.get(name)}"


@pytest.mark.parametrize("path", PATHS)
def test_an_english_page_says_where_it_is_chinese(sample_client: FlaskClient, path: str) -> None:
    """All words of an English page are English, but for parts that are marked as Chinese (WCAG 2.2, 3.1.2)."""
    response = sample_client.get(in_english(path))
    tree = html.document_fromstring(response.text)
    assert tree.get("lang") == "en"
    assert not HAN.search((tree.findtext(".//title") or "").partition("—")[2])
    typed = {value for values in parse_qs(urlsplit(path).query).values() for value in values} | {"无此人"}
    assert [text for text in chinese(tree) if not any(value in text for value in typed)] == []


def test_english_documents_say_where_they_are_chinese(sample_client: FlaskClient, documents: list[str]) -> None:
    """Documents, too."""
    assert documents
    for path in documents:
        assert list(chinese(html.document_fromstring(sample_client.get(in_english(path)).text))) == [], path


@pytest.mark.parametrize("path", PATHS)
def test_english_is_kept(sample_client: FlaskClient, path: str) -> None:
    """Every link and form of an English page leads to an English page, but for the one that leads to Chinese."""
    tree = html.document_fromstring(sample_client.get(in_english(path)).text)
    for link in tree.iterfind(".//a"):
        address = urlsplit(link.get("href") or "")
        if address.netloc or not (address.path or address.query):
            continue
        files = ("/feed.atom", "/api/", "/openapi.json", "/static/")
        kept = parse_qs(address.query).get("lang") == ["en"]
        assert kept != (address.path.startswith(files) or link.get("hreflang") == "zh-Hans"), link.get("href")
    for form in tree.iterfind(".//form"):
        assert form.xpath("input[@name='lang']/@value") == ["en"]


@pytest.mark.parametrize("path", PATHS)
def test_the_switch_leads_to_the_same_page(sample_client: FlaskClient, path: str) -> None:
    """In both languages one link leads to the other, with all else as it was, and back."""
    plain = html.document_fromstring(sample_client.get(path).text)
    assert plain.get("lang") == "zh-Hans"
    (there,) = plain.xpath("//a[@class='switch']/@href")
    (back,) = html.document_fromstring(sample_client.get(there).text).xpath("//a[@class='switch']/@href")
    assert [parse_qs(urlsplit(one).query) for one in (back, there)] == [
        parse_qs(urlsplit(path).query),
        parse_qs(urlsplit(path).query) | {"lang": ["en"]},
    ]
    assert urlsplit(back).path == urlsplit(there).path == quote(urlsplit(path).path)
    assert "lang=" not in "".join(plain.xpath("//a[not(@hreflang)]/@href"))


def test_a_page_names_itself_and_the_other_language(sample_client: FlaskClient) -> None:
    """The canonical address is that of the page's language; alternates are told in both."""
    for path, own in ((f"{MEETING}?q=安全", ""), (f"{MEETING}?q=安全&lang=en", "?lang=en")):
        tree = html.document_fromstring(sample_client.get(path).text)
        assert tree.xpath("//link[@rel='canonical']/@href") == [f"http://localhost{MEETING}{own}"]
        alternates = tree.xpath("//link[@rel='alternate'][@hreflang]")
        assert {link.get("hreflang"): link.get("href") for link in alternates} == {
            "zh-Hans": f"http://localhost{MEETING}",
            "en": f"http://localhost{MEETING}?lang=en",
        }
    assert not html.document_fromstring(sample_client.get("/search?q=a").text).xpath("//link[@hreflang]")


def test_no_cookie_keeps_a_language(sample_client: FlaskClient) -> None:
    """The address alone says it: nothing is set, and the next page without it is Chinese."""
    assert "Set-Cookie" not in sample_client.get("/?lang=en").headers
    assert '<html lang="zh-Hans">' in sample_client.get("/").text


def test_redirections_keep_the_language(sample_client: FlaskClient, documents: list[str]) -> None:
    """Where an English page points elsewhere, it is to English."""
    assert sample_client.get("/?q=a&lang=en").location == "/search?q=a&lang=en"
    assert sample_client.get("/search?lang=en").location == "/?lang=en"
    wrong = documents[0].replace("/documents/", "/meetings/")
    assert sample_client.get(f"{wrong}?lang=en&q=a").location == f"{documents[0]}?q=a&lang=en"


def test_the_api_has_one_language(sample_client: FlaskClient) -> None:
    """Programs get the same answer whatever the address says of language."""
    plain = sample_client.get("/api/v1/search?q=“安全 OR&limit=1").json
    english = sample_client.get("/api/v1/search?q=“安全 OR&limit=1&lang=en").json
    assert plain
    assert english
    assert plain["notices"] == english["notices"]
    assert sample_client.get("/api/v1/meetings/x?lang=en").json == sample_client.get("/api/v1/meetings/x").json


@pytest.mark.parametrize(
    ("count", "zh", "en"), [(0, "0 次", "0 meetings"), (1, "1 次", "1 meeting"), (1234, "1,234 次", "1,234 meetings")]
)
def test_numbers_agree_with_their_nouns(count: int, zh: str, en: str) -> None:
    """One meeting, two meetings; Chinese has one form."""
    assert language.many("%(n)s 次", count) == zh
    with speaking("en"):
        assert language.many("%(n)s 次", count) == en


def test_values_in_texts_are_escaped() -> None:
    """What stands in a text with markup is text."""
    assert "&lt;i&gt;" in language.many("<b>%(query)s</b> 在本页标出 %(n)s 处：", 1, query="<i>")


def test_days_and_months() -> None:
    """Days and months are written as each language does."""
    day = date(2024, 3, 1)
    assert (language.day(day), language.month(2024, 3), language.month_label(3)) == (
        "2024 年 3 月 1 日",
        "2024 年 3 月",
        "3月",
    )
    with speaking("en"):
        assert (language.day(day), language.month(2024, 3), language.month_label(3)) == (
            "1 March 2024",
            "March 2024",
            "Mar",
        )


def test_terms_have_a_gloss_in_english_alone() -> None:
    """A verdict stays Chinese; English pages add what it means. Other words have none."""
    assert gloss("原则同意") == ""
    with speaking("en"):
        assert "(approved in principle)" in gloss("原则同意")
        assert gloss("张剑") == gloss(None) == ""


def test_notices_of_a_search_are_english(sample_client: FlaskClient) -> None:
    """What the query parser says is told in English, with what was typed as it was."""
    text = html.document_fromstring(sample_client.get("/search?q=市发改委&lang=en").text).xpath(
        "//ul[@class='notices']"
    )
    assert "Searched besides “市发改委”:" in text[0].text_content()
    with speaking("en"):
        assert told("这句话谁也没写过") == "这句话谁也没写过"


def test_failures_are_english(sample_client: FlaskClient, tmp_path: object) -> None:
    """A bad parameter, a wrong id and an index that is not there are told in English, with status and way out."""
    refused = sample_client.get("/search?from=x&lang=en")
    assert refused.status_code == 400
    assert "a date, such as 2024, 2024-07 or 2024-07-15" in refused.text
    missing = create_app(f"{tmp_path}/none").test_client().get("/search?q=a&lang=en")
    assert missing.status_code == 503
    assert "There is no index at" in missing.text


def test_opensearch_and_its_english(sample_client: FlaskClient) -> None:
    """A browser that adds the site from an English page searches in English."""
    tree = html.document_fromstring(sample_client.get("/?lang=en").text)
    (address,) = tree.xpath("//link[@rel='search']/@href")
    assert "q={searchTerms}&amp;lang=en" in sample_client.get(address).text
    assert "lang" not in sample_client.get("/opensearch.xml").text.replace("<Language>", "").replace("</Language>", "")
