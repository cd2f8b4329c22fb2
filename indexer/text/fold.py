"""The length-keeping normal form: text goes in, its stream comes out, with the way back to the original offsets.

Two steps, as index and query share them. First every character becomes one character (full-width to ASCII, lower
case, one bracket, one quote, one dash, Traditional to Simplified, compatibility forms and radicals). Then invisible
characters are left out, and white space too, unless it stands between two letters of a script that writes spaces,
where it becomes one space. The stream never depends on words, so any part of a text folds to a part of its stream.
A stream holds no control character and no lone surrogate; folding it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

TABLE_FILE = Path(__file__).parent / "lexicon" / "fold.txt"
# What a copy from a page, a PDF or a command line leaves between characters without showing it: controls, soft
# hyphen, joiners, direction marks, variation selectors, byte order marks, lone surrogates.
INVISIBLE = (
    (0x00, 0x08),
    (0x0E, 0x1B),
    (0x7F, 0x84),
    (0x86, 0x9F),
    (0xAD, 0xAD),
    (0x180B, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xD800, 0xDFFF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0100, 0xE01EF),
)
# The ideographic space; no character behind it is white space.
LAST_SPACE = 0x3000
# Stands for an invisible character between the two steps.
NOTHING = "\0"
GAP = re.compile(rf"[ {NOTHING}]+")
# Scripts below this code point separate words by spaces; from here on stand Han, kana, their signs and wide forms.
FIRST_UNSPACED = "\u2e80"


class Folded(NamedTuple):
    """A stream and, for each of its characters, the code-point offset of the original one."""

    stream: str
    offsets: Sequence[int]


def fold(text: str) -> str:
    """Return the stream of a text; empty where nothing of the text is to be seen."""
    characters = text.translate(table())
    if " " not in characters and NOTHING not in characters:
        return characters
    return GAP.sub(lambda gap: " " if _parts_words(characters, *gap.span()) else "", characters)


def fold_map(text: str) -> Folded:
    """Return the stream with its offset map, so that a find in the stream can be shown in the text."""
    characters = text.translate(table())
    if " " not in characters and NOTHING not in characters:
        return Folded(characters, range(len(characters)))
    parts: list[str] = []
    offsets: list[int] = []
    last = 0
    for gap in GAP.finditer(characters):
        start, end = gap.span()
        # The first character of a gap stands for the space that remains of it.
        until = start + 1 if _parts_words(characters, start, end) else start
        parts.append(characters[last:start])
        if until > start:
            parts.append(" ")
        offsets.extend(range(last, until))
        last = end
    parts.append(characters[last:])
    offsets.extend(range(last, len(characters)))
    return Folded("".join(parts), offsets)


def _parts_words(text: str, start: int, end: int) -> bool:
    """Tell whether the gap is white space between two letters of scripts that write spaces."""
    if start == 0 or end == len(text):
        return False
    before, after = text[start - 1], text[end]
    if before >= FIRST_UNSPACED or after >= FIRST_UNSPACED:
        return False
    return before.isalpha() and after.isalpha() and " " in text[start:end]


@cache
def table() -> dict[int, int]:
    """Return the character table, code point to code point; its values fold to themselves."""
    # The commonest characters stand in it for speed: a code point that str.translate does not find costs it 80 ns.
    found = {c: c for c in chain(range(0x20, 0x7F), range(0x3001, 0x3020), range(0x4E00, 0xA000))}
    for line in TABLE_FILE.read_text(encoding="utf-8").split("\n")[1:-1]:
        found.update(dict.fromkeys(map(ord, line[1:]), ord(line[0])))
    found.update({c: ord(" ") for c in range(LAST_SPACE + 1) if chr(c).isspace()})
    for first, last in INVISIBLE:
        found.update(dict.fromkeys(range(first, last + 1), ord(NOTHING)))
    return found
