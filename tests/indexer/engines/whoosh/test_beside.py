"""A process beside the writer segments: the segment is the same byte for byte, and its death costs time alone."""

from __future__ import annotations

import logging
import random
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from made import document, meeting

from indexer.engines.whoosh import build, writer
from indexer.engines.whoosh.beside import Beside
from indexer.engines.whoosh.engine import open_engine
from indexer.model import Record
from indexer.processes import pipe_of

SIGNS = "市政府教育职业条例会议研究原则同意 ab3.5%，。\u3000𠮷愻"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "PART", 400)
    monkeypatch.setattr(build, "HELPED_FROM", 1_500)


def records(seed: int) -> list[Record]:
    """Documents and meetings, some of them put again."""
    chance = random.Random(seed)
    made: list[Record] = []
    for i in range(60):
        texts = ["".join(chance.choices(SIGNS, k=30)) for _ in range(4)]
        made.append(document(str(chance.randrange(40)), texts) if i % 4 else meeting(i, date(2020, 1, 1 + i % 28)))
    return made


def written(folder: Path, jobs: int, seed: int = 1, kill_at: int = -1) -> list[bytes]:
    """Write the records in one transaction and return the bytes of its segments, in their order of size."""
    with open_engine(folder, create=True).writing(jobs) as writing:
        for i, record in enumerate(records(seed)):
            writing.put(record, ())
            if i == kill_at:
                assert isinstance(writing, writer.Transaction)
                assert writing._beside is not None
                writing._beside._process.kill()
        writing.commit()
    return sorted(path.read_bytes() for path in folder.glob("MAIN_*.arr"))


@pytest.mark.parametrize("segment", [1_000_000, 3_000])
def test_segments_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, segment: int) -> None:
    """With a process beside or without, in one segment or in several, records put twice or not."""
    monkeypatch.setattr(writer, "SEGMENT_CHARACTERS", segment)
    monkeypatch.setattr(writer, "MERGE_CHARACTERS", 0)
    alone, helped = (written(tmp_path / str(jobs), jobs) for jobs in (1, 2))
    assert len(alone) == (1 if segment > 3_000 else len(helped))
    assert alone == helped


def test_a_record_put_again_leaves_no_trace(tmp_path: Path) -> None:
    """A segment is the one that the last text of each record makes, though the earlier ones were segmented."""
    last: dict[str, Record] = {}
    for record in records(1):
        last.pop(record.id, None)
        last[record.id] = record
    assert len(last) < 60
    with open_engine(tmp_path / "once", create=True).writing() as writing:
        for record in last.values():
            writing.put(record, ())
        writing.commit()
    (once,) = (path.read_bytes() for path in (tmp_path / "once").glob("MAIN_*.arr"))
    assert written(tmp_path / "twice", 2) == [once]


@pytest.mark.parametrize("kill_at", [30, 59])
def test_a_process_that_dies_costs_time_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture, kill_at: int) -> None:
    """The writer segments itself what it had handed over, and says so."""
    caplog.set_level(logging.WARNING)
    assert written(tmp_path / "killed", 2, kill_at=kill_at) == written(tmp_path / "alone", 1)
    assert "segmenting here" in caplog.text


def test_little_text_needs_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small build starts none, however many jobs it may have; and one job never does."""
    started: list[Beside] = []

    def start() -> Beside:
        started.append(Beside())
        return started[-1]

    monkeypatch.setattr(writer, "Beside", start)
    written(tmp_path / "one", 1)
    monkeypatch.setattr(build, "HELPED_FROM", 1_000_000)
    written(tmp_path / "little", 2)
    assert started == []
    monkeypatch.setattr(build, "HELPED_FROM", 1_500)
    written(tmp_path / "much", 2)
    assert len(started) == 1
    assert started[0]._process.returncode is not None


def test_a_transaction_given_up_ends_the_process(tmp_path: Path) -> None:
    """An error within a transaction leaves no process, no thread and no file."""
    seen: list[Beside] = []

    def give_up() -> None:
        with open_engine(tmp_path, create=True).writing(2) as writing:
            for record in records(2):
                writing.put(record, ())
            assert isinstance(writing, writer.Transaction)
            assert writing._beside is not None
            seen.append(writing._beside)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert seen[0]._process.returncode is not None
    assert not any(thread.name == "gongwen-segment" for thread in threading.enumerate())
    assert list(tmp_path.glob("MAIN_*.arr")) == []


def test_a_writer_that_is_killed_takes_it_along() -> None:
    """The process ends with its pipe: nobody is left who could write to the standard error that both have."""
    script = (
        "import time\n"
        "from indexer.engines.whoosh.beside import Beside\n"
        "one = Beside()\n"
        "one.begin()\n"
        "one.ask(None)\n"
        "print(len(one.words().terms), flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as parent:
        assert pipe_of(parent.stdout).readline() == b"0\n"
        parent.kill()
        assert pipe_of(parent.stderr).read() == b""
