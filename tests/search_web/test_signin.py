"""Who is let in where the settings ask for it: by password, by a trusted proxy, and what stays open."""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.report import RecordHead, path_of
from indexer.search import Index
from indexer.settings import Settings
from search_web import create_app, signin
from search_web.passwords import line_of

Client = Callable[..., FlaskClient]
GOOD, OTHER = "一个足够长而又好记的口令", "another long enough one"
OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}
PATHS = (
    "/",
    "/search?q=市",
    "/meetings",
    "/export?q=市",
    "/feed.atom",
    "/api/v1/search?q=市",
    "/openapi.json",
    "/docs",
)
MORE = ("/nowhere", "/timeline.csv?q=市", "/about", "/people", "/cite/x", "/opensearch.xml", "/api/v1/nowhere")


def basic(name: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


@pytest.fixture(scope="session")
def users(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of two accounts."""
    path = tmp_path_factory.mktemp("users") / "users"
    path.write_text(f"{line_of('lin', GOOD)}\n{line_of('周明', OTHER)}\n", encoding="utf-8")
    return path


@pytest.fixture
def client_of(index: Index, users: Path) -> Client:
    """Return a function that makes a client of the application with some settings."""

    def make(**given: object) -> FlaskClient:
        settings = replace(Settings(), passwords=str(users), **given)  # type: ignore[arg-type]  # as Settings takes it
        return create_app(index, settings).test_client()

    return make


def test_pages_offer_the_way_out(client_of: Client) -> None:
    """Who came in by a password finds the way out at the foot of a page; others, who need none, do not."""
    client = client_of(auth="basic")
    for lang, shown in (("zh", "退出登录"), ("en", "Sign out")):
        page = client.get(f"/?lang={lang}", headers=basic("lin", GOOD)).text
        assert re.search(f'<a href="(/signout[^"]*)">{shown}</a>', page)
    header = {"auth_header": "X-User", "trusted": "127.0.0.1"}
    for client, headers in ((client_of(), {}), (client_of(auth="header", **header), {"X-User": "lin"})):
        answer = client.get("/", headers=headers)
        assert answer.status_code == 200
        assert "/signout" not in answer.text


def test_whole_site_asks(client_of: Client, heads: dict[int | None, RecordHead]) -> None:
    """Pages, API, feeds, exports, originals and what is not there are for those alone who give a password."""
    client = client_of(auth="basic")
    record = path_of(heads[12])
    for path in (
        *PATHS,
        *MORE,
        record,
        f"{record}/original/1",
        f"/api/v1{record}",
        f"/api/v1/passages/{heads[12].id}%231.1",
    ):
        response = client.get(path)
        assert response.status_code == 401, path
        assert response.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert response.headers["Cache-Control"] == "no-store"
        assert heads[12].title not in response.text
    assert client.options("/api/v1/search").status_code == 401
    assert client.post("/search").status_code == 401


def test_who_has_signed_in_sees_all(client_of: Client) -> None:
    """The right password opens everything, names may be Chinese, and nothing is kept on a disk by browsers."""
    client = client_of(auth="basic")
    for who in (basic("lin", GOOD), basic("周明", OTHER)):
        for path in PATHS:
            with client.get(path, headers=who) as response:
                assert response.status_code == 200, path
                assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic x",
        "Basic !!!",
        "Basic bGlu",
        "Basic Og==",
        "Bearer abc",
        "Digest username=lin",
        "\x00",
        "Basic " + "A" * 9999,
    ],
)
def test_what_is_no_password(client_of: Client, header: str) -> None:
    """Whatever else is given is asked to sign in, and is no error."""
    assert client_of(auth="basic").get("/search?q=市", headers={"Authorization": header}).status_code == 401


def test_what_stays_open(client_of: Client) -> None:
    """Whether the server is well can be asked without a password, and the refusal has its style."""
    client = client_of(auth="basic")
    assert client.get("/healthz").status_code == 200
    with client.get("/static/gongwen.css") as style:
        assert style.status_code == 200
    assert "请登录" in client.get("/").text
    assert client.get("/api/v1/search?q=a").mimetype == "application/problem+json"


def test_signing_out(client_of: Client) -> None:
    """Who leaves is refused with the very password, so that a browser forgets it; it is no failure to be counted."""
    client = client_of(auth="basic", public=True)
    for _ in range(20):
        response = client.get("/signout", headers=basic("lin", GOOD), environ_base=OUTSIDE)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert '"storage"' in response.headers["Clear-Site-Data"]
        assert "已退出登录" in response.text
    assert client.get("/", headers=basic("lin", GOOD), environ_base=OUTSIDE).status_code == 200
    assert client_of().get("/signout").status_code == 404


def test_guessing_is_slowed_down(client_of: Client, caplog: pytest.LogCaptureFixture) -> None:
    """After ten failures an address waits, even with the right password, and another one does not; none is logged."""
    caplog.set_level(logging.WARNING)
    client = client_of(auth="basic", public=True)
    wrong = [client.get("/", headers=basic("lin", f"wrong {n}"), environ_base=OUTSIDE) for n in range(10)]
    assert {response.status_code for response in wrong} == {401}
    slowed = client.get("/", headers=basic("lin", GOOD), environ_base=OUTSIDE)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) == signin.OF_ADDRESS.get_expiry() == 900
    assert client.get("/", headers=basic("lin", GOOD)).status_code == 200
    assert len(caplog.records) == 10
    assert "wrong" not in caplog.text
    assert "192.0.2.7" in caplog.text


def test_one_account_is_not_tried_from_everywhere(client_of: Client) -> None:
    """A hundred failures of one account an hour are all there are, and who was signed in before still is."""
    client = client_of(auth="basic", public=True)
    assert client.get("/", headers=basic("lin", GOOD)).status_code == 200
    limit = signin.OF_ACCOUNT.amount
    assert limit <= 100
    statuses = []
    for number in range(limit + 1):
        where = {"REMOTE_ADDR": f"198.51.100.{number}"}
        statuses.append(client.get("/", headers=basic("lin", "x" * 200), environ_base=where).status_code)
    assert statuses == [401] * limit + [429]
    assert client.get("/", headers=basic("lin", GOOD)).status_code == 200


def test_file_that_goes_lets_nobody_in(index: Index, tmp_path: Path) -> None:
    """While the accounts cannot be read the answer is 503, not an open door."""
    path = tmp_path / "users"
    path.write_text(line_of("lin", GOOD) + "\n", encoding="utf-8")
    client = create_app(index, replace(Settings(), auth="basic", passwords=str(path))).test_client()
    assert client.get("/", headers=basic("lin", GOOD)).status_code == 200
    path.unlink()
    assert client.get("/", headers=basic("lin", GOOD)).status_code == 503


def test_a_trusted_proxy_names_who_asks(client_of: Client) -> None:
    """The name counts from the addresses set, under the header set, and from nowhere else."""
    client = client_of(auth="header", trusted="192.0.2.0/29, ::1", auth_header="X-User")
    name = "周明".encode().decode("latin-1")
    assert client.get("/search?q=市", headers={"X-User": "lin"}, environ_base=OUTSIDE).status_code == 200
    assert client.get("/search?q=市", headers={"X-User": name}, environ_base=OUTSIDE).status_code == 200
    assert client.get("/search?q=市", headers={"X-Remote-User": "lin"}, environ_base=OUTSIDE).status_code == 403
    for address in ("127.0.0.1", "192.0.2.9", "", "unix", "::ffff:192.0.2.7"):
        where = {"REMOTE_ADDR": address}
        assert client.get("/search?q=市", headers={"X-User": "lin"}, environ_base=where).status_code == 403, address
        assert client.get("/healthz", environ_base=where).status_code == 200


@pytest.mark.parametrize("name", ["", " ", "lin,root", "lin, lin", "a\x1fb", "x" * 201, "\xff"])
def test_names_that_no_proxy_gives(client_of: Client, name: str) -> None:
    """A name that came twice, or that is none, was not put there by the proxy alone."""
    client = client_of(auth="header")
    headers = [("X-Remote-User", name)]
    assert client.get("/search?q=市", headers=headers).status_code == 403
    twice = [("X-Remote-User", "root"), ("X-Remote-User", "lin")]
    assert client.get("/search?q=市", headers=twice).status_code == 403


def test_proxies_do_not_change_who_is_trusted(client_of: Client) -> None:
    """Trust is in the address of the connection, not in what a header says of it."""
    client = client_of(auth="header", proxies=1, trusted="127.0.0.1")
    said = {"X-Remote-User": "lin", "X-Forwarded-For": "127.0.0.1"}
    assert client.get("/search?q=市", headers=said, environ_base=OUTSIDE).status_code == 403
    said["X-Forwarded-For"] = "192.0.2.50"
    assert client.get("/search?q=市", headers=said).status_code == 200


def test_who_has_signed_in_is_counted_by_name(client_of: Client) -> None:
    """Everybody of an office comes from one address; each has a rate of their own."""
    client = client_of(auth="basic", rate="2")
    lin, zhou = basic("lin", GOOD), basic("周明", OTHER)
    assert [client.get("/help", headers=lin).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/help", headers=zhou).status_code == 200
