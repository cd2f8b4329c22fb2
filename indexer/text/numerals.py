"""Numerals as minutes write them go in, numbers come out, and the other way round for anchors and for queries.

Reads 七, 十二, 二十, 一百零六, 一三二, 二〇二五, 二OO三 and digits; what is no number gives None.
"""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○oO0", 0) | {"两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
# Written on the folded stream: small o stands for every letter O.
HAN_NUMERAL = "[零〇○o一二三四五六七八九十百两]"
WRITTEN = "零一二三四五六七八九"
LONGEST = 12
# Which numerals are written both ways in minutes: counted things, per cents, years, months and days.
_COUNTED = "[次届期号批轮条章回场]"
_YEAR, _PART = "[二一][零〇○o一二三四五六七八九]{3}", "[零〇○一二三四五六七八九]{1,3}"
WRITTEN_OUT = re.compile(
    rf"第({HAN_NUMERAL}{{1,7}})(?={_COUNTED})|百分之({HAN_NUMERAL}{{1,5}})(?:点({_PART}))?|({_YEAR})(?=年)"
    r"|(?<![一二三四五六七八九十])([二三]?十?[一二三四五六七八九十])(?=[月日])"
)
IN_DIGITS = re.compile(
    rf"第(\d{{1,3}})(?={_COUNTED})|(?<![\d.])(\d{{1,3}})(?:\.(\d{{1,3}}))?%|(?<!\d)([12]\d{{3}})(?=年)"
    r"|(?<![\d.])(\d{1,2})(?=[月日])"
)
HAS_NUMERAL = re.compile(r"第|百分之|%|[年月日]")
# No text has one without one of these.
SIGNS = "第百%年月日"
# What is longer is a question; no text repeats it, and its numerals are left to the words.
LONGEST_TEXT = 20


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


def other_forms(stream: str) -> tuple[str, ...]:
    """Return a folded text with its numerals written the other way, none where it has no such numeral.

    第三十四次 and 第34次, 二〇二四年 and 2024年, 十一月九日 and 11月9日, 百分之三点九 and 3.9% mean the same. Digits
    become Han numerals and the other way round; a text that mixes both has a form in each. The nought of a year is
    written 〇 or ○, so a year in digits has two forms.
    """
    if len(stream) > LONGEST_TEXT or not HAS_NUMERAL.search(stream):
        return ()
    in_digits = WRITTEN_OUT.sub(_digits, stream)
    in_han = IN_DIGITS.sub(_written, stream)
    forms = (in_digits, in_han, in_han.replace("〇", "○"))
    return tuple(dict.fromkeys(form for form in forms if form != stream))


def _digits(found: re.Match[str]) -> str:
    ordinal, percent, part, year, calendar = found.groups()
    if percent:
        whole, places = number(percent), "".join(str(DIGITS[c]) for c in part or "")
        return found[0] if whole is None else f"{whole}{'.' if places else ''}{places}%"
    value = number(ordinal or year or calendar)
    return found[0] if value is None else f"{'第' if ordinal else ''}{value}"


def _written(found: re.Match[str]) -> str:
    ordinal, percent, part, year, calendar = found.groups()
    if year:
        return "".join(WRITTEN[int(c)] for c in year).replace("零", "〇")
    value = int(ordinal or percent or calendar)
    if not 0 < value < 1000:
        return found[0]
    if percent:
        return f"百分之{han(value)}" + ("点" + "".join(WRITTEN[int(c)] for c in part) if part else "")
    return f"{'第' if ordinal else ''}{han(value)}"
