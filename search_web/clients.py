"""How often each client has asked: the counts of Flask-Limiter, kept in memory for the clients that came last.

One count a client and window; what is asked of it takes the same time however many clients there are. Beyond
MOST clients the one that has not come for longest is forgotten, so that memory is bounded whoever comes.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from limits.storage import Storage

SCHEME = "clients"
MOST = 10_000


class Clients(Storage):
    """Counts in fixed windows; safe to share by threads."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012  # as the library declares it

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str | float | bool) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._lock = threading.Lock()
        self._counts: OrderedDict[str, tuple[int, float]] = OrderedDict()  # key -> count, end of its window

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the window of a key, which begins with its first count and lasts `expiry` seconds."""
        now = time.time()
        with self._lock:
            count, end = self._counts.pop(key, (0, 0.0))
            if end <= now:
                count, end = 0, now + expiry
            self._counts[key] = (count + amount, end)
            if len(self._counts) > MOST:
                self._counts.popitem(last=False)
        return count + amount

    def get(self, key: str) -> int:
        """Return what was counted in the window of a key that has not ended."""
        with self._lock:
            count, end = self._counts.get(key, (0, 0.0))
        return count if end > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window of a key ends, in seconds of the epoch."""
        with self._lock:
            return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        """Forget all; return how many there were."""
        with self._lock:
            count = len(self._counts)
            self._counts.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one."""
        with self._lock:
            self._counts.pop(key, None)
