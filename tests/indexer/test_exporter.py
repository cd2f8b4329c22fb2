"""A file made by a process of its own is the file that is made here, or is told to be none; the process never stays."""

from __future__ import annotations

import io
import os
import pickle
import re
import signal
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from apart import exporters, long_index, wait_until

from indexer.errors import BadParameter, GongwenError, IndexDamaged, IndexMissing, NotFound
from indexer.export import FORMATS, Format, export
from indexer.exporter import export_apart
from indexer.search import open_index

ROOT = Path(__file__).resolve().parents[2]
MADE = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)")

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes where Linux shows them")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of an index of which a file is more than pipes hold."""
    return long_index(tmp_path_factory.mktemp("apart") / "index")


def without_times(data: bytes) -> list[tuple[str, bytes]]:
    """Return what a file holds, by the members of a package, without the times that it tells."""
    if not data.startswith(b"PK"):
        return [("", MADE.sub(b"", data))]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [(info.filename, MADE.sub(b"", package.read(info))) for info in package.infolist()]


@pytest.mark.parametrize("form", FORMATS)
def test_file_is_that_of_this_process(built: Path, form: Format) -> None:
    """All formats hold byte for byte the same, with query, filters, days and the address of links."""
    asked = {"site": "https://minutes.example", "level": "resolution", "first": date(2020, 1, 1), "year": ("2024",)}
    with open_index(built) as index:
        for query, more in (("", {}), ("市教育局", {"expand": False}), ("市", asked), ("没有这样的话", {})):
            here = b"".join(export(index, query, form, **more))
            apart = b"".join(export_apart(str(built), query, form, **more))
            assert without_times(apart) == without_times(here)


def test_long_file_is_that_of_this_process(place: Path) -> None:
    """A file of many parts is whole; a place may be a path or name its engine."""
    with open_index(place) as index:
        here = b"".join(export(index, "教育", "csv"))
    assert len(here) > 1 << 20
    for where in (place, f"whoosh:{place}"):
        assert without_times(b"".join(export_apart(where, "教育", "csv"))) == without_times(here)


def test_what_cannot_be_done_is_told_as_here(built: Path, tmp_path: Path) -> None:
    """No index, a damaged one and a wrong filter raise what they raise here, with the same line and attributes."""
    (tmp_path / "manifest.json").write_bytes((built / "manifest.json").read_bytes()[:40])
    for where, kind in ((tmp_path / "none", IndexMissing), (tmp_path, IndexDamaged)):
        with pytest.raises(kind) as here:
            open_index(where)
        with pytest.raises(kind) as apart:
            list(export_apart(where, "", "csv"))
        assert (str(apart.value), vars(apart.value)) == (str(here.value), vars(here.value))
    with pytest.raises(BadParameter) as wrong:
        list(export_apart(built, "", "csv", colour=("red",)))
    assert (wrong.value.name, wrong.value.value) == ("colour", ("red",))


def test_what_nobody_foresaw_is_no_file(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A process that fails says why on standard error, and who asked is told that it failed."""
    with pytest.raises(GongwenError, match="返回码 1"):
        list(export_apart(built, "", "csv", level=3))
    assert "Traceback" in capfd.readouterr().err


@linux
def test_killed_process_leaves_no_whole_file(place: Path) -> None:
    """A process that dies raises at the end of what has come of its file."""
    parts = export_apart(place, "", "jsonl")
    next(parts)
    (process,) = exporters()
    os.kill(process, signal.SIGKILL)
    with pytest.raises(GongwenError, match="信号 9"):
        list(parts)
    assert exporters() == []


@pytest.mark.parametrize("apart", [False, True], ids=["here", "apart"])
def test_file_of_changed_files_has_no_end(tmp_path: Path, apart: bool) -> None:
    """Where a byte of the index is changed while a file is made, that raises at its end, as its rows may be wrong."""
    place = long_index(tmp_path / "index")
    with open_index(place) as index:
        parts = export_apart(place, "", "csv") if apart else export(index, "", "csv")
        next(parts)
        file = next(place.glob("*.arr"))
        with file.open("r+b") as harmed:
            harmed.seek(-1, io.SEEK_END)
            harmed.write(b"\x01")
        with pytest.raises(GongwenError, match="返回码 1" if apart else file.name):
            list(parts)


@linux
def test_process_ends_when_nobody_takes_the_file(place: Path) -> None:
    """Closed before its end, the parts leave no process behind; neither do those that were never asked for."""
    parts = export_apart(place, "", "csv")
    assert exporters() == []
    next(parts)
    assert len(exporters()) == 1
    parts.close()  # type: ignore[attr-defined]  # of generators
    assert exporters() == []


@linux
def test_process_ends_with_who_asked(place: Path) -> None:
    """When the process that asks is killed, the one that makes the file does not stay, and complains to nobody."""
    code = (
        "import sys\nfrom indexer.exporter import export_apart\n"
        "parts = export_apart(sys.argv[1], '', 'csv')\nnext(parts)\nprint('begun', flush=True)\nsys.stdin.read()\n"
    )
    asking = subprocess.Popen(
        [sys.executable, "-c", code, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with asking:
        assert asking.stdout is not None
        assert asking.stderr is not None
        assert asking.stdout.readline() == b"begun\n"
        (process,) = exporters(asking.pid)
        os.kill(process, signal.SIGINT)  # as a terminal tells it to all that it has started
        assert exporters(asking.pid) == [process]
        asking.kill()
        wait_until(lambda: not Path(f"/proc/{process}/cmdline").exists() or _is_buried(process))
        assert asking.stderr.read() == b""


def _is_buried(process: int) -> bool:
    """Whether a process has ended, whoever has to take note of it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_errors_come_out_of_a_pipe_as_they_went_in() -> None:
    """An error that was pickled has its kind, its line and its attributes."""
    for error in (IndexDamaged("data/index", "a.arr", "已被改动"), NotFound("m-1", ("m-2",)), GongwenError("一行")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
