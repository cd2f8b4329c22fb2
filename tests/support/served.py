"""A server as people get it, in a thread of the test, and what hostile clients send to it byte by byte."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask
from waitress.server import create_server

from indexer.settings import Settings
from search_web import metrics
from search_web.serving import Server

PATIENCE = 30  # seconds: a bound against hangs, not a measurement


@contextmanager
def served(app: Flask, settings: Settings | None = None) -> Iterator[tuple[Server, tuple[str, int]]]:
    """Serve an application on a free port; yield the server and its address."""
    bound = socket.create_server(("127.0.0.1", 0))
    address = bound.getsockname()
    server = Server(app, settings or Settings(), bound, metrics.of(app).turned_away)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server, address
    finally:
        server.stop()
        thread.join(PATIENCE)
        server.close()
        assert not thread.is_alive()


@contextmanager
def waiting(app: Flask, threads: int = 4) -> Iterator[int]:
    """Serve an application by waitress as it comes; yield the port."""
    server = create_server(app, host="127.0.0.1", port=0, threads=threads)

    def run() -> None:
        with suppress(OSError):  # closing takes the socket away under the loop that waits on it
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    thread.join(PATIENCE)


def send(address: tuple[str, int], data: bytes) -> bytes:
    """Send bytes and return all that comes back until the server closes.

    That may be nothing: what is refused before it was read to its end is reset, and an answer may be lost with it.
    """
    told = b""
    with socket.create_connection(address, timeout=PATIENCE) as connection, suppress(ConnectionError, BrokenPipeError):
        with suppress(OSError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            told += part
    return told


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    """Return the bytes of a request that closes its connection."""
    lines = [f"{method} {path} HTTP/1.1", "Connection: close", *headers]
    if not any(line.lower().startswith("host:") for line in headers):
        lines.insert(1, "Host: localhost")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def status(answer: bytes) -> int:
    """Return the status of the first answer."""
    return int(answer.split(b" ", 2)[1])


def body(answer: bytes) -> Any:
    """Return the JSON of an answer."""
    return json.loads(answer.partition(b"\r\n\r\n")[2])
