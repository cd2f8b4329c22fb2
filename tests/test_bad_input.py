"""Bad input and broken indexes: the exit code, one clear line, and nothing of what is indexed already is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import indexer
from indexer.build import build
from search_web.cli import cli

Write = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: object) -> tuple[int, str, str]:
    """Run a command line and return its exit code, standard output and standard error."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def index(tmp_path: Path, write_minutes: Write) -> Iterator[Path]:
    """Give an index of two meetings; whatever a test does, it holds both afterwards and passes its check."""
    write_minutes(1), write_minutes(2)
    build(tmp_path / "in", tmp_path / "index")
    yield tmp_path / "index"
    with indexer.open_index(tmp_path / "index") as held:
        assert {head.number for head in held.heads()} >= {1, 2}
        assert held.search('"第1批"', match="exact").total.exact > 0
    assert run("check", "--index", tmp_path / "index")[0] == 0


BAD_FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n\n \t\r\n",
    "picture.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8,
    "program.html": b"\x7fELF\x02\x01\x01" + bytes(4096),
    "noise.md": bytes((i * 7919 + 13) % 256 for i in range(20_000)),
    "zeros.txt": bytes(10_000),
    "cut.jsonl.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\x56",
    "number.jsonl": b"17\n",
    "nothing.html": b"<html><body><script>x()</script></body></html>",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_file_that_holds_no_text(tmp_path: Path, index: Path, name: str) -> None:
    """A file without readable text is one row with a reason in one line, and exit code 3."""
    (tmp_path / "in" / name).write_bytes(BAD_FILES[name])
    code, out, err = run("index", tmp_path / "in", "--index", index, "--json")
    report = json.loads(out)
    assert (code, err, report["unchanged"]) == (3, "", 2)
    assert [row["path"] for row in report["failed"]] == [str(tmp_path / "in" / name)]
    assert report["failed"][0]["error"]
    assert "\n" not in report["failed"][0]["error"]
    code, out, err = run("parse", tmp_path / "in" / name)
    assert (code, out, err.count("\n")) == (1, "", 1)


def test_several_bad_files_at_once(tmp_path: Path, index: Path) -> None:
    """Any number of bad files costs none of the good ones, with one process or two."""
    for name, data in BAD_FILES.items():
        (tmp_path / "in" / name).write_bytes(data)
    for jobs in (1, 2):
        code, out, _ = run("index", tmp_path / "in", "--index", index, "--json", "--jobs", jobs)
        report = json.loads(out)
        assert (code, report["unchanged"], len(report["failed"])) == (3, 2, len(BAD_FILES))


