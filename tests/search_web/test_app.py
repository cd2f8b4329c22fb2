"""Every response carries the security headers, and static files may be kept for good."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

PATHS = ["/", "/search?q=教育", "/help", "/nowhere", "/api/v1/search?q=教育", "/api/v1/nowhere", "/static/gongwen.css"]


@pytest.mark.parametrize("path", PATHS)
def test_headers_of_every_response(client: FlaskClient, path: str) -> None:
    """No inline script or style, no foreign origin, no frame, no sniffing, no query to other sites."""
    with client.get(path) as response:
        headers = response.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_static_files_are_kept_by_their_hash(client: FlaskClient) -> None:
    """A page names its files with their hash, and those may be kept; without it they may not."""
    url = re.findall(r'"(/static/gongwen\.css\?v=[0-9a-f]{12})"', client.get("/help").text)[0]
    with client.get(url) as named, client.get("/static/gongwen.css") as bare:
        assert "immutable" in named.headers["Cache-Control"]
        assert "immutable" not in bare.headers["Cache-Control"]


def test_pages_are_asked_for_again(client: FlaskClient) -> None:
    """A page is not taken from a cache unasked, for the index may have changed."""
    assert client.get("/about").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path", [*PATHS, "/feed.atom?q=教育", "/opensearch.xml", "/metrics", "/healthz", "/export?q=教育"]
)
def test_every_text_names_its_encoding(client: FlaskClient, path: str) -> None:
    """No answer is without a type, and no text without its encoding, so that a browser guesses neither."""
    with client.get(path) as response:
        kind = response.headers["Content-Type"]
    assert "charset=utf-8" in kind or kind.startswith(("application/json", "application/problem+json"))
