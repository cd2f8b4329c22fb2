"""The program works where there is no network: sockets to other machines are refused, and it never tries one.

The refusal is an audit hook of the interpreter, which sees every connection and every look-up of a name that Python
code makes, also in child processes; native code of the wheels is seen on Linux by the system's own table of sockets.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds: a bound against hangs, not a measurement


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python refuses the network."""
    path = os.pathsep.join((str(ROOT / "tests/support/offline"), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "OFFLINE_TRIED": str(tmp_path / "tried"), "PYTHONUNBUFFERED": "1"}


def test_refusal_refuses(tmp_path: Path, offline: dict[str, str]) -> None:
    """The hook does stop a connection and a look-up, so that the other tests cannot pass for want of it."""
    for code in ("socket.create_connection(('192.0.2.1', 80), 1)", "socket.getaddrinfo('example.com', 80)"):
        ran = subprocess.run(
            [sys.executable, "-c", f"import socket; {code}"], env=offline, capture_output=True, text=True, check=False
        )
        assert "PermissionError: no network" in ran.stderr
    assert (tmp_path / "tried").read_text(encoding="utf-8").count("\n") == 2


def test_demo_needs_no_network(tmp_path: Path, offline: dict[str, str]) -> None:
    """The demo reads, indexes, serves, searches and exports without one socket to another machine."""
    process = subprocess.Popen(
        [sys.executable, "-m", "search_web", "demo", "--index", str(tmp_path / "index"), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=offline,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        for path in (
            "",
            "search?q=%E6%95%99%E8%82%B2",
            "meetings",
            "timeline?q=%E5%B8%82",
            "export?format=xlsx",
            "help",
        ):
            with urllib.request.urlopen(f"{address}{path}", timeout=PATIENCE) as reply:
                assert reply.status == 200
                assert reply.read()
        if sys.platform == "linux":
            assert _elsewhere(process.pid) == []
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        process.wait(PATIENCE)
    assert not (tmp_path / "tried").exists()


def test_command_line_needs_no_network(tmp_path: Path, offline: dict[str, str]) -> None:
    """Building in two processes, searching and checking work without a network, too."""
    index = ("--index", str(tmp_path / "index"))
    for arguments in (
        ("index", str(ROOT / "data/samples"), *index, "--jobs", "2"),
        ("search", "教育", *index),
        ("stats", *index),
        ("check", *index),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "search_web", *arguments],
            env=offline,
            cwd=ROOT,
            capture_output=True,
            timeout=PATIENCE,
        )
        assert ran.returncode == 0, ran.stderr.decode()
    assert not (tmp_path / "tried").exists()


def _elsewhere(pid: int) -> list[str]:
    """Return the sockets of a process that are bound to or connected with anything but the loopback."""
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found = re.fullmatch(r"socket:\[(\d+)\]", str(entry.readlink()))
        except OSError:
            continue
        inodes |= {found[1]} if found else set()
    rows = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        path = Path(f"/proc/{pid}/net/{table}")
        rows += [line.split() for line in path.read_text().splitlines()[1:]] if path.exists() else []
    return [" ".join(row[1:3]) for row in rows if row[9] in inodes and not row[1].startswith("0100007F")]
