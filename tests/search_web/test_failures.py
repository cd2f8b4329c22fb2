"""Every error gets its status, in the form that the path asks for, and no input gives a 500."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.build import build
from indexer.errors import GongwenError, IndexDamaged, IndexLocked
from indexer.report import RecordHead, path_of
from indexer.settings import Settings
from search_web import create_app

SAMPLES = Path(__file__).parent / "samples"


def test_missing_page_offers_ways_on(client: FlaskClient) -> None:
    """A 404 is a page in Chinese with the site's links."""
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "没有找到" in response.text
    assert 'href="/meetings"' in response.text


def test_missing_record_names_near_ids(client: FlaskClient, heads: dict[int | None, RecordHead]) -> None:
    """An id with one wrong digit is answered with the right one, as a link and as a member."""
    right = heads[12].id
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    response = client.get(f"/meetings/{wrong}")
    assert response.status_code == 404
    assert f'href="{path_of(heads[12])}"' in response.text
    assert right in client.get(f"/api/v1/meetings/{wrong}").get_json(force=True)["near"]


def test_bad_parameter_is_named_on_the_page(client: FlaskClient) -> None:
    """A 400 page says which parameter and what it takes."""
    response = client.get("/search?q=a&sort=random")
    assert response.status_code == 400
    assert "sort" in response.text
    assert "-date" in response.text


@pytest.mark.parametrize("path", ["/search?q=a", "/api/v1/search?q=a", "/healthz"])
def test_other_methods_are_refused(client: FlaskClient, path: str) -> None:
    """Only GET and its kin are answered; the refusal names them."""
    response = client.post(path)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_redirects_are_no_failures(client: FlaskClient) -> None:
    """A path with a slash too many is sent to the right one."""
    response = client.get("/api/v1//meetings")
    assert (response.status_code, response.location) == (308, "http://localhost/api/v1/meetings")


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/meetings", "/about", "/api/v1/search?q=a", "/healthz"])
def test_without_index_the_command_is_told(tmp_path: Path, path: str) -> None:
    """While there is no index every question is a 503 with the command that makes one."""
    place = tmp_path / "none"
    response = create_app(place).test_client().get(path)
    assert response.status_code == 503
    assert f"gongwen index 文件夹 --index {place}" in response.text
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["Cache-Control"] == "no-store"


def test_help_needs_no_index(tmp_path: Path) -> None:
    """The help page is there before any index is."""
    assert create_app(tmp_path / "none").test_client().get("/help").status_code == 200


def test_index_made_later_is_found(tmp_path: Path) -> None:
    """A server started before its index answers once it is there, without a restart."""
    place = tmp_path / "later"
    client = create_app(Settings(engine=f"whoosh:{place}")).test_client()
    assert client.get("/healthz").status_code == 503
    build([SAMPLES / "16.txt"], place)
    assert client.get("/healthz").status_code == 200


@pytest.fixture
def failing(index_path: Path) -> Flask:
    """An application with pages that raise what they are asked to."""
    app = create_app(index_path)
    errors: dict[str, Exception] = {
        "locked": IndexLocked("x", "pid 7"),
        "damaged": IndexDamaged("x", "segment", "已截断"),
        "package": GongwenError("内部细节"),
        "unforeseen": ZeroDivisionError("内部细节"),
    }

    @app.get("/fail/<name>")
    @app.get("/api/fail/<name>")
    def fail(name: str) -> str:
        raise errors[name]

    return app


STATUSES = [("locked", 503), ("damaged", 503), ("package", 500), ("unforeseen", 500)]


@pytest.mark.parametrize(("name", "status"), STATUSES)
def test_status_of_errors(failing: Flask, name: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    """Errors of the index are 503, what nobody foresaw is a logged 500 that tells no inner matters."""
    with caplog.at_level(logging.WARNING):
        page = failing.test_client().get(f"/fail/{name}")
        problem = failing.test_client().get(f"/api/fail/{name}")
    assert (page.status_code, problem.status_code) == (status, status)
    assert problem.mimetype == "application/problem+json"
    assert "内部细节" not in page.text + problem.text
    assert (status == 500) == any(record.exc_info for record in caplog.records)
    assert ("gongwen index" in page.text) == (name == "damaged")


FIELDS = st.sampled_from(
    ["q", "level", "limit", "offset", "sort", "match", "year", "person", "from", "to", "body", "expand"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(FIELDS, st.text(max_size=30)), max_size=6))
def test_no_arguments_give_a_500(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    """Whatever stands in the URL, the answer is a page, a redirect or a named refusal."""
    for path in ("/search", "/api/v1/search", "/meetings"):
        arguments = [(name, value.encode("utf-8", "replace").decode()) for name, value in pairs]
        assert client.get(path, query_string=dict(arguments)).status_code in (200, 302, 400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(id=st.text(min_size=1, max_size=40).filter(lambda text: text.strip("./")))
def test_no_id_gives_a_500(client: FlaskClient, id: str) -> None:
    """Whatever stands where an id belongs, the answer is that there is none."""
    part = quote(id.encode("utf-8", "replace"), safe="")
    for path in ("/meetings/", "/documents/", "/api/v1/meetings/", "/api/v1/passages/"):
        assert client.get(path + part).status_code in (301, 308, 404)