ODD_FILES = {
    "gb18030.txt": "云州市人民政府第80次常务会议纪要\n会议研究了镕铸工艺。\n".encode("gb18030"),
    "utf16.txt": "云州市人民政府第81次常务会议纪要\n会议研究了镕铸工艺。\n".encode("utf-16"),
    "nul.txt": "云州市人民政府第82次常务会议纪要\n会议研究了镕\0铸工艺。\n".encode(),
    "crlf.txt": "云州市人民政府第83次常务会议纪要\r\n会议研究了镕铸工艺。\r\n".encode("utf-8-sig"),
    "no-end.txt": "会议研究了镕铸工艺".encode(),
    "第84次（修改）#1 %20&.txt": "会议研究了镕铸工艺。".encode(),
    "noise.html": "<p>会议研究了镕铸工艺。<p><<<div><b></p></table>&#x0;&bogus;".encode(),
    "scripts.html": "<html><body><p>会议研究了镕铸工艺。</p><script>alert(1)</script></body></html>".encode(),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_odd_file_is_read_all_the_same(tmp_path: Path, index: Path, name: str) -> None:
    """Another encoding, zero bytes, odd names and broken markup do not keep text from being found."""
    (tmp_path / "in" / name).write_bytes(ODD_FILES[name])
    code, out, _ = run("index", tmp_path / "in", "--index", index, "--json")
    assert (code, json.loads(out)["added"]) == (0, 1)
    code, out, _ = run("search", "镕铸工艺", "--match", "exact", "--index", index, "--json")
    assert json.loads(out)["total"]["exact"] == 1


def test_wrong_encoding_is_no_crash(tmp_path: Path, index: Path) -> None:
    """Bytes that are no text of any encoding known are told or read, and never stop the build."""
    (tmp_path / "in/mixed.txt").write_bytes("会议研究".encode() + b"\xff\xfe\x80\x81" + "镕铸".encode("gb18030"))
    code, out, _ = run("index", tmp_path / "in", "--index", index, "--json")
    report = json.loads(out)
    assert report["added"] + len(report["failed"]) == 1
    assert code == (3 if report["failed"] else 0)


def test_fifty_megabytes_in_one_line(tmp_path: Path, index: Path) -> None:
    """One line of 50 MB is read or refused in time that grows with its size, and costs nothing else."""
    path = tmp_path / "in/long.txt"
    path.write_bytes("会议研究了城市管理，".encode() * (50_000_000 // 30))
    started = time.perf_counter()
    code, out, _ = run("index", tmp_path / "in", "--index", index, "--json")
    report = json.loads(out)
    assert time.perf_counter() - started < 240
    assert (code, report["unchanged"]) in {(0, 2), (3, 2)}
    assert report["added"] + len(report["failed"]) == 1


@pytest.mark.parametrize("text", ["（" * 100_000, "一、" * 50_000, "《" * 50_000 + "》" * 50_000, "2024年" * 40_000])
def test_hostile_text_takes_linear_time(tmp_path: Path, index: Path, text: str) -> None:
    """Text made to send patterns back and forth is indexed in seconds."""
    (tmp_path / "in/hostile.txt").write_text(f"云州市人民政府第90次常务会议纪要\n{text}\n", encoding="utf-8")
    started = time.perf_counter()
    code, _, _ = run("index", tmp_path / "in", "--index", index, "--json")
    assert code == 0
    assert time.perf_counter() - started < 20


def test_file_without_permission(tmp_path: Path, index: Path) -> None:
    """A file that may not be read is a row that says so."""
    path = tmp_path / "in/secret.txt"
    path.write_text("会议研究了夜间照明。", encoding="utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("needs a user whom permissions bind")
    code, out, _ = run("index", tmp_path / "in", "--index", index, "--json")
    assert code == 3
    assert "权限" in json.loads(out)["failed"][0]["error"]


def test_file_that_vanishes_meanwhile(tmp_path: Path, index: Path, write_minutes: Write) -> None:
    """A file that goes between being found and being read is a row; the next ones are read."""
    paths = [write_minutes(number) for number in (3, 4, 5)]
    report = build(tmp_path / "in", index, progress=lambda done, total, path: paths[1].unlink(missing_ok=True))
    assert [row.path for row in report.failed] == [str(paths[1])]
    assert report.added == 2


def test_folder_without_documents(tmp_path: Path, index: Path) -> None:
    """A folder that holds no document changes nothing and is told in one line."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures/a.png").write_bytes(BAD_FILES["picture.txt"])
    code, out, err = run("index", tmp_path / "pictures", "--index", index, "--json")
    assert (code, json.loads(out)["added"], err.count("\n")) == (0, 0, 1)


@pytest.mark.parametrize("what", ["device", "pipe", "folder loop"])
def test_what_is_no_file(tmp_path: Path, index: Path, what: str) -> None:
    """Devices, pipes and links that go round in a circle are never waited for."""
    if os.name != "posix":
        pytest.skip("Linux and macOS alone have these")
    place = tmp_path / "in/odd.txt"
    if what == "device":
        place.symlink_to("/dev/zero")
    elif what == "pipe":
        os.mkfifo(place)
    else:
        (tmp_path / "in/loop").symlink_to(tmp_path / "in", target_is_directory=True)
    code, out, _ = run("index", tmp_path / "in", "--index", index, "--json")
    assert code in {0, 3}
    assert json.loads(out)["unchanged"] == 2


COMMANDS = [["search", "甲"], ["show", "x"], ["stats"], ["check"], ["remove", "x"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_missing_index(tmp_path: Path, command: list[str]) -> None:
    """Without an index every command that needs one says which command makes it, and makes nothing itself."""
    for place in (tmp_path / "none", tmp_path):
        code, out, err = run(*command, "--index", place)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "gongwen index" in err
    assert list(tmp_path.iterdir()) == []


def test_index_that_is_a_file(tmp_path: Path, write_minutes: Write) -> None:
    """A file where the index should be is left as it is."""
    place = tmp_path / "file"
    place.write_text("not an index", encoding="utf-8")
    path = write_minutes(1)
    for command in (["index", path], *COMMANDS):
        code, _, err = run(*command, "--index", place)
        assert (code, err.count("\n")) == (1, 1)
    assert place.read_text(encoding="utf-8") == "not an index"


LOCKER = """
import sys, indexer
from indexer.engines.choose import open_engine
with open_engine(sys.argv[1]).writing():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_index_locked_by_another_process(tmp_path: Path, index: Path, write_minutes: Write) -> None:
    """While another process writes, a build says who does and changes nothing; searching goes on."""
    write_minutes(3)
    holder = subprocess.Popen(
        [sys.executable, "-c", LOCKER, str(index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"locked\n"
    try:
        for command in (["index", tmp_path / "in"], ["remove", "x"]):
            code, out, err = run(*command, "--index", index)
            assert (code, out, err.count("\n")) == (1, "", 1)
            assert "正在由另一个程序写入" in err
        assert run("search", "第1批", "--index", index)[0] == 0
    finally:
        holder.stdin.close()
        holder.stdout.close()
        holder.wait()
    assert run("index", tmp_path / "in", "--index", index)[0] == 0


def test_writer_that_was_killed(tmp_path: Path, index: Path, write_minutes: Write) -> None:
    """A writer that is killed leaves the last commit, and no lock in the way of the next one."""
    write_minutes(3)
    holder = subprocess.Popen(
        [sys.executable, "-c", LOCKER, str(index)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"locked\n"
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    code, out, _ = run("index", tmp_path / "in", "--index", index, "--json")
    assert (code, json.loads(out)["meetings"]) == (0, 3)


def test_index_of_another_version(tmp_path: Path, index: Path) -> None:
    """An index of a newer format is refused by every command, with what to do, and stays as it is."""
    newer = tmp_path / "newer"
    shutil.copytree(index, newer)
    manifest = json.loads((newer / "manifest.json").read_text(encoding="utf-8"))
    manifest["format"] = 999
    (newer / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for command in (["index", tmp_path / "in"], *COMMANDS):
        code, _, err = run(*command, "--index", newer)
        assert (code, err.count("\n")) == (1, 1)
        assert "另一版本" in err
        assert "999" in err


# Whoosh leaves its list of segments open when it cannot be read; the file is closed as the error is let go.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_index_cut_short(tmp_path: Path, index: Path) -> None:
    """With any one file of an index cut to half or gone, commands answer or fail in one line, and check tells it."""
    names = [path.name for path in index.iterdir() if path.stat().st_size]
    assert "manifest.json" in names
    for name in names:
        for cut in (True, False):
            copy = tmp_path / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(index, copy)
            if cut:
                data = (copy / name).read_bytes()
                (copy / name).write_bytes(data[: len(data) // 2])
            else:
                (copy / name).unlink()
            code, out, err = run("check", "--index", copy)
            told = out + err
            assert code == 1 or _harmless(name), f"{name} cut={cut}: {told}"
            for command in (["search", "第1批"], ["stats"], ["index", tmp_path / "in"]):
                code, _, err = run(*command, "--index", copy)
                assert (code, err.count("\n")) in {(0, 0), (1, 1)}, f"{name} {cut} {command} {err}"
                assert "程序出错" not in err, f"{name} cut={cut} {command}: {err}"


def _harmless(name: str) -> bool:
    """Whether an index misses nothing without this file: a lock."""
    return "LOCK" in name.upper()


def test_port_in_use(index: Path) -> None:
    """A port that is taken is told in one line with what to do."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run("serve", "--index", index, "--port", port)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "--port" in err


def test_host_that_is_not_ours(index: Path) -> None:
    """An address that is not this machine's is told in one line."""
    code, out, err = run("serve", "--index", index, "--host", "192.0.2.1", "--public", "--port", 0)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "192.0.2.1" in err
