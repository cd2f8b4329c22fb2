"""Many short texts as one array of characters: what is typed goes in, the texts that hold it come out.

What is typed matches a run of characters where each takes its own part of it: the character itself, its syllable, or
the syllable's initial, and the last one any beginning of its syllable; so 职业, zhiye, zhiy, zy and 职ye match 职业.
Matching walks all places at once, one character a step, with a bit for each part of the typing that may be used up by
then; it never backtracks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.text import pinyin

Ints = npt.NDArray[np.int64]
# One bit of 64 a letter, and one for the end.
MOST_TYPED = 60
# Stands before and after every text; no text holds it, and nothing typed matches it.
WALL = "\0"
# Added to the code points of surnames with readings of their own: elsewhere the same characters have them not.
AS_SURNAME = 0x200000
# The initials of two letters; every other one is a syllable's first letter.
INITIALS = ("zh", "ch", "sh")


class Matches(NamedTuple):
    """Numbers of texts, and how many characters of each match; the fewer first, then the lower numbers.

    Fewer characters are read in full: shan is 单 before it is 实行 (s + han).
    """

    numbers: Ints
    characters: Ints


class Spelled:
    """Texts by what they may be typed as; they keep the order given, and their numbers count in it."""

    def __init__(self, texts: Sequence[str], names: Collection[int] = ()) -> None:
        """Take folded texts; `names` are the numbers of those that begin with a surname."""
        joined = WALL + "".join(f"{text.replace(WALL, ' ')}{WALL}" for text in texts)
        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
        walls = np.flatnonzero(points == 0)
        self._first = walls[:-1] + 1
        self._owner = np.repeat(np.arange(len(texts) + 1), np.diff(np.append(walls, len(points))))
        surnames = self._mark_surnames(points, texts, names)
        kinds, self._tokens = np.unique(points, return_inverse=True)
        self._size = len(kinds)
        self._whole: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}
        for token, point in enumerate(kinds.tolist()):
            if point:
                self._learn(token, chr(point % AS_SURNAME), surnames.get(point, ()))

    def _mark_surnames(self, points: Ints, texts: Sequence[str], names: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Set the surnames that are read in a way of their own apart; return the readings by code point."""
        found: dict[int, tuple[str, ...]] = {}
        for number in names:
            for i, reading in enumerate(pinyin.surname_readings(texts[number])):
                at = int(self._first[number]) + i
                points[at] = ord(texts[number][i]) + AS_SURNAME
                found[int(points[at])] = (*found.get(int(points[at]), ()), reading)
        return found

    def _learn(self, token: int, character: str, surname: Iterable[str]) -> None:
        syllables = {*pinyin.readings(character), *surname}
        whole = {character, *syllables, *(s[0] for s in syllables), *(s[:2] for s in syllables if s[:2] in INITIALS)}
        begun = {syllable[:length] for syllable in syllables for length in range(1, len(syllable))}
        for spelled in whole:
            self._whole.setdefault(spelled, []).append(token)
        for spelled in begun - whole:
            self._begun.setdefault(spelled, []).append(token)

    def find(self, typed: str) -> tuple[Matches, Matches]:
        """Return which texts begin with what is typed, and which others hold it inside."""
        starts = used = np.empty(0, np.int64)
        if 0 < len(typed) <= MOST_TYPED:
            starts, used = self._starts(self._steps(typed), len(typed))
        owners = self._owner[starts]
        begins = self._first[owners] == starts
        inside = ~begins & ~np.isin(owners, owners[begins])
        return _ranked(owners[begins], used[begins]), _ranked(owners[inside], used[inside])

    def _steps(self, typed: str) -> npt.NDArray[np.uint64]:
        """Return for each place in the typing and each token which places it may lead to, as bits."""
        steps = np.zeros((len(typed), self._size), dtype=np.uint64)
        for at in range(len(typed)):
            for end in range(at + 1, min(at + pinyin.LONGEST, len(typed)) + 1):
                part, bit = typed[at:end], np.uint64(1 << end)
                steps[at, self._whole.get(part, [])] |= bit
                if end == len(typed):
                    steps[at, self._begun.get(part, [])] |= bit
        return steps

    def _starts(self, steps: npt.NDArray[np.uint64], length: int) -> tuple[Ints, Ints]:
        """Return the places at which a match begins, and how many characters each takes."""
        done = np.uint64(1 << length)
        state = steps[0][self._tokens]
        starts = at = np.flatnonzero(state)
        state = state[at]
        found = []
        while len(at):
            whole = (state & done) != 0
            found.append(starts[whole])
            starts, at, state = starts[~whole], at[~whole] + 1, state[~whole]
            state = self._advanced(steps, self._tokens[at], state)
            alive = state != 0
            starts, at, state = starts[alive], at[alive], state[alive]
        used = np.repeat(np.arange(1, len(found) + 1), [len(part) for part in found])
        return (np.concatenate(found) if found else starts), used

    def _advanced(
        self, steps: npt.NDArray[np.uint64], tokens: Ints, state: npt.NDArray[np.uint64]
    ) -> npt.NDArray[np.uint64]:
        reached = np.zeros(len(tokens), dtype=np.uint64)
        used = int(np.bitwise_or.reduce(state)) if len(state) else 0
        for at in range(1, len(steps)):
            if used >> at & 1:
                has = (state >> np.uint64(at) & np.uint64(1)) != 0
                reached[has] |= steps[at][tokens[has]]
        return reached


def _ranked(numbers: Ints, used: Ints) -> Matches:
    """Order matches; of several of one text the one of the fewest characters stays."""
    order = np.lexsort((numbers, used))
    _, first = np.unique(numbers[order], return_index=True)
    kept = order[np.sort(first)]
    return Matches(numbers[kept], used[kept])
