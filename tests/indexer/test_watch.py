"""A folder that is watched: one commit for each settled change, and what stands in the way of one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Timer

import pytest

import indexer
from indexer import watch
from indexer.engines.choose import open_engine
from indexer.errors import IndexLocked, UnreadableFile
from indexer.watch import follow

Write = Callable[..., Path]
ROOT = Path(indexer.__file__).parents[1]


@pytest.fixture
def stop() -> Iterator[Event]:
    """What ends a watch; set after a minute, so that a change that is missed is a failure and no standstill."""
    event = Event()
    timer = Timer(60, event.set)
    timer.start()
    yield event
    timer.cancel()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a change for settled sooner than people need."""
    monkeypatch.setattr(watch, "REST", 300)
    monkeypatch.setattr(watch, "LOOK", 100)


def generation(index: Path) -> int:
    with closing(open_engine(index)) as engine:
        return engine.generation()


def test_each_settled_change_is_one_commit(tmp_path: Path, write_minutes: Write, stop: Event) -> None:
    """Files added, changed and removed together are one commit and one report; other files are none."""
    write_minutes(1)
    folder, index = tmp_path / "in", tmp_path / "in/.index"
    reports = follow(folder, index, stop=stop)
    assert next(reports).added == 1
    assert generation(index) == 1
    for number in (2, 3, 4):
        write_minutes(number, f"sub/{number}.txt")
    report = next(reports)
    assert (report.added, report.meetings, generation(index)) == (3, 4, 2)
    (folder / "~$5.docx").write_bytes(b"lock")
    (folder / "picture.tmp").write_bytes(b"no")
    shutil.rmtree(folder / "sub")
    write_minutes(1, extra="会议还研究了其他事项。")
    report = next(reports)
    assert (report.updated, report.removed, report.meetings, generation(index)) == (1, 3, 1, 3)
    moved = tmp_path / "aside"
    moved.mkdir()
    shutil.copy(folder / "1.txt", moved / "1.txt")
    (moved / "6.txt").write_text((folder / "1.txt").read_text("utf-8").replace("第1次", "第6次"), encoding="utf-8")
    moved.rename(folder / "aside")
    report = next(reports)
    assert (report.added, len(report.duplicates), report.meetings) == (1, 1, 2)
    stop.set()
    assert list(reports) == []


def test_a_file_that_cannot_be_read_is_told_once(tmp_path: Path, write_minutes: Write, stop: Event) -> None:
    """A failed file has its row when it comes, and no further report while nothing else changes."""
    write_minutes(1)
    reports = follow(tmp_path / "in", tmp_path / "index", stop=stop)
    next(reports)
    (tmp_path / "in/bad.pdf").write_bytes(b"%PDF-1.7 no")
    assert [Path(row.path).name for row in next(reports).failed] == ["bad.pdf"]
    (tmp_path / "in/other.tmp").write_bytes(b"x")
    (tmp_path / "in/good.txt").write_text("关于供水的通知\n各单位要做好供水工作。", encoding="utf-8")
    assert next(reports).documents == 1


def test_a_locked_index_is_waited_for(tmp_path: Path, write_minutes: Write, stop: Event) -> None:
    """A change while another program writes is taken up when that is done; a watch cannot begin meanwhile."""
    write_minutes(1)
    index = tmp_path / "index"
    reports = follow(tmp_path / "in", index, stop=stop)
    next(reports)
    with closing(open_engine(index)) as engine:
        other = engine.writing()
        other.__enter__()
        with pytest.raises(IndexLocked):
            next(follow(tmp_path / "in", index, stop=stop))
        write_minutes(2)
        done = Timer(1.5, other.__exit__, (None, None, None))
        done.start()
        report = next(reports)
        assert done.finished.is_set()
        assert report.added == 1


def test_a_folder_that_is_gone_ends_the_watch(tmp_path: Path, write_minutes: Write, stop: Event) -> None:
    """Without its folder a watch ends with the reason, and the index keeps what it has."""
    write_minutes(1)
    index = tmp_path / "index"
    with pytest.raises(UnreadableFile):
        next(follow(tmp_path / "none", index, stop=stop))
    reports = follow(tmp_path / "in", index, stop=stop)
    next(reports)
    (tmp_path / "in").rename(tmp_path / "away")
    with pytest.raises(UnreadableFile):
        next(reports)
    with indexer.open_index(index) as opened:
        assert len(opened.heads()) == 1


@pytest.mark.skipif(os.name == "nt", reason="a console's interrupt cannot be sent to one process on Windows")
def test_the_command_follows_until_it_is_interrupted(tmp_path: Path, write_minutes: Write) -> None:
    """`sync --watch` prints each report, and an interrupt ends it in good order."""
    write_minutes(1)
    command = [
        sys.executable,
        "-m",
        "search_web",
        "sync",
        "--watch",
        str(tmp_path / "in"),
        "--index",
        str(tmp_path / "x"),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "新增 1" in process.stdout.readline()
        process.stdout.readline()
        write_minutes(2)
        assert "新增 1" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()  # one that was started deaf to interrupts would be waited for without end
    assert (process.returncode, errors) == (0, "")
