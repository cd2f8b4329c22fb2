"""How close together strings stand in a text: the other characters between the first and the last of them, at best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

# A text with more occurrences than this is judged by its first ones.
MOST = 1000


def gap(text: str, streams: Sequence[str]) -> float:
    """Return the fewest characters that lie between the streams where all occur; infinite if one is missing."""
    found = [(start, i) for i, stream in enumerate(streams) for start in starts(text, stream)]
    return least(found, [len(stream) for stream in streams])


def least(found: Iterable[tuple[int, int]], sizes: Sequence[int]) -> float:
    """Return the same of places: pairs of where a string begins and which one it is, in any order.

    Strings that overlap leave less than nothing between them, which counts as 0.
    """
    last = [-1] * len(sizes)
    missing = len(sizes)
    best = math.inf
    room = sum(sizes)
    for start, which in sorted(found):
        missing -= last[which] < 0
        last[which] = start
        if not missing:
            best = min(best, start + sizes[which] - min(last) - room)
    return max(best, 0)


def starts(text: str, part: str) -> list[int]:
    """Return where a string begins in a text, its first occurrences."""
    found: list[int] = []
    at = text.find(part)
    while at >= 0 and len(found) < MOST:
        found.append(at)
        at = text.find(part, at + 1)
    return found
