"""What a server refuses is told in one line each; what may pass is asked again; nothing half written is seen."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made import document
from opensearch_nodes import Cluster
from refusing import answering

from indexer.engines.choose import open_engine
from indexer.engines.engine import Wanted
from indexer.engines.opensearch import connection, mapping, state, writer
from indexer.engines.opensearch.address import PASSWORD, USER, read
from indexer.engines.opensearch.connection import Connection
from indexer.engines.opensearch.engine import OpenSearchEngine
from indexer.errors import IndexFailed, IndexLocked, IndexMissing, IndexOutdated, IndexRefused, IndexUnreachable
from indexer.query.parse import parse

ROOT = Path(__file__).resolve().parents[4]
EDUCATION = Wanted(parse("教育"), match="exact")


def failing(kind: str, reason: str) -> dict[str, Any]:
    return {"error": {"type": kind, "reason": reason, "root_cause": []}}


def served(place: str) -> OpenSearchEngine:
    engine = open_engine(place, create=True)
    assert isinstance(engine, OpenSearchEngine)
    return engine


def test_nobody_there() -> None:
    """A server that does not answer is told with its address and why."""
    with pytest.raises(IndexUnreachable, match=r"opensearch:http://127\.0\.0\.1:9/m.*无法连接"):
        open_engine("opensearch:http://127.0.0.1:9/m")


@pytest.mark.parametrize(("status", "why"), [(401, "用户名或密码不对"), (403, "没有权限")])
def test_wrong_credentials(status: int, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is not let in is told where the credentials come from, and reads no password."""
    monkeypatch.setenv(USER, "reader")
    monkeypatch.setenv(PASSWORD, "secret")
    refusal = status, failing("security_exception", "no")
    with answering(lambda *_: refusal) as host, pytest.raises(IndexRefused, match=why) as error:
        open_engine(f"opensearch:http://{host}/m")
    assert USER in str(error.value)
    assert "secret" not in str(error.value)


def test_server_errors_are_told() -> None:
    """An error of the server is told with its status and its own words, at once where it does not pass."""
    told = 500, failing("fatal", "out of\nmemory")
    with answering(lambda *_: told) as host, pytest.raises(IndexFailed, match="500：fatal：out of memory"):
        open_engine(f"opensearch:http://{host}/m")


def test_what_passes_is_asked_again() -> None:
    """A node that is busy is asked again until it answers, and one that lost another one in the middle of a search."""
    lost = failing("search_phase_execution_exception", "all shards failed")
    lost["error"]["root_cause"] = [{"type": "node_disconnected_exception", "reason": "[node2] disconnected"}]
    busy = (503, failing("unavailable", "no node")), (429, failing("rejected", "queue full"))
    told = iter([*busy, (500, lost), (200, {"ok": 1})])
    with answering(lambda *_: next(told)) as host, closing(Connection(read(f"http://{host}/m"))) as asking:
        assert asking.ask("GET", "/") == {"ok": 1}


def test_patience_ends() -> None:
    """A node that stays busy is an error, of the time-outs of its own too."""
    told = 504, failing("timeout", "shards do not answer")
    with (
        answering(lambda *_: told) as host,
        closing(Connection(read(f"http://{host}/m"))) as asking,
        pytest.raises(IndexFailed, match="504"),
    ):
        asking.ask("GET", "/", patience=0.2)


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request without an answer ends after a while."""
    monkeypatch.setattr(connection, "TIMEOUT", 0.2)

    def silent(*_: str) -> tuple[int, Any]:
        time.sleep(0.6)
        return 200, {}

    with (
        answering(silent) as host,
        closing(Connection(read(f"http://{host}/m"))) as asking,
        pytest.raises(IndexUnreachable, match="没有回答"),
    ):
        asking.ask("GET", "/", patience=0.1)


def test_rejected_documents_are_sent_again() -> None:
    """Of a bulk, what the server had no room for is sent again, and only that."""
    bodies: list[list[str]] = []

    def bulk(_method: str, _path: str, body: str) -> tuple[int, Any]:
        bodies.append(body.splitlines())
        busy = {"index": {"_id": "b", "status": 429, "error": {"type": "rejected", "reason": "queue full"}}}
        done = {"index": {"_id": "a", "status": 201}}
        gone = {"delete": {"_id": "c", "status": 404}}
        if len(bodies) == 1:
            return 200, {"errors": True, "items": [done, busy, gone]}
        return 200, {"errors": False, "items": [done]}

    lines = ['{"index":{"_id":"a"}}', "{}", '{"index":{"_id":"b"}}', '{"b":1}', '{"delete":{"_id":"c"}}']
    with answering(bulk) as host, closing(Connection(read(f"http://{host}/m"))) as asking:
        asking.bulk(lines, "m")
    assert bodies == [lines, lines[2:4]]


def test_refused_documents_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that can never be written, or not for too long, ends the build with one line."""
    monkeypatch.setattr(connection, "WRITING", 0.3)

    def bulk(_method: str, _path: str, body: str) -> tuple[int, Any]:
        status = 429 if "busy" in body else 400
        return 200, {
            "errors": True,
            "items": [{"index": {"_id": "a", "status": status, "error": {"type": "why", "reason": "so"}}}],
        }

    with answering(bulk) as host, closing(Connection(read(f"http://{host}/m"))) as asking:
        with pytest.raises(IndexFailed, match="400：a why：so"):
            asking.bulk(['{"index":{"_id":"a"}}', "{}"], "m")
        with pytest.raises(IndexFailed, match="429"):
            asking.bulk(['{"index":{"_id":"busy"}}', "{}"], "m")


