"""A function of loops over arrays goes in, its compiled form comes out (numba), kept on the disk for the next time.

The one place that knows numba. Nothing here is imported before the loops are loaded. Places in the innermost loops are
unsigned: numba looks at each signed one whether it counts from the end.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import c_void_p
from typing import Any, ParamSpec, TypeVar

import numba
import numpy as np
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


def _instruction(returned: Any, make: Callable[[Any, Any], Any], otherwise: Callable[[Any], Any]) -> Any:
    """Return a function of 64 bits for loops to call, which is one instruction of the processor.

    `otherwise` is called where loops are run without being compiled.
    """

    def typed(_context: Any, _bits: Any) -> Any:
        return returned(types.uint64), lambda _context, builder, _signature, arguments: make(builder, arguments[0])

    return otherwise if numba.config.DISABLE_JIT else intrinsic(typed)


# How many of 64 bits are set.
bits_set = _instruction(
    types.uint64, lambda builder, bits: builder.ctpop(bits), lambda bits: np.uint64(int(bits).bit_count())
)
_pointer = _instruction(
    types.voidptr, lambda builder, bits: builder.inttoptr(bits, cgutils.voidptr_t), lambda bits: c_void_p(int(bits))
)


@compiled
def array_at(address: Int, size: Int, kind: Any) -> Array:
    """Return the array of so many numbers of a kind at an address in memory."""
    return numba.carray(_pointer(address), np.int64(size), kind)
