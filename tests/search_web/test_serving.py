"""A real server under clients that mean harm or go too far: it keeps its bounds, and goes on answering the others."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from dataclasses import replace

import pytest
from flask import Flask, Response
from served import PATIENCE, body, get, send, served, status

from indexer.search import Index
from indexer.settings import Settings
from search_web import create_app, serving

SEARCH = "/api/v1/search?q=%E5%B8%82"


@pytest.fixture
def app(index: Index) -> Flask:
    """An application of its own for each test, with a view that waits and one that never ends."""
    made = create_app(index)
    made.extensions["go"] = threading.Event()
    made.extensions["here"] = threading.Semaphore(0)

    def wait() -> str:
        made.extensions["here"].release()
        made.extensions["go"].wait(PATIENCE)
        return "done"

    def endless() -> Response:
        return Response((b"x" * 65536 for _ in iter(int, 1)), mimetype="text/plain")

    made.add_url_rule("/wait", view_func=wait)
    made.add_url_rule("/endless", view_func=endless)
    made.add_url_rule("/original/", endpoint="heavy", view_func=wait)
    return made


@pytest.fixture(autouse=True)
def warned(caplog: pytest.LogCaptureFixture) -> None:
    """Hear warnings, whatever level a command line that was tested before has set."""
    caplog.set_level(logging.WARNING)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of time that a test can wait for."""
    for name in ("HEAD_SECONDS", "STALL_SECONDS"):
        monkeypatch.setattr(serving, name, 1)


def closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection; waits until it does."""
    connection.settimeout(PATIENCE)
    try:
        while connection.recv(1 << 20):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


def test_requests_by_drops_are_cut(app: Flask, hurried: None, caplog: pytest.LogCaptureFixture) -> None:
    """Clients that send a byte now and then keep no place: they are cut, and others are answered meanwhile."""
    with served(app, Settings(threads=2)) as (_, address):
        slow = [socket.create_connection(address, timeout=PATIENCE) for _ in range(20)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        ends = time.monotonic() + PATIENCE
        left = set(slow)
        while left and time.monotonic() < ends:
            assert status(send(address, get(SEARCH))) == 200
            for connection in list(left):
                try:
                    connection.sendall(b"X: y\r\n")
                except OSError:
                    left.remove(connection)
            time.sleep(0.05)
        assert not left
        for connection in slow:
            connection.close()
    assert "no whole request within" in caplog.text


def test_slow_bodies_are_cut(app: Flask, hurried: None) -> None:
    """A body that is promised and does not come ends like a head that does not come."""
    with served(app) as (_, address), socket.create_connection(address, timeout=PATIENCE) as connection:
        connection.sendall(b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nab")
        assert closed(connection)


def test_places_are_for_those_who_ask(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """When idle connections have taken every place, the longest idle go and who asks is answered."""
    monkeypatch.setattr(serving, "CONNECTIONS", 20)
    with served(app) as (_, address):
        idle = [socket.create_connection(address, timeout=PATIENCE) for _ in range(60)]
        for connection in idle[::2]:
            connection.sendall(b"GET / HT")
        for _ in range(5):
            assert status(send(address, get(SEARCH))) == 200
        for connection in idle:
            connection.close()


def test_answers_that_nobody_reads_are_cut(app: Flask, hurried: None) -> None:
    """Clients that ask for much and read nothing give their threads back."""
    with served(app, Settings(threads=2)) as (_, address):
        deaf = [socket.create_connection(address, timeout=PATIENCE) for _ in range(2)]
        for connection in deaf:
            connection.sendall(get("/endless"))
        assert status(send(address, get(SEARCH))) == 200
        for connection in deaf:
            assert closed(connection)
            connection.close()


def test_answers_that_take_too_long_are_cut(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond the time of a request its connection is closed, and the log says so."""
    with served(app, Settings(timeout=1)) as (server, address):
        with socket.create_connection(address, timeout=PATIENCE) as connection:
            connection.sendall(get("/wait"))
            assert closed(connection)
        assert status(send(address, get(SEARCH))) == 200
        app.extensions["go"].set()
        assert not server.gave_up
    assert "no answer within 1 s" in caplog.text


