"""The maker of `lexicon/pinyin.txt`: pypinyin's dictionaries go in, a line for each syllable comes out.

Run `python -m indexer.text.make_pinyin_table` after changing a rule here; it needs pypinyin, which reading the table
does not (its phrases alone take a third of a second to load). Nothing else of the package imports this file.
"""

from __future__ import annotations

from collections import Counter

from indexer.text.fold import fold
from indexer.text.pinyin import TABLE_FILE, plain

# A reading is common where it is the character's first one, or where so many of pypinyin's 47,000 phrases have it
# (会 kuài has 6 of 328, 大 dài 3), or so great a part of those with the character.
ENOUGH_PHRASES = 3
ENOUGH_PART = 0.1


def make() -> str:
    """Return the text of the table: a heading, then lines of a syllable without tone, a tab, and its characters."""
    lines = [f"{syllable}\t{''.join(sorted(found))}" for syllable, found in sorted(syllables().items())]
    return "\n".join([heading(), *lines]) + "\n"


def heading() -> str:
    """Return the first line, which names the data that the table was made from."""
    from pypinyin import __version__ as version

    return f"# made by indexer.text.make_pinyin_table with pypinyin {version}"


def syllables() -> dict[str, set[str]]:
    """Return the characters that commonly have each syllable; only characters that fold to themselves."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    used: dict[str, Counter[str]] = {}
    for phrase, read in PHRASES_DICT.items():
        for character, readings in zip(phrase, read, strict=False):
            used.setdefault(character, Counter())[plain(readings[0])] += 1
    found: dict[str, set[str]] = {}
    for code, listed in PINYIN_DICT.items():
        character = chr(code)
        if fold(character) == character and code <= 0xFFFF:
            for reading in _common(listed.split(","), used.get(character, Counter())):
                found.setdefault(reading, set()).add(character)
    return found


def _common(listed: list[str], used: Counter[str]) -> set[str]:
    enough = min(ENOUGH_PHRASES, ENOUGH_PART * used.total())
    found = {plain(listed[0])} | {reading for reading, count in used.items() if count >= enough}
    return {reading for reading in found if reading.isascii() and reading.isalpha()}


if __name__ == "__main__":
    TABLE_FILE.write_text(make(), encoding="utf-8", newline="\n")
