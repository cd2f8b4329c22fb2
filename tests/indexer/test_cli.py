"""The command line: what each command prints, its JSON, its exit codes, and one line for everything that fails."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import indexer
from indexer.build import build
from indexer.cli import cli

Write = Callable[..., Path]


def run(*arguments: object, **environ: str) -> Result:
    """Run a command line; an exception that gets out of it fails the test."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments], env={"GONGWEN_INDEX": "", **environ})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def ok(*arguments: object, code: int = 0) -> Any:
    """Run a command with --json and return its object; nothing may be on standard error."""
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (code, "")
    return json.loads(result.stdout)


def refused(*arguments: object, code: int = 1, **environ: str) -> str:
    """Run a command that cannot be done and return its one line on standard error."""
    result = run(*arguments, **environ)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def test_index_and_its_report(tmp_path: Path, write_minutes: Write) -> None:
    """`index` makes an index, tells counts, and with --json the report alone."""
    write_minutes(1)
    result = run("index", tmp_path / "in", "--index", tmp_path / "index")
    assert result.exit_code == 0
    assert "新增 1" in result.stdout
    report = ok("index", tmp_path / "in", "--index", tmp_path / "index", "--jobs", 2)
    assert (report["unchanged"], report["added"], report["meetings"]) == (1, 0, 1)
    assert set(report) == {
        *("added", "updated", "unchanged", "removed", "duplicates", "near_duplicates", "failed"),
        *("refused", "withheld", "others"),
        *("meetings", "documents", "passages", "seconds"),
    }


def test_files_that_fail_give_exit_code_three(tmp_path: Path, write_minutes: Write) -> None:
    """A file that cannot be read is listed, the others are indexed, and the exit code says so."""
    write_minutes(1)
    (tmp_path / "in/empty.txt").write_bytes(b"")
    report = ok("index", tmp_path / "in", "--index", tmp_path / "index", code=3)
    assert report["meetings"] == 1
    assert [row["path"] for row in report["failed"]] == [str(tmp_path / "in/empty.txt")]
    result = run("index", tmp_path / "in", "--index", tmp_path / "index")
    assert result.exit_code == 3
    assert "未能读取" in result.stdout


def test_sync_and_remove(tmp_path: Path, write_minutes: Write) -> None:
    """`sync` removes what has gone, `remove` what is named; both tell how many."""
    gone = write_minutes(1)
    write_minutes(2)
    ok("index", tmp_path / "in", "--index", tmp_path / "index")
    gone.unlink()
    assert ok("sync", tmp_path / "in", "--index", tmp_path / "index")["removed"] == 1
    with indexer.open_index(tmp_path / "index") as index:
        (head,) = index.heads()
    assert "20990101" in refused("remove", "20990101-00000000", "--index", tmp_path / "index")
    assert ok("remove", head.id, "--index", tmp_path / "index") == {"removed": 1}
    ok("index", tmp_path / "in", "--index", tmp_path / "index")
    assert run("remove", head.id, "--index", tmp_path / "index").stdout == "已移除 1 项\n"


def test_duplicates_and_withheld_are_told(tmp_path: Path, write_minutes: Write) -> None:
    """The report names duplicates, and with --public-only what was left out."""
    write_minutes(1, "a.txt"), write_minutes(1, "b.txt"), write_minutes(2, disclosure="此件依申请公开")
    result = run("index", tmp_path / "in", "--index", tmp_path / "index", "--public-only")
    assert result.exit_code == 0
    assert "重复：" in result.stdout
    assert "未标明公开" in result.stdout


def test_parse_shows_what_is_read(write_minutes: Write) -> None:
    """`parse` prints a table that a person can check, and the record as JSON; it needs no index."""
    path = write_minutes(3)
    shown = run("parse", path).stdout
    for part in ("云州市人民政府", "林致远", "云府常会纪〔2023〕3号", "2023-01-27", "原则同意", "1.1", "出席"):
        assert part in shown
    record = ok("parse", path)
    assert (record["number"], record["date"], len(record["items"])) == (3, "2023-01-27", 2)


def test_parse_of_a_list_and_of_what_cannot_be_read(tmp_path: Path) -> None:
    """A list of documents gives all its records in one object; an unreadable file one line."""
    path = tmp_path / "docs.jsonl"
    path.write_text('{"id": "1", "title": "甲", "text": "乙"}\n{"id": "2", "title": "丙", "text": "丁"}\n', "utf-8")
    assert [record["id"] for record in ok("parse", path)["records"]] == ["d-1", "d-2"]
    assert "丁" in run("parse", path).stdout
    assert str(tmp_path / "none.txt") in refused("parse", tmp_path / "none.txt")
    path.write_bytes(b"")
    assert str(path) in refused("parse", path, "--json")


