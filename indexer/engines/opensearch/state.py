"""The one document that tells what an index holds: its generation, its totals, and who writes to it.

Readers see a commit when this document changes, and all of it at once. It is written only where it still is what was
read, so that of two writers one is told; the lock is a lease in the same document, and a writer whose lease was taken
over cannot commit.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from indexer.engines.opensearch.connection import WRITING, Conflict, Connection, Missing
from indexer.errors import IndexLocked, IndexMissing

ID = "state"
# Seconds that a lease lasts beyond its last renewal, and after which it is renewed.
LEASE, RENEWED = 900, 60
# The leases of transactions that are open in this process: of one that could not let go, no more is to be waited for.
HELD: set[str] = set()


@dataclass(frozen=True, slots=True)
class State:
    """What an index holds. `before` is the generation before; `number` the last transaction begun; `order` the next
    place of a passage; `open` the transaction that may have left documents behind; `token`, `holder` and `until` the
    lease of the writer, empty for none.
    """

    generation: int = 0
    before: int = 0
    number: int = 0
    order: int = 0
    meetings: int = 0
    documents: int = 0
    passages: int = 0
    characters: int = 0
    committed: float = 0.0
    open: int = 0
    token: str = ""
    holder: str = ""
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Read:
    """A state as it was read: the index behind the alias, and the version that a writer must find unchanged."""

    index: str
    state: State
    version: tuple[int, int]


def read(connection: Connection, name: str) -> Read:
    """Return the state of an index; raise IndexMissing."""
    try:
        found = connection.ask("GET", f"/{name}/_doc/{ID}", routing=ID)
    except Missing as error:
        raise IndexMissing(str(connection.address)) from error
    return Read(found["_index"], State(**found["_source"]["state"]), (found["_seq_no"], found["_primary_term"]))


def write(connection: Connection, last: Read, state: State) -> Read:
    """Replace the state that was read; raise IndexLocked where another has done so since."""
    number, term = last.version
    body: dict[str, Any] = {"what": "state", "born": 0, "state": asdict(state)}
    path = f"/{last.index}/_doc/{ID}"
    try:
        told = connection.ask("PUT", path, body, patience=WRITING, routing=ID, if_seq_no=number, if_primary_term=term)
    except Conflict as error:
        # An answer that was lost on its way makes the second attempt conflict with the first.
        found = read(connection, last.index)
        if found.state != state:
            raise IndexLocked(str(connection.address), found.state.holder) from error
        return found
    return Read(last.index, state, (told["_seq_no"], told["_primary_term"]))


def begin(connection: Connection, name: str) -> Read:
    """Take the lease of an index; raise IndexLocked while another writer has it."""
    last = read(connection, name)
    state = last.state
    if state.token and state.until > time.time() and not _gone(state):
        raise IndexLocked(str(connection.address), state.holder)
    taken = write(connection, last, leased(replace(state, token=secrets.token_hex(8), holder=_self())))
    HELD.add(taken.state.token)
    return taken


def leased(state: State) -> State:
    """Return the state with its lease renewed."""
    return replace(state, until=time.time() + LEASE)


def released(state: State) -> State:
    """Return the state with nobody writing."""
    return replace(state, token="", holder="", until=0.0)


def _self() -> str:
    return f"{socket.gethostname()} 进程 {os.getpid()}"


def _gone(state: State) -> bool:
    """Tell whether the holder was a process of this machine that is no more, or an ended transaction of this one."""
    if state.holder == _self():
        return state.token not in HELD
    host, _, pid = state.holder.rpartition(" 进程 ")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
