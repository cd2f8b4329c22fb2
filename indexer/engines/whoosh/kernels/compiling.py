"""A function of loops over arrays goes in, its compiled form comes out (numba), kept on the disk for the next time.

The one place that knows numba. Nothing here is imported before the loops are loaded. Places in the innermost loops are
unsigned: numba looks at each signed one whether it counts from the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba
from numba.core import cgutils, types
from numba.extending import intrinsic

from indexer.engines.whoosh.kernels import kept

Array = Any
Int = Any  # 64 bits, of numpy or not
View = tuple[Any, ...]  # what the loops read of a segment; see lists.view
P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, compiled for the types of its arguments when it is first called with them."""
    folder, before = kept.folder(), numba.config.CACHE_DIR
    if folder is None:
        return numba.njit(nogil=True)(function)  # type: ignore[no-any-return]
    try:
        numba.config.CACHE_DIR = str(folder)  # read while the function is decorated; other programs have their own
        return numba.njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = before


@intrinsic  # type: ignore[misc]
def lowest_bit(_context: Any, _bits: Any) -> Any:
    """Return the place of the lowest bit of 64, of which one is set at least: an instruction of the processor."""

    def told(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], cgutils.true_bit)

    return types.uint64(types.uint64), told
