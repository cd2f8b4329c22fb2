"""The files that records were read from, kept inside the index folder by their content and given back as they were.

    originals/3f/3f9a…       a file that is compressed by itself (PDF, DOCX, OFD …), as it is
    originals/b0/b04c….gz    any other one, compressed once

A file is written whole or not at all, under the lock of whoever writes the index, and goes when no record refers to
it any more. Nothing is opened here as what it is: bytes in, bytes out.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.engines.engine import SourceState
from indexer.errors import UnreadableFile
from indexer.intake import INSIDE, absolute, file_of
from indexer.outcome import Failure
from indexer.readers import member

logger = logging.getLogger(__name__)

FOLDER = "originals"
PACKED = ".gz"
DRAFT = ".new"
# A file whose first bytes shrink to less than this share is worth packing.
WORTH = 0.9
SAMPLE = 65536
BLOCK = 65536
# How a packed file begins (RFC 1952, 2.3.1), without what differs by library and by time, so that a change shows.
HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
# And how it did before there was a head of our own.
OLD_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03"
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Original:
    """One file that is kept; `size` is in bytes, as it was."""

    path: Path
    sha256: str
    size: int

    def blocks(self) -> Iterator[bytes]:
        """Yield the file's bytes."""
        with gzip.open(self.path) if self.path.suffix == PACKED else self.path.open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block

    def is_sound(self) -> bool:
        """Read the file and tell whether its content is what its name says."""
        digest = hashlib.sha256()
        try:
            if self.path.suffix == PACKED:
                with self.path.open("rb") as stream:
                    if stream.read(len(HEAD)) not in (HEAD, OLD_HEAD):
                        return False
            for block in self.blocks():
                digest.update(block)
        except (OSError, EOFError, zlib.error):
            return False
        return digest.hexdigest() == self.sha256


class Originals:
    """The originals of one index folder."""

    def __init__(self, index: str | Path) -> None:
        self._folder = Path(index) / FOLDER

    def find(self, sha256: str) -> Original | None:
        """Return the file with this content; None where it is not kept."""
        if not SHA256.fullmatch(sha256):
            return None
        plain = self._place(sha256)
        packed = plain.with_name(sha256 + PACKED)
        if plain.is_file():
            return Original(plain, sha256, plain.stat().st_size)
        if packed.is_file():
            with packed.open("rb") as stream:
                if packed.stat().st_size < 4:
                    return Original(packed, sha256, 0)  # cut, and so not sound
                stream.seek(-4, os.SEEK_END)  # where gzip puts the size; nothing that is read is larger than 4 GB
                return Original(packed, sha256, struct.unpack("<I", stream.read())[0])
        return None

    def keep(self, states: Iterable[SourceState], files: Iterable[str]) -> list[Failure]:
        """Keep what the index was read from among these files; return what could not be kept."""
        wanted = {absolute(file): file for file in files}
        failed = []
        for state in states:
            file = file_of(state)
            # A document of a list has no file of its own.
            if file not in wanted or state.path.endswith(f"#{state.record_id}") or self.find(state.sha256):
                continue
            inside = state.path.removeprefix(file)
            try:
                self._keep(state.sha256, _content(file, inside))
            except (OSError, UnreadableFile) as error:
                logger.warning("not kept: %s: %s", state.path, error)
                why = error.reason if isinstance(error, UnreadableFile) else error.strerror or "系统错误"
                failed.append(Failure(wanted[file] + inside, f"原件没有保存（{why}）"))
        return failed

    def prune(self, states: Iterable[SourceState]) -> int:
        """Remove what none of the sources has as its content; return how many."""
        if not self._folder.is_dir():
            return 0
        used = {state.sha256 for state in states}
        gone = [path for path in self._files() if path.name.removesuffix(PACKED) not in used]
        for path in gone:
            path.unlink()
        for folder in self._folder.iterdir():
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        if not any(self._folder.iterdir()):
            self._folder.rmdir()
        return len(gone)

    def check(self) -> Iterator[str]:
        """Yield one line for each file whose content is not what its name says."""
        for path in sorted(self._files()) if self._folder.is_dir() else ():
            # A draft is what a build left that was killed; the next one removes it.
            if path.suffix != DRAFT and not Original(path, path.name.removesuffix(PACKED), 0).is_sound():
                yield f"{FOLDER}/{path.parent.name}/{path.name}：校验和不符"

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder.rglob("*") if path.is_file())

    def _keep(self, sha256: str, data: bytes) -> None:
        if hashlib.sha256(data).hexdigest() != sha256:
            raise UnreadableFile(sha256, "文件在读取之后有改动，请再运行一次")
        place = self._place(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        sample = data[:SAMPLE]
        packs = len(zlib.compress(sample)) < WORTH * len(sample)
        if packs:
            place = place.with_name(sha256 + PACKED)
        draft = place.with_name(place.name + DRAFT)
        try:
            with draft.open("wb") as stream:
                stream.write(HEAD + gzip.compress(data, mtime=0)[len(HEAD) :] if packs else data)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


def _content(file: str, inside: str) -> bytes:
    """Return the bytes of a file, or of the member of an archive that `inside` (!/a.zip!/b.txt) names."""
    data = Path(file).read_bytes()
    for name in inside.split(INSIDE)[1:]:
        data = member(file, data, name)
    return data
