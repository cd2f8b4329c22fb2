"""Pages of kept originals are drawn by a process of their own; the last ones stay in memory, and failures are told."""

from __future__ import annotations

import gzip
import shutil
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from hostile import page_loop
from pdf_file import pdf

from indexer import facsimile
from indexer.engines.engine import SourceState
from indexer.errors import UnreadableFile
from indexer.facsimile import Facsimiles
from indexer.originals import Original, Originals

PAGES = pdf([(100, 100, "第一页")], [(100, 200, "第二页")], [(100, 300, "第三页")])


def original(folder: Path, data: bytes, name: str = "a.pdf") -> Original:
    """Return a file as an index keeps it."""
    (folder / name).write_bytes(data)
    digest = sha256(data).hexdigest()
    kept = Originals(folder / "index")
    assert kept.keep([SourceState(str(folder / name), digest, "m", len(data), 0)], [str(folder / name)]) == []
    found = kept.find(digest)
    assert found is not None
    return found


def reason(facsimiles: Facsimiles, held: Original, page: int = 1) -> str:
    with pytest.raises(UnreadableFile) as caught:
        facsimiles.draw(held, "pdf", page)
    return caught.value.reason


def test_pages_are_drawn_once(tmp_path: Path) -> None:
    """Each page has its picture; a page that was drawn is had again without its file, and without a process."""
    held = original(tmp_path, PAGES)
    facsimiles = Facsimiles()
    drawn = [facsimiles.draw(held, "pdf", page) for page in (1, 2)]
    assert len({one.data for one in drawn}) == 2
    assert all(one.media == "image/png" for one in drawn)
    held.path.unlink()
    assert facsimiles.draw(held, "pdf", 2) is drawn[1]
    assert "原件" in reason(facsimiles, held, 3)


def test_a_packed_original_is_drawn(tmp_path: Path) -> None:
    """An original that was worth packing is unpacked where it is drawn."""
    held = original(tmp_path, PAGES + b" " * 100_000)
    assert held.path.suffix == ".gz"
    assert Facsimiles().draw(held, "pdf", 1).data.startswith(b"\x89PNG")


def test_a_large_page_is_not_kept(tmp_path: Path) -> None:
    """A page larger than a quarter of all room is drawn each time it is asked for."""
    held = original(tmp_path, PAGES)
    size = len(Facsimiles().draw(held, "pdf", 1).data)
    small = Facsimiles(kept=size)
    assert small.draw(held, "pdf", 1) is not small.draw(held, "pdf", 1)


def test_the_oldest_page_goes(tmp_path: Path) -> None:
    """Where there is no more room, a new page takes the place of the one that was not asked for longest."""
    held = original(tmp_path, PAGES)
    facsimiles = Facsimiles()
    drawn = {page: facsimiles.draw(held, "pdf", page) for page in (1, 2, 3)}
    facsimiles._most = facsimiles._held + 10
    assert facsimiles.draw(held, "pdf", 1) is drawn[1]
    facsimiles._keep(("other", 1), facsimile.Drawing("image/png", bytes(len(drawn[2].data) // 2)))
    held.path.unlink()
    assert facsimiles.draw(held, "pdf", 1) is drawn[1]
    assert "原件" in reason(facsimiles, held, 2)


def test_what_cannot_be_drawn_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is not there, a loop of pages, a text, too large a file, a late and a dead process: each is told."""
    facsimiles = Facsimiles()
    held = original(tmp_path, PAGES)
    assert reason(facsimiles, held, 9) == "没有第 9 页"
    assert reason(facsimiles, original(tmp_path, page_loop(), "loop.pdf"))
    with pytest.raises(UnreadableFile, match="没有页面图像"):
        facsimiles.draw(held, "txt", 1)
    monkeypatch.setattr(facsimile, "LARGEST", 10)
    assert "原件太大" in reason(facsimiles, held)
    monkeypatch.undo()
    monkeypatch.setattr(facsimile, "SECONDS", 0.001)
    assert "已中止" in reason(facsimiles, held)
    monkeypatch.undo()
    for command in ("false", "echo"):  # one that says nothing, and one that says something else
        monkeypatch.setattr(sys, "executable", shutil.which(command))
        assert "无法绘出" in reason(facsimiles, held)
    monkeypatch.undo()
    held.path.write_bytes(gzip.compress(PAGES + b" ") if held.path.suffix == ".gz" else PAGES + b" ")
    assert "校验和不符" in reason(facsimiles, held)


def test_too_many_at_once_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finds all places taken is told so after a while, and the next one has them again."""
    monkeypatch.setattr(facsimile, "PATIENCE", 0.05)
    held = original(tmp_path, PAGES)
    facsimiles = Facsimiles()
    facsimiles._places = threading.BoundedSemaphore(1)
    with facsimiles._places:
        assert "稍后再试" in reason(facsimiles, held)
    assert facsimiles.draw(held, "pdf", 1)
