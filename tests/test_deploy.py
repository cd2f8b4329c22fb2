"""What deploy/ and docs/operations.md say fits the program: settings, limits, commands, and what a unit locks."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from indexer.settings import Settings
from search_web import gate, guard, passwords, serving

ROOT = Path(__file__).resolve().parents[1]
UNIT = ROOT / "deploy/gongwen.service"
IMAGE = ROOT / "deploy/Containerfile"
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
KNOWN = {one.name for one in fields(Settings)} | {"index"}


def test_every_setting_is_told_with_its_default() -> None:
    """The table has each setting once, and its default is the program's."""
    rows = re.findall(r"^\| (`[^|]+) \|([^|]*)\| [^|]+ \|$", OPERATIONS.partition("## Settings")[2], re.MULTILINE)
    told = {name: default.strip(" `") for names, default in rows for name in re.findall(r"`(\w+)`", names)}
    told = {name: default for name, default in told.items() if name in KNOWN}
    assert set(told) == KNOWN
    for one in fields(Settings):
        shown = str(one.default).lower() if isinstance(one.default, bool) else str(one.default)
        assert told[one.name] == shown, one.name


@pytest.mark.parametrize("path", [UNIT, IMAGE, ROOT / "docs/operations.md", ROOT / "deploy/gunicorn.conf.py"])
def test_settings_that_are_named_exist(path: Path) -> None:
    """Every GONGWEN_ variable of a file is a setting."""
    named = set(re.findall(r"GONGWEN_([A-Z_]+)", path.read_text(encoding="utf-8")))
    assert {name.lower() for name in named} - KNOWN == set()


def test_limits_are_those_of_the_program() -> None:
    """The figures that the document names are the constants that hold."""
    for text, value in (
        ("600 where other machines can ask", guard.RATE == 600),
        ("counts for ten", guard.HEAVY == 10),
        ("32 kB (`serving`)", serving.MOST_HEAD == 32 * 1024),
        ("16 kB, never looked at", serving.MOST_BODY == 16 * 1024),
        ("10 s (`serving`)", serving.HEAD_SECONDS == 10),
        ("60 s; when there are 400", (serving.IDLE_SECONDS, serving.CONNECTIONS) == (60, 400)),
        ("30 s without a byte taken", serving.STALL_SECONDS == 30),
        ("a whole file 1 h", serving.FILE_SECONDS == 3600),
        ("`Retry-After: 2`", gate.RETRY_SECONDS == 2),
        ("12 to 128 signs", (passwords.LEAST, passwords.MOST) == (12, 128)),
    ):
        assert text in OPERATIONS, text
        assert value, text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_is_one() -> None:
    """systemd finds nothing wrong with the unit but that the program is not installed here."""
    ran = subprocess.run(["systemd-analyze", "verify", str(UNIT)], capture_output=True, text=True, check=False)
    lines = [line for line in (ran.stdout + ran.stderr).splitlines() if "gongwen" in line]
    assert [line for line in lines if "is not executable" not in line] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_is_locked_in() -> None:
    """systemd rates what an attacker could do from inside the service as next to nothing."""
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    rated = re.search(r"exposure level[^:]*: ([\d.]+)", ran.stdout)
    if rated is None:
        pytest.skip("this systemd rates no unit without a manager")
    assert float(rated[1]) <= 1.5


def test_unit_gives_nothing_away() -> None:
    """The service is nobody, sees no home and no device, writes nowhere and calls no other machine."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    for line in (
        *("DynamicUser=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes"),
        *("NoNewPrivileges=yes", "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes", "IPAddressDeny=any"),
        *("SystemCallFilter=@system-service", "KillSignal=SIGTERM", "RestrictNamespaces=yes"),
    ):
        assert line in lines
    assert (
        int(next(line for line in lines if line.startswith("TimeoutStopSec=")).partition("=")[2]) > Settings().timeout
    )


def test_image_holds_what_it_needs() -> None:
    """The image copies files that exist, the two packages and nothing else, checks hashes, and runs as nobody."""
    text = IMAGE.read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()]
    assert {name for name in copied if (ROOT / name).is_dir()} == {"indexer", "search_web"}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    installs = re.findall(r"pip install .*", text)
    assert [line for line in installs if "--require-hashes" not in line and "--no-deps" not in line] == []
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", text, re.MULTILINE)
    assert "/healthz" in text
