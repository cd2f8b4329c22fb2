"""Where compiled loops are kept: a folder beside the sources or in the user's cache, named after the sources.

What numba itself looks at is the one file of a function, but code and constants of other files are compiled into it. So
the folder is that of one state of the whole engine; those of older states are removed. What was compiled by who
installed the program, and cannot be written by who runs it, is copied to a folder of the process's own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from hashlib import blake2b
from pathlib import Path

ENGINE = Path(__file__).parents[1]
OURS = "gongwen-"
WHOLE = "whole"


@cache
def folder() -> Path | None:
    """Return the folder, which is made; None where none can be written."""
    name = OURS + _digest()
    beside = Path(__file__).parent / "__pycache__"
    for place in (beside, _home()):
        found = _made(place, name) if place else None
        if found:
            return found
    return _copy(beside / name) if (beside / name / WHOLE).exists() else None


def is_whole() -> bool:
    """Tell whether all loops are kept, so that they are loaded rather than compiled."""
    found = folder()
    return found is not None and (found / WHOLE).exists()


def close() -> None:
    """Note that all loops are kept."""
    found = folder()
    if found is not None:
        (found / WHOLE).touch()


def _digest() -> str:
    digest = blake2b(digest_size=8)
    for path in sorted(ENGINE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _home() -> Path | None:
    try:
        return Path.home() / ".cache" / "gongwen"
    except RuntimeError:  # a user without a home
        return None


def _made(place: Path, name: str) -> Path | None:
    """Return the folder in its place, where it can be written; those of older states go."""
    found = place / name
    try:
        found.mkdir(parents=True, exist_ok=True)
        for old in place.glob(f"{OURS}*"):
            if old != found:
                shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return found if os.access(found, os.W_OK) else None


def _copy(kept: Path) -> Path | None:
    try:
        own = Path(tempfile.mkdtemp(prefix=OURS))
        atexit.register(shutil.rmtree, own, ignore_errors=True)
        shutil.copytree(kept, own, dirs_exist_ok=True)
    except OSError:
        return None
    return own
