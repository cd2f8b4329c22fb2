"""Sentences are those that a plain reading of the text gives, and equal ones have equal numbers in every layout."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from reference import sentences as plainly

from indexer.engines.whoosh import build, sentences, streams
from indexer.text.fold import fold_map

PIECES = (
    *"会议强调，。；！？…\n（）(一二十1.2、是0ab \t",
    *("各部门要切实抓好落实", "会议还研究了其他事项", "職業", "愻", "𠮷"),
    "市财政局要保障经费，" * 9,
)
# More characters beyond the basic plane than 16 bits have room for.
FAR = "".join(map(chr, range(0x20000, 0x20000 + streams.ESCAPES + 1)))


def numbered(texts: Sequence[str]) -> list[list[int]]:
    """Return the numbers of the sentences of each text."""
    laid = streams.lay_out(texts)
    found = sentences.sentences(laid, build.fold_codes(laid), np.zeros(len(texts), dtype=np.bool_))
    said, ends = found["said"].tolist(), np.cumsum(found["said_many"].astype(np.int64)).tolist()
    assert len(said) == (ends[-1] if ends else 0)
    return [said[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def spelled(text: str) -> tuple[str, ...]:
    """Return the sentences of a text as strings."""
    folded = fold_map(text)
    places = list(folded.offsets)
    kept = set(places)
    breaks = [sum(at < i for at in places) for i, c in enumerate(text) if c == "\n" and i not in kept]
    return plainly(folded.stream, breaks)


def test_sentences_are_those_of_a_plain_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers stand for sentences one to one, in order, however the layout is parted; the last four bits tell sizes."""
    chance = random.Random(8)
    texts = ["".join(chance.choices(PIECES, k=chance.randint(0, 30))) for _ in range(3000)]
    whole = numbered(texts)
    numbers: dict[str, int] = {}
    for text, found in zip(texts, whole, strict=True):
        expected = spelled(text)
        assert len(found) == len(expected), text
        for sentence, number in zip(expected, found, strict=True):
            assert numbers.setdefault(sentence, number) == number, sentence
            assert number & sentences.LONGEST == min(len(sentence) // sentences.UNIT, sentences.LONGEST)
    assert len(set(numbers.values())) == len(numbers) > 3000
    monkeypatch.setattr(sentences, "BLOCK", 3)
    assert numbered(texts) == whole


def test_numbers_are_the_same_in_every_layout() -> None:
    """Characters beyond the basic plane, escaped or in 32-bit codes, change nothing of the numbers of others."""
    texts = ["（一）各部门要抓好落实。𠮷𠮷𠮷𠮷见附件。", "2、各部门要抓好落实；市财政局要保障经费"]
    escaped, wide = numbered(texts), numbered([*texts, FAR])
    assert streams.lay_out([*texts, FAR]).codes.dtype == np.uint32
    assert escaped == wide[:2]
    assert escaped[1] == numbered(texts[1:])[0]
    assert escaped[0][0] == escaped[1][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（一）各部门要抓好落实。会后，抓紧报批！", ("各部门要抓好落实", "会后,抓紧报批")),
        ("一是加强领导；十二、压实责任；3.严格考核；2024年5月。", ("加强领导", "压实责任", "严格考核", "2024年5月")),
        ("第21次常务会议纪要\n会议听取了汇报。", ("会议听取了汇报",)),
        ("会议听取了汇报。\n会议同意", ("会议听取了汇报", "会议同意")),
        ("总则。见附件。", ()),
        ("会议还研究了其他事项", ("会议还研究了其他事项",)),
    ],
)
def test_what_a_sentence_is(text: str, expected: tuple[str, ...]) -> None:
    """A number before a sentence is no part of it, a heading above a text is none, and nor is a word or two."""
    assert spelled(text) == expected
    assert len(numbered([text])[0]) == len(expected)
