"""Many short texts as one array of characters: what is typed goes in, the texts that hold it come out.

What is typed matches a run of characters where each takes its own part of it: the character itself, its whole
syllable, or the syllable's beginning; so 职业, zhiye, zhiy, zy and 职ye all match 职业. Matching walks all places at
once, one character a step, with a bit for each part of the typing that may be used up by then; it never backtracks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

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
        self._by_text: dict[str, list[int]] = {}
        for token, point in enumerate(kinds.tolist()):
            if point:
                self._learn(token, chr(point % AS_SURNAME), surnames.get(point, ()))
        self._by_prefix = {prefix: np.array(tokens) for prefix, tokens in self._by_text.items()}

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
        spelled = {character}
        for syllable in (*pinyin.readings(character), *surname):
            spelled.update(syllable[:length] for length in range(1, len(syllable) + 1))
        for prefix in spelled:
            self._by_text.setdefault(prefix, []).append(token)

    def find(self, typed: str) -> tuple[Ints, Ints]:
        """Return which texts that begin with what is typed, and which hold it inside; ascending."""
        none = np.empty(0, np.int64)
        if not 0 < len(typed) <= MOST_TYPED:
            return none, none
        starts = self._starts(self._steps(typed), len(typed))
        owners = self._owner[starts]
        begins = self._first[owners] == starts
        beginning = np.unique(owners[begins])
        return beginning, np.setdiff1d(owners[~begins], beginning)

    def _steps(self, typed: str) -> npt.NDArray[np.uint64]:
        """Return for each place in the typing and each token which places it may lead to, as bits."""
        steps = np.zeros((len(typed), self._size), dtype=np.uint64)
        for at in range(len(typed)):
            for length in range(1, pinyin.LONGEST + 1):
                tokens = self._by_prefix.get(typed[at : at + length])
                if tokens is not None and at + length <= len(typed):
                    steps[at, tokens] |= np.uint64(1 << at + length)
        return steps

    def _starts(self, steps: npt.NDArray[np.uint64], length: int) -> Ints:
        """Return the places, ascending, at which a match begins."""
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
        return np.sort(np.concatenate(found)) if found else starts

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
