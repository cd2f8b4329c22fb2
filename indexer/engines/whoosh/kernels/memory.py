"""Whether this process may execute what it has written into memory, as a compiler's product must be.

A service that is forbidden to (systemd's MemoryDenyWriteExecute, SELinux's execmem) would be ended by the attempt.
"""

from __future__ import annotations

import ctypes
import mmap
import sys


def may_be_executed() -> bool:
    """Tell whether a page of this process that was written may be made executable; nothing is executed."""
    if sys.platform != "linux":
        return True
    with mmap.mmap(-1, mmap.PAGESIZE) as page:
        page[0] = 0
        first = ctypes.c_char.from_buffer(page)
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        refused = protect(ctypes.addressof(first), mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_EXEC)
        del first
    return int(refused) == 0
