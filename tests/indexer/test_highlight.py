"""Marks are where the streams occur, and a snippet shows the densest part of a text without harming it."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.highlight import marks, snippet, snippet_parts, word_marks
from indexer.text.fold import fold

FILLER = "这里没有要找的内容。"


def shown(text: str, places: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[first:last] for first, last in places]


MARKED = [
    ("会议同意设立工匠日。", ["工匠日"], ["工匠日"]),
    ("张\u3000剑到会，张剑发言", ["张剑"], ["张\u3000剑", "张剑"]),
    ("蘇府［２０２４］７ 號", ["苏府[2024]7号"], ["蘇府［２０２４］７ 號"]),
    ("按程\n序办理", ["程序"], ["程\n序"]),
    ("职业教育改革", ["职业教育", "教育改革"], ["职业教育改革"]),
    ("职业教育", ["职业", "教育"], ["职业", "教育"]),
    ("哈哈哈哈", ["哈哈"], ["哈哈哈哈"]),
    ("Open  Data、opendata", ["open data"], ["Open  Data"]),
    ("葛\U000e0100城与葛", ["葛"], ["葛\U000e0100", "葛"]),
    ("甲乙", ["丙", ""], []),
    ("", ["甲"], []),
]


@pytest.mark.parametrize(("text", "streams", "expected"), MARKED)
def test_marks_are_places_of_the_original_text(text: str, streams: list[str], expected: list[str]) -> None:
    """A stream is marked in every form in which it stands, overlapping ones as one."""
    assert shown(text, marks(text, streams)) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("合同到期的补偿", ["合同", "到期", "的", "补偿"], ["合同", "到期", "补偿"]),
        ("甲的乙", ["的"], ["的"]),
        ("AI与aid，第12号和123号", ["ai", "12"], ["AI", "12"]),
        ("总工会", ["总工", "工会", "总工会"], ["总工会"]),
    ],
)
def test_words_are_marked_whole(text: str, words: list[str], expected: list[str]) -> None:
    """Latin words and numbers are marked whole, single characters only where the query has nothing longer."""
    assert shown(text, word_marks(text, words)) == expected


texts = st.text(alphabet="甲乙丙aB 1\n\u3000\u200b。，；“”<&\u0301\ufe00葛\U000e0100", max_size=80)
lists = st.lists(st.text(alphabet="甲乙丙ab1。，", min_size=1, max_size=3).map(fold), min_size=1, max_size=4)


@given(texts, lists)
def test_marks_cover_exactly_what_the_streams_cover(text: str, streams: list[str]) -> None:
    """Marks rise without overlap, begin and end with a stream, and hold every character of every occurrence."""
    places = marks(text, streams)
    assert all(last <= following for (_, last), (following, _) in pairwise(places))
    cut = [fold(text[first:last]) for first, last in places]
    assert all(any(c.startswith(s) for s in streams) and any(c.endswith(s) for s in streams) for c in cut)
    whole = fold(text)
    found = ((m.start(), len(s)) for s in streams for m in re.finditer(f"(?={re.escape(s)})", whole))
    covered = {place for start, length in found for place in range(start, start + length)}
    assert "".join(cut) == "".join(whole[place] for place in sorted(covered))


@given(texts, lists, st.integers(1, 100))
def test_a_snippet_is_made_of_parts_of_the_text(text: str, streams: list[str], limit: int) -> None:
    """Between the … stand parts of the text in their order, marked where the marks are; tags are all that is added."""
    places = marks(text, streams)
    parts = snippet_parts(text, places, limit)
    windows = "".join(part if part != "…" else "\0" for part, _ in parts).split("\0")
    at = 0
    for window in windows:
        at = text.index(window, at) + len(window)
    assert all(part for part, _ in parts)
    if len(text) <= limit:
        assert windows == [text]
        assert [p for p, marked in parts if marked] == shown(text, places)
    elif all(last - first <= limit // 2 for first, last in places):
        assert sum(map(len, windows)) <= limit
    plain = re.sub("</?mark>", "", snippet(text, places, limit))
    assert html.unescape(plain) == "".join(part for part, _ in parts)


def test_a_short_text_is_whole_and_escaped_last() -> None:
    """Signs of HTML in the text are shown as they are, and only the marks are tags."""
    text = "第1条<b>“甲&乙”</b>"
    assert snippet(text, marks(text, ["甲&乙"])) == "第1条&lt;b&gt;“<mark>甲&amp;乙</mark>”&lt;/b&gt;"


def test_a_long_text_is_shown_where_most_different_marks_stand() -> None:
    """Two streams in one sentence are shown before one that repeats; the window ends where a sentence ends."""
    text = FILLER * 40 + "甲甲甲甲。" + FILLER * 40 + "会议研究甲和乙。" + FILLER * 40
    found = snippet(text, marks(text, ["甲", "乙"]))
    assert "会议研究<mark>甲</mark>和<mark>乙</mark>。" in found
    assert found.startswith("…")
    assert found.endswith("。…")
    assert len(re.sub("</?mark>|…", "", found)) <= 240


def test_streams_far_apart_get_a_window_each() -> None:
    """Each stream is shown, with … for what is left out between."""
    text = FILLER * 30 + "这里有甲。" + FILLER * 60 + "那里有乙。" + FILLER * 30
    found = snippet(text, marks(text, ["甲", "乙"]))
    assert "<mark>甲</mark>" in found
    assert "<mark>乙</mark>" in found
    assert found.count("…") == 3


def test_without_marks_the_beginning_is_shown() -> None:
    """A long text that holds none of the streams begins at its beginning."""
    found = snippet(FILLER * 100, ())
    assert found.startswith(FILLER)
    assert found.endswith("。…")


def test_a_mark_is_not_halved() -> None:
    """A cut without a sentence end falls before or behind a mark, not into it."""
    text = "前" * 118 + "甲乙丙丁" + "后" * 300
    parts = snippet_parts(text, marks(text, ["甲乙丙丁"]))
    assert ("甲乙丙丁", True) in parts


def test_a_mark_longer_than_a_snippet_is_cut() -> None:
    """A mark that fills the snippet and more is shown as far as it fits."""
    text = "甲" * 1000
    parts = snippet_parts(text, ((0, 1000),))
    assert parts == [("甲" * 240, True), ("…", False)]


@pytest.mark.parametrize("joined", ["e\u0301", "葛\U000e0100", "\u2764\ufe0f", "a\u200db"])
def test_no_character_is_cut_in_half(joined: str) -> None:
    """What is joined to a character stays with it where a text without sentence ends is cut."""
    for before in range(110, 130):
        parts = snippet_parts("字" * before + joined * 100, ())
        whole = "".join(part for part, _ in parts).rstrip("…").lstrip("字")
        assert len(whole) % len(joined) == 0


def test_long_texts_are_quick() -> None:
    """A million characters with marks everywhere are shown in seconds: nothing is quadratic."""
    text = "会议研究。" * 100_000
    places = marks(text, ["会", "研究"])
    assert len(places) == 200_000
    assert snippet(text, places).count("<mark>") > 10
