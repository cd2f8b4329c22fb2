"""The transcript of both READMEs is what the commands in it print, numbers and ids aside.

`GONGWEN_UPDATE=1 python -m pytest tests/test_readme.py` writes the transcript anew.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from search_web.cli import cli

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
BEGIN, END = "<!-- transcript -->\n", "<!-- /transcript -->"
COMMANDS = (
    "gongwen index data/samples",
    "gongwen search 审批 时限 --match exact --limit 1",
    "gongwen search 部门:市教育局 结论:原则同意 --limit 1",
    "gongwen search 加装电梯的钱从哪里来 --match related --limit 1",
)


def transcript() -> str:
    """Run the commands in a folder that holds the samples, and return what a person sees."""
    lines = ["```console"]
    for command in COMMANDS:
        result = CliRunner().invoke(cli, shlex.split(command)[1:])
        assert result.exit_code == 0, result.output
        lines += [f"$ {command}", *result.stdout.rstrip().splitlines(), ""]
    return "\n".join([*lines[:-1], "```", ""])


def told(readme: str) -> str:
    """Return the transcript that a README shows."""
    return (ROOT / readme).read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def still(text: str) -> str:
    """Return a text with its numbers and ids made alike: counts grow with the samples and times differ."""
    return re.sub(r"\d{8}-[0-9a-f]{8}|\bd-[0-9a-f]{12}|\d[\d.,]*", "0", text)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the samples and without settings of this machine."""
    shutil.copytree(ROOT / "data/samples", tmp_path / "data/samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GONGWEN_INDEX", raising=False)
    monkeypatch.delenv("GONGWEN_LANG", raising=False)


def test_transcript_is_what_the_commands_print() -> None:
    """Every command of the transcript prints what the READMEs say that it prints."""
    printed = transcript()
    for readme in READMES:
        path = ROOT / readme
        if os.environ.get("GONGWEN_UPDATE"):
            path.write_text(path.read_text(encoding="utf-8").replace(told(readme) + END, printed + END), "utf-8")
        assert still(told(readme)) == still(printed)
