"""The length-keeping normal form: text goes in, its stream comes out, with the way back to the original offsets.

Two steps, as index and query share them. First every character becomes one character (full-width to ASCII, lower
case, one bracket, one quote, one dash, Traditional to Simplified, compatibility forms). Then white space is left out
next to a CJK character or a digit and at both ends, and becomes one space elsewhere. The stream never depends on
words, so any part of a text folds to a part of its stream.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

BRACKETS_OPEN = "〔［【﹝〖"
BRACKETS_CLOSE = "〕］】﹞〗"
DOUBLE_QUOTES = "“”„‟″＂「」『』〝〞〟﹁﹂﹃﹄"
SINGLE_QUOTES = "‘’‚‛′＇`´"
DASHES = "‐‑‒–—―─━﹘－−﹣"
# What a copy from a page or a PDF leaves between characters without showing it.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
SPACE = re.compile(rf"[\s{INVISIBLE}]+")
# Characters next to which white space carries no meaning: Han, kana, hangul, CJK signs and strokes, digits.
TIGHT = re.compile(
    "[0-9\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f"
    "\uff61-\uffdc\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A stream and, for each of its characters, the code-point offset of the original one."""

    stream: str
    offsets: tuple[int, ...]


def fold(text: str) -> str:
    """Return the stream of a text; empty where the text is white space only."""
    characters = text.translate(table())
    return SPACE.sub(lambda gap: _gap(characters, gap), characters)


def fold_map(text: str) -> Folded:
    """Return the stream with its offset map, so that a find in the stream can be shown in the text."""
    characters = text.translate(table())
    parts: list[str] = []
    offsets: list[int] = []
    last = 0
    for gap in SPACE.finditer(characters):
        parts.append(characters[last : gap.start()])
        offsets.extend(range(last, gap.start()))
        if _gap(characters, gap):
            parts.append(" ")
            offsets.append(gap.start())
        last = gap.end()
    parts.append(characters[last:])
    offsets.extend(range(last, len(characters)))
    return Folded("".join(parts), tuple(offsets))


def fold_character(character: str) -> str:
    """Return the one character that a character becomes; white space stays white space."""
    return character.translate(table())


def _gap(text: str, gap: re.Match[str]) -> str:
    before, after = gap.start(), gap.end()
    if before == 0 or after == len(text) or TIGHT.match(text[before - 1]) or TIGHT.match(text[after]):
        return ""
    # Invisible characters alone separate nothing.
    return " " if any(c.isspace() for c in gap.group()) else ""


@cache
def table() -> dict[int, int]:
    """Return the character table, code point to code point; characters that stay are not in it."""
    simplified = _simplified()
    found: dict[int, int] = {}
    for code in _candidates():
        folded = _one(chr(code))
        folded = simplified.get(folded, folded)
        if ord(folded) != code:
            found[code] = ord(folded)
    return found


def _one(character: str) -> str:
    """Fold one character but for Traditional to Simplified."""
    for signs, sign in (
        (BRACKETS_OPEN, "["),
        (BRACKETS_CLOSE, "]"),
        (DOUBLE_QUOTES, '"'),
        (SINGLE_QUOTES, "'"),
        (DASHES, "-"),
    ):
        if character in signs:
            return sign
    normal = unicodedata.normalize("NFKC", character)
    if len(normal) == 1:
        character = normal
    lower = character.lower()
    character = lower if len(lower) == 1 else character
    # A few signs reach their class only through their compatibility form.
    return character if normal == character or len(normal) != 1 else _one(character)


@cache
def _simplified() -> dict[str, str]:
    """Return OpenCC's Traditional characters with the one Simplified character each becomes alone."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    found = {}
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F)):
        block = [chr(c) for c in range(first, last + 1)]
        lines = convert("\n".join(block)).split("\n")
        found.update({a: b for a, b in zip(block, lines, strict=True) if len(b) == 1 and a != b})
    return found


def _candidates() -> list[int]:
    """Return the code points that may change: all of the BMP but surrogates and private use, and the Han planes."""
    spans = ((0, 0xD7FF), (0xF900, 0xFFFF), (0x10400, 0x104FF), (0x1D400, 0x1D7FF), (0x20000, 0x2FA1F))
    return [c for first, last in spans for c in range(first, last + 1)]
