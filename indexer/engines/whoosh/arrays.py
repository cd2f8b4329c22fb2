"""Named arrays in one file: written in one go, read back as views on a memory map.

    8 bytes   magic "GWARRAY1"
    8 bytes   length of the header, little endian
    header    JSON: {"name": [dtype, offset from the start of the file, count], ...}, padded with spaces to 64
    arrays    one after the other, each starting at a multiple of 64

Nothing is interpreted here: what the arrays mean is written in `codec.py`.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamaged

Array = npt.NDArray[np.generic]
MAGIC = b"GWARRAY1"
ALIGN = 64
CHUNK = 1 << 22


def write(path: Path, arrays: Mapping[str, Array]) -> str:
    """Write the arrays and put them on the disk (fsync); return the hex BLAKE2b of the file."""
    header, size = _layout(arrays)
    digest = hashlib.blake2b(digest_size=16)
    with path.open("wb") as file:
        head = MAGIC + len(header).to_bytes(8, "little") + header
        _put(file, digest, head)
        at = len(head)
        for array in arrays.values():
            _put(file, digest, b"\0" * (-at % ALIGN))
            at += -at % ALIGN
            _put(file, digest, np.ascontiguousarray(array).view(np.uint8).reshape(-1).data if array.size else b"")
            at += array.nbytes
        assert at == size
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def read(path: Path) -> dict[str, Array]:
    """Return the arrays as read-only views; raise IndexDamaged where the file is gone, cut or no such file."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    except FileNotFoundError as error:
        raise IndexDamaged(path.parent, path.name, "不见了") from error
    try:
        if memory[:8] != MAGIC:
            raise ValueError("magic")
        length = int.from_bytes(memory[8:16], "little")
        header = json.loads(memory[16 : 16 + length])
        return {
            name: np.frombuffer(memory, dtype=dtype, count=count, offset=offset) if count else _empty(dtype)
            for name, (dtype, offset, count) in header.items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise IndexDamaged(path.parent, path.name, "被截断或改动") from error


def _empty(dtype: str) -> Array:
    found: Array = np.empty(0, dtype)
    found.flags.writeable = False
    return found


def let_go(arrays: Mapping[str, Array]) -> None:
    """Let go of what was read of a file: its pages leave the memory of this process, and come back when asked for."""
    advice = getattr(mmap, "MADV_DONTNEED", None)  # Windows has none
    for array in arrays.values():
        view: object = array.base
        memory = view.obj if isinstance(view, memoryview) else None
        if isinstance(memory, mmap.mmap) and advice is not None:
            memory.madvise(advice)
            return


def digest(path: Path) -> str:
    """Return the hex BLAKE2b of a file, as `write` gave it."""
    found = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _layout(arrays: Mapping[str, Array]) -> tuple[bytes, int]:
    """Return the padded header and the size of the file; the header is sized first, as offsets depend on it."""
    draft = json.dumps({name: [a.dtype.str, 1 << 62, a.size] for name, a in arrays.items()})
    room = len(draft) + (-(len(draft) + 16) % ALIGN)
    at = 16 + room
    directory = {}
    for name, array in arrays.items():
        at += -at % ALIGN
        directory[name] = [array.dtype.str, at, array.size]
        at += array.nbytes
    return json.dumps(directory).encode().ljust(room), at


def _put(file: object, digest: object, data: bytes | memoryview) -> None:
    file.write(data)  # type: ignore[attr-defined]
    digest.update(data)  # type: ignore[attr-defined]
