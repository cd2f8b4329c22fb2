"""Long files are made by processes of their own: the same bytes, statuses that tell, cut where cut short, none left."""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import signal
import socket
import sys
from pathlib import Path

import pytest
from apart import exporters, long_index, wait_until
from flask import Flask, Response
from served import PATIENCE, served

from indexer.export import FORMATS
from indexer.exporter import export_apart
from indexer.settings import Settings
from search_web import create_app, exports, holder
from search_web.exports import CSV, file_response

TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?[+-]\d\d:\d\d")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes where Linux shows them")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of an index of which a file is more than pipes and sockets hold."""
    return long_index(tmp_path_factory.mktemp("long") / "index")


@pytest.fixture
def app(place: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application for which every file is long."""
    monkeypatch.setattr(exports, "MOST_HERE", 0)
    return create_app(place)


def test_bound_tells_who_makes_a_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more passages than the bound is made by another process, one of as many or of an open index here."""
    app = create_app(place)
    index = app.extensions[holder.EXTENSION].index()
    count = index.search("教育局", match="exact", limit=0).total.exact
    for given, most, apart in ((place, count, 0), (place, count - 1, 1), (index, 0, 0)):
        monkeypatch.setattr(exports, "MOST_HERE", most)
        client = create_app(given).test_client()
        for form in ("ledger", "csv"):
            with client.get(f"/export?q=教育局&format={form}&level=paragraph") as response:
                assert response.status_code == 200
                assert len(exporters()) == apart
            assert exporters() == []


@pytest.mark.parametrize("form", FORMATS)
def test_answer_is_the_same(app: Flask, place: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers and rows are those of a file made by the server itself, with filters and links."""
    asked = f"/export?q=局&format={form}&level=resolution&from=2024-01-03&to=2024-01-09&body=云川市人民政府"
    apart = app.test_client().get(asked, buffered=True)
    monkeypatch.setattr(exports, "MOST_HERE", 1 << 30)
    here = app.test_client().get(asked, buffered=True)
    assert (apart.status_code, apart.headers["Content-Type"]) == (200, here.headers["Content-Type"])
    assert apart.headers["Content-Disposition"] == here.headers["Content-Disposition"]
    if form not in ("xlsx", "docx"):  # packages are compared by members in tests/indexer/test_exporter.py
        assert "http://localhost/meetings/" in apart.text
        assert TIME.sub("", apart.text) == TIME.sub("", here.text)


def test_client_that_goes_away_ends_the_process(app: Flask) -> None:
    """Who reads a little and closes the socket leaves no process behind, and the thread answers others."""
    with served(app, Settings(threads=1)) as (_, address):
        with socket.create_connection(address, timeout=PATIENCE) as client:
            client.sendall(b"GET /export?format=csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            assert len(exporters()) == 1
        wait_until(lambda: exporters() == [])
        connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
        connection.request("GET", "/api/v1/search?q=%E6%95%99%E8%82%B2")
        assert connection.getresponse().status == 200
        connection.close()


def test_killed_process_cuts_the_answer(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """A file whose process dies on the way is no whole file: the answer ends without its end, and the log says so."""
    caplog.set_level(logging.WARNING)
    with served(app) as (_, address):
        connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
        connection.request("GET", "/export?format=jsonl")
        answer = connection.getresponse()
        assert answer.status == 200
        assert "export" in json.loads(answer.readline())
        (process,) = exporters()
        os.kill(process, signal.SIGKILL)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        connection.close()
    assert exporters() == []
    assert any("信号 9" in str(record.exc_info and record.exc_info[1]) for record in caplog.records)


def test_server_that_stops_leaves_no_process(app: Flask) -> None:
    """A server that is told to stop gives a file the time of an answer, and takes its process with it."""
    with served(app, Settings(timeout=1)) as (_, address):
        client = socket.create_connection(address, timeout=PATIENCE)
        client.sendall(b"GET /export?format=csv HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
        assert len(exporters()) == 1
    wait_until(lambda: exporters() == [])
    client.close()


@pytest.mark.parametrize("path", ["/export?q=教育", "/export?format=xlsx"])
def test_what_only_the_other_process_finds_is_told_by_the_status(app: Flask, tmp_path: Path, path: str) -> None:
    """An index that another process cannot open is a 503 that says what one says that was never there."""
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    app.extensions[holder.EXTENSION]._place = tmp_path / "none"
    apart, never = client.get(path, buffered=True), create_app(tmp_path / "none").test_client().get(path)
    assert (apart.status_code, apart.text) == (503, never.text)


def test_damaged_index_gives_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the index that is cut, before the server looks or under it, is a 503, and no process stays."""
    monkeypatch.setattr(exports, "MOST_HERE", 0)
    monkeypatch.setattr(holder, "DAMAGED_SECONDS", 0.0)
    place = long_index(tmp_path / "index")
    client = create_app(place).test_client()
    file = next(place.glob("*.arr"))
    sound = file.read_bytes()
    for _ in range(2):
        with client.get("/export") as response:
            assert response.status_code == 200
        file.write_bytes(sound[: len(sound) // 2])
        assert client.get("/export").status_code == 503
        assert create_app(place).test_client().get("/export").status_code == 503
        file.write_bytes(sound)
    assert exporters() == []


def test_answers_without_a_body_leave_no_process(app: Flask, place: Path) -> None:
    """Who asks for headers alone, or is told that the index is damaged after all, leaves no process behind."""
    manifest = place / "manifest.json"
    sound = manifest.read_bytes()

    def harmed() -> Response:
        holder.held_index()
        response = file_response(export_apart(place, "", "csv"), "a.csv", CSV)
        assert len(exporters()) == 1
        manifest.write_bytes(sound[:40])
        return response

    app.add_url_rule("/harmed", view_func=harmed)
    with served(app) as (_, address):
        connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
        connection.request("HEAD", "/export")
        assert connection.getresponse().status == 200
        connection.close()
        wait_until(lambda: exporters() == [])
    try:
        assert app.test_client().get("/harmed").status_code == 503
        assert exporters() == []
    finally:
        manifest.write_bytes(sound)


def test_refused_process_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the system starts no process, the answer is 503 and says why to who looks after the server."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with app.test_client().get("/export?q=教育局&format=csv") as response:
        assert response.status_code == 503
        assert "系统不能再启动进程" in response.text
