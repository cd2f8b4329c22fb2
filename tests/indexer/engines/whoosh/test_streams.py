"""Texts laid out in cells come back whole, and fold to their streams."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import document

from indexer.engines.whoosh import arrays, postings, streams
from indexer.engines.whoosh.build import Gathering
from indexer.engines.whoosh.segment import Segment
from indexer.text import points
from indexer.text.fold import fold

ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\uffff"), max_size=60)
SPACED = st.text(st.sampled_from("市a b\u3000\u200b\n1,，é"), max_size=20)


def segment(tmp_path_factory: Any, texts: list[str]) -> Segment:
    """Write a segment of one document and open it."""
    gathering = Gathering()
    gathering.add(document("a", texts), ())
    path = tmp_path_factory.mktemp("segment") / "x.arr"
    arrays.write(path, gathering.arrays())
    return Segment(path)


@given(st.lists(ANY | SPACED, min_size=1, max_size=6))
def test_texts_and_streams_come_back(tmp_path_factory: Any, texts: list[str]) -> None:
    """Every text is read as it was, and its stream is what folding gives."""
    opened = segment(tmp_path_factory, texts)
    assert [opened.text(i) for i in range(len(texts))] == texts
    assert [opened.stream(i) for i in range(len(texts))] == [fold(t) for t in texts]


def test_more_rare_characters_than_escapes_widen_the_codes(tmp_path_factory: Any) -> None:
    """A segment with more than 1,024 characters beyond the BMP holds 32-bit codes, with the same answers."""
    from indexer.engines.whoosh import strings

    rare = "".join(chr(0x20000 + i) for i in range(3000))
    opened = segment(tmp_path_factory, ["市政府" + rare, "职业 教育", rare[-3:] + "教育"])
    assert opened.codes.dtype == np.uint32
    assert opened.text(0) == "市政府" + rare
    assert strings.find(opened, fold(rare[-3:])).passages.tolist() == [0, 2]
    assert strings.find(opened, "教育").passages.tolist() == [1, 2]
    assert strings.find(opened, "育").passages.tolist() == [1, 2]


@pytest.mark.parametrize("count", [1000, 1024, 1025, 2000])
def test_rare_characters_side_by_side(tmp_path_factory: Any, count: int) -> None:
    """However many there are, no two escapes are read as one character."""
    rare = [chr(0x20000 + i) for i in range(count)]
    texts = ["".join(rare), "".join(rare[::-1]), f"会 {rare[0]}{rare[-1]}议", "会议"]
    opened = segment(tmp_path_factory, texts)
    assert [opened.text(i) for i in range(len(texts))] == texts
    assert [opened.stream(i) for i in range(len(texts))] == [fold(text) for text in texts]


def test_surrogates_and_fillers_never_stay() -> None:
    """A lone surrogate or a filler in a text becomes the replacement character."""
    laid = streams.lay_out(["a\ud800b", "c\uffffd"])
    kept = [chr(c) for c in laid.codes if c != points.FILLER]
    assert "".join(kept) == "a\ufffdbc\ufffdd"


@given(st.lists(st.lists(st.integers(0, 400_000), unique=True), max_size=5), st.integers(1100, 1500))
def test_packed_lists_come_back(lists: list[list[int]], long: int) -> None:
    """Short and long lists of numbers are read as they were packed."""
    lists = [sorted(numbers) for numbers in lists] + [[i * 37 for i in range(long)], []]
    starts = np.cumsum([0, *map(len, lists)])
    values = np.array([n for numbers in lists for n in numbers], dtype=np.uint32)
    packed = postings.Postings("x", postings.pack("x", starts, values))
    assert [packed.list(i).tolist() for i in range(len(packed))] == lists
    assert sorted(packed.short_run(0, len(lists)).tolist()) == sorted(
        n for numbers in lists if len(numbers) < postings.LONG for n in numbers
    )


@given(
    st.lists(st.integers(0, 400_000), unique=True, min_size=1),
    st.lists(st.integers(0, 400_000), unique=True),
    st.sampled_from((1, 37, 301)),
)
def test_numbers_are_looked_up_in_lists(few: list[int], others: list[int], step: int) -> None:
    """What a short and a long list have of some numbers is told with its places, as the whole list would tell it."""
    lists = [sorted(few), [i * step for i in range(1300)]]
    values = np.array([n for numbers in lists for n in numbers], dtype=np.uint32)
    starts = np.cumsum([0, *map(len, lists)])
    packed = postings.Postings("x", postings.pack("x", starts, values))
    wanted = np.array(sorted({*others, *few[::2], *lists[1][::7]}), dtype=np.uint32)
    for i, numbers in enumerate(lists):
        has, at = packed.look_up(i, wanted)
        assert wanted[has].tolist() == [n for n in wanted.tolist() if n in set(numbers)]
        assert [numbers[place] for place in at.tolist()] == wanted[has].tolist()


@given(st.lists(ANY | SPACED, min_size=2, max_size=6), st.data())
def test_parts_join_to_the_whole(texts: list[str], data: st.DataObject) -> None:
    """Passages laid out in parts and joined are those laid out at once, with rare characters in any of the parts."""
    cut = data.draw(st.integers(1, len(texts) - 1))
    whole = streams.lay_out(texts)
    parts = streams.joined([streams.part(some) for some in (texts[:cut], texts[cut:])])
    for name in streams.Streams.__slots__:
        one, other = getattr(parts, name), getattr(whole, name)
        assert (one.dtype, one.tolist()) == (other.dtype, other.tolist()), name
