"""A disk that is full is one line and exit code 1, and the index stays as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.build import build
from indexer.engines.choose import open_engine
from indexer.engines.whoosh import manifest, writer
from indexer.engines.whoosh.engine import WhooshEngine
from indexer.errors import IndexUnwritable
from indexer.snapshots import snapshot
from search_web.cli import cli

ROOT = Path(__file__).resolve().parents[2]
Write = Callable[..., Path]
# Runs a command with a limit on the size of any file, as a quota would have it.
LIMITED = (
    "import resource, sys\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)\n"
    "from search_web.cli import cli\n"
    "cli(sys.argv[2:], prog_name='gongwen')\n"
)


def run(limit: int, *command: object) -> subprocess.CompletedProcess[str]:
    """Run gongwen with files of at most so many bytes; what coverage counts would not fit into them either."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *map(str, command)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=False,
    )


def names(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


@pytest.mark.parametrize("limit", [300, 1000, 20_000])
def test_no_space_is_told_and_changes_nothing(tmp_path: Path, write_minutes: Write, limit: int) -> None:
    """Where the lock, the list, the manifest or a segment has no room, the last commit stands and nothing is left."""
    write_minutes(1)
    index = tmp_path / "index"
    build(tmp_path / "in", index)
    before, committed = names(index), manifest.read(index)
    write_minutes(2)
    done = run(limit, "index", tmp_path / "in", "--index", index)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "空间不足" in done.stderr
    assert (names(index), manifest.read(index)) == (before, committed)
    with closing(open_engine(index)) as engine:
        assert (len(engine.heads()), list(engine.check())) == (1, [])
    assert build(tmp_path / "in", index).meetings == 2


def test_no_space_for_a_part_of_a_large_build(
    tmp_path: Path, write_minutes: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that is written in parts ends with the first that cannot be written, not with a row for each file."""
    monkeypatch.setattr(writer, "SEGMENT_CHARACTERS", 500)
    for number in range(1, 6):
        write_minutes(number)

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("indexer.engines.whoosh.arrays.write", full)
        with pytest.raises(IndexUnwritable, match="空间不足"):
            build(tmp_path / "in", tmp_path / "index")
    assert build(tmp_path / "in", tmp_path / "index").meetings == 5


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 600 kB; left out where none may be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_small_disk_that_fills(tmp_path: Path, write_minutes: Write, small_disk: Path) -> None:
    """Builds go on until the disk is full; then each is refused in a line, and what was committed is all there."""
    index, number = small_disk / "index", 0
    while True:
        number += 1
        write_minutes(number, matters=6)
        done = CliRunner().invoke(cli, ["index", str(tmp_path / "in"), "--index", str(index), "--keep-originals"])
        if done.exit_code:
            break
        assert number < 60
    assert done.exit_code == 1
    assert "空间不足" in done.stderr
    with closing(open_engine(index)) as engine:
        assert isinstance(engine, WhooshEngine)
        assert (len(engine.heads()), list(engine.check())) == (number - 1, [])
        listed = {entry.filename for entry in engine.snapshot().entries}
    assert {path.name for path in index.glob("*.arr")} == listed
    with suppress(OSError), (small_disk / "rest").open("wb", buffering=0) as rest:
        while True:
            rest.write(bytes(512))
    with pytest.raises(OSError, match="space"):
        snapshot(index, small_disk / "copy.tar")
    assert not (small_disk / "copy.tar").exists()
