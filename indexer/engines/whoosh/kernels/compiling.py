"""A function of loops over arrays goes in, its compiled form comes out (numba), kept on the disk for the next time.

The one place that knows numba. Nothing here is imported before `kernels.load` asks for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")
ENGINE = Path(__file__).parents[1]
OURS = "gongwen-"


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, compiled for the types of its arguments when it is first called with them."""
    folder, before = _folder(), numba.config.CACHE_DIR
    if folder is None:
        return numba.njit(nogil=True)(function)  # type: ignore[no-any-return]
    try:
        numba.config.CACHE_DIR = str(folder)  # read while the function is decorated; other programs have their own
        return numba.njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = before


@cache
def _folder() -> Path | None:
    """Return where machine code is kept: beside the sources or in the user's cache; None where neither can be written.

    Its name is that of the sources. What numba itself looks at is the one file of a function, but code and constants of
    other files are compiled into it.
    """
    digest = blake2b(digest_size=8)
    for path in sorted(ENGINE.rglob("*.py")):
        digest.update(path.read_bytes())
    for place in (Path(__file__).parent / "__pycache__", Path.home() / ".cache" / "gongwen"):
        try:
            place.mkdir(parents=True, exist_ok=True)
            for old in place.glob(f"{OURS}*"):
                if old.name != OURS + digest.hexdigest():
                    shutil.rmtree(old, ignore_errors=True)
            folder = place / (OURS + digest.hexdigest())
            folder.mkdir(exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
        except (OSError, RuntimeError):  # RuntimeError: a user without a home
            continue
    return None