def test_a_server_without_threads_gives_way(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """When every thread is lost to a request that does not end, the server stops, so that another can be started."""
    with served(app, Settings(timeout=1, threads=2)) as (server, address):
        stuck = [socket.create_connection(address, timeout=PATIENCE) for _ in range(2)]
        for connection in stuck:
            connection.sendall(get("/wait"))
        ends = time.monotonic() + PATIENCE
        while _takes(address):
            assert time.monotonic() < ends
            time.sleep(0.1)
        assert server.gave_up
        app.extensions["go"].set()
        for connection in stuck:
            connection.close()
    assert "the process gives way" in caplog.text


def test_what_is_too_much_is_turned_away(app: Flask) -> None:
    """Beyond what may wait, requests get 503 at once with the time to come again; what was taken is answered."""
    with served(app, Settings(threads=2, waiting=3)) as (server, address):
        answers: list[bytes] = []

        def ask(path: str) -> None:
            answers.append(send(address, get(path)))

        busy = [threading.Thread(target=ask, args=("/wait",)) for _ in range(2)]
        for thread in busy:
            thread.start()
            assert app.extensions["here"].acquire(timeout=PATIENCE)
        crowd = [threading.Thread(target=ask, args=(SEARCH if n % 2 else "/help",)) for n in range(12)]
        for thread in crowd:
            thread.start()
        ends = time.monotonic() + PATIENCE
        while server.waiting() < 12 and time.monotonic() < ends:
            time.sleep(0.01)
        assert server.waiting() == 12
        app.extensions["go"].set()
        for thread in (*busy, *crowd):
            thread.join(PATIENCE)
        found = sorted(status(answer) for answer in answers)
        assert found.count(200) >= 2 + 4
        assert found.count(503) >= 12 - 3 - 2
        assert len(found) == found.count(200) + found.count(503) == 14
        turned = [answer for answer in answers if status(answer) == 503]
        assert all(b"Retry-After: 2\r\n" in answer for answer in turned)
        assert {body(answer)["status"] for answer in turned if b"problem+json" in answer} == {503}
        assert any("请稍后再试".encode() in answer and b"text/html" in answer for answer in turned)
        figures = send(address, get("/metrics"))
        assert f"gongwen_turned_away_total {len(turned)}.0".encode() in figures


def test_files_leave_threads_to_searches(app: Flask) -> None:
    """Half of the threads at most send whole files; what is asked for besides is answered, and one more file is not."""
    with served(app, Settings(threads=4)) as (_, address):
        files = [threading.Thread(target=send, args=(address, get("/original/"))) for _ in range(2)]
        for thread in files:
            thread.start()
            assert app.extensions["here"].acquire(timeout=PATIENCE)
        assert status(send(address, get("/original/"))) == 503
        assert status(send(address, get(SEARCH))) == 200
        app.extensions["go"].set()
        for thread in files:
            thread.join(PATIENCE)
        assert status(send(address, get("/original/"))) == 200


def test_what_is_being_answered_is_answered(app: Flask) -> None:
    """A server that is told to stop takes no new connection and finishes what it has."""
    answers: list[bytes] = []
    with served(app) as (server, address):
        thread = threading.Thread(target=lambda: answers.append(send(address, get("/wait"))))
        thread.start()
        assert app.extensions["here"].acquire(timeout=PATIENCE)
        with socket.create_connection(address, timeout=PATIENCE) as idle:
            server.stop()
            ends = time.monotonic() + PATIENCE
            while time.monotonic() < ends and _takes(address):
                time.sleep(0.01)
            assert not _takes(address)
            app.extensions["go"].set()
            thread.join(PATIENCE)
            assert status(answers[0]) == 200
            assert answers[0].endswith(b"done")
            assert closed(idle)


def _takes(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=PATIENCE).close()
    except ConnectionError:
        return False
    return True


def test_a_stop_does_not_wait_for_ever(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """What is not answered within the time of a request is given up, and told."""
    with served(app, replace(Settings(), timeout=1)) as (server, address):
        with socket.create_connection(address, timeout=PATIENCE) as connection:
            connection.sendall(get("/wait"))
            assert app.extensions["here"].acquire(timeout=PATIENCE)
            server.stop()
            assert closed(connection)
        app.extensions["go"].set()
    assert "within 1 s" in caplog.text or "unanswered" in caplog.text


def test_one_connection_many_requests(app: Flask) -> None:
    """A connection is kept for further requests, and pipelined ones are answered in order."""
    with served(app) as (_, address):
        keep = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        answer = send(address, keep * 3 + get("/api/v1/nowhere"))
        assert answer.count(b"HTTP/1.1 200 OK") == 3
        assert answer.count(b"HTTP/1.1 404 ") == 1
        assert json.loads(answer.rpartition(b"\r\n\r\n")[2])["status"] == 404
