"""Reading processes: what they die of, run out of or get lost in costs one file, with one as with several of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import indexer
from indexer import workers
from indexer.build import build
from indexer.intake import Fault
from indexer.model import Meeting

Write = Callable[..., Path]
# A worker to which some names of files mean something.
DEADLY = """
import os, signal, sys, time
sys.path[:0] = [{root!r}]
import indexer.worker
from indexer import intake

def records(path, ocr):
    if "killed" in path:
        os.kill(os.getpid(), signal.SIGKILL)
    if "lost" in path:
        time.sleep(60)
    for record in intake.records(path, ocr):
        yield record
        if "late" in path:
            time.sleep(60)

def hoarding(*_):
    held = [bytes(1 << 27) for _ in range(40)]
    raise AssertionError(len(held))

read = intake.read
intake.read = lambda path, ocr: hoarding() if "large" in str(path) else read(path, ocr)
indexer.worker.records = records
indexer.worker.serve(sys.stdin.buffer, sys.stdout.buffer)
"""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have builds read with workers that do what the names of their files say, and that have three seconds a file."""
    script = tmp_path / "deadly.py"
    script.write_text(DEADLY.format(root=str(Path(indexer.__file__).parents[1])), encoding="utf-8")
    start = subprocess.Popen

    def popen(command: list[str], **more: object) -> object:
        return start([sys.executable, str(script)], **more)  # type: ignore[call-overload]

    monkeypatch.setattr(workers.subprocess, "Popen", popen)  # type: ignore[attr-defined]
    monkeypatch.setattr(workers, "SECONDS", 3.0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of memory are not those of Windows")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("deadly")
def test_a_worker_costs_one_file(
    tmp_path: Path, write_minutes: Write, minutes_of: Callable[[int], str], jobs: int
) -> None:
    """Killed, out of memory, lost, and lost after the first record: each is a row of its file; all others are read."""
    for number in range(1, 5):
        write_minutes(number)
    for number, name in enumerate(("killed", "large", "late", "lost"), 5):
        page = "".join(f"<p>{line}</p>" for line in minutes_of(number).splitlines())
        (tmp_path / f"in/{name}.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    report = build(tmp_path / "in", tmp_path / "index", jobs=jobs)
    told = {Path(row.path).stem: row.error for row in report.failed}
    assert "信号 9" in told["killed"]
    assert "内存" in told["large"]
    assert told["late"] == told["lost"] == "读取超过 3 秒，已中止"
    assert (len(told), report.meetings) == (4, 5)


def test_only_text_is_read_in_this_process(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process is enough for text of moderate size; all that needs a library, or much memory, has one of its own."""
    started: list[object] = []
    start = workers.start
    monkeypatch.setattr(workers, "start", lambda module: started.append(1) or start(module))
    small, gone = write_minutes(1), tmp_path / "gone.pdf"
    (_, held), (_, failed) = workers.read_all([str(small), str(gone)], 1)
    assert isinstance(next(iter(held)), Meeting)
    assert isinstance(next(iter(failed)), Fault)
    assert started == []
    page = tmp_path / "text.txt"
    page.write_text("<!DOCTYPE html><html><body><p>会议听取了汇报。</p></body></html>", encoding="utf-8")
    large = tmp_path / "large.txt"
    large.write_text("会议\n" + " " * 9_000_000, encoding="utf-8")
    assert len(list(workers.read_all([str(page), str(large)], 1))) == 2
    assert len(started) == 1


def test_more_time_for_large_files_and_recognition(tmp_path: Path) -> None:
    """A file has seconds by its size, and half an hour where its pages are to be recognised."""
    path = tmp_path / "a.pdf"
    path.write_bytes(bytes(3_000_000))
    assert workers._seconds(str(path), False) == pytest.approx(21)
    assert workers._seconds(str(path), True) == pytest.approx(1806)
    assert workers._seconds(str(tmp_path / "none"), False) == pytest.approx(15)


def children() -> set[str]:
    """Return the ids of the processes that this one has started and that have not ended."""
    lists = Path("/proc/self/task").glob("*/children")
    return {one for ids in lists for one in ids.read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not list a process' children")
def test_leaving_early_ends_the_workers(write_minutes: Write) -> None:
    """Who stops asking for what files hold leaves no process behind."""
    paths = [str(write_minutes(number)) for number in range(1, 7)]
    before = children()
    reading = workers.read_all(paths, 2)
    assert next(reading)[0] == paths[0]
    assert children() > before
    reading.close()  # type: ignore[attr-defined]  # a generator
    assert children() == before
