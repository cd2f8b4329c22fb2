"""The ranking as the documentation tells it, in plain Python over plain lists: what the engine is held to.

Every passage is looked at for every query and every number is a Python float. Only the weights are the engine's
(`ranking.py`); how they are used is written here a second time, from docs/relevance.md and docs/engine.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

from indexer.engines.engine import Level
from indexer.engines.passages import LEVEL_BITS
from indexer.engines.whoosh import leaders, ranking
from indexer.engines.whoosh.snapshot import K1
from indexer.query import asked
from indexer.query.nodes import And, Everything, InSentence, Near, Node, Not, Or, Text

Scores = dict[str, float]
# Two scores that differ by less may be equal in 32 bits: who is among the best few is then not asked.
DOUBT = 1e-5
FIRST_PLACES = 4


@dataclass(frozen=True)
class Kept:
    """One passage that the index holds, maybe deleted.

    `shown` are the characters of the stream as they stand in the text; `first_line` how many of them are in the first
    of several lines, 0 where there is one; `heading` the id of its item's heading.
    """

    id: str
    stream: str
    shown: str
    first_line: int
    words: Mapping[str, int]
    levels: int
    roll: bool
    # Its sentences; none of headings of items and rolls.
    sentences: tuple[str, ...]
    heading: str | None
    alive: bool


class Reference:
    """All passages of an index, deleted ones included: they count in the statistics until a merge drops them."""

    def __init__(self, rows: Sequence[Kept]) -> None:
        self.rows = rows
        self.living = {row.id: row for row in rows if row.alive}
        # Passages of which 32 bits may not tell whether they were among the best few that are read again.
        self.doubtful: set[str] = set()

    @cached_property
    def repeated(self) -> set[str]:
        """Return the sentences that stand in many records; those of deleted passages do not count."""
        held = {(s, row.id.partition("#")[0]) for row in self.living.values() for s in row.sentences}
        records = Counter(sentence for sentence, _ in held)
        return {sentence for sentence, count in records.items() if count >= ranking.REPEATED}

    def left(self, name: str) -> float:
        """Return what boilerplate leaves of a passage's score: it counts when it is more than half, by eighths."""
        sizes = [(min(len(s) // 4, 15), s in self.repeated) for s in self.living[name].sentences]
        whole = sum(size for size, _ in sizes)
        eighths = 8 * sum(size for size, again in sizes if again) // whole if whole else 0
        return ranking.SUNK[max(0, eighths - 4)]

    @cached_property
    def mean(self) -> float:
        return max(1.0, sum(len(row.stream) for row in self.rows) / max(1, len(self.rows)))

    def norm(self, row: Kept, b: float) -> float:
        return K1 * (1 - b + b * len(row.stream) / self.mean)

    def idf(self, passages: float) -> float:
        return math.log1p((len(self.rows) - passages + 0.5) / (passages + 0.5))

    def occurrences(self, stream: str) -> int:
        return sum(len(starts(row.stream, stream)) for row in self.rows)

    def spread(self, occurrences: int) -> float:
        """Return in how many passages so many occurrences lie if they fall at random."""
        size = max(1, len(self.rows))
        return size * (1 - math.exp(-occurrences / size))

    # The exact tier

    def selected(self, node: Node) -> set[str]:
        """Return the passages that a query selects, of every level."""
        return {row.id for row in self.living.values() if holds(node, row.stream)}

    def shown(self, names: Iterable[str], level: Level) -> list[str]:
        """Return the passages of a level."""
        return [name for name in names if self.living[name].levels & LEVEL_BITS[level]]

    def rarest(self, stream: str) -> int:
        return min(map(self.occurrences, [stream] if len(stream) == 1 else map("".join, pairwise(stream))))

    def weights(self, node: Node) -> Scores:
        """Return the strings asked for with their idf; a name that nobody typed counts less."""
        found = {s: self.idf(round(self.spread(self.rarest(s)))) for s in dict.fromkeys(asked.streams(node))}
        for other in asked.others(node):
            found[other] *= ranking.OTHER_NAME
        return found

    def by_strings(self, node: Node, level: Level) -> Scores:
        """Return BM25 over the strings of a query, of the passages that it selects."""
        weights = self.weights(node)
        return {
            name: sum(self._gain(w, len(starts(row.stream, s)), row, ranking.EXACT_B) for s, w in weights.items())
            for name in self.shown(self.selected(node), level)
            for row in [self.living[name]]
        }

    def finished(self, node: Node, scores: Scores) -> Scores:
        """Return BM25 with what headings, the roll, the place of a string and nearness make of it."""
        found = dict(scores)
        for name in found:
            heading = self.living[name].heading
            if heading is not None and heading != name and heading in scores:
                found[name] *= float(ranking.TITLE)
            if self.living[name].roll:
                found[name] *= float(ranking.ROLL_FACTOR)
            found[name] *= self.left(name)
        weights = self.weights(node)
        telling = {s: w for s, w in weights.items() if self._tells(s)}
        if telling:
            for name in self._foremost(found, ranking.READ_FOR_STANDING):
                found[name] += sum(w * standing(self.living[name], s) for s, w in telling.items()) * self.left(name)
        slots = [slot for slot in asked.slots(node) if slot]
        if len(slots) > 1:
            most = ranking.PROXIMITY * sum(weights.values())
            # A list of a single character is not in the order of the text: the texts are read then, to their ends.
            first = None if any(len(s) == 1 for slot in slots for s in slot) else FIRST_PLACES
            for name in self._foremost(found, ranking.READ_FOR_PROXIMITY):
                gained = most / (1 + gap(self.living[name].stream, slots, first) / ranking.NEAR)
                found[name] += gained * self.left(name)
        return found

    def _tells(self, stream: str) -> bool:
        return len(stream) > 2 or (len(stream) == 2 and self.rarest(stream) < leaders.FREQUENT_PAIR)

    def _foremost(self, scores: Scores, most: int) -> list[str]:
        """Return the best few but for rolls; equal ones are all in."""
        bound = sorted(scores.values())[-most] if len(scores) > most else -math.inf
        self.doubtful |= {name for name, score in scores.items() if abs(score - bound) < DOUBT}
        return [name for name, score in scores.items() if score >= bound and not self.living[name].roll]

    # The related tier

    def weighed(self, asked: Sequence[tuple[str, float]]) -> tuple[Scores, Scores]:
        """Return the weights of the words that tell and of the common ones."""
        held = {word: sum(word in row.words for row in self.rows) for word, _ in asked}
        idf = {word: self.idf(count) for word, count in held.items() if count}
        bound = ranking.TELLING * max(idf.values(), default=0.0)
        weights = {word: ranking.WORDS * share * idf[word] for word, share in asked if word in idf}
        telling = {word: weight for word, weight in weights.items() if idf[word] >= bound}
        return telling, {word: weight for word, weight in weights.items() if word not in telling}

    def by_words(self, weights: Scores, names: Sequence[str]) -> Scores:
        """Return the score by words of passages; those that hold none are left out."""
        found = {}
        for name in names:
            row = self.living[name]
            score = sum(self._gain(w, row.words.get(word, 0), row, ranking.B) for word, w in weights.items())
            if score > 0:
                found[name] = score
        return found

    def second_look(self, plain: str, common: Scores, scores: Scores) -> Scores:
        """Return the related tier with the common words, pairs and characters of the question read in the best."""
        found = dict(scores)
        bound = sorted(scores.values())[-ranking.READ_AGAIN] if len(scores) > ranking.READ_AGAIN else -math.inf
        self.doubtful |= {name for name, score in scores.items() if abs(score - bound) < DOUBT}
        chunks = "".join(c if c.isalnum() else " " for c in plain).split()
        pairs = Counter(a + b for chunk in chunks for a, b in pairwise(chunk))
        parts = [(ranking.CHARACTERS, Counter("".join(chunks))), (ranking.PAIRS, pairs)]
        idf = {s: self.idf(self.spread(self.occurrences(s))) for _, strings in parts for s in strings}
        for name in [name for name, score in scores.items() if score >= bound]:
            row = self.living[name]
            found[name] += self.by_words(common, [name]).get(name, 0.0)
            for share, strings in parts:
                for s, times in strings.items():
                    count = len(starts(row.stream, s))
                    part = self._gain(1.0, count, row, ranking.B) + ranking.DELTA * (count > 0)
                    found[name] += share * times * idf[s] * part
        return {name: score * self.left(name) for name, score in found.items()}

    def _gain(self, weight: float, count: int, row: Kept, b: float) -> float:
        return weight * count * (K1 + 1) / (count + self.norm(row, b)) if count else 0.0


def starts(text: str, part: str) -> list[int]:
    """Return where a string begins in a text, overlapping ones too."""
    return [i for i in range(len(text)) if text.startswith(part, i)] if part in text else []


def sentences(stream: str, breaks: Sequence[int]) -> tuple[str, ...]:
    """Return the sentences of a stream: between ends and the places where lines break, without the number before.

    The first of several lines is the heading of the others where no sentence ends in it.
    """
    lines = [stream[a:b] for a, b in pairwise((0, *(b for b in breaks if 0 < b < len(stream)), len(stream)))]
    if len(lines) > 1 and not re.search("[。!?;…]", lines[0]):
        del lines[0]
    parts = [part for line in lines for part in re.split("[。!?;…]", line)]
    bare = [re.sub(r"^\(?[0-9一二三四五六七八九十]{1,3}[)、.是]", "", part) for part in parts if len(part) >= 4]
    return tuple(part for part in bare if len(part) >= 4)


def holds(node: Node, stream: str) -> bool:
    """Tell whether a query selects a stream."""
    match node:
        case Text():
            return node.stream in stream
        case And():
            return all(holds(child, stream) for child in node.children)
        case Or():
            return any(holds(child, stream) for child in node.children)
        case Not():
            return not holds(node.child, stream)
        case Near():
            return gap(stream, [(s,) for s in node.streams], len(stream)) <= node.within
        case InSentence():
            pattern = re.compile("[^。!?;…]*?".join(map(re.escape, node.streams)))
            return pattern.search(stream) is not None
        case Everything():
            return True
    raise AssertionError(f"no string: {node}")


def standing(row: Kept, part: str) -> float:
    """Return what a passage gains by where a string first stands in it, as a share of the string's weight."""
    places = starts(row.stream, part)
    if not places:
        return 0.0
    at = places[0]
    before, after = row.shown[max(0, at - 8) : at], row.shown[at + len(part) :]
    found = ranking.EARLY / (1 + at / ranking.EARLY_AT)
    found -= ranking.PASSING * (before.endswith("、") or after.startswith("、"))
    found += ranking.QUOTED * (before.rfind("《") > before.rfind("》"))
    return found + ranking.HEADED * (at < row.first_line <= places[-1])


def gap(stream: str, slots: Sequence[Sequence[str]], first: int | None) -> float:
    """Return the fewest characters between one string of each slot, of the first few places of each or of all."""
    sizes = [len(slot[0]) for slot in slots]
    places = [[at for s in slot for at in starts(stream, s)[:first]] for slot in slots]
    best = math.inf
    for chosen in product(*places):
        last, which = max((at, i) for i, at in enumerate(chosen))
        best = min(best, max(0, last + sizes[which] - min(chosen) - sum(sizes)))
    return best
