"""Builds: what is read, what is left alone, what goes, and what becomes of files that cannot be read."""

from __future__ import annotations

import gzip
import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import indexer.minutes.parse
from indexer.build import Failure, Report, build, remove
from indexer.engines.choose import open_engine
from indexer.engines.engine import Engine, SourceState
from indexer.engines.passages import Passage
from indexer.engines.whoosh import stored
from indexer.errors import NotFound, UnreadableFile
from indexer.model import Meeting, Record

Write = Callable[..., Path]


def sources(index: Path) -> dict[str, SourceState]:
    engine = open_engine(index)
    try:
        return dict(engine.sources())
    finally:
        engine.close()


def meeting(index: Path, number: int) -> Meeting:
    with indexer.open_index(index) as held:
        found = [held.record(head.id) for head in held.heads() if head.number == number]
    assert len(found) == 1
    assert isinstance(found[0], Meeting)
    return found[0]


def write_list(path: Path, *documents: tuple[str, str], broken: str = "") -> Path:
    rows = [json.dumps({"id": n, "title": f"文件{n}", "text": text}, ensure_ascii=False) for n, text in documents]
    data = "\n".join([*rows, *([broken] if broken else [])]).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_files_and_folders_become_records(tmp_path: Path, write_minutes: Write) -> None:
    """Every file of a folder and every file named is a record that can be found."""
    write_minutes(1), write_minutes(2, "deep/er/2.txt")
    single = tmp_path / "single.txt"
    shutil.copy(write_minutes(3), single)
    (tmp_path / "in/3.txt").unlink()
    report = build([tmp_path / "in", str(single)], tmp_path / "index")
    assert (report.added, report.updated, report.unchanged, report.removed) == (3, 0, 0, 0)
    assert (report.meetings, report.documents, report.failed, report.duplicates) == (3, 0, (), ())
    assert report.passages > 3
    assert report.seconds > 0
    with indexer.open_index(tmp_path / "index") as index:
        assert index.search('"安全生产专项整治"', match="exact").total.exact > 0


def test_unchanged_files_are_not_read_again(tmp_path: Path, write_minutes: Write) -> None:
    """A second build reads nothing, writes nothing, and a touched file is known by its content."""
    path = write_minutes(1)
    write_minutes(2)
    build(tmp_path / "in", tmp_path / "index")
    before = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "index").iterdir()}
    os.utime(path, ns=(1, 1))
    read = []
    report = build(tmp_path / "in", tmp_path / "index", progress=lambda done, total, path: read.append(path))
    assert (report.added, report.updated, report.unchanged) == (0, 0, 2)
    assert read == []
    assert {file.name: file.stat().st_mtime_ns for file in (tmp_path / "index").iterdir()} == before


