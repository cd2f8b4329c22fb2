"""Passages segmented together have the words of each by itself with those of its title, by loops and without."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from indexer.engines.whoosh import cutting, streams
from indexer.engines.whoosh.cutting import SILENT, Cutting, Dictionary, Folded
from indexer.engines.whoosh.kernels import inverting, numbering
from indexer.engines.whoosh.kernels.__main__ import main as compile_all
from indexer.text import words
from indexer.text.fold import fold

PIECES = (
    "市政府",
    "教育局",
    "职业教育",
    "会议",
    "3.5%",
    "v2.0.1",
    "，",
    "。",
    "\u3000",
    "𠮷",
    "愻",
    "a b",
    "的",
    "李亚平",
)
TITLES = ("职业教育的规划", "安全生产v2.0", "\uffff会议", "", SILENT)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_all()
    assert inverting.inverting(inverting.MANY)


@pytest.fixture(params=[0, 10**9], ids=["loops", "dictionary"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inverting, "MANY", request.param)
    monkeypatch.setattr(cutting, "AT_ONCE", 50)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("seed", range(4))
def test_words_are_those_of_each_passage(seed: int) -> None:
    """Some parts have characters beyond the BMP, some have none, some passages are empty, some are gone."""
    chance = random.Random(seed)
    some, wanted = Cutting(1), list[Counter[str]]()
    for part in range(5):
        pieces = [piece for piece in PIECES if part % 2 or piece != "𠮷"]
        texts = ["".join(chance.choices(pieces, k=chance.randrange(9))) for _ in range(12)]
        titles = {place: chance.choice(TITLES) for place in range(12) if chance.random() < 0.6}
        laid = streams.part(texts)
        some.add(Folded(streams.folded(laid), laid.cell, laid.length, titles))
        for place, text in enumerate(texts):
            over = titles.get(place, "")
            said = [] if over == SILENT else words.cut(fold(text)) + words.cut(fold(over).replace("\uffff", ""))
            wanted.append(Counter(said))
    alive = np.array([chance.random() < 0.8 for _ in wanted])
    for living in (None, alive):
        left = [one for i, one in enumerate(wanted) if living is None or living[i]]
        found = some.words(living)
        counters = [Counter[str]() for _ in left]
        for row, term in enumerate(found.terms):
            for at in range(found.starts[row], found.starts[row + 1]):
                counters[found.passages[at]][term.decode()] = int(found.counts[at])
        assert counters == left
        assert found.lengths.tolist() == [one.total() for one in left]


def test_numbers_are_those_of_a_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that grows gives each piece the number that a dictionary gives it, few or many at once, or none."""
    monkeypatch.setattr(numbering, "SLOTS", 4)
    chance = random.Random(3)
    table, dictionary = numbering.Table(), Dictionary()
    for count in (0, 1, 3, 500, 0, 2_000):
        pieces = ["".join(chance.choices("会议𠮷a\ud800", k=chance.randint(1, 5))) for _ in range(count)]
        pieces += [words.PARTING] * (count % 2)
        assert table.of(pieces).tolist() == dictionary.of(pieces).tolist()
    assert table.pieces() == dictionary.pieces()
