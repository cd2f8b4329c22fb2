"""Numerals as minutes write them go in, numbers come out, and the other way round for anchors.

Reads 七, 十二, 二十, 一百零六, 一三二, 二〇二五, 二OO三 and digits; what is no number gives None.
"""

from __future__ import annotations

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○oO0", 0) | {"两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
# Written on the folded stream: small o stands for every letter O.
HAN_NUMERAL = "[零〇○o一二三四五六七八九十百两]"
WRITTEN = "零一二三四五六七八九"
LONGEST = 12


def number(text: str) -> int | None:
    """Return the number that a numeral writes, None where it is none.

    Place by place (二〇二五) and with units (一百零六) are both read; digits may be full-width.
    """
    text = "".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    if text.isdecimal():
        return int(text)
    if any(c in UNITS for c in text):
        return _with_units(text)
    return _by_places(text)


def han(value: int) -> str:
    """Return a number from 1 to 999 as minutes number their items: 十, 十一, 二十, 一百零六.

    Raises:
        ValueError: the number has no such form here.
    """
    if not 0 < value < 1000:
        raise ValueError(value)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    written = WRITTEN[hundreds] + "百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else WRITTEN[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (WRITTEN[ones] if ones else "")


def _by_places(text: str) -> int | None:
    value = 0
    for c in text:
        digit = int(c) if c.isdecimal() else DIGITS.get(c)
        if digit is None:
            return None
        value = value * 10 + digit
    return value


def _with_units(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    for c in text:
        if c in UNITS:
            if UNITS[c] >= last_unit:
                return None
            last_unit = UNITS[c]
            total += (1 if digit is None else digit) * last_unit
            digit = None
        elif c in DIGITS and digit in (None, 0):
            digit = DIGITS[c]
        else:
            return None
    return total + (digit or 0)
