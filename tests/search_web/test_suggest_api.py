"""Suggestions as JSON, and links to what a query without exact hits may have meant."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.search import Index


def get(client: FlaskClient, url: str, status: int = 200) -> Any:
    response = client.get(url)
    assert response.status_code == status, response.text
    return response.get_json(force=True)


def test_suggestions_are_those_of_the_index(client: FlaskClient, index: Index) -> None:
    """The answer holds the query and the suggestions in order, each with text, kind and count."""
    answer = get(client, "/api/v1/suggest?q=zhiye&limit=5")
    expected = [{"text": s.text, "kind": s.kind, "count": s.count} for s in index.suggest("zhiye", 5)]
    assert answer == {"query": "zhiye", "suggestions": expected}
    assert "职业教育" in [s["text"] for s in expected]


@pytest.mark.parametrize("url", ["/api/v1/suggest", "/api/v1/suggest?q=", "/api/v1/suggest?q=%20"])
def test_nothing_typed(client: FlaskClient, url: str) -> None:
    """Where nothing is typed the list is empty."""
    assert get(client, url) == {"query": "", "suggestions": []}


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1"])
def test_limit_is_checked(client: FlaskClient, limit: str) -> None:
    """A limit that is not from 1 to 100 is told as the parameter at fault."""
    assert get(client, f"/api/v1/suggest?q=a&limit={limit}", 400)["parameter"] == "limit"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text(client: FlaskClient, text: str) -> None:
    """Any text has an answer; one with a NUL is no text."""
    assert get(client, f"/api/v1/suggest?q={quote(text)}")["query"] == text.strip()


def test_search_tells_what_was_meant(client: FlaskClient) -> None:
    """The report of a search holds the proposals, and none where there are exact hits."""
    assert get(client, "/api/v1/search?q=职业叫育")["suggestions"] == ["职业教育"]
    assert get(client, "/api/v1/search?q=职业教育")["suggestions"] == []


def test_page_links_what_was_meant(client: FlaskClient) -> None:
    """A page without exact hits links the proposal under the same filters; a page with some links none."""
    page = client.get("/search?q=职业叫育&year=2023&offset=0").text
    assert "您是不是要找：" in page
    assert f'<a href="/search?q={quote("职业教育")}&amp;year=2023">职业教育</a>' in page
    assert "您是不是要找" not in client.get("/search?q=职业教育").text


def test_proposal_is_escaped(client: FlaskClient) -> None:
    """What was typed stays text in the link of a proposal."""
    page = client.get(f"/search?q={quote('职业叫育 -<b>')}").text
    assert "职业教育 -&lt;b&gt;" in page
    assert "-<b>" not in page
