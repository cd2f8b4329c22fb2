"""A text as the patterns see it: the text goes in, its stream and the way from a find back to the source come out.

The stream is that of `indexer.text.fold` without pinyin notes, so that one pattern reads `（一）`, `(一)`, `審議` and
`會(huì)議`. Values are always cut from the original text: the stream itself is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar, overload

from indexer.text.fold import fold_map

# 會(huì)議 in copies made by mirrors: a lower-case syllable in brackets behind a Chinese character.
PINYIN = re.compile(
    r"\((?<=[\u4e00-\u9fff]\()(?=[^()]{0,6}[aeiouāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü])[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ]{1,7}\)"
)
# 党组书记，、区长 and 开放，。: mirrors put a comma before the true sign.
DOUBLED = re.compile(r",(?=[,、。;:!?])")
NOISE = re.compile(f"{PINYIN.pattern}|{DOUBLED.pattern}")
SPACES = re.compile(r"\s+")
UNSPACED = re.compile("[0-9\u2e80-\uffff\U00020000-\U0003ffff]")
SENTENCE_ENDS = frozenset("。;!?")
CLAUSE_ENDS = frozenset("。;!?,:")
OPENING, CLOSING = frozenset("《(<["), frozenset("》)>]")
# A bracket that has not closed after so many characters never will: the copy lost its other half.
LONGEST_BRACKET = 300
LONGEST_QUOTE = 60
SHORTEST_SPLIT = 3
SIGNS = re.compile(r"[《(<\[》)>\]\"。;!?,:]")
CLOSING_QUOTES = frozenset("”’」』〞")


Value = TypeVar("Value")


class lazy(Generic[Value]):  # noqa: N801  # used as a decorator, as property is
    """A value that an object computes once and keeps: functools.cached_property without its lock, which costs 2 µs."""

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> lazy[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> lazy[Value] | Value:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.compute(instance)
        return value


class View:
    """A text with its stream; offsets of the stream are meant wherever a method takes or gives positions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._clauses: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}

    @lazy
    def _folded(self) -> tuple[str, Sequence[int]]:
        folded = fold_map(self.text)
        if not NOISE.search(folded.stream):
            return folded.stream, folded.offsets
        kept: list[range] = []
        last = 0
        for note in NOISE.finditer(folded.stream):
            kept.append(range(last, note.start()))
            last = note.end()
        kept.append(range(last, len(folded.stream)))
        at = tuple(chain.from_iterable(kept))
        return "".join(folded.stream[r.start : r.stop] for r in kept), tuple(folded.offsets[i] for i in at)

    @lazy
    def stream(self) -> str:
        """The folded text without white space and pinyin notes."""
        return self._folded[0]

    def offset(self, position: int) -> int:
        """Return where a position of the stream lies in the text; its end is the text's end."""
        offsets = self._folded[1]
        return offsets[position] if position < len(offsets) else len(self.text)

    def value(self, start: int, end: int) -> str:
        """Return the text of a stretch of the stream, without stray spaces; empty where the stretch is."""
        if start >= end:
            return ""
        return tidy(self.text[self.offset(start) : self.offset(end - 1) + 1])

    def group(self, match: re.Match[str], name: str | int = 0) -> str:
        """Return the text of a group of a match on the stream; empty where the group took no part."""
        return self.value(*match.span(name)) if match[name] is not None else ""

    @lazy
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences as half-open ranges with their end mark; marks inside brackets do not end one."""
        return tuple(self._split(0, len(self.stream), SENTENCE_ENDS))

    def clauses(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return the clauses of a stretch, with their end marks; commas in brackets and quotes do not end one."""
        found = self._clauses.get((start, end))
        if found is None:
            found = self._clauses[start, end] = tuple(self._split(start, end, CLAUSE_ENDS))
        return found

    def _split(self, start: int, end: int, marks: frozenset[str]) -> Iterator[tuple[int, int]]:
        stream = self.stream
        if end - start < SHORTEST_SPLIT:
            if start < end:
                yield start, end
            return
        depth, opened, first, quoted = 0, 0, start, -1
        for found in SIGNS.finditer(stream, start, end):
            at, sign = found.start(), found[0]
            if sign in OPENING:
                opened = at if not depth else opened
                depth += 1
            elif sign in CLOSING:
                depth = max(depth - 1, 0)
            elif sign == '"':
                quoted = -1 if quoted >= 0 or self.text[self.offset(at)] in CLOSING_QUOTES else at
            elif sign in marks and (not depth or at - opened > LONGEST_BRACKET):
                if _inside(stream, at, end) or (sign in ",:" and quoted >= 0 and at - quoted < LONGEST_QUOTE):
                    continue
                yield first, at + 1
                first, depth = at + 1, 0
                quoted = -1 if sign == "。" else quoted
        if first < end:
            yield first, end


def tidy(text: str) -> str:
    """Take stray white space out of a value: all of it next to Chinese characters and digits, else one space stays."""
    parts = text.split()
    if len(parts) < 2:
        return parts[0] if parts else ""
    return SPACES.sub(_gap, text.strip())


def _gap(gap: re.Match[str]) -> str:
    text = gap.string
    return "" if UNSPACED.match(text[gap.start() - 1]) or UNSPACED.match(text[gap.end()]) else " "


def _inside(stream: str, at: int, end: int) -> bool:
    """Tell whether a mark ends nothing: 10:38, 1,000, and ??? where a copy lost its text."""
    following = stream[at + 1] if at + 1 < end else ""
    before = stream[at - 1] if at else ""
    if stream[at] in ":,":
        return before.isdigit() and following.isdigit()
    return stream[at] == "?" and (following == "?" or not before.isalpha())
