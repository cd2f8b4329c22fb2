"""Cite, export --all and import from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.citations import STYLES
from search_web.cli import cli


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path) -> None:
    """Work in an empty folder, with the index of the shared fixture."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGWEN_INDEX", str(built))
    monkeypatch.delenv("GONGWEN_LANG", raising=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def some_id() -> str:
    """The id of a resolution."""
    hits = json.loads(run("search", "教育事业", "--level", "resolution", "--json").stdout)["hits"]
    return str(hits[0]["id"])


@pytest.mark.parametrize("style", STYLES)
def test_cite_prints_the_permalink(style: str) -> None:
    """Every style holds the id of the passage behind the address of the pages."""
    passage = some_id()
    result = run("cite", passage, "--style", style, "--base-url", "https://gongwen.example.cn")
    assert result.exit_code == 0
    assert f"https://gongwen.example.cn/meetings/{passage}" in result.stdout


def test_cite_refuses_what_is_not_there() -> None:
    """An unknown anchor is not done, an address that is none is wrong usage."""
    assert run("cite", some_id() + "9").exit_code == 1
    assert run("cite", some_id(), "--base-url", "ftp://x").exit_code == 2
    assert run("cite", some_id(), "--style", "apa").exit_code == 2


def test_export_and_import_carry_an_index() -> None:
    """What export --all writes makes an index with the same counts, and lines that are none make the exit code 3."""
    assert run("export", "--all", "--format", "jsonl", "-o", "all.jsonl").exit_code == 0
    assert Path("all.jsonl").read_text(encoding="utf-8") == run("export", "--all").stdout
    result = run("import", "all.jsonl", "--index", "again", "--json")
    assert (result.exit_code, json.loads(result.stdout)["added"]) == (0, 12)
    Path("bad.jsonl").write_text("{}\n", encoding="utf-8")
    result = run("import", "bad.jsonl", "--index", "again")
    assert result.exit_code == 3
    assert re.search("bad.jsonl 第1行", result.output)


@pytest.mark.parametrize("more", [("教育",), ("--year", "2024"), ("--format", "csv"), ("--format", "xlsx")])
def test_export_of_all_takes_no_query(more: tuple[str, ...]) -> None:
    """A query, a filter or another format beside --all is wrong usage."""
    assert run("export", "--all", *more).exit_code == 2
