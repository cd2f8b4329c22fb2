"""Characters that fold to one beyond the basic plane are found as any other, in either form and in no other's place."""

from __future__ import annotations

import pytest
from made import document

from indexer.engines.whoosh.engine import open_engine
from indexer.search import Index
from indexer.text import fold

FAR = [(chr(point), chr(folded)) for point, folded in fold.table().items() if point <= 0xFFFF < folded]
AGAIN = len(FAR) // 2


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """An index of two segments: one passage for each of the characters, and the second half of them again."""
    engine = open_engine(tmp_path_factory.mktemp("far"), create=True)
    texts = [f"第{i}个{typed}字" for i, (typed, _) in enumerate(FAR)]
    for batch in (texts, texts[AGAIN:]):
        with engine.writing() as writing:
            writing.put(document(f"{len(batch)}", batch), ())
            writing.commit()
    return Index(engine)


def test_there_are_such_characters() -> None:
    """The table of folds has hundreds of them."""
    assert len(FAR) > 500


@pytest.mark.parametrize("number", range(0, len(FAR), 40))
def test_each_is_found_in_both_forms(index: Index, number: int) -> None:
    """Typed as it stands in the text, or as what it folds to, it finds its passages and no others."""
    typed, folded = FAR[number]
    same = [i for i, (_, other) in enumerate(FAR) if other == folded]
    expected = len(same) + sum(i >= AGAIN for i in same)

    def count(string: str) -> int:
        return index.search(f'"{string}"', match="exact").total.exact

    assert [count(typed), count(folded), count(f"个{folded}字")] == [expected] * 3
    assert count(f"第{number}个{typed}") == 1 + (number >= AGAIN)
    assert count(chr(ord(folded) & 0xFFFF)) == 0
