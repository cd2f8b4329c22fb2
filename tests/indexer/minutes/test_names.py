"""Names, units and offices are told apart by their characters."""

from __future__ import annotations

import pytest

from indexer.minutes.names import is_unit, name_cost, office_cost, simplify, split_office, unit_cost


@pytest.mark.parametrize(
    ("office", "parts"),
    [
        ("市教育局副局长", ("市教育局", "副局长")),
        ("市教育局长", ("市教育局", "局长")),
        ("镇平县长", ("镇平县", "县长")),
        ("县消防救援支队长", ("县消防救援支队", "支队长")),
        ("县财政局党组书记", ("县财政局", "党组书记")),
        ("县委副书记", ("县委", "副书记")),
        ("常务副市长", (None, "常务副市长")),
        ("市领导", (None, "市领导")),
        ("没有官衔", (None, "没有官衔")),
    ],
)
def test_split_office(office: str, parts: tuple[str | None, str]) -> None:
    """An office is divided into unit and title; a bare title has no unit."""
    assert split_office(office) == parts


def test_names_by_rank() -> None:
    """A common surname is likelier than a rare one, and that than none, which needs signs on both sides."""
    common, rare, unknown = name_cost("王建国", False), name_cost("杲建国", False), name_cost("扎西次仁", True)
    assert common is not None
    assert rare is not None
    assert unknown is not None
    assert common < rare < unknown
    assert name_cost("噶玛次仁", False) is None


@pytest.mark.parametrize("text", ["王", "主任王", "王代表们", "A王平", "王平安全生产"])
def test_no_names(text: str) -> None:
    """Titles, words for groups, and runs too short or too long are no names."""
    assert name_cost(text, True) is None


def test_unit_like_names_are_dear() -> None:
    """水利局 and 高新区 begin with surnames, and are no people."""
    assert (name_cost("水利局", False) or 0) > 2
    assert (name_cost("海关", True) or 0) > 2
    assert (name_cost("马·克", False) or 0) > (name_cost("马·克", True) or 0)
    assert name_cost("欧阳小龙", False) == name_cost("司马光明", True)
    assert name_cost("张王建国", False) is not None


def test_units() -> None:
    """A unit ends like one; the rest of a torn name, described groups and offices are dear or none."""
    assert is_unit("市发改委")
    assert not is_unit("市委常委")
    assert unit_cost("港市") != unit_cost("昆山市")
    assert unit_cost("县直有关部门") is None
    assert unit_cost("的局") is None
    assert (unit_cost("常春藤") or 0) > (unit_cost("县财政局") or 9)
    assert office_cost("红副市长") != office_cost("副市长")
    assert office_cost("王平") is None


def test_simplify_keeps_length_and_lines() -> None:
    """Traditional characters become Simplified; spaces and line ends stay."""
    assert simplify("劉 平\n縣") == "刘 平\n县"
