"""How characters are read: a character goes in, its syllables without tones come out; ü is v, as it is typed.

A character has all its common readings (重 zhong, chong), and one that begins a name those of the surname as well
(单 shan beside dan). The table is made by `make_pinyin_table.py`; it holds Simplified characters, so fold text first.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import product
from pathlib import Path

TABLE_FILE = Path(__file__).parent / "lexicon" / "pinyin.txt"
# Surnames that are read as their characters commonly are not; 曾 zeng, 解 xie and the like are in the table already.
# Those of two characters stand for both.
SURNAMES = {
    **{"区": "ou", "单": "shan", "仇": "qiu", "查": "zha", "盖": "ge", "翟": "zhai", "覃": "qin", "缪": "miao"},
    **{"员": "yun", "种": "chong", "召": "shao", "黑": "he", "繁": "po", "秘": "bi", "洗": "xian", "佴": "nai"},
    **{"阚": "kan", "郇": "xun", "祭": "zhai", "句": "gou", "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun"},
    **{"澹台": "tan tai", "子车": "zi ju"},
}
LONGEST = 6  # letters of a syllable: zhuang
# Sounds that speakers of many regions, and so their typing, do not keep apart.
ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


def readings(character: str) -> tuple[str, ...]:
    """Return the common readings of a character in alphabetical order; empty where it has none."""
    return _table().get(character, ())


def surname_readings(name: str) -> tuple[str, ...]:
    """Return the readings of a name's first characters as a surname, where their common ones lack it; may be empty."""
    return tuple(SURNAMES.get(name[:2], SURNAMES.get(name[:1], "")).split())


def plain(typed: str) -> str:
    """Return pinyin as letters a to z alone: tone marks, apostrophes and spaces go, ü becomes v; other text stays."""
    letters = unicodedata.normalize("NFD", typed.lower()).replace("u\u0308", "v").replace("ü", "v")
    kept = (c for c in letters if not unicodedata.combining(c) and c not in " '’")
    return unicodedata.normalize("NFC", "".join(kept))


def spells(text: str, typed: str) -> bool:
    """Tell whether `typed` (plain) spells the whole text in full, syllable by syllable."""
    ends = {0}
    for character in text:
        spelled = (*readings(character), character)
        ends = {at + len(s) for at, s in product(ends, spelled) if typed.startswith(s, at)}
    return bool(text) and len(typed) in ends


def homophones(character: str) -> frozenset[str]:
    """Return the characters that may be read as this one is, near sounds taken for one; itself among them if read."""
    groups = [_by_sound()[_blurred(syllable)] for syllable in readings(character)]
    return frozenset().union(*groups)


@cache
def _by_sound() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for syllable, characters in _syllables().items():
        sound = _blurred(syllable)
        found[sound] = found.get(sound, frozenset()).union(characters)
    return found


def _blurred(syllable: str) -> str:
    for wide, narrow in ALIKE:
        if syllable.startswith(wide):
            syllable = narrow + syllable[len(wide) :]
        elif syllable.endswith(wide):
            syllable = syllable[: -len(wide)] + narrow
    return syllable


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in _syllables().items():
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


@cache
def _syllables() -> dict[str, str]:
    lines = TABLE_FILE.read_text(encoding="utf-8").split("\n")[1:-1]
    return {syllable: characters for syllable, _, characters in (line.partition("\t") for line in lines)}
