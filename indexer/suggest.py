"""What a person may be typing: the beginning goes in, instruments, departments, people, bodies and phrases come out.

Everything suggested stands in the index. The list is made once for each generation of it, when first asked; while one
thread makes the next one, the others go on with the last.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from indexer.answer import Kind, Suggestion
from indexer.engines.engine import Engine, Wanted
from indexer.phrases import is_word, pairs
from indexer.query.nodes import Query, Text
from indexer.spelled import Spelled
from indexer.text import pinyin
from indexer.text.fold import fold

__all__ = ["Suggester", "Suggestion"]

FIELDS: tuple[Kind, ...] = ("instrument", "department", "person", "body")
KINDS: tuple[Kind, ...] = (*FIELDS, "phrase")
# The most frequent of each are listed, so that a suggestion takes as long in an index of any size.
MOST_VALUES, MOST_WORDS, MOST_PAIRS = 30_000, 20_000, 5_000
SAMPLE = 2_000
# A word's list may hold passages that have it in their heading alone, so words are counted when told; the most common
# are not, whose counts nobody reads to the digit and which would take longer the larger the index is.
COMMON = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to suggest; `counted` is False where the count is an estimate to be made true."""

    text: str
    kind: Kind
    count: int
    counted: bool = True


class Listed:
    """The entries of one generation, most frequent first."""

    def __init__(self, generation: int, entries: list[Entry]) -> None:
        self.generation = generation
        self.entries = sorted(entries, key=lambda e: (-e.count, e.text))
        names = [i for i, entry in enumerate(self.entries) if entry.kind == "person"]
        self.spelled = Spelled([fold(entry.text) for entry in self.entries], names)
        self.kinds = np.array([KINDS.index(entry.kind) for entry in self.entries], dtype=np.int64)
        self.counts: dict[str, int] = {}


class Suggester:
    """Suggests from one engine; safe to share by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._listed: Listed | None = None

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Return entries that begin with the text, or hold it, as characters or pinyin: see Index.suggest."""
        typed = pinyin.plain(fold(text))
        if not typed or limit < 1:
            return ()
        listed = self._newest()
        found = [(rank, self._told(listed, number)) for rank, number in _chosen(listed, typed, limit)]
        found.sort(key=lambda pair: (pair[0], -pair[1].count))
        return tuple(suggestion for _, suggestion in found if suggestion.count)

    def spelled(self, typed: str) -> tuple[str, ...]:
        """Return the texts that pinyin (plain) spells in full, most frequent first."""
        listed = self._newest()
        beginning, _ = listed.spelled.find(typed)
        texts = (listed.entries[i].text for i in beginning.numbers.tolist())
        return tuple(dict.fromkeys(text for text in texts if pinyin.spells(fold(text), typed)))

    def _newest(self) -> Listed:
        listed, generation = self._listed, self._engine.generation()
        if listed is not None and listed.generation == generation:
            return listed
        if not self._lock.acquire(blocking=listed is None):
            assert listed is not None
            return listed
        try:
            if self._listed is None or self._listed.generation != generation:
                self._listed = Listed(generation, entries(self._engine))
            return self._listed
        finally:
            self._lock.release()

    def _told(self, listed: Listed, number: int) -> Suggestion:
        """Return an entry as a suggestion, an estimated count made true."""
        entry = listed.entries[number]
        count = entry.count
        if not entry.counted:
            count = listed.counts.get(entry.text, -1)
            if count < 0:
                count = listed.counts[entry.text] = _count(self._engine, entry.text)
        return Suggestion(entry.text, entry.kind, count)


def _count(engine: Engine, stream: str) -> int:
    """Return how many passages hold a stream."""
    return engine.find(Wanted(Query(Text(stream), (), "", ()), match="exact", limit=0)).exact


def entries(engine: Engine) -> list[Entry]:
    """Return everything that an index has to suggest, each text once."""
    found: dict[str, Entry] = {}
    for kind in FIELDS:
        for value, count in engine.values(kind)[:MOST_VALUES]:
            found.setdefault(fold(value), Entry(value, kind, count))
    for entry in _phrases(engine):
        found.setdefault(entry.text, entry)
    return [entry for text, entry in found.items() if text]


def _phrases(engine: Engine) -> Iterator[Entry]:
    """Yield frequent words, and pairs of them from titles and a sample of the passages."""
    for word, count in engine.frequent_words(MOST_WORDS):
        if is_word(word):
            yield Entry(word, "phrase", count, counted=count > COMMON)
    titles = [fold(title) for title, _ in engine.values("instrument")[:SAMPLE]]
    titles += [fold(head.title) for head in engine.heads()[:SAMPLE] if head.title]
    streams = list(engine.sample(SAMPLE))
    share = max(1.0, engine.stats().passages / max(1, len(streams)))
    sampled = Counter({text: round(count * share) for text, count in pairs(streams).items()})
    for text, count in (sampled | pairs(titles)).most_common(MOST_PAIRS):
        yield Entry(text, "phrase", count, counted=False)


def _chosen(listed: Listed, typed: str, limit: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield at most `limit` entries, each as its rank and its number.

    The rank is 0 at the beginning and 1 inside, then the characters matched. No kind of entry takes more than half of
    the places that others could have.
    """
    beginning, inside = listed.spelled.find(typed)
    order = np.concatenate((beginning.numbers, inside.numbers))
    used = np.concatenate((beginning.characters, inside.characters))
    of_kinds = [np.flatnonzero(listed.kinds[order] == kind)[:limit] for kind in range(len(KINDS))]
    half = (limit + 1) // 2
    first = np.sort(np.concatenate([places[:half] for places in of_kinds]))
    rest = np.sort(np.concatenate([places[half:] for places in of_kinds]))
    for place in np.concatenate((first, rest))[:limit].tolist():
        yield (int(place >= len(beginning.numbers)), int(used[place])), int(order[place])
