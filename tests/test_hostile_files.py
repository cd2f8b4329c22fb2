"""Whatever is among the files of a build ends soon, within its memory, as a row of the report; the build goes on."""

from __future__ import annotations

import random
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hostile import FILES, upwards
from scanned import FONTS, saved, scan
from wrapped import WRAPPINGS, workbook

from indexer.build import Report, build
from indexer.engines.choose import open_engine
from indexer.readers.folder import PICTURES, SUFFIXES

SAMPLES = Path(__file__).resolve().parents[1] / "data/samples"
SOONEST = 20.0
# Hostile files that hold text in plain sight, so that it is right to read it.
READABLE = {"objects.pdf", "deep.html", "tables.html", "wide.html", "line.txt"}
CUTS = 20


def built(folder: Path, ocr: bool = False) -> tuple[Report, set[str], float]:
    """Build an index of a folder; return the report, the files that have a record, and the longest pause."""
    told = [time.perf_counter()]
    report = build(folder, folder / "index", ocr=ocr, progress=lambda *_: told.append(time.perf_counter()))
    with closing(open_engine(folder / "index")) as engine:
        known = {Path(path.partition("!/")[0]).name for path in engine.sources()}
    return report, known, max(after - before for before, after in pairwise(told))


def text() -> list[str]:
    name = "云溯市政府第26次常务会议纪要.txt"
    return [line.rstrip() for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def test_files_made_to_harm(tmp_path: Path) -> None:
    """Bombs, loops, depths and locks are told by name, by a process that has a gigabyte; the good files are read."""
    files = FILES.keys() - {"picture.png"}
    for name, made in FILES.items():
        (tmp_path / name).write_bytes(made())
    (tmp_path / "zz.txt").write_text("\n".join(text()), encoding="utf-8")
    report, known, pause = built(tmp_path)
    assert pause < SOONEST
    assert known == READABLE | {"zz.txt", "nest.zip"}
    failed = {Path(row.path).name: row.error for row in report.failed}
    assert set(failed) == files - READABLE
    assert [(name, error) for name, error in failed.items() if "\n" in error or len(error) > 1000] == []
    assert [error for error in failed.values() if "读取时出错" in error or "意外结束" in error] == []
    assert [name for name in files if name.startswith("locked") and "密码" not in failed[name]] == []


def test_pictures_made_to_harm(tmp_path: Path) -> None:
    """Pictures of nine hundred million dots, alone and in a PDF, are told where they are to be recognised."""
    for name in ("picture.png", "scan.pdf"):
        (tmp_path / name).write_bytes(FILES[name]())
    report, known, pause = built(tmp_path, ocr=True)
    assert pause < SOONEST
    assert known == set()
    assert {Path(row.path).name: row.error for row in report.failed} == {
        "picture.png": "图片的像素太多，没有读取",
        "scan.pdf": "PDF 的页面是图片，图片里没有识别出文字",
    }


def test_members_that_point_out_of_an_archive(tmp_path: Path) -> None:
    """Nothing is written anywhere, and of an archive only the members that lie in it are read."""
    folder = tmp_path / "a/b/in"
    folder.mkdir(parents=True)
    (folder / "up.zip").write_bytes(upwards())
    report = build(folder, tmp_path / "index")
    with closing(open_engine(tmp_path / "index")) as engine:
        members = {path.partition("!/")[2] for path in engine.sources()}
    assert members == {"good.txt", "escaped.txt", "C:\\escaped.txt"}
    assert report.failed == ()
    assert [path.name for path in tmp_path.rglob("*escaped*")] == []


def test_truncated_files_of_every_format(tmp_path: Path) -> None:
    """A file of any format that ends too soon, wherever, is read as far as it goes or is a row of the report."""
    for name, made in {**WRAPPINGS, "book.xlsx": workbook}.items():
        data = made(text())
        for cut in range(CUTS):
            stem, _, suffix = name.partition(".")
            (tmp_path / f"{stem}{cut:02}.{suffix}").write_bytes(data[: len(data) * cut // CUTS])
    files = {path.name for path in tmp_path.iterdir()}
    report, known, pause = built(tmp_path)
    assert pause < SOONEST
    assert known | {Path(row.path).name for row in report.failed} == files
    assert [row for row in report.failed if "读取时出错" in row.error or "意外结束" in row.error] == []


@pytest.mark.skipif(not FONTS.exists(), reason="no Noto CJK here (apt-get install fonts-noto-cjk)")
def test_truncated_pictures(tmp_path: Path) -> None:
    """A picture that ends too soon is a row of the report; nothing of half a page is taken for a page."""
    held = scan(text()[:2])
    for kind, suffix in (("PNG", "png"), ("TIFF", "tif"), ("JPEG", "jpg"), ("BMP", "bmp")):
        data = saved(held[:1], kind)
        for cut in range(1, CUTS):
            (tmp_path / f"{cut:02}.{suffix}").write_bytes(data[: len(data) * cut // CUTS])
    report, known, pause = built(tmp_path, ocr=True)
    assert pause < SOONEST
    assert known == set()
    assert len(report.failed) == 4 * (CUTS - 1)
    assert {row.error for row in report.failed} == {"图片已损坏，无法打开"}


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_with_every_suffix(tmp_path: Path, seed: int) -> None:
    """Noise is refused, with and without the first bytes of a format, whatever its name says."""
    noise = random.Random(seed)
    starts = (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1", b"\x89PNG\r\n\x1a\n")
    for at, suffix in enumerate((*SUFFIXES, *PICTURES)):
        start = starts[(at + seed) % len(starts)]
        (tmp_path / f"{at}{suffix}").write_bytes(start + noise.randbytes(noise.randrange(1, 5000)))
    files = {path.name for path in tmp_path.iterdir()}
    report, known, pause = built(tmp_path, ocr=True)
    assert pause < SOONEST
    assert {Path(row.path).name for row in report.failed} == files - known
    assert [row for row in report.failed if "读取时出错" in row.error or "意外结束" in row.error] == []
