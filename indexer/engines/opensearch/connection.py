"""Requests to a cluster: a method, a path and a body go in, the server's JSON comes out, or one error of our tree.

A node that does not answer is passed over for the next one; what a node cannot do at the moment (it is busy, or a copy
of a shard is being replaced) is asked again for a while. The only module that imports the client library.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,
    ConnectionTimeout,
    SSLError,
    TransportError,
)

from indexer.engines.opensearch.address import Address
from indexer.errors import IndexFailed, IndexRefused, IndexUnreachable

log = logging.getLogger(__name__)
# The client logs each failure with its traceback, asked again or not; what remains of them is told by our errors.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)
Json = dict[str, Any]

# Seconds: for one answer, and for how long a request is repeated when a person waits or a build does.
TIMEOUT = 60
READING, WRITING = 6.0, 120.0
# Requests that run beside those of the threads that answer; more of them wait.
BESIDE = 8
# Connections that are kept open to each node; the client keeps one by itself, and makes every further one anew.
KEPT = 2 * BESIDE
# What may be otherwise in a moment: too many requests, no node, no active copy, a node's own time-out.
PASSING = (429, 502, 503, 504)
# A node that was lost between the steps of a search, which the node that was asked tells as an error of its own (500).
LOST = ("node_disconnected", "node_not_connected", "node_closed", "connect_transport")


class Missing(Exception):
    """The server has no such index or document."""


class Conflict(Exception):
    """The document is not what it was when it was read."""


class Connection:
    """Safe to share by threads."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client = OpenSearch(
            hosts=list(address.nodes),
            http_auth=address.user,
            verify_certs=True,
            ca_certs=address.authority,
            timeout=TIMEOUT,
            pool_maxsize=KEPT,
            max_retries=max(1, len(address.nodes) - 1),
            # A node that was gone is tried again soon: it is asked only when its turn comes.
            dead_timeout=2,
            timeout_cutoff=1,
        )
        # For what is asked at the same time as something else.
        self.beside = ThreadPoolExecutor(BESIDE, "beside")

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        patience: float = READING,
        **params: Any,
    ) -> Json:
        """Send a request; repeat it for `patience` seconds while the reason of a failure may pass.

        Raises:
            Missing, Conflict: the server has answered so.
            IndexUnreachable, IndexRefused, IndexFailed: there is no answer.
        """
        until = time.monotonic() + patience
        pause = 0.05
        while True:
            try:
                return self._sent(method, path, body, params)
            except IndexUnreachable:
                if time.monotonic() + pause > until:
                    raise
            except IndexFailed as error:
                passing = error.status in PASSING or error.reason.startswith(LOST)
                if not passing or time.monotonic() + pause > until:
                    raise
            log.info("asking %s %s again in %.2f s", method, path, pause)
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _sent(self, method: str, path: str, body: object, params: Mapping[str, Any]) -> Json:
        text = json.dumps(body, ensure_ascii=True) if isinstance(body, Mapping) else body
        try:
            found = self._client.transport.perform_request(method, path, params=dict(params), body=text)
        except SSLError as error:
            raise IndexUnreachable(self.address, f"服务器的证书无法核实（{_line(error.error)}）") from error
        except ConnectionTimeout as error:
            raise IndexUnreachable(self.address, f"{TIMEOUT} 秒内没有回答") from error
        except ConnectionError as error:
            raise IndexUnreachable(self.address, f"无法连接（{_line(error.error)}）") from error
        except (AuthenticationException, AuthorizationException) as error:
            kind, reason = _reason(error)
            if kind == "cluster_block_exception":
                # A full disk, most likely: the server lets nobody write then.
                raise IndexFailed(self.address, int(error.status_code), reason) from error
            raise IndexRefused(self.address, int(error.status_code)) from error
        except TransportError as error:
            raise self._told(error) from error
        return found if isinstance(found, dict) else {"found": found}

    def _told(self, error: TransportError) -> Exception:
        """Return what an answer that is an error means."""
        status = error.status_code if isinstance(error.status_code, int) else 500
        kind, reason = _reason(error)
        if status == 404:
            return Missing(f"{kind}: {reason}")
        if status == 409:
            return Conflict(reason)
        return IndexFailed(self.address, status, f"{kind}：{reason}")

    def bulk(self, lines: list[str], index: str) -> None:
        """Write documents; those that the server has no room for are sent again, until WRITING seconds have passed.

        Args:
            lines: an action and its document by turns, as JSON; an action that deletes has no document.
            index: the index that is written to.

        Raises:
            IndexFailed: a document was refused for good, or for too long.
        """
        until, pause = time.monotonic() + WRITING, 0.1
        while lines:
            answer = self.ask("POST", f"/{index}/_bulk", "\n".join(lines) + "\n", patience=WRITING)
            lines, refused = _left(lines, answer)
            if lines and time.monotonic() > until:
                raise IndexFailed(self.address, 429, refused)
            if lines:
                log.info("%d lines of a bulk are sent again: %s", len(lines), refused)
                time.sleep(pause)
                pause = min(2 * pause, 5.0)
            elif refused:
                raise IndexFailed(self.address, 400, refused)

    def close(self) -> None:
        self.beside.shutdown()
        self._client.close()


def _left(lines: list[str], answer: Json) -> tuple[list[str], str]:
    """Return the lines to send again, and why; no lines and a reason where one can never be written."""
    if not answer["errors"]:
        return [], ""
    again: list[str] = []
    reason = ""
    at = 0
    for item in answer["items"]:
        [(action, told)] = item.items()
        size = 1 if action == "delete" else 2
        status = told["status"]
        # What is to be deleted may be gone already: a bulk may come twice.
        if status >= 300 and not (action == "delete" and status == 404):
            reason = f"{told['_id']} {told['error']['type']}：{told['error']['reason']}"
            if status not in PASSING:
                return [], reason
            again += lines[at : at + size]
        at += size
    return again, reason


def _reason(error: TransportError) -> tuple[str, str]:
    info = error.info if isinstance(error.info, dict) else {}
    told = info.get("error", {})
    if not isinstance(told, dict):
        return str(error.error), _line(told)
    causes = [told, *told.get("root_cause", ()), *(f.get("reason", {}) for f in told.get("failed_shards", ()))]
    deepest = next((c for c in reversed(causes) if c.get("reason")), told)
    return str(deepest.get("type", error.error)), _line(deepest.get("reason", ""))


def _line(told: object) -> str:
    """Return what a server or library says as one short line."""
    return " ".join(str(told).split())[:200]


Asking = Callable[..., Json]
