"""Several processes on one index: our own and gunicorn's answer alike, see new commits, and go when told."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from apart import exporters, long_index, wait_until

from indexer.build import build
from indexer.errors import BadParameter, GongwenError
from search_web import exports, wsgi

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds: a bound against hangs, not a measurement
Write = Callable[..., Path]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes where Linux shows them")


@contextmanager
def started(*command: str, cwd: Path, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server and yield it with the address that it prints; if it still runs it must leave with 0 when told."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environ},
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        yield process, address
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
            assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait(PATIENCE)


def get(url: str) -> bytes:
    """Get a URL over a connection of its own, as soon as there is a server."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as reply:
                return bytes(reply.read())
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def meetings(address: str) -> int:
    count: int = json.loads(get(f"{address}/healthz"))["meetings"]
    return count


def counted(address: str, answers: int) -> str:
    """Return the figures once they have so many answers; the last ones are counted when they have been sent."""
    ends = time.monotonic() + PATIENCE
    while True:
        told = get(f"{address}/metrics").decode()
        found = re.search(r'gongwen_requests_total\{[^}]*route="/healthz",status="200"\} (\d+)', told)
        if found and int(found[1]) >= answers:
            return told
        assert time.monotonic() < ends, told
        time.sleep(0.1)


def children(process: subprocess.Popen[str]) -> set[int]:
    """The living processes that a process has started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # gone meanwhile
        if int(parent) == process.pid and state != "Z":
            found.add(int(path.parent.name))
    return found


def settled(process: subprocess.Popen[str], count: int, without: set[int] = frozenset()) -> set[int]:  # type: ignore[assignment]
    """Wait until a server has as many processes as it should, none of them one of `without`."""
    ends = time.monotonic() + PATIENCE
    while len(found := children(process)) != count or found & without:
        assert time.monotonic() < ends, found
        time.sleep(0.1)
    return found


def test_two_processes_are_one_server(tmp_path: Path, write_minutes: Write) -> None:
    """Both answer and count together, see what is committed while they serve, and one that is killed is replaced."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    serve = ("search_web", "serve", "--index", "index", "--port", "0", "--processes", "2")
    with started(*serve, cwd=tmp_path, GONGWEN_LOG="json", GONGWEN_ACCESS_LOG="route") as (process, address):
        first = settled(process, 2)
        assert {meetings(address) for _ in range(20)} == {1}
        write_minutes(2)
        build(tmp_path / "in", tmp_path / "index")
        assert {meetings(address) for _ in range(20)} == {2}
        assert "gongwen_index_meetings 2.0" in counted(address, 40)
        victim = min(first)
        os.kill(victim, signal.SIGKILL)
        settled(process, 2, {victim})
        assert {meetings(address) for _ in range(10)} == {2}


def test_processes_end_with_the_first(tmp_path: Path, write_minutes: Write) -> None:
    """When the first process is killed the others do not stay behind and hold the port."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    serve = ("search_web", "serve", "--index", "index", "--port", "0", "--processes", "2")
    with started(*serve, cwd=tmp_path) as (process, address):
        orphans = settled(process, 2)
        assert meetings(address) == 1
        process.kill()
        process.wait(PATIENCE)
        ends = time.monotonic() + PATIENCE
        while any(_lives(pid) for pid in orphans):
            assert time.monotonic() < ends, "processes are left behind"
            time.sleep(0.1)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_processes_that_cannot_live(tmp_path: Path) -> None:
    """A server whose processes die as they start says so, instead of starting them for ever."""
    code = (
        "import os\nfrom search_web import processes\n"
        "processes.EARLY = 60.0\n"
        "try:\n    processes.serve(2, lambda: os._exit(3), 1.0)\n"
        "except Exception as error:\n    print(type(error).__name__)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE)
    assert ran.stdout.strip() == GongwenError.__name__
    assert "died (3)" in ran.stderr


def test_processes_that_do_not_stop_are_killed(tmp_path: Path) -> None:
    """One that does not heed the signal is killed when its time is up, and the first process leaves."""
    code = (
        "import os, signal, threading, time\nfrom search_web import processes\n"
        "def deaf():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    open('up', 'w').close()\n"
        "    time.sleep(600)\n"
        "def stop():\n    while not os.path.exists('up'):\n        time.sleep(0.05)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "threading.Thread(target=stop).start()\n"
        "processes.serve(1, deaf, 0.5)\nprint('left')\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environ, timeout=PATIENCE
    )
    assert ran.stdout.strip() == "left"
    assert "does not stop and is killed" in ran.stderr


def test_gunicorn_serves_the_same(tmp_path: Path, write_minutes: Write) -> None:
    """gunicorn with our settings: two workers on one index, each of which sees what is committed meanwhile."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    config = str(ROOT / "deploy/gunicorn.conf.py")
    command = ("gunicorn", "--config", config, "--bind", "127.0.0.1:0", "search_web.wsgi:application()")
    with started(*command, cwd=tmp_path, GONGWEN_INDEX="index", GONGWEN_PROCESSES="2") as (process, address):
        settled(process, 2)
        assert {meetings(address) for _ in range(20)} == {1}
        write_minutes(2)
        build(tmp_path / "in", tmp_path / "index")
        assert {meetings(address) for _ in range(20)} == {2}
        counted(address, 40)


def test_long_files_come_from_either_server(tmp_path: Path) -> None:
    """A file beyond the bound is whole, and its process goes with a client that goes away, behind both servers."""
    place = long_index(tmp_path / "index", exports.MOST_HERE)
    config = str(ROOT / "deploy/gunicorn.conf.py")
    serve = ("search_web", "serve", "--port", "0", "--processes", "2")
    gunicorn = ("gunicorn", "--config", config, "--bind", "127.0.0.1:0", "search_web.wsgi:application()")
    for command in (serve, gunicorn):
        with started(*command, cwd=tmp_path, GONGWEN_INDEX=str(place), GONGWEN_PROCESSES="2") as (process, address):
            members = settled(process, 2)
            assert get(f"{address}/export?format=csv").count(b"\r\n") > exports.MOST_HERE
            with urllib.request.urlopen(f"{address}/export?format=jsonl", timeout=PATIENCE) as reply:
                assert reply.read(100).startswith(b'{"export"')
                assert sum(len(exporters(member)) for member in members) == 1
            wait_until(lambda those=members: not any(map(exporters, those)))


def test_application_for_other_servers(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application takes the settings of its place, and is none where these leave open who may read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGWEN_INDEX", str(built))
    client = wsgi.application().test_client()
    assert client.get("/healthz").get_json()["meetings"] == 12
    with client.get("/export") as whole:
        assert whole.status_code == 200
    monkeypatch.setenv("GONGWEN_PROXIES", "1")
    with pytest.raises(BadParameter, match="auth"):
        wsgi.application()
