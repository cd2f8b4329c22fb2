"""Where a string stands in a passage moves it up or down among the exact hits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from made import document, meeting

from indexer.engines.whoosh import leaders
from indexer.engines.whoosh.engine import open_engine
from indexer.search import Index

FILL = "各地各部门应当按照职责分工抓好落实并定期报告进展情况"


def ranked(folder: Path, paragraphs: Sequence[str], query: str) -> list[str]:
    """Return the anchors of the exact hits among paragraphs of one document, best first."""
    engine = open_engine(folder, create=True)
    with engine.writing() as writing:
        writing.put(document("1", paragraphs), ())
        writing.commit()
    with Index(engine) as index:
        return [hit.id.partition("#")[2] for hit in index.search(query, match="exact").hits]


def test_what_begins_a_passage_is_its_subject(tmp_path: Path) -> None:
    """Of passages equally long the one that names the string first comes first, the one that names it last is last."""
    late, middle, early = f"{FILL * 4}河长制。", f"{FILL * 2}河长制{FILL * 2}。", f"河长制{FILL * 4}。"
    assert ranked(tmp_path, [late, middle, early], "河长制") == ["p3", "p2", "p1"]


def test_a_string_in_a_list_is_named_in_passing(tmp_path: Path) -> None:
    """At the same place a string by itself comes before one between the signs of an enumeration."""
    listed, alone = f"推进河长制、林长制建设{FILL}。", f"推进河长制和林长制建设{FILL}。"
    assert ranked(tmp_path, [listed, alone], "河长制") == ["p2", "p1"]


def test_a_string_inside_a_title_is_what_is_decided_on(tmp_path: Path) -> None:
    """Between 《 and 》 it counts more than beside a title that has ended."""
    beside, inside = f"审议《办法》河长制{FILL}。", f"审议办法《河长制{FILL}》。"
    assert ranked(tmp_path, [beside, inside], "河长制") == ["p2", "p1"]


def test_a_string_of_heading_and_text_is_what_both_are_about(tmp_path: Path) -> None:
    """A text that repeats the string of its first line comes before one that repeats it within that line."""
    within, below = f"河长制与河长制\n{FILL}{FILL}。", f"河长制与水利\n河长制{FILL}{FILL}。"
    assert ranked(tmp_path, [FILL, within, f"{FILL}\n{FILL}", below], "河长制") == ["p4", "p2"]


def test_a_roll_is_told_by_how_it_begins(tmp_path: Path) -> None:
    """A line of attendance in a text of no minutes stays behind the others, too."""
    assert ranked(tmp_path, ["出 席：河长制 李明", f"{FILL}{FILL}河长制。"], "河长制") == ["p2", "p1"]


def test_of_several_strings_each_counts_where_it_is(tmp_path: Path) -> None:
    """A passage that holds one string of a choice gains nothing by the other one."""
    texts = [f"{FILL}{FILL}河长制。", f"林长制{FILL}{FILL}。", FILL]
    assert ranked(tmp_path, texts, "河长制 OR 林长制") == ["p2", "p1"]


def test_single_characters_and_frequent_strings_have_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They rank by how often and in how short a passage they occur, as their leaders do."""
    texts = [f"{FILL}渠。", f"渠{FILL}{FILL}。"]
    assert ranked(tmp_path / "one", texts, "渠") == ["p1", "p2"]
    texts = [f"{FILL}水渠。", f"水渠{FILL}{FILL}。"]
    monkeypatch.setattr(leaders, "FREQUENT_PAIR", 2)
    assert ranked(tmp_path / "two", texts, "水渠") == ["p1", "p2"]


def test_another_name_counts_less_than_the_one_that_was_typed(tmp_path: Path) -> None:
    """The passage with the name as typed comes first, though the other name is the rarer one."""
    texts = ["市金融监管局牵头办理。", "市委金融办牵头办理。", "市委金融办会同各地办理。", "市委金融办另行通知各地。"]
    assert ranked(tmp_path, texts, "市委金融办")[-1] == "p1"


def test_strings_are_near_each_other_under_any_of_their_names(tmp_path: Path) -> None:
    """A passage with another name of the unit close by comes before one with the same name far away."""
    texts = [f"市发展改革委员会{FILL}，由市教育局牵头。", f"由市发展改革委员会牵头，{FILL}，市教育局。"]
    assert ranked(tmp_path / "long", texts, "市发改委 牵头") == ["p2", "p1"]
    texts = [f"甲{FILL}由市教育局牵头。", f"{FILL}由甲牵头，市教育局。"]
    assert ranked(tmp_path / "one", texts, "甲 牵头") == ["p2", "p1"]


def test_a_roll_stays_behind_all_others(tmp_path: Path) -> None:
    """Names that stand close together at the beginning of a roll do not lift it over a paragraph."""
    engine = open_engine(tmp_path, create=True)
    made = meeting(1, date(2024, 1, 1))
    assert made.roll is not None
    with engine.writing() as writing:
        writing.put(made, ())
        writing.put(document("1", [f"{made.roll.text[3:5]}{FILL * 3}{made.roll.text[6:8]}"]), ())
        writing.commit()
    with Index(engine) as index:
        query = f"{made.roll.text[3:5]} {made.roll.text[6:8]}"
        assert [hit.passage.section for hit in index.search(query, match="exact").hits] == ["body", "attendance"]
