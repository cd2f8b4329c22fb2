"""Transactions: merges keep every answer, one writer at a time, readers go on, damage is told."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from made import document, meeting

from indexer.engines.engine import Wanted
from indexer.engines.whoosh import manifest, merge, seals, writer
from indexer.engines.whoosh.engine import WhooshEngine, open_engine
from indexer.engines.whoosh.segment import Segment
from indexer.errors import IndexDamaged, IndexLocked, IndexMissing, IndexOutdated
from indexer.model import Record
from indexer.query.parse import parse
from indexer.text import words

QUERIES = ("市", "政府", "教育", "市政府", "职业教育 条例", "部门:市教育局", "林远", "怎样办好职业教育")


def put(engine: WhooshEngine, *records: Record) -> None:
    """Commit records in one transaction."""
    with engine.writing() as writing:
        for record in records:
            writing.put(record, ())
        writing.commit()


def answers(engine: WhooshEngine) -> list[tuple[int, int, list[tuple[str, float]]]]:
    """Return counts, ids and scores of some queries."""
    found = []
    for text in QUERIES:
        query = parse(text, expand=False)
        one = engine.find(Wanted(query, words.weighted_words(query.plain), limit=500))
        found.append((one.exact, one.related, sorted((h.passage.id, round(h.score, 3)) for h in one.hits)))
    return found


def records(count: int) -> list[Record]:
    """Documents and meetings by turns."""
    chance = random.Random(3)
    made: list[Record] = []
    for i in range(count):
        texts = ["".join(chance.choices("市政府教育职业 ab", k=20)) for _ in range(3)]
        made.append(document(f"{i}", texts) if i % 3 else meeting(i, date(2020, 1, 1 + i % 28)))
    return made


def test_many_small_commits_answer_as_one_large(tmp_path: Path) -> None:
    """Segments are merged as they grow in number, and nothing of an answer changes by that."""
    made = records(21)
    whole, pieces = open_engine(tmp_path / "whole", create=True), open_engine(tmp_path / "pieces", create=True)
    put(whole, *made)
    for record in made:
        put(pieces, record)
    assert pieces.stats().segments < writer.FANOUT * 2
    assert answers(pieces) == answers(whole)
    assert [pieces.record(r.id) for r in made] == made
    assert list(pieces.check()) == []


def test_merging_leaves_deleted_records_out(tmp_path: Path) -> None:
    """A merge keeps what is not deleted, with its values, headings and order."""
    engine = open_engine(tmp_path, create=True)
    made = records(6)
    put(engine, *made[:3])
    put(engine, *made[3:])
    with engine.writing() as writing:
        writing.remove(made[0].id)
        writing.remove(made[4].id)
        writing.commit()
    before = answers(engine)
    path = tmp_path / "merged.arr"
    one = Segment(path, made=merge.merge(engine.snapshot().segments))
    kept = [r for i, r in enumerate(made) if i not in (0, 4)]
    assert [one.head(i)[1] for i in range(len(one.rec_date))] == [r.id for r in kept]
    assert len(one.heading)
    put(engine, document("new", ["市政府"]))
    assert [a[0] >= b[0] for a, b in zip(answers(engine), before, strict=True)] == [True] * len(QUERIES)


def test_a_large_build_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build beyond the bound of memory becomes several segments; a record put twice is still one."""
    monkeypatch.setattr(writer, "SEGMENT_CHARACTERS", 100)
    engine = open_engine(tmp_path, create=True)
    made = records(12)
    put(engine, *made, document("0", ["最后的内容"]))
    assert {h.id for h in engine.heads()} == {r.id for r in made} | {"d-0"}
    assert list(engine.check()) == []


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """While one process writes, another is refused; when the first dies, the lock is free."""
    engine = open_engine(tmp_path, create=True)
    code = (
        "import sys, time\n"
        "from indexer.engines.whoosh.engine import open_engine\n"
        "with open_engine(sys.argv[1]).writing():\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(IndexLocked) as error, engine.writing():
            pass
        assert f"进程 {other.pid}，主机 {socket.gethostname()}，始于 20" in str(error.value)
        with pytest.raises(IndexLocked, match=str(other.pid)), writer.WriteLock(tmp_path, timeout=0.3):
            pass
        other.kill()
        other.wait()
    # What the dead one wrote about itself is still there, and is no lock.
    assert str(other.pid) in (tmp_path / writer.HOLDER).read_text(encoding="utf-8")
    put(engine, document("a", ["内容"]))
    assert engine.stats().documents == 1


def test_what_a_dead_writer_left_is_removed(tmp_path: Path) -> None:
    """Segment files that no list names are gone after the next commit."""
    engine = open_engine(tmp_path, create=True)
    leftover = tmp_path / "MAIN_0123456789abcdef.arr"
    leftover.write_bytes(b"half")
    put(engine, document("a", ["内容"]))
    assert not leftover.exists()


def test_readers_go_on_while_a_writer_commits(tmp_path: Path) -> None:
    """Threads that search while meetings come and go see whole generations and never an error."""
    engine = open_engine(tmp_path, create=True)
    put(engine, document("fixed", ["市政府职业教育"] * 5))
    stop = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        last = False
        while not last:
            last = stop.is_set()
            try:
                found = engine.find(Wanted(parse("职业教育条例"), match="exact", limit=100))
                # A meeting has three passages with these words on level all: heading and one resolution, or none.
                if found.exact % 2 or len(found.hits) != found.exact:
                    wrong.append(found.exact)
                wrong.extend(hit.text for hit in found.hits if "职业教育条例" not in hit.text)
            except Exception as error:  # noqa: BLE001  any error of a reader is what this test looks for
                wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 41):
        put(engine, meeting(number, date(2024, 1, 1 + number % 28)))
        if number % 3 == 0:
            with engine.writing() as writing:
                writing.remove(meeting(number - 1, date(2024, 1, 1 + (number - 1) % 28)).id)
                writing.commit()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_damage_is_told(tmp_path: Path) -> None:
    """A flipped byte anywhere in a segment, a cut file and a lost one are found by the check."""
    engine = open_engine(tmp_path, create=True)
    put(engine, *records(4))
    (file,) = tmp_path.glob("*.arr")
    sound = file.read_bytes()
    chance = random.Random(1)
    for _ in range(25):
        place = chance.randrange(len(sound))
        file.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert any("校验和" in line for line in engine.check())
        with pytest.raises(IndexDamaged):
            engine.heads()
    file.write_bytes(sound)
    assert list(engine.check()) == []
    assert len(engine.heads()) == 4
    file.write_bytes(sound[: len(sound) // 2])
    with pytest.raises(IndexDamaged):
        open_engine(tmp_path)
    file.unlink()
    with pytest.raises(IndexDamaged):
        open_engine(tmp_path)


def test_every_byte_of_the_small_files_counts(tmp_path: Path) -> None:
    """A changed byte of the manifest or of the list of segments is found wherever it is, and the two cut as well."""
    engine = open_engine(tmp_path, create=True)
    put(engine, *records(4))
    for name in (manifest.NAME, manifest.toc_name(1)):
        file = tmp_path / name
        sound = file.read_bytes()
        for place in range(len(sound)):
            file.write_bytes(sound[:place] + bytes([sound[place] ^ 1 << place % 8]) + sound[place + 1 :])
            assert list(engine.check()), f"{name} {place}"
        for cut in range(0, len(sound), 50):
            file.write_bytes(sound[:cut])
            assert list(engine.check()), f"{name} {cut}"
        file.write_bytes(sound)
    assert list(engine.check()) == []


def test_damage_that_only_a_checksum_shows_is_not_merged(tmp_path: Path) -> None:
    """A segment whose seal holds and whose bytes do not is found by `verify`, and stays so until replaced."""
    engine = open_engine(tmp_path, create=True)
    put(engine, *records(4))
    (file,) = tmp_path.glob("*.arr")
    sound = file.read_bytes()
    file.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    # As if a disk had done it: the manifest has the seal of the file as it is.
    data = manifest.read(tmp_path)
    data["files"][file.name]["seal"] = seals.seal_of(file)
    del data["blake2b"]
    (tmp_path / manifest.NAME).write_text(manifest.signed(data), encoding="utf-8")
    fresh = open_engine(tmp_path)
    with pytest.raises(IndexDamaged, match=file.name):
        fresh.verify()
    for _ in range(2):
        with pytest.raises(IndexDamaged, match=file.name):
            fresh.heads()
    for number in range(writer.FANOUT - 2):
        put(open_engine(tmp_path), document(f"new{number}", ["内容"]))
    with pytest.raises(IndexDamaged, match=file.name):
        put(open_engine(tmp_path), document("last", ["内容"]))
    file.write_bytes(sound)
    assert len(fresh.heads()) >= 4
    fresh.verify()


def test_an_index_of_another_kind_is_refused(tmp_path: Path) -> None:
    """No index, another format, another segmenter and a broken manifest each get their own error."""
    with pytest.raises(IndexMissing):
        open_engine(tmp_path / "none")
    open_engine(tmp_path, create=True)
    note = tmp_path / manifest.NAME
    sound = note.read_text(encoding="utf-8")
    note.write_text(sound.replace(f'"format": {manifest.FORMAT}', '"format": 999'), encoding="utf-8")
    with pytest.raises(IndexOutdated, match="999"):
        open_engine(tmp_path)
    note.write_text(sound.replace("jieba", "other"), encoding="utf-8")
    with pytest.raises(IndexOutdated, match="other"):
        open_engine(tmp_path)
    note.write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged):
        open_engine(tmp_path)
    note.write_text(sound, encoding="utf-8")
    for toc in tmp_path.glob("*.toc"):
        toc.write_bytes(b"no list")
    with pytest.raises(IndexDamaged):
        open_engine(tmp_path)


def test_a_record_put_twice_leaves_no_trace_of_the_first(tmp_path: Path) -> None:
    """What is replaced within one transaction is never written, so it counts in no statistic."""
    engine = open_engine(tmp_path, create=True)
    put(engine, document("a", ["旧的内容", "旧的第二段"]), document("b", ["别的"]), document("a", ["新的内容"]))
    (segment,) = engine.snapshot().segments
    assert [segment.text(i) for i in range(segment.size)] == ["别的", "新的内容"]
    assert not segment.dead
    assert segment.word_rows(["旧"]) == [-1]
