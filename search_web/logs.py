"""What is written down of a running server: one line an event, as text or as JSON, each with its request's id.

    {"time": "…+00:00", "level": "info", "logger": "search_web.access", "message": "GET /search 200",
     "request": "1f0c…", "client": "192.0.2.7", "seconds": 0.012, …}

What people look for is left out: a line of access names the route and not the path, unless the setting
`access_log` is `full`. Passwords, tokens and texts of records are never written.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from indexer.settings import AccessLog, LogForm, Settings
from search_web import origin
from search_web.metrics import Metrics

access = logging.getLogger("search_web.access")

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_FIELDS = ("client", "method", "route", "status", "seconds", "size", "url")
# A line is one line, and a terminal that shows it does nothing else.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request", None),
            **{name: getattr(record, name, None) for name in _FIELDS},
            "trace": self.formatException(record.exc_info) if record.exc_info else None,
        }
        kept = {name: value for name, value in told.items() if value is not None}
        line = json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
        return _CONTROLS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", line)


class TextLines(logging.Formatter):
    """A line for people, with the trace of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "seconds")
        request_id = getattr(record, "request", None)
        about = f" [{request_id}]" if request_id else ""
        extra = "".join(f" {name}={getattr(record, name)}" for name in _FIELDS[4:] if hasattr(record, name))
        line = f"{when} {record.levelname.lower()} {record.name}{about}: {record.getMessage()}{extra}"
        # Set in, so that no line of a trace can be taken for another event.
        trace = self.formatException(record.exc_info).splitlines() if record.exc_info else []
        whole = "\n    ".join(_CONTROLS.sub("�", one) for one in (line, *trace))
        return whole.encode("utf-8", "replace").decode("utf-8")


def set_up(form: LogForm, access_log: AccessLog) -> None:
    """Write what happens to standard error: warnings and errors, and requests where that is wished."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    handler.addFilter(_with_request)
    root = logging.getLogger()
    level = min(root.level, logging.WARNING)
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    access.setLevel(logging.WARNING if access_log == "no" else logging.INFO)


def _with_request(record: logging.LogRecord) -> bool:
    """Add the id of the request that is being answered, if one is."""
    if has_request_context() and not hasattr(record, "request"):
        record.request = g.get("request_id")
    return True


def register(app: Flask, settings: Settings, metrics: Metrics) -> None:
    """Number and time every request, and count and write down what was answered."""

    def begin() -> None:
        given = request.headers.get(HEADER, "") if settings.proxies else ""
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        g.begun = time.perf_counter()

    def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        told = _Answered(response.status_code, settings.access_log)

        def close() -> None:
            told.count(metrics, response)

        if response.direct_passthrough:  # a file that the server sends by itself
            close()
        else:
            response.call_on_close(close)
        return response

    app.before_request(begin)
    app.after_request(end)


class _Answered:
    """One answer, kept until its last byte is made: by then there is no request any more to ask."""

    def __init__(self, status: int, access_log: AccessLog) -> None:
        self.status = status
        self.method = request.method
        self.route = request.url_rule.rule if request.url_rule else "(none)"
        self.begun: float = g.begun
        self.request_id: str = g.request_id
        self.client = origin.client()
        self.access_log = access_log
        self.url = request.full_path.rstrip("?") if access_log == "full" else None

    def count(self, metrics: Metrics, response: Response) -> None:
        seconds = time.perf_counter() - self.begun
        metrics.answered(self.route, self.method, self.status, seconds)
        if self.access_log == "no":
            return
        told = {
            "request": self.request_id,
            "client": self.client,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "seconds": round(seconds, 4),
            "size": response.content_length,
            "url": self.url,
        }
        told = {name: value for name, value in told.items() if value is not None}
        access.info("%s %s %s %s", self.client, self.method, self.route, self.status, extra=told)
