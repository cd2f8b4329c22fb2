"""The page that compares says what differs in colours and in words, and its twin gives the same."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from indexer.search import Index

TITLE = "城镇老旧小区改造管理办法"


@pytest.fixture
def places(sample_index: Index) -> list[str]:
    """The considerations of an instrument, oldest first."""
    return [f"{c.head.id}#{c.item.anchor}" for c in sample_index.instrument(TITLE).considerations]


def test_page_and_twin_say_the_same(sample_client: FlaskClient, places: list[str]) -> None:
    """What is deleted and inserted on the page are the marks of the API, each said in words."""
    asked = f"a={quote(places[0])}&b={quote(places[1])}"
    tree = HTMLParser(sample_client.get(f"/compare?{asked}").text)
    answer = sample_client.get(f"/api/v1/compare?{asked}").get_json()
    for tag, side, told in (("del", "a", "删去："), ("ins", "b", "新增：")):
        shown = [node.text() for node in tree.css(f".sides {tag}")]
        lines = [row[side] for row in answer["rows"] if row[side]]
        assert shown == [told + line["text"][start:end] for line in lines for start, end in line["marks"]]
        assert shown
    assert answer["a"]["id"] == places[0]
    assert 0 <= answer["alike"] < 1
    assert f"{round(answer['alike'] * 100)}%" in tree.text()


def test_pages_lead_to_it(sample_client: FlaskClient, places: list[str]) -> None:
    """An instrument's page compares each consideration with the one before; meetings and hits offer to choose."""
    links = re.findall(r'href="(/compare\?[^"]+)"', sample_client.get(f"/instruments/{TITLE}").text)
    assert len(links) == len(places) - 1
    for link in links:
        assert sample_client.get(link.replace("&amp;", "&")).status_code == 200
    meeting = sample_client.get(f"/meetings/{places[0].partition('#')[0]}").text
    assert f"/compare?a={quote(places[0], safe='')}" in meeting
    hits = re.findall(r'href="(/compare\?[^"]+)"', sample_client.get("/search?q=养老").text)
    assert hits
    chosen = sample_client.get(f"/compare?a={quote(places[1])}").text
    assert f"a={quote(places[0], safe='')}" in chosen
    assert sample_client.get(hits[0]).status_code == 200


@pytest.mark.parametrize("path", ["/compare", "/api/v1/compare"])
def test_wrong_places_are_told(sample_client: FlaskClient, places: list[str], path: str) -> None:
    """A missing or malformed place is a 400 that names it; one that is not there is a 404."""
    for url in (path, f"{path}?a=x", f"{path}?a=%23", f"{path}?b={quote(places[0])}"):
        response = sample_client.get(url)
        assert response.status_code == 400, url
        assert "a" in (response.get_json(force=True)["parameter"] if "api" in path else response.text)
    known = quote(places[0])
    assert sample_client.get(f"{path}?a={known}&b=none%231").status_code == 404
    assert sample_client.get(f"{path}?a={known}&b={known}9.9").status_code == 404
    assert sample_client.get("/api/v1/compare?a=" + known).get_json(force=True)["parameter"] == "b"


def test_both_languages(sample_client: FlaskClient, places: list[str]) -> None:
    """In English what was deleted is said in English."""
    text = sample_client.get(f"/compare?a={quote(places[0])}&b={quote(places[1])}&lang=en").text
    assert "Deleted: " in text
    assert "删去" not in text