def test_changed_file_is_updated(tmp_path: Path, write_minutes: Write) -> None:
    """A file with another text of the same meeting replaces it, under the same id."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    first = meeting(tmp_path / "index", 1)
    write_minutes(1, extra="会议还研究了夜间照明问题。")
    report = build(tmp_path / "in", tmp_path / "index")
    assert (report.added, report.updated, report.unchanged, report.removed) == (0, 1, 0, 0)
    assert report.meetings == 1
    assert meeting(tmp_path / "index", 1).id == first.id
    with indexer.open_index(tmp_path / "index") as index:
        assert index.search("夜间照明", match="exact").total.exact == 1


def test_file_that_holds_another_meeting_replaces_the_old_one(tmp_path: Path, write_minutes: Write) -> None:
    """A path that now holds another meeting leaves nothing of the former one behind."""
    write_minutes(1, "m.txt")
    build(tmp_path / "in", tmp_path / "index")
    write_minutes(2, "m.txt")
    report = build(tmp_path / "in", tmp_path / "index")
    assert (report.added, report.updated, report.removed, report.meetings) == (0, 1, 0, 1)
    assert meeting(tmp_path / "index", 2).sources[0].path.endswith("m.txt")


def test_index_keeps_what_is_gone_and_sync_removes_it(tmp_path: Path, write_minutes: Write) -> None:
    """`index` never removes; `sync` removes what has gone from its folder, and from no other."""
    gone = write_minutes(1)
    write_minutes(2)
    other = tmp_path / "other"
    other.mkdir()
    outside = other / "3.txt"
    shutil.move(write_minutes(3), outside)
    build([tmp_path / "in", other], tmp_path / "index")
    gone.unlink(), outside.unlink()
    assert build(tmp_path / "in", tmp_path / "index").meetings == 3
    report = build(tmp_path / "in", tmp_path / "index", sync=True)
    assert (report.removed, report.unchanged, report.meetings) == (1, 1, 2)
    assert meeting(tmp_path / "index", 3)


def test_failed_file_is_a_row_and_keeps_what_was_indexed(tmp_path: Path, write_minutes: Write) -> None:
    """A file that turns bad is told, the others are indexed, and its former text can still be found."""
    path = write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    path.write_bytes(b"")
    write_minutes(2)
    report = build(tmp_path / "in", tmp_path / "index", sync=True)
    assert [row.path for row in report.failed] == [str(path)]
    assert (report.added, report.removed, report.meetings) == (1, 0, 2)
    assert meeting(tmp_path / "index", 1)


def test_unexpected_error_is_a_row_with_its_trace_in_the_log(
    tmp_path: Path, write_minutes: Write, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody foresaw costs its file alone; the log tells where it came from."""
    write_minutes(1), write_minutes(2)
    parse = indexer.minutes.parse.parse

    def fail(source: object) -> object:
        if "第1次" in source.text:  # type: ignore[attr-defined]
            raise RuntimeError("nobody foresaw this")
        return parse(source)

    monkeypatch.setattr("indexer.minutes.parse.parse", fail)
    with caplog.at_level(logging.ERROR):
        report = build(tmp_path / "in", tmp_path / "index")
    assert report.meetings == 1
    assert [(Path(row.path).name, "nobody foresaw this" in row.error) for row in report.failed] == [("1.txt", True)]
    assert "Traceback" in caplog.text
    assert "in fail" in caplog.text


