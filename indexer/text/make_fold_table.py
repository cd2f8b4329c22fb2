"""The maker of `lexicon/fold.txt`: Unicode's and OpenCC's data go in, one line per folded character comes out.

Run `python -m indexer.text.make_fold_table` after changing a rule here; it needs OpenCC, which folding itself does not.
Nothing else of the package imports this file.
"""

from __future__ import annotations

import sys
import unicodedata

from indexer.text.fold import TABLE_FILE

# Each line is one class; its first character is the one that the others become.
CLASSES = (
    "[〔［【﹝〖",
    "]〕］】﹞〗",
    "\"“”„‟″＂「」『』〝〞〟﹁﹂﹃﹄'‘’‚‛′＇`´｀",
    "-‐‑‒–—―─━﹘－−﹣",
    "·•‧∙⋅・･",  # 买买提·艾力 is typed and printed with any of them
    ":∶",
    "~〜∼",
)
# Blocks in which a character is another one in a typographic form: radicals, CJK signs, compatibility ideographs,
# vertical and small forms, half and full width, and the ideographs of plane 2. Elsewhere (①, ², Ⅳ, ㎡) the form is
# meant, and stays.
FORMS = (
    (0x2E80, 0x303F),
    (0xF900, 0xFAFF),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFFEF),
    (0x2F800, 0x2FA1F),
)
# Radicals that fonts put in the place of whole characters in PDF text, and that NFKC leaves alone.
RADICALS = (
    "⺁厂⺈刀⺊卜⺌小⺎兀⺐尢⺒巳⺓幺⺛旡⺜日⺝月⺞歺⺠民⺧牛⺩王⺫目⺬示⺶羊⺻聿⺼肉⻁虎⻄西⻅见⻆角⻉贝⻋车⻏邑⻑长⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风"
    "⻜飞⻝食⻞食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻱龟⻳龟"
)
HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))


def make() -> str:
    """Return the text of the table: a heading, then lines of a character followed by all that become it."""
    sources: dict[str, list[str]] = {}
    for source, target in pairs().items():
        sources.setdefault(target, []).append(source)
    lines = [target + "".join(sorted(found)) for target, found in sorted(sources.items())]
    return "\n".join([heading(), *lines]) + "\n"


def heading() -> str:
    """Return the first line, which names the data that the table was made from."""
    from opencc import __version__ as version

    return f"# made by indexer.text.make_fold_table with Unicode {unicodedata.unidata_version} and OpenCC {version}"


def pairs() -> dict[str, str]:
    """Return every character that folds to another one; white space and invisible characters are fold.py's own."""
    steps = {
        **_simplified(),
        **dict(zip(RADICALS[::2], RADICALS[1::2], strict=True)),
        **{character: group[0] for group in CLASSES for character in group[1:]},
    }
    characters = (chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000)
    found = {c: _last(c, steps) for c in characters if not c.isspace()}
    return {c: target for c, target in found.items() if target != c and not target.isspace()}


def _last(character: str, steps: dict[str, str]) -> str:
    """Follow the steps until none applies, so that folding twice changes nothing."""
    following = _step(character, steps)
    return character if following == character else _last(following, steps)


def _step(character: str, steps: dict[str, str]) -> str:
    if character in steps:
        return steps[character]
    code = ord(character)
    if any(first <= code <= last for first, last in FORMS):
        normal = unicodedata.normalize("NFKC", character)
        if len(normal) == 1 and normal != character:
            return normal
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _simplified() -> dict[str, str]:
    """Return OpenCC's Traditional characters with the one Simplified character each becomes alone."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    found: dict[str, str] = {}
    for first, last in HAN:
        block = [chr(c) for c in range(first, last + 1)]
        lines = convert("\n".join(block)).split("\n")
        found.update({a: b for a, b in zip(block, lines, strict=True) if len(b) == 1 and a != b})
    return found


if __name__ == "__main__":
    TABLE_FILE.write_text(make(), encoding="utf-8", newline="\n")
