"""How answers travel: unchanged ones not at all, large ones gzipped, to other sites only where the settings say so."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.errors import BadParameter
from indexer.report import RecordHead, path_of
from indexer.settings import Settings, load
from search_web import create_app

Heads = dict[int | None, RecordHead]
SITE = "https://other.example.cn"


@pytest.mark.parametrize("url", ["/api/v1/search?q=市", "/api/v1/meetings", "/api/v1/suggest?q=市", "/feed.atom"])
def test_unchanged_answer_is_not_sent_again(client: FlaskClient, url: str) -> None:
    """With the ETag of before the answer is a 304 without content, and with another it is whole."""
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_record_that_is_not_there_has_not_stayed(client: FlaskClient, heads: Heads) -> None:
    """If-None-Match makes no 304 of a 404, and one of a record that is there."""
    assert client.get("/api/v1/meetings/none", headers={"If-None-Match": "*"}).status_code == 404
    url = f"/api/v1{path_of(heads[12])}"
    assert client.get(url, headers={"If-None-Match": client.get(url).headers["ETag"]}).status_code == 304


def test_commit_changes_the_etag(tmp_path: Path, write_minutes: Callable[..., Path]) -> None:
    """A meeting added makes another ETag; a bad parameter is told even with the right one."""
    build([write_minutes(1)], tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()
    first = client.get("/api/v1/meetings").headers["ETag"]
    assert client.get("/api/v1/meetings?limit=x", headers={"If-None-Match": first}).status_code == 400
    build([write_minutes(2)], tmp_path / "index")
    assert client.get("/api/v1/meetings").headers["ETag"] != first


def test_large_answers_are_packed_for_who_takes_it(client: FlaskClient, heads: Heads) -> None:
    """A long record comes as gzip, the same without it; a short answer and a refusal come as they are."""
    url = f"/api/v1{path_of(heads[12])}"
    plain, packed = client.get(url), client.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert len(packed.data) < len(plain.data) / 2
    assert json.loads(gzip.decompress(packed.data)) == plain.get_json()
    assert "Accept-Encoding" in plain.headers["Vary"]
    for other, accepted in (("/healthz", "gzip"), (url, "gzip;q=0"), (url, "br"), ("/api/v1/search", "gzip")):
        assert "Content-Encoding" not in client.get(other, headers={"Accept-Encoding": accepted}).headers


def test_page_and_file_are_packed_or_streamed(client: FlaskClient) -> None:
    """A page is packed, a streamed export is not."""
    headers = {"Accept-Encoding": "gzip"}
    assert client.get("/help", headers=headers).headers["Content-Encoding"] == "gzip"
    exported = client.get("/export?q=市", headers=headers)
    assert exported.get_data()
    assert "Content-Encoding" not in exported.headers


def test_other_sites_are_kept_out(client: FlaskClient) -> None:
    """Without the setting no answer lets a page of another site read it."""
    response = client.get("/api/v1/search?q=市", headers={"Origin": SITE})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("cors", "origin", "allowed"),
    [("*", SITE, "*"), (f"https://a.cn, {SITE}", SITE, SITE), ("https://a.cn", SITE, None), ("*", "", None)],
)
def test_sites_of_the_setting_are_let_in(index_path: Path, cors: str, origin: str, allowed: str | None) -> None:
    """The API is open to the origins named, preflights included; pages are to none."""
    client = create_app(Settings(engine=f"whoosh:{index_path}", cors=cors)).test_client()
    headers = {"Origin": origin} if origin else {}
    response = client.get("/api/v1/search?q=市", headers=headers)
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert (response.headers["Cross-Origin-Resource-Policy"] == "cross-origin") == bool(allowed)
    assert ("Origin" in response.headers.get("Vary", "")) == (cors != "*")
    preflight = client.options("/api/v1/search", headers=headers)
    assert ("GET" in preflight.headers.get("Access-Control-Allow-Methods", "")) == bool(allowed)
    assert "Access-Control-Allow-Origin" not in client.get("/help", headers=headers).headers


def test_setting_is_read_and_checked(tmp_path: Path) -> None:
    """GONGWEN_CORS names origins; anything else is refused."""
    assert load(tmp_path, {}).cors == ""
    assert load(tmp_path, {"GONGWEN_CORS": f"{SITE},https://a.cn:8443"}).cors == f"{SITE},https://a.cn:8443"
    for wrong in ("other.example.cn", f"{SITE}/path", "*,*"):
        with pytest.raises(BadParameter):
            load(tmp_path, {"GONGWEN_CORS": wrong})
