"""Marks and snippets: a text with the streams that it was found by goes in, what to show of it comes out.

Marks are found on the folded stream and led back to the text; no analyzer runs here, and no engine is asked.
All places are half-open ranges of code points of the original text. HTML is escaped last.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from html import escape

from indexer.text.fold import FIRST_UNSPACED, Folded, fold_map

Marks = tuple[tuple[int, int], ...]
GAP = "…"
# A sentence with the closing signs that belong to it, and, for a long one, its clauses.
SENTENCE_END = re.compile(r"[。！？；!?;\n]+[”’」』）)】〕\]]*")
CLAUSE_END = re.compile(r"[，、：,:\s]")
# Characters that are part of the one before: variation selectors and the joiner, besides combining marks.
JOINED = re.compile("[\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
MAX_WINDOWS = 4


def marks(text: str, streams: Iterable[str]) -> Marks:
    """Return where the streams occur in the text, in order, overlapping ones as one; empty if none does."""
    folded = fold_map(text)
    return _original(text, folded, [found for stream in streams for found in _places(folded.stream, stream)])


def word_marks(text: str, words: Iterable[str]) -> Marks:
    """Return where words of the related tier occur: Latin ones whole, single characters only if all are single."""
    folded = fold_map(text)
    wanted = list(words)
    longer = [word for word in wanted if len(word) > 1]
    found = [place for word in longer or wanted for place in _places(folded.stream, word)]
    return _original(text, folded, [place for place in found if _whole(folded.stream, *place)])


def snippet(text: str, marks: Sequence[tuple[int, int]], limit: int = 240) -> str:
    """Return the text, or its densest parts, as HTML with <mark> around the marks."""
    parts = snippet_parts(text, marks, limit)
    return "".join(f"<mark>{escape(part)}</mark>" if marked else escape(part) for part, marked in parts)


def snippet_parts(text: str, marks: Sequence[tuple[int, int]], limit: int = 240) -> list[tuple[str, bool]]:
    """Return the text, or its densest parts with … for what is left out, cut where marks begin and end.

    A text up to `limit` characters is given whole; of a longer one no more than `limit`, the … left aside.
    """
    parts: list[tuple[str, bool]] = []
    end = 0
    for first, last in _windows(text, marks, limit):
        if first > end:
            parts.append((GAP, False))
        parts += _cut(text, marks, first, last)
        end = last
    if end < len(text.rstrip()):
        parts.append((GAP, False))
    return parts


def _places(stream: str, wanted: str) -> list[tuple[int, int]]:
    """Return every place of a string in the stream, overlapping ones too."""
    found = []
    place = stream.find(wanted) if wanted else -1
    while place >= 0:
        found.append((place, place + len(wanted)))
        place = stream.find(wanted, place + 1)
    return found


def _whole(stream: str, first: int, last: int) -> bool:
    """Tell whether a place begins and ends no Latin word or number in its middle."""
    return not (
        (first > 0 and _spaced(stream[first]) and _spaced(stream[first - 1]))
        or (last < len(stream) and _spaced(stream[last - 1]) and _spaced(stream[last]))
    )


def _spaced(character: str) -> bool:
    return character < FIRST_UNSPACED and character.isalnum()


def _original(text: str, folded: Folded, places: list[tuple[int, int]]) -> Marks:
    """Lead places of the stream back to the text; what selects the form of the last character goes along."""
    merged: list[list[int]] = []
    for first, last in sorted(places):
        if merged and first < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    offsets = folded.offsets
    found = []
    for first, last in merged:
        end = offsets[last - 1] + 1
        while end < len(text) and JOINED.match(text, end):
            end += 1
        found.append((offsets[first], end))
    return tuple(found)


def _windows(text: str, marks: Sequence[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    """Return the ranges to show, in order: the sentences with most of the marks, and as much beside them as fits."""
    if len(text) <= limit:
        return [(0, len(text))]
    pieces = _pieces(text, marks, max(limit // 2, 1))
    chosen = set(_dense(text, marks, pieces, limit))
    room = limit - sum(pieces[index][1] - pieces[index][0] for index in chosen)
    grown = True
    while grown:
        grown = False
        # What follows a sentence tells more of it than what went before.
        for index in sorted({i + 1 for i in chosen}) + sorted({i - 1 for i in chosen}):
            if 0 <= index < len(pieces) and index not in chosen and pieces[index][1] - pieces[index][0] <= room:
                room -= pieces[index][1] - pieces[index][0]
                chosen.add(index)
                grown = True
    windows: list[tuple[int, int]] = []
    for index in sorted(chosen):
        first, last = pieces[index]
        if windows and windows[-1][1] == first:
            windows[-1] = (windows[-1][0], last)
        else:
            windows.append((first, last))
    return windows


def _dense(text: str, marks: Sequence[tuple[int, int]], pieces: list[tuple[int, int]], limit: int) -> list[int]:
    """Return the pieces with most different marks, each next one for what the others do not show."""
    held: dict[int, list[str]] = {}
    starts = [first for first, _ in pieces]
    for first, last in marks:
        held.setdefault(bisect_right(starts, first) - 1, []).append(text[first:last].lower())
    chosen: list[int] = []
    shown: set[str] = set()
    room = limit
    while held and len(chosen) < MAX_WINDOWS:
        best = max(held, key=lambda index: (len(set(held[index]) - shown), len(held[index]), -index))
        words = held.pop(best)
        length = pieces[best][1] - pieces[best][0]
        if length <= room:
            chosen.append(best)
            shown.update(words)
            room -= length
    return chosen or [0]


def _pieces(text: str, marks: Sequence[tuple[int, int]], longest: int) -> list[tuple[int, int]]:
    """Cut a text at its sentence ends; a longer sentence at a clause end, or else where no character is halved."""
    ends = [found.end() for found in SENTENCE_END.finditer(text)]
    starts = [first for first, _ in marks]
    pieces = []
    first = 0
    while first < len(text):
        index = bisect_right(ends, first)
        last = ends[index] if index < len(ends) else len(text)
        if last - first > longest:
            clauses = [found.end() for found in CLAUSE_END.finditer(text, first, first + longest)]
            last = clauses[-1] if clauses else _between(text, first, first + longest)
        last = _unmarked(marks, starts, first, last, longest)
        pieces.append((first, last))
        first = last
    return pieces


def _unmarked(marks: Sequence[tuple[int, int]], starts: list[int], first: int, last: int, longest: int) -> int:
    """Move an end out of the mark that it halves, unless the mark itself is too long."""
    index = bisect_left(starts, last) - 1
    if index < 0 or marks[index][1] <= last or marks[index][1] - marks[index][0] > longest:
        return last
    return marks[index][0] if marks[index][0] > first else marks[index][1]


def _between(text: str, first: int, last: int) -> int:
    """Move an end back to where one character ends and the next begins."""
    place = last
    while place > first and place < len(text) and _joined(text, place):
        place -= 1
    return place if place > first else last


def _joined(text: str, place: int) -> bool:
    return (
        text[place - 1] == "\u200d"
        or JOINED.match(text, place) is not None
        or unicodedata.category(text[place]) in ("Mn", "Mc", "Me")
    )


def _cut(text: str, marks: Sequence[tuple[int, int]], first: int, last: int) -> list[tuple[str, bool]]:
    """Return one window in its parts, marked and unmarked by turns; empty parts are left out."""
    parts = []
    place = first
    for begin, end in marks:
        begin, end = max(begin, place), min(end, last)
        if begin < end:
            parts += [(text[place:begin], False), (text[begin:end], True)]
            place = end
    parts.append((text[place:last], False))
    return [part for part in parts if part[0]]
