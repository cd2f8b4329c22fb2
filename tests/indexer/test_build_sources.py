"""Sources: several files of one record, lists and archives that hold many, and what is left when one goes."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import indexer
from indexer.build import build
from indexer.engines.choose import open_engine
from indexer.engines.engine import SourceState
from indexer.intake import file_of
from indexer.model import Meeting

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


def write_archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return path


def _texts(record: Meeting) -> list[indexer.model.Paragraph]:
    inner = [p for item in record.items for resolution in item.resolutions for p in resolution.paragraphs]
    return [*record.paragraphs, *inner]


def test_moved_file_is_the_same_record(tmp_path: Path, write_minutes: Write) -> None:
    """A file that was moved within a synced folder is an update and no duplicate."""
    path = write_minutes(1)
    build(tmp_path / "in", tmp_path / "index")
    path.rename(path.with_name("moved.txt"))
    report = build(tmp_path / "in", tmp_path / "index", sync=True)
    assert (report.added, report.updated, report.removed, report.duplicates) == (0, 1, 0, ())
    assert [Path(path).name for path in sources(tmp_path / "index")] == ["moved.txt"]


def test_two_sources_are_one_record(tmp_path: Path, write_minutes: Write) -> None:
    """The same meeting from two files is one record, with the more complete text shown and both as sources."""
    short = write_minutes(1, "a.txt")
    long = write_minutes(1, "b.txt", extra="会议还研究了夜间照明问题。")
    report = build(tmp_path / "in", tmp_path / "index")
    found = meeting(tmp_path / "index", 1)
    assert (report.added, report.updated, report.meetings) == (1, 0, 1)
    assert report.duplicates == ((str(short), found.id),)
    assert [source.path for source in found.sources] == [str(long), str(short)]
    assert any("夜间照明" in paragraph.text for paragraph in _texts(found))
    assert build(tmp_path / "in", tmp_path / "index").unchanged == 2


def test_later_duplicate_is_listed_or_shown(tmp_path: Path, write_minutes: Write) -> None:
    """A shorter duplicate that comes later is only listed; a longer one is shown in place of the first."""
    first = write_minutes(1, "b.txt", extra="会议还研究了夜间照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    shorter = write_minutes(1, "a.txt")
    report = build(tmp_path / "in", tmp_path / "index")
    found = meeting(tmp_path / "index", 1)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    assert report.duplicates == ((str(shorter), found.id),)
    assert [source.path for source in found.sources] == [str(first), str(shorter)]
    longer = write_minutes(1, "c.txt", extra="会议还研究了夜间照明问题。会议最后强调了纪律。")
    report = build(tmp_path / "in", tmp_path / "index")
    found = meeting(tmp_path / "index", 1)
    assert (report.added, report.updated, report.unchanged) == (0, 1, 2)
    assert found.sources[0].path == str(longer)
    assert {source.path for source in found.sources} == {str(first), str(shorter), str(longer)}


def test_record_lives_until_its_last_source_is_gone(tmp_path: Path, write_minutes: Write) -> None:
    """When the file that is shown goes, the other one is shown; when that goes too, so does the record."""
    short = write_minutes(1, "a.txt")
    long = write_minutes(1, "b.txt", extra="会议还研究了夜间照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    long.unlink()
    report = build(tmp_path / "in", tmp_path / "index", sync=True)
    found = meeting(tmp_path / "index", 1)
    assert (report.removed, report.meetings) == (0, 1)
    assert [source.path for source in found.sources] == [str(short)]
    assert not any("夜间照明" in paragraph.text for paragraph in _texts(found))
    short.unlink()
    report = build(tmp_path / "in", tmp_path / "index", sync=True)
    assert (report.removed, report.meetings) == (1, 0)
    assert sources(tmp_path / "index") == {}


def test_source_that_is_not_shown_goes(tmp_path: Path, write_minutes: Write) -> None:
    """When a file goes that was not shown, only the list of sources changes."""
    short = write_minutes(1, "a.txt")
    long = write_minutes(1, "b.txt", extra="会议还研究了夜间照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    short.unlink()
    build(tmp_path / "in", tmp_path / "index", sync=True)
    assert [source.path for source in meeting(tmp_path / "index", 1).sources] == [str(long)]
    assert list(sources(tmp_path / "index")) == [str(long)]


def test_identical_copies_keep_their_paths(tmp_path: Path, write_minutes: Write) -> None:
    """Two copies of one file are told apart by path, also after one has gone."""
    first = write_minutes(1, "a.txt")
    second = write_minutes(1, "b.txt")
    build(tmp_path / "in", tmp_path / "index")
    assert [source.path for source in meeting(tmp_path / "index", 1).sources] == [str(first), str(second)]
    first.unlink()
    build(tmp_path / "in", tmp_path / "index", sync=True)
    assert [source.path for source in meeting(tmp_path / "index", 1).sources] == [str(second)]


def test_record_is_kept_where_no_source_can_be_read_again(tmp_path: Path, write_minutes: Write) -> None:
    """When the file shown has gone and the other cannot be read any more, the text that the index has stays."""
    broken = write_minutes(1, "a.txt")
    long = write_minutes(1, "b.txt", extra="会议还研究了夜间照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    long.unlink()
    size, times = broken.stat().st_size, broken.stat().st_mtime_ns
    broken.write_bytes(b"\0" * size)
    os.utime(broken, ns=(times, times))
    report = build(tmp_path / "in", tmp_path / "index", sync=True)
    assert report.removed == 0
    assert any("夜间照明" in paragraph.text for paragraph in _texts(meeting(tmp_path / "index", 1)))


@pytest.mark.parametrize("name", ["docs.jsonl", "docs.jsonl.gz"])
def test_list_of_documents(tmp_path: Path, name: str) -> None:
    """Each line of a list is a document; what changes, comes and goes is told line by line."""
    path = write_list(tmp_path / name, ("1", "甲乙\n丙丁"), ("2", "戊己"), ("3", "庚辛"))
    report = build(path, tmp_path / "index")
    assert (report.added, report.documents, report.passages) == (3, 3, 4)
    assert build(path, tmp_path / "index").unchanged == 3
    write_list(path, ("1", "甲乙\n丙丁"), ("3", "庚辛壬癸"), ("4", "子丑"))
    report = build(path, tmp_path / "index")
    assert (report.added, report.updated, report.unchanged, report.removed) == (1, 1, 1, 1)
    with indexer.open_index(tmp_path / "index") as index:
        assert {head.id for head in index.heads()} == {"d-1", "d-3", "d-4"}
        assert index.search("壬癸", match="exact").hits[0].id == "d-3#p1"
    assert build(path, tmp_path / "index").unchanged == 3


def test_archive_of_files(tmp_path: Path, minutes_of: Callable[[int], str]) -> None:
    """Each member of an archive is a source of its own, which comes, changes and goes by itself."""
    path = write_archive(tmp_path / "all.zip", a=minutes_of(1), b=minutes_of(2), c=minutes_of(1))
    report = build(path, tmp_path / "index")
    found = meeting(tmp_path / "index", 1)
    assert (report.added, report.duplicates) == (2, ((f"{path}!/c.txt", found.id),))
    assert {Path(key).name for key in sources(tmp_path / "index")} == {"a.txt", "b.txt", "c.txt"}
    assert build(tmp_path, tmp_path / "index", sync=True).unchanged == 3
    write_archive(path, a=minutes_of(1), d=minutes_of(3))
    report = build(path, tmp_path / "index", sync=True)
    assert (report.added, report.unchanged, report.removed, report.meetings) == (1, 1, 1, 2)
    path.unlink()
    assert build(tmp_path, tmp_path / "index", sync=True).meetings == 0


def test_file_of_a_source() -> None:
    """The file of a source is found behind its member and id, also where folders have odd names."""
    for path, record_id, file in [
        ("/a/b.txt", "x", "/a/b.txt"),
        ("/a/b.jsonl#d-1", "d-1", "/a/b.jsonl"),
        ("/a/b.jsonl#d-1", "d-2", "/a/b.jsonl#d-1"),
        ("/a/b.zip!/c/d.txt", "x", "/a/b.zip"),
        ("/a/b.zip!/c.zip!/d.txt", "x", "/a/b.zip"),
        ("/a/b.zip!/c.jsonl#d-1", "d-1", "/a/b.zip"),
        ("/重要!/a.txt", "x", "/重要!/a.txt"),
        ("/重要#1/a.txt", "x", "/重要#1/a.txt"),
    ]:
        assert file_of(SourceState(path, "", record_id)) == file


def test_one_id_twice_in_a_list(tmp_path: Path) -> None:
    """Of two documents with one id the one with more text is shown, and the list is told as holding a duplicate."""
    path = write_list(tmp_path / "docs.jsonl", ("1", "甲乙"), ("1", "甲乙丙丁"))
    report = build(path, tmp_path / "index")
    assert (report.documents, report.duplicates) == (1, ((str(path), "d-1"),))
    with indexer.open_index(tmp_path / "index") as index:
        assert index.search("丙丁", match="exact").total.exact == 1


def test_broken_list_is_read_again(tmp_path: Path) -> None:
    """Of a list with a broken line the good documents are indexed, and every build tries it and tells it again."""
    path = write_list(tmp_path / "docs.jsonl", ("1", "甲乙"), ("2", "戊己"), broken='{"id": "3", "tit')
    for _ in range(2):
        report = build(path, tmp_path / "index")
        assert (report.documents, [row.path for row in report.failed]) == (2, [str(path)])
    write_list(path, ("1", "甲乙"), ("2", "戊己"), ("3", "庚辛"))
    report = build(path, tmp_path / "index")
    assert (report.documents, report.failed) == (3, ())
    assert build(path, tmp_path / "index").unchanged == 3
