"""Where compiled loops are kept: a folder beside the sources or in the user's cache, named after the sources.

What numba itself looks at is the one file of a function, but code and constants of other files are compiled into it. So
the folder is that of one state of the whole engine; those of older states are removed.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from hashlib import blake2b
from pathlib import Path

ENGINE = Path(__file__).parents[1]
OURS = "gongwen-"
WHOLE = "whole"


@cache
def folder() -> Path | None:
    """Return the folder, which is made; None where none can be written."""
    digest = blake2b(digest_size=8)
    for path in sorted(ENGINE.rglob("*.py")):
        digest.update(path.read_bytes())
    for place in (Path(__file__).parent / "__pycache__", Path.home() / ".cache" / "gongwen"):
        try:
            place.mkdir(parents=True, exist_ok=True)
            found = place / (OURS + digest.hexdigest())
            for old in place.glob(f"{OURS}*"):
                if old != found:
                    shutil.rmtree(old, ignore_errors=True)
            found.mkdir(exist_ok=True)
            if os.access(found, os.W_OK):
                return found
        except OSError:
            continue
    return None


def is_whole() -> bool:
    """Tell whether all loops are kept, so that they are loaded rather than compiled."""
    found = folder()
    return found is not None and (found / WHOLE).exists()


def close() -> None:
    """Note that all loops are kept."""
    found = folder()
    if found is not None:
        (found / WHOLE).touch()
