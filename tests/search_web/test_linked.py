"""Pages tell other programs their one address, what they are about, and how to search; all of it escaped."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree
from made import document, meeting
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from indexer.engines.choose import open_engine
from indexer.search import Index
from search_web import create_app

HOSTILE = "</script><script>alert('1')</script>&<!--"


def told(client: FlaskClient, url: str) -> tuple[dict[str, object], str, str]:
    """The data of a page, its text as it stands, and the policy of the answer."""
    response = client.get(url)
    (node,) = HTMLParser(response.text).css("script[type='application/ld+json']")
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL)
    assert text
    return json.loads(node.text()), text[1], response.headers["Content-Security-Policy"]


def test_a_meeting_is_an_event(sample_client: FlaskClient) -> None:
    """The data of a meeting has its name, day, organizer, items and instruments."""
    data, _, _ = told(sample_client, "/meetings/20240321-9495dff5?q=养老")
    assert (data["@type"], data["startDate"]) == ("Event", "2024-03-21")
    assert data["organizer"] == {"@type": "GovernmentOrganization", "name": "云溯市人民政府"}
    assert data["url"] == "http://localhost/meetings/20240321-9495dff5"
    names = [one["name"] for one in data["about"]]  # type: ignore[attr-defined,union-attr]
    assert "云溯市城镇老旧小区改造管理办法（草案）" in names
    assert len(data["subEvent"]) == 6  # type: ignore[arg-type]


def test_a_document_is_legislation(sample_client: FlaskClient) -> None:
    """The data of a document has its kind and day."""
    data, _, _ = told(sample_client, "/documents/d-6774afb620df")
    assert (data["@type"], data["legislationType"], data["legislationDate"]) == ("Legislation", "意见", "2024-06-28")


def test_data_is_let_through_by_its_hash_and_cannot_end_its_element(tmp_path: Path) -> None:
    """Whatever a record holds, its data stays one element, and the policy names the hash of just that text."""
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writing() as writing:
        writing.put(meeting(1, date(2024, 1, 1), title=HOSTILE, body=f"{HOSTILE}\u2028"), ())
        writing.put(document("n", [HOSTILE], title=HOSTILE), ())
        writing.commit()
    index = Index(engine)
    client = create_app(index).test_client()
    for head in index.heads():
        data, text, policy = told(client, f"/{head.type}s/{head.id}")
        assert str(data["name"]).startswith(HOSTILE)
        assert "<" not in text
        hashed = b64encode(sha256(text.encode()).digest()).decode()
        assert f"script-src 'self' 'sha256-{hashed}';" in policy
        assert "unsafe" not in policy
        page = HTMLParser(client.get(f"/{head.type}s/{head.id}").text)
        assert len(page.css("script")) == 2
        assert HOSTILE[:8] in (page.css_first("meta[name=description]").attributes["content"] or "")
    assert "sha256" not in client.get("/help").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("/meetings/20240321-9495dff5?q=养老", "http://localhost/meetings/20240321-9495dff5"),
        ("/people/殷学礼", "http://localhost/people/%E6%AE%B7%E5%AD%A6%E7%A4%BC"),
        ("/departments/市财政局?part=support", "http://localhost/departments/%E5%B8%82%E8%B4%A2%E6%94%BF%E5%B1%80"),
        ("/meetings", "http://localhost/meetings"),
        ("/meetings?year=2024", None),
        ("/search?q=养老", None),
        ("/timeline?q=养老", None),
        ("/about", "http://localhost/about"),
    ],
)
def test_the_one_address_of_a_page(sample_client: FlaskClient, url: str, address: str | None) -> None:
    """A page that has one address tells it; one of many views tells none."""
    page = HTMLParser(sample_client.get(url).text)
    assert [node.attributes["href"] for node in page.css("link[rel=canonical]")] == ([address] if address else [])


def test_searches_and_failures_are_not_to_be_listed(sample_client: FlaskClient) -> None:
    """Search engines are asked not to list what is no page of its own."""
    for url in ("/search?q=养老", "/nowhere", "/people/无此人"):
        page = HTMLParser(sample_client.get(url).text)
        assert page.css_first("meta[name=robots]").attributes["content"] == "noindex"


def test_every_page_is_described(sample_client: FlaskClient) -> None:
    """A description says what stands on the page; a meeting's begins with its name."""
    urls = (
        "/",
        "/people",
        "/people/殷学礼",
        "/instruments/云溯市城市更新实施办法",
        "/timeline",
        "/meetings/20240321-9495dff5",
    )
    found = [
        HTMLParser(sample_client.get(url).text).css_first("meta[name=description]").attributes["content"] or ""
        for url in urls
    ]
    assert len(set(found)) == len(urls)
    assert all(10 < len(text) <= 200 for text in found)
    assert found[-1].startswith("云溯市人民政府常务会议纪要（第 39 次）。云溯市人民政府，2024年3月21日。审议《")


def test_browsers_can_add_the_search(sample_client: FlaskClient) -> None:
    """Every page names the description of the search, whose address finds something."""
    page = HTMLParser(sample_client.get("/help").text)
    link = page.css_first("link[rel=search]").attributes
    response = sample_client.get(link["href"] or "")
    assert response.mimetype == link["type"] == "application/opensearchdescription+xml"
    tree = etree.fromstring(response.get_data())
    names = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    (name,) = tree.xpath("o:ShortName/text()", namespaces=names)
    assert len(name) <= 16
    (template,) = tree.xpath("o:Url[@type='text/html']/@template", namespaces=names)
    found = sample_client.get(template.replace("http://localhost", "").replace("{searchTerms}", "养老"))
    assert "精确命中" in found.text
    hostile = sample_client.get("/opensearch.xml", headers={"Host": "a.cn"})
    assert (hostile.status_code, b"a.cn/search" in hostile.get_data()) == (400, False)
