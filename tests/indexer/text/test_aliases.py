"""Alias files become other names by folded name."""

from __future__ import annotations

from pathlib import Path

from indexer.text.aliases import builtin, load, others
from indexer.text.fold import fold


def test_every_name_of_a_group_leads_to_the_others(tmp_path: Path) -> None:
    """Names of several groups and files add up; a name never leads to itself, in whatever form it is written."""
    one = tmp_path / "one.toml"
    one.write_text('[[group]]\nnames = ["市住建局", "市住房和城乡建设局", "市住建局"]\n', encoding="utf-8")
    two = tmp_path / "two.toml"
    two.write_text('[[group]]\nnames = ["市住建局", "建设局"]\n', encoding="utf-8")
    assert load(one, two, tmp_path / "absent.toml") == {
        "市住建局": ("市住房和城乡建设局", "建设局"),
        "市住房和城乡建设局": ("市住建局",),
        "建设局": ("市住建局",),
    }


def test_the_names_of_the_package_are_folded_and_lead_both_ways() -> None:
    """Each alias of the package is found by its stream, and each other name leads back to it."""
    for stream, names in builtin().items():
        assert stream == fold(stream) != ""
        assert names
        for other in names:
            assert stream in map(fold, builtin()[fold(other)])


def test_a_department_of_a_named_place_has_other_names() -> None:
    """The place stays in front of each name; what is no name, or far too long for one, has none."""
    assert "云州市发展和改革委员会" in others("云州市发改委")
    assert "市发展和改革委员会" in others("市发改委")
    assert others("工匠日") == others("") == others("市" * 10_000) == ()
