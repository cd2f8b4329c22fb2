"""Originals are kept once by their content, whole, and go with the last record that refers to them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from wrapped import word_document

import indexer
from indexer.build import build, remove
from indexer.cli import cli
from indexer.originals import Originals

Write = Callable[..., Path]


def kept(index: Path) -> dict[str, Path]:
    """Return the files kept, by the name they go by."""
    return {path.name: path for path in (index / "originals").rglob("*") if path.is_file()}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_files_are_kept_by_content(tmp_path: Path, write_minutes: Write, minutes_of: Callable[[int], str]) -> None:
    """A text is packed, a document is not; two files of one content are one; a member of an archive is one, too."""
    text = write_minutes(1).read_bytes()
    (tmp_path / "in/again.txt").write_bytes(text)
    document = word_document(minutes_of(2).splitlines())
    (tmp_path / "in/2.docx").write_bytes(document)
    member = minutes_of(3).encode()
    with zipfile.ZipFile(tmp_path / "in/3.zip", "w") as archive:
        archive.writestr("a/b.txt", member)
    (tmp_path / "in/list.jsonl").write_text(json.dumps({"id": "1", "title": "甲", "text": "乙"}), encoding="utf-8")
    index = tmp_path / "index"
    assert build(tmp_path / "in", index).failed == ()
    assert kept(index) == {}
    report = build(tmp_path / "in", index, keep_originals=True)
    assert (report.unchanged, report.failed) == (5, ())
    assert set(kept(index)) == {f"{sha256(text)}.gz", sha256(document), f"{sha256(member)}.gz"}
    originals = Originals(index)
    for data in (text, document, member):
        found = originals.find(sha256(data))
        assert found is not None
        assert (b"".join(found.blocks()), found.size) == (data, len(data))
    assert originals.find("0" * 64) is None
    assert originals.find("../manifest.json") is None


def test_what_was_read_of_an_archive_is_kept(tmp_path: Path, minutes_of: Callable[[int], str]) -> None:
    """Of an archive that was read in part, what was read is kept, also when the build runs once more."""
    (tmp_path / "in").mkdir()
    members = {f"{number}.txt": minutes_of(number).encode() for number in (1, 2)}
    with zipfile.ZipFile(tmp_path / "in/a.zip", "w") as archive:
        for name, data in {**members, "0.docx": b"PK\x03\x04", "9.pdf": b"%PDF-1.7"}.items():
            archive.writestr(name, data)
    for _ in range(2):
        report = build(tmp_path / "in", tmp_path / "index", keep_originals=True)
        assert [Path(row.path).name for row in report.failed] == ["a.zip"]
        assert report.meetings == 2
        assert set(kept(tmp_path / "index")) == {f"{sha256(data)}.gz" for data in members.values()}


def test_originals_go_with_their_records(tmp_path: Path, write_minutes: Write) -> None:
    """A changed file's old content, that of a removed record and that of a file that is gone are not kept on."""
    first, second, third = (write_minutes(number) for number in (1, 2, 3))
    index = tmp_path / "index"
    build(tmp_path / "in", index, keep_originals=True)
    assert len(kept(index)) == 3
    second.write_text(second.read_text(encoding="utf-8") + "会议还研究了其他事项。\n", encoding="utf-8")
    build(tmp_path / "in", index, keep_originals=True)
    assert set(kept(index)) == {f"{sha256(path.read_bytes())}.gz" for path in (first, second, third)}
    third.unlink()
    build(tmp_path / "in", index, sync=True)
    assert set(kept(index)) == {f"{sha256(path.read_bytes())}.gz" for path in (first, second)}
    with indexer.open_index(index) as opened:
        ids = [head.id for head in opened.heads()]
    remove(ids, index)
    assert not (index / "originals").exists()


def test_a_file_that_cannot_be_kept_is_a_row(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that has gone or changed since it was read is indexed all the same, and told."""
    gone, changed = write_minutes(1), write_minutes(2)
    index = tmp_path / "index"
    keep = Originals.keep

    def later(self: Originals, *args: object) -> object:
        gone.unlink()
        changed.write_text("别的", encoding="utf-8")
        return keep(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Originals, "keep", later)
    report = build(tmp_path / "in", index, keep_originals=True)
    assert report.meetings == 2
    assert [(row.path, row.error[:6]) for row in report.failed] == [
        (str(gone), "原件没有保存"),
        (str(changed), "原件没有保存"),
    ]
    assert kept(index) == {}


def test_check_tells_damage(tmp_path: Path, write_minutes: Write) -> None:
    """A file kept that was changed or cut is named by `check`, and a sound one is not."""
    write_minutes(1), write_minutes(2)
    index, run = tmp_path / "index", CliRunner()
    found = run.invoke(cli, ["index", str(tmp_path / "in"), "--index", str(index), "--keep-originals", "--json"])
    assert found.exit_code == 0
    assert run.invoke(cli, ["check", "--index", str(index)]).exit_code == 0
    name, path = min(kept(index).items())
    path.write_bytes(path.read_bytes()[:-9])
    found = run.invoke(cli, ["check", "--index", str(index), "--json"])
    assert (found.exit_code, json.loads(found.stdout)["problems"]) == (1, [f"originals/{name[:2]}/{name}：校验和不符"])
