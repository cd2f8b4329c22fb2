"""Is a file of an index still what was written? A glance at its seal tells; where that is broken, its checksum does.

A file of an index is never changed once it is written, so whoever changes it later breaks its seal: size, times and
inode as the file system gives them. The manifest has the seal of every file and the checksum that goes with it. A
broken seal alone is no damage (a copied folder has none that holds), it means that the file is read and summed up
before anything is answered from it. What a seal cannot tell is a disk that gives back other bytes than it was given:
for that there are `gongwen check` and the rounds that a server makes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from indexer.engines.whoosh import arrays
from indexer.errors import IndexDamaged


class Seal(NamedTuple):
    """What the file system says of a file; bytes and nanoseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file and its seal at the moment when its content was known to be right."""

    path: str
    seal: Seal

    def holds(self) -> bool:
        """Tell whether nobody has touched the file; False also where it is gone."""
        try:
            state = os.stat(self.path)  # noqa: PTH116  half the time of Path.stat, and asked before every query
        except OSError:
            return False
        size, mtime_ns, ctime_ns, inode = self.seal
        return (
            state.st_mtime_ns == mtime_ns
            and state.st_size == size
            and state.st_ctime_ns == ctime_ns
            and state.st_ino == inode
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """A file of an index as it was written: the BLAKE2b of its content, and its seal where one was kept."""

    name: str
    digest: str
    seal: Seal | None = None


def seal_of(path: str | Path) -> Seal:
    """Return the seal of a file as it is; raise OSError."""
    state = Path(path).stat()
    return Seal(state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


def verified(folder: Path, files: Iterable[Expected]) -> Mapping[str, Sealed]:
    """Return every file under its seal, by name; those whose seal is broken have been read and found right.

    Raises:
        IndexDamaged: naming every file that is gone or not what was written.
    """
    found, damaged = {}, []
    for file in files:
        path = folder / file.name
        try:
            seal = seal_of(path)
            if seal != file.seal and arrays.digest(path) != file.digest:
                damaged.append((file.name, "校验和不符"))
            found[file.name] = Sealed(str(path), seal)
        except FileNotFoundError:
            damaged.append((file.name, "不见了"))
        except OSError as error:
            damaged.append((file.name, f"无法读取（{error.strerror}）"))
    if damaged:
        *before, (last, reason) = damaged
        raise IndexDamaged(folder, "".join(f"{name} {why}，" for name, why in before) + last, reason)
    return found
