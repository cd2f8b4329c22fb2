"""How close together strings stand in a text: the other characters between the first and the last of them, at best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

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


def gaps(
    starts: npt.NDArray[Any],
    ends: npt.NDArray[Any],
    held: Sequence[tuple[int, npt.NDArray[Any]]],
    sizes: Sequence[int],
    few: int,
) -> npt.NDArray[np.float64]:
    """Return the same as `least` for many texts that lie one behind the other.

    Args:
        starts: Where each text begins, ascending.
        ends: Where each text ends.
        held: Pairs of which string it is and where it begins in all texts, ascending.
        sizes: The length of each string.
        few: How many occurrences of a pair in one text count, the first ones.
    """
    texts, order = np.arange(len(starts)), np.arange(few)
    parts = []
    for string, places in held:
        if len(places):
            first = places.searchsorted(starts)
            at = first[:, None] + order
            inside = at < places.searchsorted(ends)[:, None]
            text, nth = inside.nonzero()
            parts.append((places.take(at[text, nth]), texts[text], np.full(len(text), string)))
    found = np.full(len(starts), np.inf)
    if not parts:
        return found
    place, text, which = (np.concatenate(part) for part in zip(*parts, strict=True))
    sort = place.argsort(kind="stable")
    place, text, which = place[sort].astype(np.int64), text[sort], which[sort]
    least = np.full(len(place), np.iinfo(np.int64).max)
    for one in range(len(sizes)):
        np.minimum(least, np.maximum.accumulate(np.where(which == one, place, -1)), out=least)
    between = place + np.array(sizes)[which] - least - sum(sizes)
    np.minimum.at(found, text, np.where(least >= starts[text], np.maximum(between, 0), np.inf))
    return found


def starts(text: str, part: str) -> list[int]:
    """Return where a string begins in a text, its first occurrences."""
    found: list[int] = []
    at = text.find(part)
    while at >= 0 and len(found) < MOST:
        found.append(at)
        at = text.find(part, at + 1)
    return found
