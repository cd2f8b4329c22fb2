"""Meetings held in, numbers that are missing out: what lies between two held numbers of one series.

A series is what one named body held of one kind, as long as its numbers do not start again. Nothing is said of
numbers before its first and after its last, and nothing of a body that is named without its place (市政府).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from indexer.engines.engine import RecordHead
from indexer.text.fold import fold

# A body as minutes call it at home; several bodies share such a name.
_PLACELESS = re.compile(r"(?:省|自治区|市|州|盟|地区|区|县|旗|镇|乡)?(?:人民)?政府(?:办公厅|办公室)?")


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


@lru_cache(maxsize=4096)
def key(name: str | None) -> str:
    """What is equal for names of one body or kind, in simplified and traditional writing."""
    return fold(name) if name else ""


def series(heads: Iterable[RecordHead]) -> dict[tuple[str, str], list[RecordHead]]:
    """Group meetings by body and kind."""
    groups: dict[tuple[str, str], list[RecordHead]] = defaultdict(list)
    for head in heads:
        if head.type == "meeting":
            groups[key(head.body), key(head.kind)].append(head)
    return groups


def gaps_before(heads: Iterable[RecordHead]) -> dict[str, tuple[Gap, ...]]:
    """Return the gaps between a meeting and the one held before it, by id; meetings without gaps are left out.

    A meeting whose body is unknown or named without its place may belong to any series of its kind, so its
    number is missing in none.
    """
    groups = series(heads)
    anybody: dict[str, set[int]] = defaultdict(set)
    for (body, kind), group in groups.items():
        if placeless(body):
            anybody[kind].update(head.number for head in group if head.number)
    found: dict[str, tuple[Gap, ...]] = {}
    for (body, kind), group in groups.items():
        if not placeless(body):
            for run in _runs(group):
                found |= _gaps(run, anybody[kind])
    return found


def placeless(body: str) -> bool:
    """Whether a key names no body, or one without its place."""
    return not body or _PLACELESS.fullmatch(body) is not None


def _runs(group: list[RecordHead]) -> list[list[RecordHead]]:
    """Split a series where its numbers start again: a number comes twice, or falls to half or less.

    A smaller fall is taken as two meetings whose dates and numbers are not in one order. Undated meetings go
    to the run that spans their number, so that no number held is called missing.
    """
    dated = sorted((h for h in group if h.date and h.number), key=lambda h: (h.date or date.min, h.number or 0))
    runs: list[list[RecordHead]] = []
    seen: set[int] = set()
    last = 0
    for head in dated:
        number = head.number or 0
        if not runs or number * 2 <= last or number in seen:
            runs.append([])
            seen = set()
        runs[-1].append(head)
        seen.add(number)
        last = number
    for head in (h for h in group if h.number and not h.date):
        for run in runs:
            numbers = [other.number or 0 for other in run]
            if min(numbers) < (head.number or 0) < max(numbers):
                run.append(head)
                break
    return runs


def _gaps(run: list[RecordHead], held: set[int]) -> dict[str, tuple[Gap, ...]]:
    """The gaps of one run, around the numbers held elsewhere."""
    found = {}
    for before, head in pairwise(sorted(run, key=lambda head: head.number or 0)):
        low, high = before.number or 0, head.number or 0
        stops = [low, *sorted(number for number in held if low < number < high), high]
        gaps = tuple(Gap(a + 1, b - 1) for a, b in pairwise(stops) if b - a > 1)
        if gaps:
            found[head.id] = gaps
    return found
