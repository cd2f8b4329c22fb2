"""The fold keeps length before white space, leads back to the text, and never breaks a part of a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text import make_fold_table
from indexer.text.fold import INVISIBLE, TABLE_FILE, fold, fold_map, table

# Characters in which the rules meet: spaces, invisible ones, scripts with and without spaces, signs in many forms.
TRICKY = (
    " \t\n\r\u3000\xa0\u200b\ufe0f\U000e0100\x00\x1c\x85\ud800"
    "aZéΩж1９一書籍書〔［[【（(“‘'\"—-－：∶·•⻓⽂豈︵①²Ⅳİſẞ，,.。"
)
texts = st.text(alphabet=st.one_of(st.sampled_from(TRICKY), st.characters(codec="utf-8")), max_size=60)

VARIANTS = [
    ("苏府〔2024〕7号", "蘇府［２０２４］７號"),
    ("苏府〔2024〕7号", "苏府[2024]7 号"),
    ("苏府〔2024〕7号", "苏府【2024】 7号"),
    ("张剑", "张 剑"),
    ("2025年1月", "2025 年1 月"),
    ("按程序办理", "按程\n序\u3000办理"),
    ("按程序办理", "按程\u200b序\ufeff办理"),
    ("ＡＢＣ（试行）", "abc(试行)"),
    ("中，ABC", "中， ABC"),
    ("（PPP）项目", "（ PPP ） 项目"),
    ("“工匠日”", "「工匠日」"),
    ("“工匠日”", "‘工匠日’"),
    ("2024—2026", "2024-2026"),
    ("2024－2026", "2024–2026"),
    ("15∶30", "15:30"),
    ("长江", "⻓江"),
    ("文件", "⽂件"),
    ("高级", "⾼级"),
    ("樂山", "\uf914山"),
    ("葛城", "葛\U000e0100城"),
    ("艾力·买买提", "艾力•买买提"),
    ("Open Data", "open \n  DATA"),
]
DIFFERENT = [("Open Data", "OpenData"), ("①", "1"), ("m²", "m2"), ("Ⅳ", "v"), ("，", "、"), ("〈", "《"), ("一", "-")]


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_variants_have_one_stream(one: str, other: str) -> None:
    """What is written in several ways folds to one stream."""
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_meanings_stay_apart(one: str, other: str) -> None:
    """A form that carries meaning is not folded away."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["", " ", "\u3000\n", "\u200b", "\x00\ud800"])
def test_nothing_to_be_seen_folds_to_nothing(text: str) -> None:
    """White space and invisible characters alone have an empty stream."""
    assert fold(text) == ""
    assert fold_map(text).stream == ""


def test_offsets_lead_back_to_the_original() -> None:
    """The offset of each stream character is where it stood in the text."""
    folded = fold_map(" 张\u3000剑 Open  Data")
    assert folded.stream == "张剑open data"
    assert list(folded.offsets) == [1, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14]


def test_every_character_becomes_one_character() -> None:
    """Without white space and invisible characters no Traditional text, form or sign changes the length."""
    hidden = {c for first, last in INVISIBLE for c in range(first, last + 1)}
    characters = [chr(c) for c in range(0x110000) if c not in hidden and not chr(c).isspace()]
    assert len(fold("".join(characters))) == len(characters)


@given(texts)
def test_the_map_agrees_with_the_fold(text: str) -> None:
    """The mapped stream is the stream; offsets rise, lie inside the text and fold to their stream character."""
    folded = fold_map(text)
    offsets = list(folded.offsets)
    assert folded.stream == fold(text)
    assert len(offsets) == len(folded.stream)
    assert offsets == sorted(set(offsets))
    assert all(0 <= o < len(text) for o in offsets)
    for character, offset in zip(folded.stream, offsets, strict=True):
        assert fold(text[offset]) == character or character == " "


@given(texts, st.data())
@settings(max_examples=400)
def test_a_part_of_a_text_folds_to_a_part_of_its_stream(text: str, data: st.DataObject) -> None:
    """Whatever is cut out of a text, its stream occurs in the stream of the text: the promise of exact search."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert fold(text[start:end]) in fold(text)


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    """A stream is its own stream."""
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_a_stream_can_be_stored_and_joined(text: str) -> None:
    """A stream holds no control character, no line end and no lone surrogate, and has no space at its ends."""
    stream = fold(text)
    stream.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in stream)
    assert stream == stream.strip()


def test_the_values_of_the_table_are_final() -> None:
    """No value of the table has another value of its own."""
    assert all(table().get(value, value) == value for value in table().values())


def test_the_table_file_is_what_its_maker_makes() -> None:
    """The file holds what Unicode and OpenCC say; on data newer than the file's, the file's pairs still hold."""
    text = TABLE_FILE.read_text(encoding="utf-8")
    if text.startswith(make_fold_table.heading() + "\n"):
        assert text == make_fold_table.make()
        return
    fresh = make_fold_table.pairs()
    changed = [c for line in text.split("\n")[1:-1] for c in line[1:] if fresh.get(c) != line[0]]
    assert len(changed) <= 20, changed
