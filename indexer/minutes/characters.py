"""Read a part of a roll as characters: text goes in, its characters, the gaps before them and its brackets come out.

Knows signs, spaces and line ends; what the characters mean is for people.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.minutes.names import TITLES, UNIT_ENDINGS, simplify

# Gaps, weakest first; where several signs stand together the strongest counts.
NONE, SPACE, LINE, BLANK, COLON, COMMA, STOP = range(7)
GAPS = re.compile(r"[\s、:：,，;；。．|]+")
BRACKET = re.compile(r"[(（〔\[【]([^()（）〔〕\[\]【】]*)[)）〕\]】]")


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a text without gaps and brackets; `gaps` has one more entry than there are characters.

    `brackets` holds, by the number of characters before them, brackets with their signs and without white space.
    """

    original: str
    folded: str
    gaps: tuple[int, ...]
    brackets: dict[int, tuple[str, ...]]
    unit_ends: frozenset[int]
    title_ends: frozenset[int]


def characters(text: str) -> Characters:
    """Divide a text into characters, gaps and brackets; a bracket stands behind the character before it."""
    original: list[str] = []
    gaps: list[int] = [STOP]
    brackets: dict[int, tuple[str, ...]] = {}
    for token in _tokens(text):
        if isinstance(token, int):
            gaps[-1] = max(gaps[-1], token)
        elif len(token) > 1:
            brackets[len(original)] = (*brackets.get(len(original), ()), token)
        else:
            original.append(token)
            gaps.append(NONE)
    gaps[-1] = STOP
    joined = "".join(original)
    folded = simplify(joined)
    ends = range(1, len(folded) + 1)
    return Characters(
        joined,
        folded,
        tuple(gaps),
        brackets,
        frozenset(end for end in ends if folded.endswith(UNIT_ENDINGS, 0, end)),
        frozenset(end for end in ends if folded.endswith(TITLES, 0, end)),
    )


def _tokens(text: str) -> Iterator[int | str]:
    """Yield gaps as numbers, brackets with their signs, and single characters."""
    at = 0
    while at < len(text):
        if gap := GAPS.match(text, at):
            yield _gap(gap.group())
            at = gap.end()
        elif bracket := BRACKET.match(text, at):
            yield re.sub(r"\s+", "", bracket.group())
            at = bracket.end()
        else:
            yield text[at]
            at += 1


def _gap(signs: str) -> int:
    if any(sign in ",，;；。．" for sign in signs):
        return STOP
    if "、" in signs:
        return COMMA
    if ":" in signs or "：" in signs:
        return COLON
    lines = signs.count("\n")
    return BLANK if lines > 1 else LINE if lines else SPACE
