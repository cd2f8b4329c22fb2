"""Who may ask, under which name and how often; and what a server is not started with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.errors import BadParameter
from indexer.search import Index
from indexer.settings import Settings
from search_web import clients, create_app, guard

OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}
Client = Callable[..., FlaskClient]


@pytest.fixture
def client_of(index: Index) -> Client:
    """Return a function that makes a client of the application with some settings."""

    def make(**given: object) -> FlaskClient:
        return create_app(index, replace(Settings(), **given)).test_client()  # type: ignore[arg-type]  # as Settings takes it

    return make


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1", "localhost."])
def test_own_names_are_answered(client_of: Client, host: str) -> None:
    """By default the names of the machine itself are known, with any port."""
    assert client_of().get("/help", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "a b"),
        *("localhost:x", "localhost@evil.example", "localhost/../x", "[::1", "localhost, evil.example", "x" * 3000),
        *("a..b", "x" * 64 + ".cn", "x." * 150, "[1]]", "localhost:99999999", "公文.cn"),
    ],
)
@pytest.mark.parametrize("path", ["/help", "/api/v1/search?q=a", "/nowhere", "/static/gongwen.css"])
def test_other_names_are_refused(client_of: Client, host: str, path: str) -> None:
    """A name that is not ours gets 400 whatever is asked for, and is in no link of the answer."""
    response = client_of().get(path, headers={"Host": host})
    assert response.status_code == 400
    assert 'href="http' not in response.text.replace('href="http://www.w3.org', "")
    assert "hosts" in response.text
    assert response.text.count("x" * 101) == 0


def test_names_can_be_set(client_of: Client) -> None:
    """Names of the settings are answered besides our own, a leading dot stands for all below, a star for all."""
    client = client_of(hosts="minutes.example.cn, .intra.cn", public=True)
    for host, status in (
        ("minutes.example.cn", 200),
        ("MINUTES.example.cn:8443", 200),
        ("a.intra.cn", 200),
        ("localhost", 200),
        ("intra.cn", 400),
        ("xintra.cn", 400),
        ("example.cn", 400),
    ):
        assert client.get("/help", headers={"Host": host}).status_code == status, host
    anyone = client_of(hosts="*", public=True)
    assert anyone.get("/help", headers={"Host": "any.cn"}).status_code == 200
    assert anyone.get("/help", headers={"Host": "any.cn/x"}).status_code == 400


def test_health_is_told_under_any_name(client_of: Client) -> None:
    """Who checks on servers asks by address."""
    assert client_of().get("/healthz", headers={"Host": "172.17.0.9:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"host": "192.0.2.1"}, "auth"),
        ({"host": "0.0.0.0", "hosts": "a.cn"}, "auth"),
        ({"proxies": 1}, "auth"),
        ({"hosts": "minutes.example.cn"}, "auth"),
        ({"host": "0.0.0.0", "public": True}, "hosts"),
        ({"host": "::", "auth": "header"}, "hosts"),
        ({"auth": "basic"}, "passwords"),
    ],
)
def test_open_settings_are_refused(given: dict[str, object], name: str) -> None:
    """A server that others can reach is not started before somebody has said who may read."""
    with pytest.raises(BadParameter) as caught:
        guard.check_settings(replace(Settings(), **given))  # type: ignore[arg-type]  # as Settings takes it
    assert caught.value.name == name


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"host": "::1"},
        {"host": "localhost"},
        {"host": "192.0.2.1", "public": True},
        {"host": "0.0.0.0", "public": True, "hosts": "a.cn"},
        {"proxies": 1, "auth": "header"},
        {"auth": "basic", "passwords": "users", "host": "192.0.2.1"},
    ],
)
def test_settings_that_say_who_may_read(given: dict[str, object]) -> None:
    """This machine alone, the public, or those who sign in."""
    guard.check_settings(replace(Settings(), **given))  # type: ignore[arg-type]  # as Settings takes it


def test_others_are_refused_by_any_server(client_of: Client) -> None:
    """Behind a server that listens to all the application itself answers this machine alone, unless told otherwise."""
    client = client_of()
    assert client.get("/help").status_code == 200
    assert client.get("/help", environ_base=OUTSIDE).status_code == 403
    assert client.get("/help", environ_base={"REMOTE_ADDR": ""}).status_code == 403
    assert client_of(public=True).get("/help", environ_base=OUTSIDE).status_code == 200


def test_headers_of_proxies_are_believed_as_far_as_set(client_of: Client) -> None:
    """Without proxies what is said to be forwarded is nothing; with one the last word counts, and no earlier one."""
    said = {"X-Forwarded-Host": "minutes.cn", "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1, 192.0.2.9"}
    plain = client_of().get("/opensearch.xml", headers=said)
    assert "http://localhost/search" in plain.text
    behind = client_of(proxies=1, public=True, hosts="minutes.cn", https=True).get("/opensearch.xml", headers=said)
    assert "https://minutes.cn/search" in behind.text
    assert client_of(proxies=1, public=True).get("/metrics", headers=said).status_code in (400, 403)
    assert "max-age=31536000" in behind.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in plain.headers


def test_too_many_requests(client_of: Client) -> None:
    """Beyond the rate the API has problem details and people a page, both with the seconds to wait; others go on."""
    client = client_of(rate="20", public=True)
    for _ in range(20):
        assert client.get("/help", environ_base=OUTSIDE).status_code == 200
    page = client.get("/help", environ_base=OUTSIDE)
    problem = client.get("/api/v1/search?q=市", environ_base=OUTSIDE)
    for response in (page, problem):
        assert response.status_code == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        assert "Content-Security-Policy" in response.headers
    assert "请求过多" in page.text
    assert problem.mimetype == "application/problem+json"
    assert problem.get_json(force=True)["status"] == 429
    with client.get("/static/gongwen.css", environ_base=OUTSIDE) as style:
        assert style.status_code == 200
    assert client.get("/help", environ_base={"REMOTE_ADDR": "192.0.2.8"}).status_code == 200


def test_what_is_not_there_counts_too(client_of: Client) -> None:
    """Looking for what there may be is limited like everything else, and a file counts for several requests."""
    client = client_of(rate="20")
    statuses = [client.get("/nowhere").status_code for _ in range(21)]
    assert statuses == [404] * 20 + [429]
    files = client_of(rate="20")
    statuses = []
    for _ in range(3):
        with files.get("/export?q=市") as response:
            statuses.append(response.status_code)
    assert statuses == [200, 200, 429]


def test_a_network_of_ipv6_is_one_client(client_of: Client) -> None:
    """Who has a network of 2^64 addresses has them all at once."""
    client = client_of(rate="2", public=True)
    statuses = [client.get("/help", environ_base={"REMOTE_ADDR": f"2001:db8::{n}"}).status_code for n in range(1, 4)]
    assert statuses == [200, 200, 429]
    assert client.get("/help", environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"}).status_code == 200
    assert client.get("/help", environ_base={"REMOTE_ADDR": "::ffff:192.0.2.7"}).status_code == 200


def test_rate_of_settings() -> None:
    """One machine alone has no limit unless set; who lets others in has one unless unset."""
    assert guard.rate_of(Settings()) == 0
    assert guard.rate_of(Settings(host="192.0.2.1", public=True)) == guard.RATE
    assert guard.rate_of(Settings(host="192.0.2.1", public=True, rate="0")) == 0
    assert guard.rate_of(Settings(rate="5")) == 5


def test_clients_are_counted_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come, as many are remembered as there is room for; the one that came last is."""
    monkeypatch.setattr(clients, "MOST", 100)
    counts = clients.Clients()
    for number in range(1000):
        assert counts.incr(f"c{number}", 60) == 1
        assert counts.incr("steady", 60, 2) == 2 * number + 2
    assert counts.get("steady") == 2000
    assert counts.get("c0") == 0
    assert counts.reset() == 100
    assert counts.incr("brief", -1) == 1
    assert counts.get("brief") == 0
    counts.clear("brief")
    assert counts.check()
    assert counts.reset() == 0


def test_others_are_not_told_where_the_index_lies(tmp_path: Path) -> None:
    """What is wrong with an index, and the command that mends it, is for who is on the machine."""
    app = create_app(tmp_path / "kept-apart", Settings(public=True))
    for path in ("/search?q=a", "/api/v1/search?q=a", "/healthz"):
        here, outside = (app.test_client().get(path, environ_base=where) for where in ({}, OUTSIDE))
        assert (here.status_code, outside.status_code) == (503, 503)
        assert "kept-apart" in here.text
        assert "kept-apart" not in outside.text
        assert "gongwen index" not in outside.text
        assert int(outside.headers["Retry-After"]) > 0
