"""The signs of the query language: text goes in, the same text comes out with every form of a sign as its plain one.

Lengths stay, so that a place in the signs is a place in the text. Quoted strings and pairs of brackets are found
here; what they mean is the lexer's affair.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from indexer.text.fold import INVISIBLE, LAST_SPACE

UNSEEN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in INVISIBLE) + "]+")
FORMS = {
    **{chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)},
    **{chr(c): " " for c in range(LAST_SPACE + 1) if chr(c).isspace()},
    **dict.fromkeys("−﹣", "-"),
    **dict.fromkeys("〜∼", "~"),
    **dict.fromkeys("∗﹡", "*"),
    **dict.fromkeys("∶﹕︰", ":"),
    **dict.fromkeys("﹙⁽", "("),
    **dict.fromkeys("﹚⁾", ")"),
    **dict.fromkeys("„‟", "“"),
}
TABLE = str.maketrans(FORMS)
STRAIGHT = '"'
QUOTES = '"“”'
ENDS = " |)*"
NEAR = re.compile(r"~(\d{1,9})")
# So many quotation marks are looked at for the one that closes a string, and so many are tried as the beginning of
# one: the cost stays linear.
LOOK_AHEAD = 16
MAX_STRINGS = 1_000


def seen(text: str) -> str:
    """Return the text without its invisible characters, which no stream holds."""
    return UNSEEN.sub("", text)


def plain(text: str) -> str:
    """Return the text with every form of a sign as its plain one; full-width letters and digits go along."""
    return text.translate(TABLE)


def ends(signs: str, place: int) -> bool:
    """Tell whether something may end before this place: at the end, before white space, a sign or a distance."""
    return place >= len(signs) or signs[place] in ENDS or NEAR.match(signs, place) is not None


def strings(signs: str) -> dict[int, int]:
    """Return the quoted strings, the place of the opening mark to that of the closing one.

    A mark opens only where something may begin. A straight one is closed by one that ends a chunk, marks in between
    nest; so `"说"好"的"` is one string, `"甲" "乙"` are two.
    """
    marks = [m.start() for m in re.finditer(f"[{QUOTES}]", signs)]
    if not marks:
        return {}
    if len(marks) > 2 and _whole(signs):
        text = signs.strip()
        start = signs.index(text)
        return {start: start + len(text) - 1}
    found: dict[int, int] = {}
    last = -1
    for index, place in enumerate(marks[:MAX_STRINGS]):
        if place <= last or not (place == 0 or signs[place - 1] in " (|-:*" or place == last + 1):
            continue
        end = _closing(signs, place, marks[index + 1 : index + 1 + LOOK_AHEAD])
        if end is not None:
            found[place] = last = end
    return found


def _whole(signs: str) -> bool:
    """Tell whether the query is one string that holds an odd straight mark, as `"五" 寸"`."""
    text = signs.strip()
    return text[:1] == text[-1:] == STRAIGHT and (count := text.count(STRAIGHT)) >= 3 and count % 2 == 1


def _closing(signs: str, start: int, marks: list[int]) -> int | None:
    opening = signs[start]
    same = [m for m in marks if (signs[m] == STRAIGHT) == (opening == STRAIGHT)]
    depth = 1
    for mark in same if opening != "”" else ():
        if opening == STRAIGHT:
            step = -1 if ends(signs, mark + 1) else int(signs[mark - 1] in " (|")
        else:
            step = 1 if signs[mark] == "“" else -1
        depth += step
        if depth == 0:
            return mark
    if opening == STRAIGHT and same:
        return same[0]
    return next((m for m in marks if ends(signs, m + 1)), None)


def brackets(signs: str, quoted: dict[int, int]) -> dict[int, int]:
    """Return the pairs of brackets outside quoted strings, the place of the opening one to that of its partner."""
    if "(" not in signs:
        return {}
    openings = sorted(quoted)
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for bracket in re.finditer(r"[()]", signs):
        place = bracket.start()
        before = bisect_right(openings, place) - 1
        if before >= 0 and place < quoted[openings[before]]:
            continue
        if bracket.group() == "(":
            waiting.append(place)
        elif waiting:
            pairs[waiting.pop()] = place
    return pairs
