"""Refuses every connection and every name that is not this machine's; Python imports it first where it is on the path.

Children inherit the path, and so the refusal. What was tried is written to the file that OFFLINE_TRIED names.
"""

from __future__ import annotations

import os
import sys

_LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def _told(event: str, what: object) -> None:
    with open(os.environ["OFFLINE_TRIED"], "a", encoding="utf-8") as stream:  # noqa: PTH123  # as little as can be
        stream.write(f"{event} {what!r}\n")
    raise PermissionError(f"no network: {event} {what!r}")


def _own(host: object) -> bool:
    return str(host) in ("", "None", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::") or str(host).startswith("127.")


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        address = arguments[1]
        if isinstance(address, tuple) and not _own(address[0]):
            _told(event, address)
    elif event in _LOOKED_UP and not _own(arguments[0]):
        _told(event, arguments[0])


sys.addaudithook(_refuse)
