"""Characters are read as people read them, names as names; the table is what its maker makes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text import make_pinyin_table
from indexer.text.fold import fold
from indexer.text.pinyin import (
    LONGEST,
    SURNAMES,
    TABLE_FILE,
    homophones,
    plain,
    readings,
    spells,
    surname_readings,
)


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("职", ("zhi",)),
        ("重", ("chong", "zhong")),
        ("行", ("hang", "xing")),
        ("会", ("hui", "kuai")),
        ("女", ("nv",)),
        ("曾", ("ceng", "zeng")),
        ("解", ("jie", "xie")),
        ("a", ()),
        ("", ()),
    ],
)
def test_common_readings(character: str, expected: tuple[str, ...]) -> None:
    """A character has its common readings, without tones; a letter has none."""
    assert readings(character) == expected


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        *(("曾海", "zeng"), ("区伟", "ou"), ("任远", "ren"), ("单成", "shan"), ("仇英", "qiu")),
        *(("解放", "xie"), ("查明", "zha"), ("盖华", "ge"), ("翟明", "zhai"), ("朴成", "piao"), ("覃海", "qin")),
    ],
)
def test_surnames(name: str, reading: str) -> None:
    """A surname has the reading that it has as one, by the common table or by its own."""
    assert reading in {*readings(name[0]), *surname_readings(name)[:1]}


def test_surnames_of_two_characters() -> None:
    """A surname of two characters has both readings; an ordinary name has none of its own."""
    assert surname_readings("尉迟海") == ("yu", "chi")
    assert surname_readings("万俟明") == ("mo", "qi")
    assert surname_readings("王明") == surname_readings("") == ()


def test_own_surname_readings_are_needed() -> None:
    """No listed surname is one that the common table reads already."""
    assert [name for name, read in SURNAMES.items() if len(name) == 1 and read in readings(name)] == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("zhíyè", "zhiye"), ("Lǜ' shī", "lvshi"), ("lüshi", "lvshi"), ("xi’an", "xian"), ("职ye", "职ye"), (" ", "")],
)
def test_typed_pinyin_becomes_letters(typed: str, expected: str) -> None:
    """Tones, apostrophes and spaces go, ü is v, and what is no pinyin stays."""
    assert plain(typed) == expected


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("职业教育", "zhiyejiaoyu", True),
        ("职业教育", "zhiyejiao", False),
        ("职业教育", "zyjy", False),
        ("西安", "xian", True),
        ("县", "xian", True),
        ("5g应用", "5gyingyong", True),
        ("", "", False),
    ],
)
def test_spelled_in_full(text: str, typed: str, expected: bool) -> None:
    """Pinyin spells a text where every character has its whole syllable."""
    assert spells(text, typed) is expected


def test_homophones() -> None:
    """Characters that sound alike are told, near sounds for one; a letter has none."""
    assert {"叫", "教", "缴"} <= homophones("叫")
    assert "环" in homophones("还")
    assert "京" in homophones("金")
    assert "深" in homophones("生")
    assert "业" not in homophones("教")
    assert homophones("a") == frozenset()


@given(st.text())
def test_any_text(text: str) -> None:
    """Any text is taken, and making letters of letters changes nothing."""
    assert plain(plain(text)) == plain(text)
    assert spells(text, plain(text)) in (True, False)
    assert all(homophones(character) is not None and readings(character) is not None for character in text)
    surname_readings(text)


def test_table_is_what_its_maker_makes() -> None:
    """The table holds pypinyin's common readings of characters that fold to themselves."""
    pytest.importorskip("pypinyin")
    text = TABLE_FILE.read_text(encoding="utf-8")
    fresh = make_pinyin_table.make()
    if text.startswith(make_pinyin_table.heading() + "\n"):
        assert text == fresh
    for line in text.split("\n")[1:-1]:
        syllable, _, characters = line.partition("\t")
        assert 0 < len(syllable) <= LONGEST
        assert fold(characters) == characters
