"""Texts stand under the letter of their commonest reading, and in its order."""

from __future__ import annotations

import pytest

from indexer.text.initials import FIRSTS, LETTERS, initial, order


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("重点工作", "Z"),
        ("长沙市", "C"),
        ("行动方案", "X"),
        ("養老服務", "Y"),
        ("“十四五”规划", "S"),
        ("阿坝州", "A"),
        ("座谈会", "Z"),
        ("芮城", "R"),
        ("WTO规则", "W"),
        ("2024年", "#"),
        ("——", "#"),
        ("", "#"),
        ("の", "#"),
    ],
)
def test_initial_is_that_of_the_commonest_reading(text: str, letter: str) -> None:
    """A title stands under its first character's commonest reading; signs are passed over."""
    assert initial(text) == letter


@pytest.mark.parametrize(
    ("name", "letter"), [("单成业", "S"), ("仇大同", "Q"), ("曾明", "Z"), ("长孙明", "Z"), ("李明", "L")]
)
def test_people_stand_by_their_surname(name: str, letter: str) -> None:
    """A surname is read as one where its character is commonly read otherwise."""
    assert initial(name, surname=True) == letter


def test_letters_and_first_characters_go_in_pairs() -> None:
    """Every letter has the character that begins it in GB 2312, in order."""
    assert len(FIRSTS) == len(LETTERS) == 23
    assert [initial(first) for first in FIRSTS] == list(LETTERS)


def test_order_is_by_reading_with_unknown_characters_last() -> None:
    """Names sort as their readings do; a character that GB 2312 lacks goes behind those it has."""
    names = ["安若", "李安", "李明", "左明", "芮城", "㐀氏", "镕基"]
    assert sorted(names[3:] + names[:3], key=order) == names
