"""Requests that no browser sends, byte by byte to a real server: refused or answered like any other, never a 500."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from served import body, get, send, served, status

from indexer.report import RecordHead, path_of
from indexer.search import Index
from indexer.settings import Settings
from search_web import create_app
from search_web.serving import MOST_BODY, MOST_HEAD

Address = tuple[str, int]
SEARCH = "/api/v1/search?q=%E5%B8%82"


@pytest.fixture(scope="module")
def address(index: Index) -> Iterator[Address]:
    """A running server that asks nobody to sign in."""
    with served(create_app(index)) as (_, where):
        yield where


@pytest.fixture(scope="module")
def closed(index: Index) -> Iterator[Address]:
    """A running server that believes the header of a proxy that is not this machine."""
    settings = replace(Settings(), auth="header", trusted="192.0.2.1")
    with served(create_app(index, settings)) as (_, where):
        yield where


SMUGGLED = [
    b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /about HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
    b"Content-Length: +5\r\n\r\nhello",
    b"Content-Length: -1\r\n\r\n",
    b"Content-Length: 0x5\r\n\r\nhello",
    b"Content-Length : 5\r\n\r\nhello",
    b"X: a\nY: b\r\n\r\n",
    b"X: a\rY: b\r\n\r\n",
    b"X: a\0b\r\n\r\n",
    b" folded: yes\r\n\r\n",
    b": no name\r\n\r\n",
    b"no colon\r\n\r\n",
]


@pytest.mark.parametrize("rest", SMUGGLED)
def test_nothing_is_smuggled(address: Address, rest: bytes) -> None:
    """A message with two lengths, a strange coding or a broken header is refused, or is one message and no second."""
    answer = send(address, b"GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + rest)
    assert answer.count(b"HTTP/1.") == 1
    assert status(answer) in (200, 400, 501)
    assert b'id="about"' not in answer


@pytest.mark.parametrize(
    "line",
    [
        b"GET /help",
        b"GET  /help HTTP/1.1",
        b"GET /help HTTP/9.9",
        b"GET /help\0 HTTP/1.1",
        b"GET http://evil.example/help HTTP/1.1",
        b"GET //evil.example/help HTTP/1.1",
        b"GET * HTTP/1.1",
        b"CONNECT evil.example:443 HTTP/1.1",
        b"get /help HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0",
        b"\xff\xfe /help HTTP/1.1",
    ],
)
def test_first_lines(address: Address, line: bytes) -> None:
    """Whatever the first line is, the answer is none of another site and no failure of ours."""
    answer = send(address, line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    if answer:
        assert status(answer) in (200, 308, 400, 404, 405, 505), answer[:200]
        assert b"Location: //" not in answer
        assert b"Location: http://evil" not in answer


def test_underscores_are_no_hyphens(closed: Address) -> None:
    """A header that only looks like the proxy's in an environment of CGI does not sign anybody in."""
    for name in ("X_Remote_User", "X-Remote_User", "x_remote-user", "X-Remote-User"):
        assert status(send(closed, get(SEARCH, f"{name}: root"))) == 403


def test_names_that_are_not_ours(address: Address) -> None:
    """No name, two names, or another site's name is a 400."""
    for headers in (("Host: evil.example",), ("Host:",), ("Host: localhost", "Host: evil.example"), ("Host: a b",)):
        assert status(send(address, get("/help", *headers))) == 400, headers
    assert status(send(address, b"GET /help HTTP/1.0\r\n\r\n")) == 400
    assert status(send(address, b"GET /help HTTP/1.1\r\nConnection: close\r\n\r\n")) == 400


