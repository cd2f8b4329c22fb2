"""Lines of the log: one an event, whole, with the id of its request, and without what anybody looks for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from indexer.search import Index
from indexer.settings import Settings
from search_web import create_app, logs


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Put the root logger back as the test found it."""
    root = logging.getLogger()
    handlers, level, access = root.handlers[:], root.level, logs.access.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logs.access.setLevel(access)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_access_without_what_is_looked_for(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    """A request is a JSON object with route, status, client and time, and with no word of its query or path."""
    logs.set_up("json", "route")
    client = create_app(index, replace(Settings(), access_log="route")).test_client()
    response = client.get("/search?q=秘而不宣", buffered=True)
    client.get("/people/林致远").close()
    out, err = capsys.readouterr()
    first, second = lines(err)
    assert out == ""
    assert first["route"] == "/search"
    assert (first["status"], first["method"], first["client"], first["level"]) == (200, "GET", "127.0.0.1", "info")
    assert first["request"] == response.headers["X-Request-ID"]
    assert isinstance(first["seconds"], float)
    assert second["route"] == "/people/<path:name>"
    assert "秘而不宣" not in err
    assert "林致远" not in err
    assert first["request"] != second["request"]


def test_full_access_is_asked_for(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks for it gets the whole address; by default there is no line at all."""
    for access_log, expected in (("full", 1), ("no", 0)):
        logs.set_up("text", access_log)  # type: ignore[arg-type]  # both are
        create_app(index, replace(Settings(), access_log=access_log)).test_client().get("/search?q=ab").close()  # type: ignore[arg-type]
        err = capsys.readouterr().err
        assert err.count("\n") == expected
        assert ("url=/search?q=ab" in err) == bool(expected)


def test_an_error_has_the_id_of_its_request(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody foresaw is logged with its trace and the id that the answer bears."""
    for form in ("json", "text"):
        logs.set_up(form, "no")  # type: ignore[arg-type]  # both are
        app = create_app(index)
        app.add_url_rule("/broken", view_func=lambda: 1 / 0, endpoint="broken")
        response = app.test_client().get("/broken")
        err = capsys.readouterr().err
        assert response.status_code == 500
        assert "ZeroDivisionError" in err
        assert response.headers["X-Request-ID"] in err
        assert "ZeroDivisionError" not in response.text


def test_ids_are_taken_from_proxies_alone(index: Index) -> None:
    """A request keeps the id that a trusted proxy gave it, if it is one; nobody else names it."""
    given = {"X-Request-ID": "abc-0123456789"}
    behind = create_app(index, replace(Settings(), proxies=1, public=True)).test_client()
    assert behind.get("/help", headers=given).headers["X-Request-ID"] == "abc-0123456789"
    for bad in ("x", "a b c d e f g", "<script>alert</script>", "x" * 65):
        assert behind.get("/help", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad
    alone = create_app(index).test_client().get("/help", headers=given).headers["X-Request-ID"]
    assert alone != "abc-0123456789"
    assert len(alone) == 16


@pytest.mark.parametrize("form", [logs.JsonLines(), logs.TextLines()], ids=["json", "text"])
def test_no_line_can_be_forged(form: logging.Formatter) -> None:
    """Line ends and control signs of what came in end no line and reach no terminal; half a character is no error."""
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "name %s", ("a\r\nb\x1b[2J\u2028c\udc80",), None)
    line = form.format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    line.encode("utf-8")


def test_a_trace_is_set_in(capsys: pytest.CaptureFixture[str]) -> None:
    """In the text form the lines of a trace cannot be taken for events."""
    logs.set_up("text", "no")
    try:
        raise ValueError("first\n2026-01-01 error forged")
    except ValueError:
        logging.getLogger("x").exception("failed")
    first, *rest = capsys.readouterr().err.splitlines()
    assert "error x: failed" in first
    assert rest
    assert all(line.startswith("    ") for line in rest)