def test_search(built: Path) -> None:
    """`search` prints counts and marked hits; --json is the contract's object with facets."""
    result = run("search", "安全生产专项整治", "--index", built)
    assert result.exit_code == 0
    assert "【安全生产专项整治】" in result.stdout
    assert "\x1b" not in result.stdout
    answer = ok("search", "安全生产专项整治", "--index", built, "--limit", 2)
    assert set(answer) >= {
        *("query", "terms", "notices", "match", "total", "offset", "limit", "took_ms", "hits", "facets"),
        "suggestions",
    }
    assert len(answer["hits"]) == 2
    assert all("安全生产专项整治" in hit["text"] for hit in answer["hits"])
    assert dict(answer["facets"]["year"])["2023"] == answer["total"]["exact"]


def test_query_of_several_words(built: Path) -> None:
    """A query may stand on the command line without quotation marks."""
    apart = ok("search", "安全生产专项整治", "牵头", "--index", built)
    assert apart["query"] == "安全生产专项整治 牵头"
    assert apart["hits"] == ok("search", "安全生产专项整治 牵头", "--index", built)["hits"]


def test_search_options_narrow(built: Path) -> None:
    """Every filter and order of the command line reaches the search."""
    asked = ("search", "原则同意", "--match", "exact", "--index", built)
    every = ok(*asked)["total"]["exact"]
    march = ok(*asked, "--from", "2023-03", "--to", "2023-03")["hits"]
    assert march
    assert {hit["meeting"]["date"][:7] for hit in march} == {"2023-03"}
    dates = [hit["meeting"]["date"] for hit in ok(*asked, "--sort", "-date", "--limit", 1000)["hits"]]
    assert dates == sorted(dates, reverse=True)
    ((body, _),) = ok(*asked)["facets"]["body"]
    assert ok(*asked, "--year", "2023", "--body", body, "--kind", "常务会议")["total"]["exact"] == every
    assert ok(*asked, "--body", "别处")["total"]["exact"] == 0
    assert ok(*asked, "--year", "1999")["total"]["exact"] == 0
    assert ok(*asked, "--verdict", "暂缓")["total"]["exact"] == 0
    assert {hit["level"] for hit in ok(*asked, "--level", "paragraph")["hits"]} == {"paragraph"}
    assert ok(*asked, "--offset", every)["hits"] == []


def test_search_notices_and_related(built: Path) -> None:
    """Notices are printed before the hits, and related hits under a heading of their own."""
    result = run("search", "老旧小区怎么加装电梯？ (", "--index", built)
    assert result.exit_code == 0
    assert "提示：" in result.stdout
    assert "── 相关 ──" in result.stdout


def on_a_terminal(*arguments: object) -> tuple[int, str]:
    """Run a command whose standard error, and output unless --json, is a terminal; return its code and what it drew."""
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    main, child = pty.openpty()
    termios.tcsetwinsize(child, (24, 100))
    process = subprocess.Popen(
        [sys.executable, "-m", "search_web", *(str(one) for one in arguments)],
        stdout=subprocess.DEVNULL if "--json" in arguments else child,
        stderr=child,
        cwd=Path(indexer.__file__).parents[1],
    )
    drawn = b""
    while process.poll() is None or select.select([main], [], [], 0)[0]:
        if select.select([main], [], [], 0.1)[0]:
            drawn += os.read(main, 65536)
    os.close(child)
    os.close(main)
    return process.returncode, drawn.decode()


def test_colour_only_on_a_terminal(built: Path) -> None:
    """Marks are coloured where standard output is a terminal."""
    code, drawn = on_a_terminal("search", "安全生产专项整治", "--index", built, "--limit", 1)
    assert code == 0
    assert "\x1b[1;31m安全生产专项整治\x1b[0m" in drawn


def test_bar_only_on_a_terminal(tmp_path: Path, write_minutes: Write) -> None:
    """A build draws its bar on standard error where that is a terminal, and nowhere else."""
    for number in range(1, 4):
        write_minutes(number)
    code, drawn = on_a_terminal("index", tmp_path / "in", "--index", tmp_path / "index", "--json")
    assert code == 0
    assert "个/s" in drawn
    assert "个/s" not in run("index", tmp_path / "in", "--index", tmp_path / "other").stderr


