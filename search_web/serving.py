"""Serves an application from one process by waitress, within bounds that no client can stretch, until told to stop.

waitress bounds threads, connections, headers and bodies. What it leaves open is closed here:

    a request that comes in by drops       cut after HEAD_SECONDS, counted from its first byte
    an answer that nobody reads            cut after STALL_SECONDS without one byte taken
    an answer that takes too long          cut after the setting `timeout`; files have FILE_SECONDS
    connections that only occupy places    the longest idle are closed when places run out
    more requests than threads can do      turned away with 503 (`search_web/gate.py`)

SIGTERM and SIGINT end it gracefully: no new connections, and what is being answered is answered.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.wasyncore import loop

from indexer.settings import Settings
from search_web.gate import Gate
from search_web.guard import is_heavy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_log = logging.getLogger(__name__)

CONNECTIONS = 400  # of one process; each costs some kilobytes
MOST_HEAD = 32 * 1024  # bytes: a query of 2,000 Chinese characters takes 18 kB of a URL
MOST_BODY = 16 * 1024  # nothing here has one
HEAD_SECONDS = 10
IDLE_SECONDS = 60
STALL_SECONDS = 30
FILE_SECONDS = 3600
MOST_AHEAD = 1 << 21  # bytes of an answer that are made before they are read; waitress keeps as many that were


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """A waitress that watches its connections; `run` returns when it was stopped and all is answered.

    Python cannot end a thread from outside. When every thread works on what nobody waits for any more, the server
    stops and `gave_up` is true: whoever started it starts another one.
    """

    def __init__(
        self, app: WSGIApplication, settings: Settings, bound: socket.socket, told: Callable[[], None]
    ) -> None:
        """Take an application, a socket that is bound, and what to call for a request that is turned away."""
        self.stopped = self.gave_up = False
        self._timeout = settings.timeout
        self._next_look = 0.0
        self._begun: dict[Any, float] = {}
        self._answering: dict[Any, tuple[object, float]] = {}
        self._lost: list[Any] = []  # connections that were closed while a thread worked for them
        adjustments = Adjustments(
            sockets=[bound],
            threads=settings.threads,
            ident="",
            connection_limit=CONNECTIONS,
            max_request_header_size=MOST_HEAD,
            max_request_body_size=MOST_BODY,
            outbuf_high_watermark=MOST_AHEAD,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=1,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # the setting `proxies` says what is believed
        )
        gate = Gate(app, waiting=self.waiting, most=settings.waiting, threads=settings.threads, told=told)
        super().__init__(gate, map={}, _sock=bound, adj=adjustments, sockinfo=(bound.family, bound.type, None, None))
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # what waits is bounded and counted here

    def bind_server_socket(self) -> None:
        """Do nothing: the socket was bound when it came."""

    def waiting(self) -> int:
        """Return how many requests wait for a thread."""
        return len(self.task_dispatcher.queue)

    def _look_after(self) -> None:
        """Make room where there is none, and once a second close what goes on for too long.

        Only between two rounds of the loop: within one, the number of a closed connection may be that of a new one.
        """
        if len(self.active_channels) >= CONNECTIONS - 2:  # two places are waitress' own
            self._make_room()
        now = time.time()
        if now < self._next_look:
            return
        self._next_look = now + 1
        channels = list(self.active_channels.values())
        self._begun = {one: self._begun.get(one, now) for one in channels if one.request is not None}
        self._answering = {one: self._since(one, now) for one in channels if one.requests}
        for channel in channels:
            why = self._overdue(channel, now)
            if why:
                _log.warning("connection from %s closed: %s", channel.addr[0], why)
                self._lost += [channel] if channel.requests else []
                channel.handle_close()
        self._lost = [one for one in self._lost if one.requests]
        if len(self._lost) >= self.adj.threads:
            _log.error("all %d threads work on requests whose time is up; the process gives way", self.adj.threads)
            self.stopped = self.gave_up = True

    def _since(self, channel: Any, now: float) -> tuple[object, float]:
        """Return what a connection is being answered now, and since when that was first seen."""
        request = channel.requests[0]
        before = self._answering.get(channel)
        return before if before is not None and before[0] is request else (request, now)

    def _overdue(self, channel: Any, now: float) -> str | None:
        if now - self._begun.get(channel, now) > HEAD_SECONDS:
            return f"no whole request within {HEAD_SECONDS} s"
        if channel.total_outbufs_len and now - channel.last_activity > STALL_SECONDS:
            return f"nothing of its answer read for {STALL_SECONDS} s"
        request, since = self._answering.get(channel, (None, now))
        path = getattr(request, "path", "")
        most = FILE_SECONDS if is_heavy(path) else self._timeout
        return f"no answer within {most} s" if now - since > most else None

    def _make_room(self) -> None:
        """Close a tenth of the connections: the longest idle of those that are not being answered."""
        idle = [one for one in self.active_channels.values() if not one.requests and not one.total_outbufs_len]
        idle.sort(key=lambda one: (one.request is None, one.creation_time if one.request else one.last_activity))
        for channel in idle[: CONNECTIONS // 10]:
            channel.handle_close()

    def stop(self) -> None:
        """Have `run` return soon; may be called from a signal handler or another thread."""
        self.stopped = True
        self.trigger.pull_trigger()

    def run(self) -> None:
        """Serve until stopped; then finish what is being answered, for as long as one request may take."""
        while not self.stopped:
            self._look_after()
            loop(timeout=1, use_poll=True, map=self._map, count=1)
        self.accepting = False
        self.del_channel()
        self.socket.close()
        end = time.monotonic() + (0 if self.gave_up else self._timeout)
        while self._unfinished() and time.monotonic() < end:
            loop(timeout=0.1, use_poll=True, map=self._map, count=1)
        left = self._unfinished()
        if left:
            _log.warning("stopped with %d requests unanswered", left)
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        self.task_dispatcher.shutdown(cancel_pending=True, timeout=1)

    def close(self) -> None:
        """Let go of what a server holds that has stopped, or never ran."""
        self.trigger.close()
        self.socket.close()

    def _unfinished(self) -> int:
        return sum(bool(one.requests or one.total_outbufs_len) for one in self.active_channels.values())


def stop_on_signals(server: Server) -> None:
    """Stop a server on SIGTERM and SIGINT; a second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        return

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
