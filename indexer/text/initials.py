"""The letter under which an index from A to Z lists a text, and the order of texts under one letter.

The first 3755 characters of GB 2312-1980 stand there by their commonest reading, which tells 长沙 (C) from 生长 where
a table of readings cannot; the others, ordered by radical, take the first reading of the pinyin table.
"""

from __future__ import annotations

from bisect import bisect_right

from indexer.text.fold import fold
from indexer.text.pinyin import readings, surname_readings

OTHER = "#"
# The first character of each letter in the rows 16 to 55 of GB 2312; no syllable begins with I, U or V.
FIRSTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
STARTS = [first.encode("gb2312") for first in FIRSTS]
LEVEL_ONE_END = b"\xd8\xa1"


def initial(text: str, surname: bool = False) -> str:
    """Return a capital letter, or OTHER for what begins with neither a Han character nor a letter.

    Args:
        text: A name or title; signs in front of it are passed over.
        surname: Whether it is a person's name, whose first character is read as a surname (单 S, 仇 Q).
    """
    stream = _bare(text)
    if not stream:
        return OTHER
    if surname and (read := surname_readings(stream)):
        return read[0][0].upper()
    if "a" <= stream[0] <= "z":
        return stream[0].upper()
    code = stream[0].encode("gb2312", "ignore")
    if STARTS[0] <= code < LEVEL_ONE_END:
        return LETTERS[bisect_right(STARTS, code) - 1]
    found = readings(stream[0])
    return found[0][0].upper() if found else OTHER


def order(text: str) -> bytes:
    """Return a key that sorts texts by the readings of their characters where GB 2312 knows them, the rest last."""
    return b"".join(c.encode("gb2312", "ignore") or b"\xff" + c.encode("utf-16-be") for c in _bare(text))


def _bare(text: str) -> str:
    stream = fold(text)
    start = next((at for at, c in enumerate(stream) if c.isalnum()), len(stream))
    return stream[start:]