def test_show(built: Path) -> None:
    """`show` prints a whole record or one passage of it."""
    (hit,) = ok("search", "安全生产专项整治 牵头", "--index", built, "--limit", 1)["hits"]
    record_id, _, anchor = hit["id"].partition("#")
    assert ok("show", record_id, "--index", built)["id"] == record_id
    passage = ok("show", hit["id"], "--index", built)
    assert (passage["id"], passage["text"]) == (hit["id"], hit["text"])
    assert hit["text"][:20] in run("show", f"{record_id}#{anchor}", "--index", built).stdout
    assert "林致远" in run("show", record_id, "--index", built).stdout
    assert "没有编号" in refused("show", "20990101-00000000", "--index", built)
    assert "没有编号" in refused("show", f"{record_id}#99.9", "--index", built)


def test_show_of_an_item_that_runs_in(tmp_path: Path) -> None:
    """An agenda item without a heading of its own is shown by its anchor, with what was resolved on it."""
    (tmp_path / "1.txt").write_text(
        "云州市人民政府第1次常务会议纪要\n2023年1月13日，林致远市长主持召开市政府第1次常务会议。现纪要如下：\n"
        "一、会议听取了市水务局关于河湖治理情况的汇报。会议强调，要加快治理。\n"
        "二、会议审议并原则通过《云州市养犬管理办法》。由市公安局修改完善后印发实施。\n",
        encoding="utf-8",
    )
    build(tmp_path / "1.txt", tmp_path / "index")
    record = meeting_id(tmp_path / "index")
    item = ok("show", f"{record}#2", "--index", tmp_path / "index")
    assert (item["anchor"], item["instruments"]) == ("2", ["云州市养犬管理办法"])
    assert "养犬管理办法" in run("show", f"{record}#2", "--index", tmp_path / "index").stdout
    assert "没有编号" in refused("show", f"{record}#3", "--index", tmp_path / "index")


def meeting_id(index: Path) -> str:
    """Return the id of the one record of an index."""
    with indexer.open_index(index) as held:
        (head,) = held.heads()
    return head.id


def test_check_and_stats(tmp_path: Path, write_minutes: Write) -> None:
    """`check` passes a sound index and names the file of a damaged one; `stats` counts."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    assert ok("check", "--index", tmp_path / "index") == {"ok": True, "problems": []}
    assert "完好" in run("check", "--index", tmp_path / "index").stdout
    stats = ok("stats", "--index", tmp_path / "index")
    assert (stats["meetings"], stats["documents"]) == (1, 0)
    assert stats["bytes"] > 0
    assert "会议" in run("stats", "--index", tmp_path / "index").stdout
    biggest = max((tmp_path / "index").iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(biggest.read_bytes())
    data[len(data) // 2] ^= 0xFF
    biggest.write_bytes(data)
    found = ok("check", "--index", tmp_path / "index", code=1)
    assert not found["ok"]
    assert any(biggest.name in problem for problem in found["problems"])


def test_index_of_the_environment(built: Path, tmp_path: Path) -> None:
    """GONGWEN_INDEX names the index where --index does not."""
    assert run("stats", GONGWEN_INDEX=str(built)).exit_code == 0
    assert str(tmp_path / "none") in refused("stats", GONGWEN_INDEX=str(tmp_path / "none"))


@pytest.mark.parametrize("command", [[], ["index"], ["sync"], ["search"], ["show"], ["check"], ["parse"], ["export"]])
def test_help_in_both_languages(command: list[str]) -> None:
    """Help is Chinese by default, English on request, and never a mixture."""
    chinese = run(*command, "--help").stdout
    english = run("--lang", "en", *command, "--help").stdout
    assert "用法：" in chinese
    assert "显示本说明" in chinese
    assert not any(word in chinese for word in ("Usage", "Show", "Options:", "default:", "RANGE"))
    assert "Usage: " in english
    assert not any("\u4e00" <= char <= "\u9fff" for char in english)
    assert run(*command, "--help", GONGWEN_LANG="en").stdout == english


def test_help_lists_every_command() -> None:
    """The first page of help lists the commands in the order of their use."""
    shown = run("--help").stdout
    places = [shown.index(f"  {name} ") for name in ("index", "sync", "remove", "parse", "search", "show", "check")]
    assert places == sorted(places)
    assert run("--version").stdout.strip() == f"gongwen {indexer.__version__}"


def test_search_while_another_thread_builds(tmp_path: Path, write_minutes: Write) -> None:
    """A search answers from the last commit while a build is under way."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    write_minutes(2)
    found: list[int] = []

    def look(done: int, total: int, path: str) -> None:
        thread = threading.Thread(target=lambda: found.append(ok("stats", "--index", tmp_path / "index")["meetings"]))
        thread.start()
        thread.join()

    assert build(tmp_path / "in", tmp_path / "index", progress=look).meetings == 2
    assert found == [1]
