"""The examples of docs/api.md do what they say, against a real server on the samples."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from served import waiting

from indexer.search import Index
from search_web import create_app
from search_web.cli import cli

DOCS = Path(__file__).resolve().parents[1] / "docs/api.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
PYTHON = [pytest.param(code, id=f"python-{i}") for i, (kind, code) in enumerate(BLOCKS) if kind == "python"]
COMMANDS = [line for kind, code in BLOCKS if kind == "sh" for line in code.splitlines()]


@pytest.fixture(scope="module")
def site(sample_index: Index) -> Iterator[str]:
    """The address of a server on the samples."""
    with waiting(create_app(sample_index), threads=2) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def place(sample_index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The place of the index, named by the environment, too; the working directory is empty."""
    found = str(sample_index.engine._folder)  # type: ignore[attr-defined]  # of the embedded engine
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGWEN_INDEX", found)
    monkeypatch.delenv("GONGWEN_LANG", raising=False)
    return found


@pytest.mark.parametrize("code", PYTHON)
def test_python_runs(code: str, site: str, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every Python example runs as it stands, given the place of an index and the address of a server."""
    exec(compile(code, str(DOCS), "exec"), {"site": site, "place": place})
    assert "assert" in code or capsys.readouterr().out.strip()


def fetched(command: str, site: str) -> str:
    """Run a curl command as it stands."""
    run = subprocess.run(
        [*shlex.split(command.replace("$SITE", site)), "--noproxy", "*", "--fail"], capture_output=True, check=True
    )
    return run.stdout.decode("utf-8")


def found_something(text: str) -> bool:
    """Return whether an answer, a feed or a citation holds anything."""
    if text.startswith("<?xml"):
        return len(ElementTree.fromstring(text).findall("{http://www.w3.org/2005/Atom}entry")) > 0
    if not text.startswith("{"):
        return "/meetings/" in text
    answer = json.loads(text)
    if "entries" in answer or "rows" in answer:
        return bool(answer.get("entries") or answer.get("rows"))
    return bool(
        next(answer[name] for name in ("hits", "meetings", "timelines", "suggestions", "paths") if name in answer)
    )


def test_commands_run(site: str, place: str, sample_index: Index) -> None:
    """Every command does what it is for; each address gives something."""
    meeting = next(
        head.id for head in sample_index.heads() if head.type == "meeting" and _has_first(sample_index, head.id)
    )
    assert len(COMMANDS) > 10
    for line in COMMANDS:
        command = line.replace("$ID", meeting)
        if command.startswith("curl"):
            if shutil.which("curl") is None:
                continue
            told = fetched(command, site)
            if " -o " in command:
                told = Path(command.rpartition(" ")[2]).read_text(encoding="utf-8")
            assert found_something(told), command
        else:
            result = CliRunner().invoke(cli, shlex.split(command)[1:])
            assert result.exit_code == 0, (command, result.output)
            assert "cite" not in command or f"/meetings/{meeting}" in result.stdout
    assert Path("all.jsonl").stat().st_size > 10_000


def _has_first(index: Index, record_id: str) -> bool:
    """Return whether a meeting has a resolution 1.1."""
    return any(hit.id == f"{record_id}#1.1" for hit in index.search("会议", level="resolution", limit=1000).hits)
