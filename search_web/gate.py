"""Turns requests away at once when there are more than a server can do, instead of letting them wait ever longer.

Wraps the application itself: what is turned away costs no session, no template and no index, so that a server that
has too much to do spends its time on what it has taken. Two counts are kept:

    waiting   requests that wait for a thread, as the server tells; beyond `most` the one at hand is turned away
    heavy     whole files on their way to clients, which keep a thread while they are read; at most half of all

Most files are small and gone in some milliseconds, so one that finds no place waits a moment for one before it is
turned away. Whoever waits keeps a thread, too, and of those that are left for searches at most half may.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from search_web.guard import is_heavy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

RETRY_SECONDS = 2
# How long a whole file waits for a place.
PATIENCE_SECONDS = 1.0
_PROGRAMS = ("/api/", "/healthz", "/metrics", "/openapi.json", "/feed.atom", "/cite/")
_BUSY = "请求过多，服务器一时忙不过来，请稍后再试"
_PAGE = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>503</title>'
    f"<h1>请稍后再试</h1><p>{_BUSY}。</p>"
    "<p>Too many requests at the moment; please try again in a few seconds.</p></html>"
)


class Gate:
    """A WSGI application around another one."""

    def __init__(
        self,
        app: WSGIApplication,
        *,
        waiting: Callable[[], int],
        most: int,
        threads: int,
        told: Callable[[], None],
    ) -> None:
        """Take the server's count of what waits and its bounds; `told` is called for what is turned away."""
        self._app, self._waiting, self._most, self._told = app, waiting, most, told
        heavy = max(1, threads // 2)
        self._heavy = threading.BoundedSemaphore(heavy)
        self._patient = threading.Semaphore((threads - heavy) // 2)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if self._waiting() > self._most:
            return self._turn_away(path, start_response)
        if not is_heavy(path):
            return self._app(environ, start_response)
        if not self._place():
            return self._turn_away(path, start_response)
        try:
            return _Held(self._app(environ, start_response), self._heavy.release)
        except BaseException:
            self._heavy.release()
            raise

    def _place(self) -> bool:
        """Take a place for a whole file, and wait for one where that leaves threads for searches."""
        if self._heavy.acquire(blocking=False):
            return True
        if not self._patient.acquire(blocking=False):
            return False
        try:
            return self._heavy.acquire(timeout=PATIENCE_SECONDS)
        finally:
            self._patient.release()

    def _turn_away(self, path: str, start_response: StartResponse) -> Iterable[bytes]:
        self._told()
        problem = {"type": "about:blank", "title": "请稍后再试", "status": 503, "detail": _BUSY, "instance": path}
        program = path.startswith(_PROGRAMS)
        body = (json.dumps(problem, ensure_ascii=False) + "\n" if program else _PAGE).encode("utf-8", "replace")
        start_response(
            "503 Service Unavailable",
            [
                ("Content-Type", "application/problem+json" if program else "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Retry-After", str(RETRY_SECONDS)),
                ("Cache-Control", "no-store"),
                ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [body]


class _Held:
    """An answer that gives back what it holds once the server has closed it."""

    def __init__(self, parts: Iterable[bytes], release: Callable[[], None]) -> None:
        self._parts, self._release = parts, release

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        """Close the answer itself and give back, once."""
        release, self._release = self._release, _nothing
        try:
            close: Any = getattr(self._parts, "close", None)
            if close:
                close()
        finally:
            release()


def _nothing() -> None:
    """Stand where there is nothing left to give back."""
