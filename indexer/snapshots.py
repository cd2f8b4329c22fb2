"""A whole index in one file, and an index out of such a file again; both while others search.

    gongwen-snapshot.json   what the index is, and the size and checksum of every file that follows
    MAIN_<id>.arr …         the segments
    originals/…             the files that records were read from, where they are kept
    similar.*               the pairs of documents that say nearly the same

The file is a plain tar archive. It is written beside its name and renamed when it is on the disk; what is restored is
compared with its checksums and looked through before anybody answers from it. Nothing of an archive's own names and
links becomes a path: only names that an index has are taken.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from indexer.engines.choose import engine_string, open_engine, place_of
from indexer.engines.whoosh import manifest
from indexer.engines.whoosh.copies import SEGMENT, held, replacing
from indexer.errors import BadParameter, IndexUnwritable, UnreadableFile
from indexer.originals import FOLDER, Originals
from indexer.similar import PAIRS, PRINTS

ABOUT = "gongwen-snapshot.json"
_ORIGINAL = re.compile(rf"{FOLDER}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}(?:\.gz)?")
_BESIDE = (PRINTS, PAIRS)
# What a snapshot waits for a build to end, and a build, if it is asked to, for a snapshot.
WAIT_SECONDS = 60.0
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was written or restored; `bytes` is the sum of the files, `generation` that of the index it was made of."""

    path: str
    files: int
    bytes: int
    generation: int

    def to_json(self) -> dict[str, object]:
        """Return what `snapshot --json` and `restore --json` tell."""
        return {"path": self.path, "files": self.files, "bytes": self.bytes, "generation": self.generation}


def snapshot(index: str | Path, file: str | Path, *, wait: float = WAIT_SECONDS) -> Snapshot:
    """Write an index into one file; searches go on, a build waits or is told.

    Raises:
        IndexUnavailable: there is no index, a build does not end, or the index is damaged.
        OSError: the file cannot be written; one that was there is as it was.
    """
    folder = _folder(index)
    with held(folder, wait) as now:
        names = [name for name, _ in now.files]
        names += sorted(str(path.relative_to(folder)) for path in (folder / FOLDER).rglob("*") if path.is_file())
        names = [name for name in names if SEGMENT.fullmatch(name) or _ORIGINAL.fullmatch(name)]
        names += [name for name in _BESIDE if (folder / name).is_file()]
        known = dict(now.files)
        rows: list[dict[str, Any]] = []
        for name in names:
            digest = known.get(name) or _digest(folder / name)
            rows.append({"name": name, "bytes": (folder / name).stat().st_size, "blake2b": digest})
        about = manifest.signed({"snapshot": 1, "index": now.about, "files": rows}).encode()
        with _draft(Path(file)) as stream, tarfile.open(fileobj=stream, mode="w") as archive:
            archive.addfile(_member(ABOUT, len(about)), io.BytesIO(about))
            for row in rows:
                with (folder / row["name"]).open("rb") as source:
                    archive.addfile(_member(row["name"], row["bytes"]), source)
    return Snapshot(str(file), len(rows), sum(row["bytes"] for row in rows), now.about["generation"])


def restore(file: str | Path, index: str | Path, *, wait: float = WAIT_SECONDS) -> Snapshot:
    """Make an index what a snapshot holds; who searches it meanwhile sees the old one or the new one.

    Raises:
        UnreadableFile: the file is no snapshot, or damaged; the index is as it was.
        IndexUnavailable: the snapshot is of another version, or the index cannot be written; it is as it was.
    """
    folder = _folder(index)
    try:
        with Path(file).open("rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            about = _about(file, archive)
            with replacing(folder, about["index"], wait) as commit:
                beside: dict[str, bytes] = {}
                for row in about["files"]:
                    if row["name"] in _BESIDE:
                        beside[row["name"]] = b"".join(_blocks(file, archive, row))
                    else:
                        _put(_blocks(file, archive, row), folder / row["name"], row["blake2b"])
                if archive.next() is not None:
                    raise UnreadableFile(file, "快照里有多余的内容")
                commit()
                _beside(folder, beside)
                with closing(open_engine(index)) as engine:
                    Originals(folder).prune(engine.sources().values())
    except FileNotFoundError as error:
        raise UnreadableFile(file, "文件不存在，可能已被移走或改名") from error
    except tarfile.TarError as error:
        raise UnreadableFile(file, "快照已损坏或不完整") from error
    rows = about["files"]
    return Snapshot(str(file), len(rows), sum(row["bytes"] for row in rows), about["index"]["generation"])


def _about(file: str | Path, archive: tarfile.TarFile) -> dict[str, Any]:
    """Return what a snapshot says of itself; raise UnreadableFile where it is none."""
    first = archive.next()
    if first is None or first.name != ABOUT or not first.isreg():
        raise UnreadableFile(file, "不是 gongwen snapshot 写出的文件")
    content = archive.extractfile(first)
    assert content is not None  # of a regular file
    text = content.read().decode("utf-8", "replace")
    if not manifest.is_signed(text):
        raise UnreadableFile(file, f"快照已损坏：{ABOUT} 校验和不符")
    about: dict[str, Any] = json.loads(text)
    for row in about["files"]:
        if not (SEGMENT.fullmatch(row["name"]) or _ORIGINAL.fullmatch(row["name"]) or row["name"] in _BESIDE):
            raise UnreadableFile(file, f"快照里有不认识的文件：{row['name']}")
    return about


def _blocks(file: str | Path, archive: tarfile.TarFile, row: dict[str, Any]) -> Iterator[bytes]:
    """Yield the content of the next member of a snapshot; raise UnreadableFile at its end if it is not what it was."""
    member = archive.next()
    content = archive.extractfile(member) if member is not None and member.isreg() else None
    if member is None or content is None or member.name != row["name"]:
        raise UnreadableFile(file, f"快照已损坏或不完整：缺少 {row['name']}")
    digest = hashlib.blake2b(digest_size=16)
    while block := content.read(BLOCK):
        digest.update(block)
        yield block
    if digest.hexdigest() != row["blake2b"]:
        raise UnreadableFile(file, f"快照已损坏：{row['name']} 校验和不符")


def _put(blocks: Iterator[bytes], place: Path, digest: str) -> None:
    """Write a file to its place, where no reader looks for it yet."""
    with _told(place.parent):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(place.name + ".new")
        try:
            with draft.open("wb") as target:
                target.writelines(blocks)
                target.flush()
                os.fsync(target.fileno())
            # What is there and the same may be in use, and stays.
            if not place.is_file() or _digest(place) != digest:
                draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


def _beside(folder: Path, files: dict[str, bytes]) -> None:
    """Put the files that lie beside the segments in their places, and take away those that the snapshot has not."""
    for name in _BESIDE:
        if name in files:
            with _told(folder), _draft(folder / name) as stream:
                stream.write(files[name])
        else:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses to write into an error of the index."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritable(folder, error) from error


@contextmanager
def _draft(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that gets its name when it is whole and on the disk."""
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Return the head of a member; a snapshot says nothing of who made it."""
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    return info


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _folder(index: str | Path) -> Path:
    if not engine_string(index).startswith("whoosh:"):
        raise BadParameter("index", index, "只有文件夹里的索引可以这样备份")
    return Path(place_of(index))
