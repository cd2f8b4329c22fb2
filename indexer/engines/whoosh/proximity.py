"""How close together strings stand in a text: the other characters between the first and the last of them, at best."""

from __future__ import annotations

import math

# A text with more occurrences than this is judged by its first ones.
MOST = 1000


def gap(text: str, streams: tuple[str, ...]) -> float:
    """Return the fewest characters that lie between or beside the streams where all occur; infinite if one is missing.

    Streams that overlap leave less than nothing between them, which counts as 0.
    """
    found = sorted((start, i) for i, stream in enumerate(streams) for start in _starts(text, stream))
    sizes = [len(stream) for stream in streams]
    last: dict[int, int] = {}
    best = math.inf
    for start, which in found:
        last[which] = start
        if len(last) == len(streams):
            end = max(begin + sizes[i] for i, begin in last.items())
            best = min(best, end - min(last.values()) - sum(sizes))
    return max(best, 0)


def _starts(text: str, part: str) -> list[int]:
    found: list[int] = []
    at = text.find(part)
    while at >= 0 and len(found) < MOST:
        found.append(at)
        at = text.find(part, at + 1)
    return found
