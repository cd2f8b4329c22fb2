"""Who goes away in the middle of a download stops it: on a real server, with a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from served import waiting

from indexer.spreadsheet import csv_lines
from indexer.workbook import workbook
from search_web.exports import CSV, file_response

ROWS = 2_000_000  # far more than what sockets and the server hold back
PATIENCE = 60


class Endless:
    """Rows that count themselves and say when nobody wants more."""

    def __init__(self) -> None:
        self.made = 0
        self.ended = threading.Event()

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        try:
            for number in range(ROWS):
                self.made = number
                # Nothing that packs well, so that bytes go out.
                yield tuple(f"{number * factor % 1_000_003:x}{factor}" * 9 for factor in (7919, 104_729, 1_299_709))
        finally:
            self.ended.set()


@pytest.fixture
def rows() -> Endless:
    return Endless()


@pytest.fixture
def port(rows: Endless) -> Iterator[int]:
    """The port of a server that has one endless file of each kind."""
    app = Flask("downloads")
    parts = {
        "csv": lambda: (line.encode() for line in csv_lines(rows)),
        "xlsx": lambda: workbook(("甲", "乙", "丙"), rows, (10, 10, 10)),
    }
    app.add_url_rule("/<form>", view_func=lambda form: file_response(parts[form](), "a.csv", CSV), endpoint="file")
    with waiting(app, threads=1) as port:
        yield port


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_download_stops_when_nobody_takes_it(port: int, rows: Endless, form: str) -> None:
    """The client reads a little and closes its socket; the rows end long before their last, and the thread is free."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(f"GET /{form} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
        assert client.recv(4096)
    assert rows.ended.wait(PATIENCE)
    assert rows.made < ROWS - 1
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(b"GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert client.recv(4096)
