"""Read a part of a roll as characters: text goes in, its characters, the gaps before them and its brackets come out.

Knows signs, spaces and line ends; what the characters mean is for people.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.minutes.names import DOT, TITLE_LASTS, TITLES, UNIT_ENDINGS, UNIT_LASTS, simplify

# Gaps, weakest first; where several signs stand together the strongest counts.
NONE, SPACE, LINE, BLANK, COLON, COMMA, STOP = range(7)
BRACKET = re.compile(r"[(（〔\[【]([^()（）〔〕\[\]【】]*)[)）〕\]】]")
TOKEN = re.compile(
    rf"(?P<gap>[\s、:：,，;；。．|]+)|(?P<bracket>{BRACKET.pattern})|(?P<plain>[^\s、:：,，;；。．|(（〔\[【]+|.)",
    re.DOTALL,
)
STOPS = frozenset(",，;；。．")


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
    dotted: bool


def characters(text: str) -> Characters:
    """Divide a text into characters, gaps and brackets; a bracket stands behind the character before it."""
    original: list[str] = []
    gaps: list[int] = [STOP]
    brackets: dict[int, tuple[str, ...]] = {}
    for token in TOKEN.finditer(text):
        if token.lastgroup == "gap":
            gaps[-1] = max(gaps[-1], _gap(token[0]))
        elif token.lastgroup == "bracket":
            brackets[len(original)] = (*brackets.get(len(original), ()), re.sub(r"\s+", "", token[0]))
        else:
            original.extend(token[0])
            gaps.extend([NONE] * len(token[0]))
    gaps[-1] = STOP
    joined = "".join(original)
    folded = simplify(joined)
    return Characters(
        joined,
        folded,
        tuple(gaps),
        brackets,
        frozenset(end for end, c in enumerate(folded, 1) if c in UNIT_LASTS and folded.endswith(UNIT_ENDINGS, 0, end)),
        frozenset(end for end, c in enumerate(folded, 1) if c in TITLE_LASTS and folded.endswith(TITLES, 0, end)),
        not DOT.isdisjoint(folded),
    )


def _gap(signs: str) -> int:
    if not STOPS.isdisjoint(signs):
        return STOP
    if "、" in signs:
        return COMMA
    if ":" in signs or "：" in signs:
        return COLON
    lines = signs.count("\n")
    return BLANK if lines > 1 else LINE if lines else SPACE
