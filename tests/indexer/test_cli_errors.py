"""Errors at the command line: one clear line, the right exit code, and nothing that a terminal obeys."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import indexer
from indexer import errors
from indexer.build import build
from indexer.cli import cli

Write = Callable[..., Path]


def run(*arguments: object, **environ: str) -> Result:
    """Run a command line; an exception that gets out of it fails the test."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments], env={"GONGWEN_INDEX": "", **environ})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments: object, code: int = 1, **environ: str) -> str:
    """Run a command that cannot be done and return its one line on standard error."""
    result = run(*arguments, **environ)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["find"], "没有命令 find"),
        (["search"], "缺少参数 QUERY"),
        (["show", "甲", "乙"], "多余的参数：乙"),
        (["search", "甲", "--levels", "all"], "没有选项 --levels"),
        (["search", "甲", "--level", "some"], "all、resolution、paragraph"),
        (["search", "甲", "--limit", "0"], "1 至 1000"),
        (["search", "甲", "--limit", "many"], "1 至 1000"),
        (["search", "甲", "--from", "2023-13"], "须为日期"),
        (["search", "甲", "--limit"], "--limit"),
        (["search", "甲", "--verdict", "赞成"], "原则同意"),
        (["--lang", "fr", "stats"], "zh、en"),
        (["index"], "PATH"),
        (["stats", "--index", ""], "index"),
        (["stats", "--index", "opensearch:ftp://x/m"], "opensearch:https://"),
    ],
)
def test_wrong_usage(arguments: list[str], part: str) -> None:
    """Wrong usage gives exit code 2 and one line that names what is wrong."""
    assert part in refused(*arguments, code=2)


def test_wrong_usage_in_english(tmp_path: Path) -> None:
    """The same in English."""
    for arguments, part in [
        (["search"], "missing argument QUERY"),
        (["find"], "no such command: find"),
        (["show", "x", "y"], "unexpected argument: y"),
        (["search", "x", "--limit", "0"], "from 1 to 1000"),
        (["search", "x", "--level", "some"], "one of all, resolution"),
        (["search", "x", "--from", "x"], "a day:"),
        (["search", "x", "--limit"], "requires an argument"),
        (["search", "x", "--levels"], "no such option: --levels"),
    ]:
        assert part in refused("--lang", "en", *arguments, code=2)
    assert "gongwen index FOLDER" in refused("--lang", "en", "stats", "--index", tmp_path / "none")


@pytest.mark.parametrize(
    ("error", "chinese", "english", "code"),
    [
        (errors.BadParameter("limit", -1, "须为正数"), "limit", "limit", 2),
        (errors.UnreadableFile("a.txt", "坏"), "a.txt：坏", "cannot read a.txt", 1),
        (errors.NotFound("x", ("y",)), "相近的有：y", "alike: y", 1),
        (errors.NotFound("x"), "“x”", "'x'", 1),
        (errors.IndexMissing("i"), "不存在", "no index at i", 1),
        (errors.IndexLocked("i", "进程 7"), "进程 7", "is writing", 1),
        (errors.IndexLocked("i"), "另一个程序写入", "another program is writing", 1),
        (errors.IndexUnwritable("i", OSError(28, "No space left")), "空间不足", "no space left", 1),
        (errors.IndexUnwritable("i", OSError(13, "Permission denied")), "Permission denied", "denied; nothing", 1),
        (errors.IndexOutdated("i", "2", "1"), "另一版本", "another version", 1),
        (errors.IndexDamaged("i", "f", "被截断"), "已损坏", "is damaged: f", 1),
        (errors.IndexUnavailable("i", "不可用"), "索引 i 不可用", "索引 i 不可用", 1),
        (OSError(28, "No space left on device", "i"), "无法完成：No space", "could not be done: No space", 1),
        (RuntimeError("two\nlines"), "程序出错：RuntimeError two lines", "internal error: RuntimeError two lines", 1),
        (KeyboardInterrupt(), "已中断", "已中断", 1),
    ],
)
def test_every_error_is_one_line(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, chinese: str, english: str, code: int
) -> None:
    """Whatever a command raises becomes one line, in either language, and its exit code."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("indexer.commands.searching.open_index", fail)
    result = run("stats")
    assert (result.exit_code, result.stderr.strip().count("\n")) == (code, 0)
    assert chinese in result.stderr
    assert english in run("--lang", "en", "stats").stderr


def test_verbose_shows_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """With -v the log, and in it where an unforeseen error came from, is on standard error."""

    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("indexer.commands.searching.open_index", fail)
    assert "Traceback" in run("-v", "stats").stderr
    assert "Traceback" not in run("stats").stderr


def test_broken_settings_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gongwen.toml that cannot be read is told, and does not keep help from being shown."""
    (tmp_path / "gongwen.toml").write_text("port = ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "gongwen.toml" in refused("stats", code=2)
    assert run("--help").exit_code == 0


def test_nothing_to_read_is_told(tmp_path: Path) -> None:
    """A folder without documents makes an empty index and a word about it."""
    (tmp_path / "in").mkdir()
    result = run("index", tmp_path / "in", "--index", tmp_path / "index")
    assert result.exit_code == 0
    assert result.stderr.strip() == "没有找到可以读取的文件"
    assert run("search", "甲", "--index", tmp_path / "index").exit_code == 0


def test_reader_that_goes_away(built: Path) -> None:
    """Output into a pipe that nobody reads ends quietly."""
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [sys.executable, "-m", "search_web", "search", "原则同意", "--limit", "1000", "--json", "--index", str(built)],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=Path(indexer.__file__).parents[1],
    )
    os.close(write)
    _, told = process.communicate()
    assert (process.returncode, told) == (1, b"")


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path, write_minutes: Write) -> None:
    """Text that would steer the terminal is shown without its control characters."""
    write_minutes(1, extra="会议强调\x1b]0;title\x07夜间\u202e照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    for arguments in (["parse", tmp_path / "in/1.txt"], ["search", "照明问题", "--index", tmp_path / "index"]):
        shown = run(*arguments).stdout
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
