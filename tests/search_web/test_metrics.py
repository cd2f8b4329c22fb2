"""What a server tells of itself: complete, in the form of Prometheus, to those alone who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from indexer.search import Index
from indexer.settings import Settings
from search_web import create_app

OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}
TOKEN = "a-token-of-some-length"


@pytest.fixture
def client_of(index: Index) -> Callable[..., FlaskClient]:
    """Return a function that makes a client of the application with some settings."""

    def make(**given: object) -> FlaskClient:
        return create_app(index, replace(Settings(), **given)).test_client()  # type: ignore[arg-type]  # as Settings takes it

    return make


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return every value by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route(client_of: Callable[..., FlaskClient], index: Index) -> None:
    """Answers and their times are counted by route and status; the index has its figures."""
    client = client_of()
    for path in ("/search?q=秘而不宣", "/search?q=市", "/people/林致远", "/nowhere/秘而不宣", "/search?q=a&sort=x"):
        client.get(path).close()
    client.open("/search", method="BREW").close()
    response = client.get("/metrics")
    assert response.mimetype == "text/plain"
    assert "秘而不宣" not in response.text
    assert "林致远" not in response.text
    told = samples(response.text)
    assert told["gongwen_requests_total", "GET", "/search", "200"] == 2
    assert told["gongwen_requests_total", "GET", "/search", "400"] == 1
    assert told["gongwen_requests_total", "GET", "(none)", "404"] == 1
    assert told["gongwen_requests_total", "other", "(none)", "405"] == 1
    assert told["gongwen_request_seconds_count", "/search"] == 3
    assert told["gongwen_request_seconds_bucket", "+Inf", "/search"] == 3
    assert told["gongwen_turned_away_total",] == 0
    stats = index.stats()
    assert told["gongwen_index_up",] == 1
    assert told["gongwen_index_passages",] == stats.passages
    assert told["gongwen_index_size_bytes",] == stats.bytes
    assert told["gongwen_index_generation",] == index.generation()
    assert 0 <= told["gongwen_index_age_seconds",] < 3600


def test_without_index_it_tells_so(tmp_path: Path) -> None:
    """A server that waits for its index is up, and its index is not."""
    told = samples(create_app(tmp_path / "none").test_client().get("/metrics").text)
    assert told["gongwen_index_up",] == 0
    assert ("gongwen_index_passages",) not in told


def test_others_need_the_token(client_of: Callable[..., FlaskClient]) -> None:
    """Requests from elsewhere, or handed on by a proxy of this machine, show the token or get nothing."""
    client = client_of(public=True, metrics_token=TOKEN)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base=OUTSIDE, headers=bearer).status_code == 200
    for headers in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {TOKEN}"},
    ):
        refused = client.get("/metrics", environ_base=OUTSIDE, headers=headers)
        assert refused.status_code == 403
        assert "gongwen_" not in refused.text
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 403
    assert client_of(public=True).get("/metrics", environ_base=OUTSIDE, headers=bearer).status_code == 403


def test_proxies_hand_on_who_asks(client_of: Callable[..., FlaskClient]) -> None:
    """Behind a trusted proxy the client counts, not the proxy."""
    client = client_of(public=True, proxies=1)
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}).status_code == 403
    assert client.get("/metrics").status_code == 200


def test_sign_in_is_not_asked_for(client_of: Callable[..., FlaskClient]) -> None:
    """What collects figures has a token and no account."""
    client = client_of(auth="header", trusted="198.51.100.1", metrics_token=TOKEN)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_base=OUTSIDE, headers=bearer).status_code == 200
    assert client.get("/metrics", environ_base=OUTSIDE).status_code == 403
