"""The members of a ZIP archive in, the bytes of the archive out, part by part: what office files of any size travel in.

Nothing is written to a disk and nothing is sought back to, so that the first bytes leave before the last row is made,
and memory holds one part. The list of members may depend on what the ones before it held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile

Member = tuple[str, Iterable[str]]

PART = 1 << 16  # bytes that are gathered before they go out
LEVEL = 3  # XML of rows: half the time of level 6, a tenth larger
# Above this the format needs its 64-bit form, which office programs do not all read; members end before it.
MOST_BYTES = (1 << 31) - (1 << 24)


class _Gathered:
    """A file that cannot be sought in; what is written waits here until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        self.size = 0
        return taken


def archive(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the bytes of an archive of members, each a name and the parts of a text, which is written as UTF-8."""
    out = _Gathered()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=LEVEL) as packed:  # type: ignore[call-overload]  # it needs no more
        for name, parts in members:
            with packed.open(name, "w") as member:  # dated 1980: archives of equal members are equal
                for part in _large(parts):
                    member.write(part)
                    if out.size >= PART:
                        yield out.take()
    yield out.take()


def _large(parts: Iterable[str]) -> Iterator[bytes]:
    """Join small parts, which cost more to compress one by one."""
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= PART:
            yield "".join(held).encode("utf-8")
            held.clear()
            size = 0
    yield "".join(held).encode("utf-8")
