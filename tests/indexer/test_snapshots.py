"""A snapshot holds the whole index, a restore puts it back in one step, and nothing but a sound snapshot gets in."""

from __future__ import annotations

import io
import json
import random
import tarfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.build import build, remove
from indexer.engines.choose import open_engine
from indexer.engines.whoosh import manifest
from indexer.errors import BadParameter, IndexDamaged, IndexLocked, IndexMissing, IndexOutdated, UnreadableFile
from indexer.originals import Originals
from indexer.search import Index, open_index
from indexer.snapshots import restore, snapshot
from search_web.cli import cli

Write = Callable[..., Path]


@pytest.fixture
def index(tmp_path: Path, write_minutes: Write) -> Path:
    """An index of several segments, one with deletions, with originals and pairs of like documents."""
    for number in (1, 2, 3):
        write_minutes(number)
    rows = [
        {
            "id": str(n),
            "title": f"通知{n}",
            "text": f"第{n}号。" + "".join(f"第{at}项工作由第{at * 7}科负责。" for at in range(60)),
        }
        for n in (1, 2)
    ]
    (tmp_path / "in/list.jsonl").write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    build(tmp_path / "in", tmp_path / "index", keep_originals=True)
    write_minutes(4), write_minutes(1, matters=3)
    build(tmp_path / "in", tmp_path / "index", keep_originals=True)
    return tmp_path / "index"


def held(place: Path) -> dict[str, object]:
    """Everything that an index tells."""
    with closing(open_engine(place)) as engine:
        assert list(engine.check()) == []
        assert list(Originals(place).check()) == []
        records = [engine.record(head.id) for head in engine.heads()]
        states = engine.sources().values()
        kept = {state.sha256 for state in states if Originals(place).find(state.sha256)}
        with Index(engine, place) as opened:
            alike = [opened.similar(record.id) for record in records]
            found = [(hit.id, round(hit.score, 4)) for hit in opened.search("实施方案 市教育局", limit=50).hits]
    return {"records": records, "states": set(states), "kept": kept, "alike": alike, "found": found}


def test_a_snapshot_is_the_whole_index(tmp_path: Path, index: Path) -> None:
    """What is restored elsewhere, or over an index that has gone on, tells what the first one told."""
    before = held(index)
    assert before["kept"]
    assert any(before["alike"])  # type: ignore[arg-type]
    made = snapshot(index, tmp_path / "one.tar")
    assert made.generation == 2
    assert held(index) == before
    assert restore(tmp_path / "one.tar", tmp_path / "other").files == made.files
    assert held(tmp_path / "other") == before
    with closing(open_engine(index)) as engine:
        remove([head.id for head in engine.heads()][:3], index)
    assert held(index) != before
    restore(tmp_path / "one.tar", index)
    assert held(index) == before
    assert {path.name for path in index.iterdir() if path.suffix in (".new", ".toc")} == {manifest.toc_name(4)}


def test_a_damaged_index_is_restored(tmp_path: Path, index: Path) -> None:
    """A snapshot puts right what is damaged, whichever file it is."""
    before = held(index)
    snapshot(index, tmp_path / "one.tar")
    for pattern in ("*.arr", "*.toc", "manifest.json", "originals/*/*"):
        for path in index.glob(pattern):
            path.write_bytes(path.read_bytes()[:-9])
        restore(tmp_path / "one.tar", index)
        assert held(index) == before, pattern


