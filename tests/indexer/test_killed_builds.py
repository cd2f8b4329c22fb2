"""What a killed build leaves: the last commit, sound and whole, and nothing that the next build does not remove."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import kills

from indexer.build import build
from indexer.engines.choose import open_engine
from indexer.engines.whoosh import manifest


def test_killed_builds_leave_whole_commits(tmp_path: Path) -> None:
    """Killed at random moments, the index is the last state that was told or the one being built (see tests/soak)."""
    assert [damage for _, damage in kills.kill(tmp_path, 5, seed=9) if damage] == []


def test_leftovers_of_every_kind_go_with_the_next_build(tmp_path: Path) -> None:
    """Segments and lists that no commit names, drafts and half-written originals are gone after the next build."""
    source, index = tmp_path / "in", tmp_path / "index"
    source.mkdir()
    (source / "1.txt").write_text(kills.minutes(1, 1), encoding="utf-8")
    build(source, index, keep_originals=True)
    before = {path.relative_to(index) for path in index.rglob("*")}
    generation = manifest.read(index)["generation"]
    left = (
        *("MAIN_0123456789abcdef.arr", f"_MAIN_{generation + 1}.toc", f"_MAIN_{generation + 1}.toc.1795314030.21"),
        *("manifest.json.new", "similar.json.new", "similar.npz.new.npz", "originals/7a/" + "7" * 64 + ".gz.new"),
    )
    for name in left:
        (index / name).parent.mkdir(exist_ok=True)
        (index / name).write_bytes(b"half")
    (index / "note.txt").write_text("不是本程序写的", encoding="utf-8")
    report = build(source, index, keep_originals=True)
    assert (report.unchanged, report.failed) == (1, ())
    assert {path.relative_to(index) for path in index.rglob("*")} == before | {Path("note.txt")}


def test_an_uncommitted_list_is_not_answered_from(tmp_path: Path) -> None:
    """A list of segments that was written but whose commit was not is no generation, however new its number."""
    source, index = tmp_path / "in", tmp_path / "index"
    source.mkdir()
    for number in (1, 2):
        (source / f"{number}.txt").write_text(kills.minutes(number, 1), encoding="utf-8")
        build(source, index)
        if number == 1:
            old = {path.name: path.read_bytes() for path in index.iterdir() if path.suffix == ".json"}
            lists = {path.name: path.read_bytes() for path in index.glob("*.toc")}
    for name, data in {**old, **lists}.items():
        (index / name).write_bytes(data)
    with closing(open_engine(index)) as engine:
        assert (len(engine.heads()), list(engine.check())) == (1, [])
    report = build(source, index)
    assert (report.added, report.meetings) == (1, 2)