def test_reader_that_fails_or_gives_nothing(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that breaks, and one that finds no document, each make a row of their file."""
    path = write_minutes(1)

    def broken(path: Path, ocr: bool) -> list[object]:
        raise ZeroDivisionError("in a reader")

    monkeypatch.setattr("indexer.intake.read", broken)
    (row,) = build(path, tmp_path / "index").failed
    assert "in a reader" in row.error
    monkeypatch.setattr("indexer.intake.read", lambda path, ocr: [])
    (row,) = build(path, tmp_path / "index").failed
    assert row == Failure(str(path), "文件中没有内容")


def test_duplicate_that_the_engine_cannot_take(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a record with its two sources cannot be put, the one that was put with one source stays."""
    write_minutes(1, "a.txt"), write_minutes(1, "b.txt")
    pack = stored.pack

    def fail(record: Record, found: Sequence[Passage]) -> bytes:
        if len(record.sources) == 2:
            raise ValueError("cannot be packed")
        return pack(record, found)

    monkeypatch.setattr(stored, "pack", fail)
    report = build(tmp_path / "in", tmp_path / "index")
    assert (report.meetings, len(report.failed)) == (1, 1)
    assert len(meeting(tmp_path / "index", 1).sources) == 1


def test_record_that_the_engine_cannot_take(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that cannot be put is a row; the one that it would have replaced, and all others, can be found."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    write_minutes(1, extra="会议还研究了夜间照明问题。"), write_minutes(2), write_minutes(3)
    pack = stored.pack

    def fail(record: Record, found: Sequence[Passage]) -> bytes:
        if isinstance(record, Meeting) and record.number == 1:
            raise ValueError("cannot be packed")
        return pack(record, found)

    monkeypatch.setattr(stored, "pack", fail)
    report = build(tmp_path / "in", tmp_path / "index")
    assert [(Path(row.path).name, "cannot be packed" in row.error) for row in report.failed] == [("1.txt", True)]
    assert (report.added, report.updated, report.meetings) == (2, 0, 3)
    with indexer.open_index(tmp_path / "index") as index:
        assert index.search('"第1批"', match="exact").total.exact > 0
        assert index.search("夜间照明", match="exact").total.exact == 0
    assert remove([meeting(tmp_path / "index", 2).id], tmp_path / "index") == 1
    assert meeting(tmp_path / "index", 1)


def test_paths_that_are_not_there(tmp_path: Path, write_minutes: Write) -> None:
    """One missing path among others is a row; nothing but missing ones, or a missing folder to sync, is an error."""
    path = write_minutes(1)
    report = build([path, tmp_path / "none.txt"], tmp_path / "index")
    assert [row.path for row in report.failed] == [str(tmp_path / "none.txt")]
    assert report.meetings == 1
    with pytest.raises(UnreadableFile, match=r"none\.txt"):
        build(tmp_path / "none.txt", tmp_path / "index")
    shutil.rmtree(tmp_path / "in")
    with pytest.raises(UnreadableFile, match="in"):
        build(tmp_path / "in", tmp_path / "index", sync=True)
    assert meeting(tmp_path / "index", 1)


def test_closed_folder_loses_nothing(tmp_path: Path, write_minutes: Write) -> None:
    """A folder that cannot be looked into is told, and what came from it is not taken for gone."""
    folder = write_minutes(1, "closed/1.txt").parent
    build(tmp_path / "in", tmp_path / "index")
    folder.chmod(0)
    if os.access(folder, os.R_OK):
        pytest.skip("needs a user whom permissions bind")
    try:
        report = build(tmp_path / "in", tmp_path / "index", sync=True)
    finally:
        folder.chmod(0o700)
    assert [row.path for row in report.failed] == [str(folder)]
    assert (report.removed, report.meetings) == (0, 1)


def test_index_inside_the_folder_is_not_read(tmp_path: Path, write_minutes: Write) -> None:
    """An index that lies in the folder that is indexed is no document of it."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "in/index")
    (tmp_path / "in/index/note.txt").write_text("注", encoding="utf-8")
    report = build(tmp_path / "in", tmp_path / "in/index")
    assert (report.unchanged, report.added, report.failed) == (1, 0, ())


def test_public_only(tmp_path: Path, write_minutes: Write) -> None:
    """With public_only only what says that it is public gets in, and what is in without saying so goes."""
    public = write_minutes(1, disclosure="此件公开发布")
    inner = write_minutes(2, disclosure="此件依申请公开")
    build(tmp_path / "in", tmp_path / "index")
    report = build(tmp_path / "in", tmp_path / "index", public_only=True)
    assert (report.unchanged, report.removed, report.meetings) == (1, 1, 1)
    assert report.withheld == (str(inner),)
    report = build(tmp_path / "in", tmp_path / "other", public_only=True)
    assert (report.added, report.meetings, report.withheld) == (1, 1, (str(inner),))
    write_minutes(1, disclosure="此件依申请公开")
    report = build(tmp_path / "in", tmp_path / "index", public_only=True)
    assert (report.meetings, set(report.withheld)) == (0, {str(public), str(inner)})


def test_jobs_give_the_same_index(tmp_path: Path, write_minutes: Write) -> None:
    """Two reading processes give the records, passages and rows that one gives, and progress tells every file."""
    for number in range(1, 12):
        write_minutes(number)
    (tmp_path / "in/0.txt").write_bytes(b"")
    write_list(tmp_path / "in/docs.jsonl", ("1", "甲乙"))
    done = []
    one = build(tmp_path / "in", tmp_path / "one")
    two = build(
        tmp_path / "in", tmp_path / "two", jobs=2, progress=lambda count, total, path: done.append((count, total))
    )
    counts = ("added", "failed", "duplicates", "meetings", "documents", "passages")
    assert [getattr(one, name) for name in counts] == [getattr(two, name) for name in counts]
    assert len(two.failed) == 1
    assert done == [(count, 13) for count in range(1, 14)]
    assert sources(tmp_path / "one").keys() == sources(tmp_path / "two").keys()
    assert _all(tmp_path / "one") == _all(tmp_path / "two")


def test_worker_prints_nothing_into_the_answers(tmp_path: Path, write_minutes: Write) -> None:
    """The child process answers with pickled records alone, None at first and after those of each path."""
    import pickle

    path = write_minutes(1)
    child = subprocess.run(
        [sys.executable, "-m", "indexer.worker"],
        input=pickle.dumps((str(path), False)) + pickle.dumps((str(tmp_path / "none.txt"), False)),
        capture_output=True,
        check=True,
        cwd=Path(indexer.__file__).parents[1],
    )
    assert child.stderr == b""
    answers = io.BytesIO(child.stdout)
    ready, *held = (pickle.load(answers) for _ in range(5))
    assert ready is None
    assert answers.read() == b""
    assert isinstance(held[0], Meeting)
    assert (held[1], held[3]) == (None, None)
    assert held[2].reason == "文件不存在，可能已被移走或改名"


def test_commit_of_another_build_just_before(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another build commits between opening the index and getting its lock is known and not read again."""
    write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    write_minutes(2)
    module = sys.modules["indexer.build"]
    first = [True]

    def opened(where: Path, create: bool = False) -> Engine:
        engine = open_engine(where, create)
        if first.pop() if first else False:
            assert build(tmp_path / "in", tmp_path / "index").added == 1
        return engine

    monkeypatch.setattr(module, "open_engine", opened)
    report = build(tmp_path / "in", tmp_path / "index")
    assert (report.added, report.unchanged, report.meetings) == (0, 2, 2)


def test_remove(tmp_path: Path, write_minutes: Write) -> None:
    """Records are removed by id, all that are named or none."""
    write_minutes(1), write_minutes(2)
    build(tmp_path / "in", tmp_path / "index")
    ids = [meeting(tmp_path / "index", number).id for number in (1, 2)]
    with pytest.raises(NotFound, match="20990101-00000000"):
        remove([ids[0], "20990101-00000000"], tmp_path / "index")
    assert meeting(tmp_path / "index", 1)
    assert remove([ids[0], ids[0]], tmp_path / "index") == 1
    with indexer.open_index(tmp_path / "index") as index:
        assert [head.id for head in index.heads()] == [ids[1]]


@pytest.mark.parametrize("jobs", [1, 2])
def test_pictures_are_looked_for_when_asked(tmp_path: Path, jobs: int) -> None:
    """With ocr a folder's pictures are tried, and one that holds no text is told like any other file."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert build(tmp_path / "in", tmp_path / "index").failed == ()
    report = build(tmp_path / "in", tmp_path / "index", ocr=True, jobs=jobs)
    assert [row.path for row in report.failed] == [str(tmp_path / "in/scan.png")]
    assert "--ocr" not in report.failed[0].error


def test_report_as_json() -> None:
    """The report's JSON has the fields of the contract and no others."""
    report = Report(
        added=1,
        duplicates=(("a.txt", "x"),),
        failed=(Failure("b.txt", "坏"),),
        seconds=0.12345,
        withheld=("c",),
        near_duplicates=(("d.txt", "d-1", 0.93),),
        refused=(Failure("e.txt", "标有“秘密★”，未收录"),),
        others=((".rar", 2),),
    )
    assert report.to_json() == {
        **{"added": 1, "updated": 0, "unchanged": 0, "removed": 0, "duplicates": [["a.txt", "x"]]},
        **{
            "near_duplicates": [["d.txt", "d-1", 0.93]],
            "failed": [{"path": "b.txt", "error": "坏"}],
            "refused": [{"path": "e.txt", "error": "标有“秘密★”，未收录"}],
            "withheld": ["c"],
            "others": {".rar": 2},
            "meetings": 0,
            "documents": 0,
            "passages": 0,
            "seconds": 0.123,
        },
    }


def _all(index: Path) -> list[object]:
    with indexer.open_index(index) as held:
        return [held.record(head.id) for head in held.heads()]