def test_certificates_are_checked(tmp_path: Path) -> None:
    """A certificate that nobody vouches for is refused."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = made.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    pem = tmp_path / "one.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    with answering(lambda *_: (200, {}), context) as host, pytest.raises(IndexUnreachable, match="证书无法核实"):
        open_engine(f"opensearch:https://{host}/m")


def test_an_index_that_is_not_there(cluster: Cluster) -> None:
    """An index that is not there is told as such and not made."""
    for _ in range(2):
        with pytest.raises(IndexMissing):
            open_engine(f"{cluster.place}/nowhere")


def test_an_index_of_another_version(place: str) -> None:
    """An index of another mapping or segmenter is refused, with both versions."""
    with closing(served(place)) as engine:
        marks = mapping.marks()
        marks["gongwen"]["format"] = 99
        engine.connection.ask("PUT", f"/{engine.name}/_mapping", {"_meta": marks})
    with pytest.raises(IndexOutdated, match="opensearch 99"):
        open_engine(place)


def test_two_writers(place: str) -> None:
    """While one writes, another is told who does; the lease of one that is gone is taken over."""
    with closing(served(place)) as engine:
        with engine.writing(), pytest.raises(IndexLocked, match="进程"), engine.writing():
            raise AssertionError
        with engine.writing() as writing:
            last = state.read(engine.connection, engine.name)
            state.write(engine.connection, last, state.released(last.state))
            writing.put(document("a", ["教育"]), ())
            with pytest.raises(IndexLocked):
                writing.commit()
            state.begin(engine.connection, engine.name)
            engine_now = state.read(engine.connection, engine.name)
            writing._read = engine_now  # type: ignore[attr-defined]  # so that leaving finds its own lease


# Puts two records, of which one replaces another, until both are on the server, and dies.
DYING = """
import os, sys
sys.path[:0] = {paths!r}
from made import document
from indexer.engines.choose import open_engine
from indexer.engines.opensearch import writer
writer.BULK = 1
with open_engine({place!r}).writing() as writing:
    writing.put(document("new", ["新的教育"]), ())
    writing.put(document("old", ["别的内容"]), ())
    writing._mark_replaced()
    writing._flush()
    os._exit(9)
"""


def test_a_writer_that_died(place: str) -> None:
    """What a writer left that died is never seen, is no hindrance, and is cleared away by the next one."""
    with closing(served(place)) as engine:
        with engine.writing() as writing:
            writing.put(document("old", ["旧的教育", "教育"]), ())
            writing.commit()
        script = DYING.format(paths=[str(ROOT), str(ROOT / "tests/support")], place=place)
        assert subprocess.run([sys.executable, "-c", script], check=False, timeout=300).returncode == 9
        writer.refresh(engine.connection, engine.name)
        assert {hit.text for hit in engine.find(EDUCATION).hits} == {"旧的教育", "教育"}
        assert list(engine.check()) == []
        with engine.writing() as writing:
            writing.put(document("third", ["第三份教育"]), ())
            writing.commit()
        assert {hit.text for hit in engine.find(EDUCATION).hits} == {"旧的教育", "教育", "第三份教育"}
        assert list(engine.check()) == []
        # Three passages, two records and the state: nothing else is left.
        assert engine.connection.ask("GET", f"/{engine.name}/_count")["count"] == 6


def test_what_is_dead_goes_with_the_next_but_one(place: str) -> None:
    """A version that no reader sees any more is deleted; the one that readers may still be at stays."""
    with closing(served(place)) as engine:
        counts = []
        for number in range(4):
            with engine.writing() as writing:
                writing.put(document("a", [f"教育{number}"]), ())
                writing.commit()
            counts.append(engine.connection.ask("GET", f"/{engine.name}/_count")["count"])
        assert counts == [3, 5, 7, 7]
        assert [hit.text for hit in engine.find(EDUCATION).hits] == ["教育3"]


def test_a_bulk_that_is_refused_shows_nothing(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes no more ends the build; readers and the next build see nothing of what it took."""
    monkeypatch.setattr(writer, "BULK", 1)
    with closing(served(place)) as engine:
        with engine.writing() as writing:
            writing.put(document("a", ["教育"]), ())
            writing.commit()

        def build(blocked: bool = False) -> None:
            with engine.writing() as writing:
                writing.put(document("b", ["教育"]), ())
                if blocked:
                    block(True)
                writing.put(document("c", ["教育"]), ())
                writing.commit()

        def block(on: bool) -> None:
            engine.connection.ask("PUT", f"/{engine.name}/_settings", {"index.blocks.write": on})

        with pytest.raises(IndexFailed, match="index write"):
            build(blocked=True)
        assert engine.find(EDUCATION).exact == 1
        block(False)
        build()
        assert engine.find(EDUCATION).exact == 3
        assert list(engine.check()) == []
