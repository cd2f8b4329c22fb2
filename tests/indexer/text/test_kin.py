"""Kindred terms: what may stand for a part of what was typed, and the form of the file that says so."""

from __future__ import annotations

from pathlib import Path

from indexer.text import kin, words
from indexer.text.fold import fold


def test_a_term_is_replaced_by_those_beside_it() -> None:
    """Who asks for 托育 is shown 托位, and the other way round."""
    assert "托位" in kin.kin("托育")
    assert "托育" in kin.kin("新增托位多少个")


def test_a_lay_word_leads_to_the_official_one_alone() -> None:
    """老板 leads to 用人单位; who asks for 用人单位 has no use for 老板."""
    assert "用人单位" in kin.kin("老板")
    assert "老板" not in kin.kin("用人单位")


def test_the_longest_term_is_taken(tmp_path: Path) -> None:
    """A term inside a longer one that is known says nothing of its own."""
    file = tmp_path / "related.txt"
    file.write_text("# 说明\n政府债务 化债\n债务 > 欠款\n\n", encoding="utf-8")
    assert kin.load(file) == {"政府债务": ("化债",), "化债": ("政府债务",), "债务": ("欠款",)}
    assert "债务人" not in kin.kin("政府债务")


def test_what_was_typed_is_no_kin_of_itself() -> None:
    """Terms that stand in the question already are not added."""
    assert "托位" not in kin.kin("托育 托位")


def test_terms_count_less_than_what_was_typed() -> None:
    """Words that were typed come first, whole ones at 1; kindred terms follow at their share."""
    weights = dict(kin.weighted_words("托育"))
    assert weights["托育"] == 1
    assert weights["托位"] == kin.SHARE < 1
    assert kin.weighted_words("") == ()


def test_a_long_question_is_read_in_no_time() -> None:
    """Only the beginning of a very long question is looked through."""
    assert kin.kin("无" * 1_000_000 + "托育") == ()


def test_file_is_in_order() -> None:
    """Every term is a stream of 2 to 12 characters, stands once in its line, and is a word of the segmenter."""
    seen = set()
    for line in kin.BUILTIN.read_text("utf-8").splitlines():
        terms = line.partition("#")[0].replace(" > ", " ").split()
        assert len(terms) == len(set(terms)), line
        assert all(2 <= len(term) <= 12 and fold(term) == term for term in terms), line
        assert len(terms) != 1, line
        seen.update(terms)
    assert len(seen) > 1000
    assert seen <= set(words.own_words(*words.LEXICONS))


def test_no_term_hides_another() -> None:
    """Search mode gives parts of up to three characters; a longer term inside another word would not be found."""
    every = {term for term, others in kin.builtin().items() for term in (term, *others)}
    assert [(a, b) for a in every for b in every if a != b and len(a) > 3 and a in b] == []