def test_restoring_while_it_is_searched(tmp_path: Path, index: Path) -> None:
    """Threads that search while snapshots are taken and restored see the old index or the new one, and no error."""
    snapshot(index, tmp_path / "four.tar")
    with closing(open_engine(index)) as engine:
        remove([head.id for head in engine.heads()][:3], index)
    snapshot(index, tmp_path / "three.tar")
    stop = threading.Event()
    seen: set[object] = set()

    def read(opened: Index) -> None:
        while not stop.is_set():
            try:
                seen.add(opened.search("实施方案", match="exact").total.exact)
            except Exception as error:  # noqa: BLE001  any error of a reader is what this test looks for
                seen.add(repr(error))
            time.sleep(0.005)

    with open_index(index) as opened:
        few = opened.search("实施方案", match="exact").total.exact
        threads = [threading.Thread(target=read, args=(opened,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            restore(tmp_path / "four.tar", index)
            many = opened.search("实施方案", match="exact").total.exact
            snapshot(index, tmp_path / "again.tar")
            restore(tmp_path / "three.tar", index)
        stop.set()
        for thread in threads:
            thread.join()
    assert seen == {few, many}
    assert few < many


def test_damaged_snapshots_change_nothing(tmp_path: Path, index: Path) -> None:
    """A snapshot with a changed byte, a cut one and what is none are refused, and the index is as it was."""
    before = held(index)
    snapshot(index, tmp_path / "one.tar")
    sound = (tmp_path / "one.tar").read_bytes()
    with tarfile.open(tmp_path / "one.tar") as archive:
        last = max(member.offset_data + member.size for member in archive.getmembers())
        parts = [(member.offset, member.offset_data + member.size) for member in archive.getmembers()]
    chance = random.Random(4)
    harms = [sound[: chance.randrange(last)] for _ in range(6)] + [b"", b"nothing", sound[512:]]
    places = [at for first, end in parts for at in (first + chance.randrange(100), chance.randrange(first + 512, end))]
    harms += [sound[:at] + bytes([sound[at] ^ 4]) + sound[at + 1 :] for at in places]
    committed = manifest.read(index)
    for harm in harms:
        (tmp_path / "bad.tar").write_bytes(harm)
        with pytest.raises((UnreadableFile, IndexDamaged)):
            restore(tmp_path / "bad.tar", index)
        assert manifest.read(index) == committed
        assert not [path.name for path in index.rglob("*.new")]
        with pytest.raises((UnreadableFile, IndexDamaged)):
            restore(tmp_path / "bad.tar", tmp_path / "none")
        with pytest.raises(IndexMissing):
            open_engine(tmp_path / "none")
    assert held(index) == before


def forged(path: Path, change: Callable[[dict[str, object]], None], *extra: str) -> Path:
    """A snapshot that says something else of itself, under a checksum that is right."""
    out = path.with_name("forged.tar")
    with tarfile.open(path) as archive, tarfile.open(out, "w") as made:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name.endswith("snapshot.json"):
                about = json.loads(data)
                del about["blake2b"]
                change(about)
                data = manifest.signed(about).encode()
                member.size = len(data)
            made.addfile(member, io.BytesIO(data))
        for name in extra:
            made.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
    return out


def test_snapshots_of_another_kind_are_refused(tmp_path: Path, index: Path) -> None:
    """Another format, another segmenter, names that lead elsewhere, counts that are wrong, more files: all refused."""
    before = held(index)
    path = tmp_path / "one.tar"
    snapshot(index, path)

    def changed(**values: object) -> Callable[[dict[str, object]], None]:
        return lambda about: about["index"].update(values)  # type: ignore[attr-defined]

    for values in ({"format": 999}, {"segmenter": "other"}):
        with pytest.raises(IndexOutdated):
            restore(forged(path, changed(**values)), index)
    for name in ("../out.arr", "/tmp/out.arr", "MAIN_x/../../y.arr", "manifest.json", "MAIN_0123456789abcdef.toc"):
        with pytest.raises(UnreadableFile, match="不认识"):
            restore(forged(path, lambda about, name=name: about["files"][0].update(name=name)), index)  # type: ignore
    with pytest.raises(UnreadableFile, match="多余"):
        restore(forged(path, lambda about: None, "more"), index)
    with pytest.raises(IndexDamaged):
        restore(forged(path, lambda about: about["index"]["segments"][0].update(passages=3)), index)  # type: ignore
    assert held(index) == before


def test_a_snapshot_keeps_writers_out(tmp_path: Path, index: Path) -> None:
    """While a build writes there is neither snapshot nor restore: they wait, and then say who holds the lock."""
    snapshot(index, tmp_path / "one.tar")
    with closing(open_engine(index)) as engine, engine.writing():
        for ask in (
            lambda: snapshot(index, tmp_path / "two.tar", wait=0.2),
            lambda: restore(tmp_path / "one.tar", index, wait=0.2),
        ):
            with pytest.raises(IndexLocked, match="进程"):
                ask()
    assert not (tmp_path / "two.tar").exists()


def test_only_folders_have_snapshots(tmp_path: Path) -> None:
    """An index on a server and a place without one are told, and so is a snapshot that is not there."""
    with pytest.raises(BadParameter):
        snapshot("opensearch:https://127.0.0.1:9200/a", tmp_path / "a.tar")
    with pytest.raises(IndexMissing):
        snapshot(tmp_path / "none", tmp_path / "a.tar")
    with pytest.raises(UnreadableFile):
        restore(tmp_path / "a.tar", tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_the_commands(tmp_path: Path, index: Path) -> None:
    """`gongwen snapshot` and `restore` tell what they did, in two languages and in JSON."""
    run = CliRunner().invoke
    file, place = str(tmp_path / "one.tar"), ["--index", str(index)]
    assert "已写入" in run(cli, ["snapshot", file, *place]).stdout
    assert "wrote" in run(cli, ["--lang", "en", "snapshot", file, *place]).stdout
    assert json.loads(run(cli, ["snapshot", file, *place, "--json"]).stdout)["generation"] == 2
    assert "已从" in run(cli, ["restore", file, *place]).stdout
    assert json.loads(run(cli, ["restore", file, *place, "--json"]).stdout)["generation"] == 2
    assert run(cli, ["restore", str(tmp_path / "none"), *place]).exit_code == 1