TRAVERSALS = [
    "../settings.py",
    "..%2f..%2fpyproject.toml",
    "..%5c..%5cpyproject.toml",
    "%2e%2e/%2e%2e/pyproject.toml",
    "%252e%252e/pyproject.toml",
    "....//pyproject.toml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "gongwen.css/../../app.py",
    "gongwen.css%00.txt",
    "C:%5cwindows%5cwin.ini",
    "..;/app.py",
    ".",
    "",
    "%c0%ae%c0%ae/app.py",
    "../../.git/config",
    ".git/HEAD",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_files_come_from_our_folder_alone(address: Address, heads: dict[int | None, RecordHead], path: str) -> None:
    """No way of writing a path leads out of the folder of static files, nor to a file by way of a record."""
    for base in ("/static/", f"{path_of(heads[12])}/original/", "/meetings/", "/documents/", "/cite/"):
        answer = send(address, get(base + path))
        assert status(answer) in (200, 302, 308, 400, 404), base
        assert b"root:" not in answer
        assert b"[project]" not in answer
        assert b"create_app" not in answer
        if base == "/static/":
            assert status(answer) != 200


@pytest.mark.parametrize("number", ["0", "-1", "2", "99999999999999999999", "1.0", "%31", "1%2f..", "1/../2", "\u0661"])
def test_originals_are_counted(client: FlaskClient, heads: dict[int | None, RecordHead], number: str) -> None:
    """A file of a record is named by its number alone, and one that is not kept is not there."""
    assert client.get(f"{path_of(heads[12])}/original/{number}").status_code in (404, 308)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW", "get"])
def test_only_reading(address: Address, method: str) -> None:
    """Nothing but GET and its kin is answered, also where a header asks for another method."""
    for path in ("/", "/search?q=a", SEARCH, "/healthz", "/metrics", "/static/gongwen.css", "/export"):
        answer = send(address, get(path, method=method))
        assert status(answer) in (400, 404, 405), (method, path)
        assert b"<script>" not in answer
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        plain = send(address, get(SEARCH, f"{name}: DELETE"))
        assert status(plain) == 200


def test_head_has_no_body(address: Address) -> None:
    """HEAD is GET without its body."""
    for path in ("/help", SEARCH, "/static/gongwen.css", "/metrics"):
        answer = send(address, get(path, method="HEAD"))
        assert status(answer) == 200
        assert answer.endswith(b"\r\n\r\n")


def test_long_addresses_and_headers(address: Address) -> None:
    """What is longer than any query is refused before it is looked at; the longest query is not."""
    longest = "/api/v1/search?q=" + quote("市" * 2000)
    assert status(send(address, get(longest))) == 200
    for request in (
        get("/search?q=" + "a" * MOST_HEAD),
        get("/" + "a/" * MOST_HEAD),
        get("/help", "X: " + "a" * MOST_HEAD),
        get("/help", *(f"X{number}: y" for number in range(MOST_HEAD // 4))),
        get("/help", "Cookie: " + "a=b; " * MOST_HEAD),
    ):
        answer = send(address, request)
        assert not answer or status(answer) in (400, 431)


def test_bodies(address: Address) -> None:
    """A small body is passed over, a large one refused, and one that is said to be large is not waited for."""
    small = b"x" * 100
    head = "GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n"
    assert status(send(address, head.format(len(small)).encode() + small)) == 200
    for length in (MOST_BODY + 1, 10**9, 10**30):
        assert status(send(address, head.format(length).encode())) == 413
    chunked = head.replace("Content-Length: {}", "Transfer-Encoding: chunked").encode()
    assert status(send(address, chunked + b"fff\r\n" + b"x" * 4095 + b"\r\n" + b"0\r\n\r\n")) == 200
    answer = send(address, chunked + (b"fff\r\n" + b"x" * 4095 + b"\r\n") * 8 + b"0\r\n\r\n")
    assert not answer or status(answer) == 413


UNDECODED = ["%ff", "%c3%28", "%e5%b8", "%ed%a0%80", "%f8%88%80%80%80", "%u5e02", "%", "%%%", "%zz", "%00", "\xff\xfe"]


@pytest.mark.parametrize("raw", UNDECODED)
def test_bytes_that_are_no_text(address: Address, raw: str) -> None:
    """Bytes that are no UTF-8, in a query or a path, are a refusal, nothing found, or signs in their place."""
    for path in (
        f"/search?q={raw}",
        f"/api/v1/search?q=a&{raw}=1",
        f"/people/{raw}",
        f"/api/v1/meetings/{raw}",
        f"/{raw}",
    ):
        answer = send(address, get(path))
        assert status(answer) in (200, 400, 404), path
        answer.partition(b"\r\n\r\n")[2].decode("utf-8")


@pytest.mark.parametrize(
    "value",
    [
        "bytes=0-9",
        "bytes=-1",
        "bytes=9-0",
        "bytes=0-,0-,0-",
        "bytes=" + "0-1," * 2000 + "0-1",
        "bytes=a",
        "lines=1",
        "bytes=99999999-",
    ],
)
def test_ranges(address: Address, value: str) -> None:
    """A part of a file is given or refused, many parts are not made, and no page is cut."""
    answer = send(address, get("/static/gongwen.css", f"Range: {value}"))
    assert status(answer) in (200, 206, 416)
    assert b"multipart/byteranges" not in answer
    whole = send(address, get(SEARCH, f"Range: {value}"))
    assert status(whole) == 200
    assert body(whole)["hits"]


@pytest.mark.parametrize(
    "header",
    [
        "Accept-Language: " + "zh-CN;q=0." * 500,
        "Accept-Encoding: gzip;q=NaN, \x01, ,,,,;;;",
        "If-None-Match: " + '"a", ' * 3000,
        "If-Modified-Since: Thu, 99 Foo 9999 99:99:99 GMT",
        "Authorization: Basic ====",
        "Cookie: session=..; \x7f=; a",
        "Forwarded: for=;;;host=evil.example",
        "X-Forwarded-For: " + "1.1.1.1, " * 2000,
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Prefix: /../..",
        "X-Original-URL: /metrics",
        "X-Rewrite-Url: /metrics",
        "Expect: 200-ok",
        "Upgrade: h2c",
        "Connection: close, Host",
        "Referer: javascript:alert(1)",
        "User-Agent: () { :;}; echo",
        "Origin: null",
        "Content-Type: multipart/form-data; boundary=" + "x" * 9000,
    ],
)
def test_headers_change_nothing(address: Address, header: str) -> None:
    """Whatever a header says, the page is the page, and no other site is named in it."""
    answer = send(address, get("/help", header))
    assert status(answer) in (200, 304, 400, 417)
    assert b"evil.example" not in answer
    assert b"Set-Cookie" not in answer


def test_noise(address: Address) -> None:
    """Two hundred messages of random bytes leave a server that answers."""
    chance = random.Random(9)
    for _ in range(200):
        noise = bytes(chance.choice(b"GET /?#%&:;\r\n\0\xff\x7f HTTP1.") for _ in range(chance.randrange(1, 400)))
        answer = send(address, noise)
        assert not answer or status(answer) in (200, 400, 404, 405, 431, 501), noise
    assert status(send(address, get(SEARCH))) == 200
