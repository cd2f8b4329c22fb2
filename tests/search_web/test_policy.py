"""Every page forbids what it does not need, and shows what was typed or written as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.search import open_index
from search_web.app import create_app

MEETING = "/meetings/20240321-9495dff5"
PATHS = (
    *("/compare?a=20240321-9495dff5%231&b=20240725-d61e232c%233", "/compare?a=20240321-9495dff5%231"),
    *(
        "/",
        "/search?q=养老",
        "/search?q=量子计算机",
        MEETING,
        f"{MEETING}?q=安全",
        "/meetings",
        "/documents",
        "/people",
    ),
    *("/people/殷学礼", "/departments", "/departments/市发改委", "/instruments", "/timeline?q=养老&q=教育", "/help"),
    *("/instruments/城镇老旧小区改造管理办法", "/about", "/docs", "/no/such/page", "/search?level=x", "/people/无此人"),
)
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{7777*7}}&amp;"


@pytest.mark.parametrize("language", ["", "lang=en"], ids=["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_a_strict_policy(sample_client: FlaskClient, path: str, language: str) -> None:
    """Nothing is allowed but this server's own files; inline code is not, whatever stands in a page."""
    response = sample_client.get(path + (f"{'&' if '?' in path else '?'}{language}" if language else ""))
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == policy["form-action"] == "'self'"
    assert re.fullmatch(r"'self'( 'sha256-[A-Za-z0-9+/=]+')?", policy["script-src"])
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.search(
        r"<[^>]+\s(?:style|on\w+)=|<style|<script(?! src| type=\"application/ld\+json\")", response.text
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        *("/search", "/timeline", MEETING, "/documents", "/meetings", "/people/x", "/departments/x"),
        *("/instruments/x", "/cite/x", "/nothing"),
    ],
)
@pytest.mark.parametrize("name", ["q", "body", "from", "level", "department", "anchor", "letter", "by"])
def test_what_is_typed_stays_text(sample_client: FlaskClient, path: str, name: str, language: str) -> None:
    """No argument of any page reaches its HTML as anything but text, in either language."""
    response = sample_client.get(path, query_string={name: HOSTILE, "lang": language})
    if response.mimetype == "text/html":
        assert "<img" not in response.text
        assert "<script>alert" not in response.text
        assert "54439" not in response.text
        assert 'onerror=alert(1)>"' not in response.text


@pytest.mark.parametrize("language", ["", "&lang=en"])
def test_what_is_written_stays_text(tmp_path: Path, language: str) -> None:
    """No part of a document reaches HTML as anything but text: title, item, names, departments, instruments."""
    lines = (
        f"云州市{HOSTILE}政府第12次常务会议纪要",
        "2023年3月31日，林致远市长主持召开市政府第12次常务会议。现纪要如下：",
        f"一、审议《{HOSTILE}办法》",
        f"（一）原则同意《{HOSTILE}办法》，由市教育局{HOSTILE}牵头。",
        f"出席：林致远{HOSTILE}  周明",
    )
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    build([tmp_path / "a.txt"], tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        client = create_app(index).test_client()
        (head,) = index.heads()
        seen = [client.get(f"/search?q=alert{language}"), client.get(f"/meetings/{head.id}?q=alert{language}")]
        seen += [client.get(f"/{kind}?by=count{language}") for kind in ("people", "departments", "instruments")]
        names = [f"/{kind}s/{e.name}" for kind in ("instrument", "department") for e in index.directory(kind)]  # type: ignore[arg-type]
        seen += [client.get(name, query_string=language[1:]) for name in names]
    assert len(seen) > 5
    for response in seen:
        assert "<img" not in response.text
        assert "<script>alert" not in response.text
    assert "&lt;" in seen[0].text
