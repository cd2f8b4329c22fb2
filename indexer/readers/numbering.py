"""Numbering definitions go in, the number that a word processor shows before each paragraph comes out.

The number is no text of the file: only its definition and the order of the paragraphs are. Shared by DOCX and DOC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

DIGITS = "零一二三四五六七八九"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
PLACE = re.compile(r"%([1-9])")
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
         (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
# A number beyond this is no numbering but damage.
MOST = 9999
# Behind these no space follows the number in Chinese text.
TIGHT = tuple("、）〕】》．。:：")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `%1` in `text` stands for the number of the first level; `format` is named as in DOCX."""

    format: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass(slots=True)
class Counters:
    """The state of all lists of a document; each list is known by a key."""

    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def label(self, key: str, level: int, levels: Mapping[int, Level]) -> str:
        """Count one paragraph of a list and return its number with the space behind it; "" for a bullet."""
        counts = self.counts.setdefault(key, [None] * 9)
        own = levels.get(level, Level())
        before = counts[level]
        counts[level] = own.start if before is None else before + 1
        counts[level + 1 :] = [None] * (8 - level)
        for upper in range(level):
            if counts[upper] is None:
                counts[upper] = levels.get(upper, Level()).start
        if own.format in ("bullet", "none") or not own.text:
            return ""

        def number(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            return written(counts[at] or 0, levels.get(at, Level()).format)

        label = PLACE.sub(number, own.text).strip()
        return label if not label or label.endswith(TIGHT) else label + " "


def written(number: int, format: str) -> str:
    """Return a number in a format named as in ECMA-376 (17.18.59); formats that no office uses come as digits."""
    return FORMATS.get(format, str)(min(max(number, 0), MOST))


def chinese(number: int) -> str:
    """Return 一, 十, 十一, 二十, 一百零五 …"""
    if number < 10:
        return DIGITS[number] if number else "零"
    parts: list[str] = []
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            parts.append(DIGITS[digit] + name)
        elif parts and number and parts[-1] != "零":
            parts.append("零")
    return "".join(parts).removeprefix("一") if parts[0] == "一十" else "".join(parts)


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= 26 * 9 else str(number)


def _roman(number: int) -> str:
    parts = []
    for value, sign in ROMAN:
        count, number = divmod(number, value)
        parts.append(sign * count)
    return "".join(parts)


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _cyclic(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else "0"


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


FORMATS: Mapping[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": lambda number: chinese(number).translate(
        str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
    ),
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    "japaneseDigitalTenThousand": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    "ideographTraditional": _cyclic(STEMS),
    "ideographZodiac": _cyclic(BRANCHES),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": _full_width,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
}
