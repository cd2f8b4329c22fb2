"""Departments are known by their official, short and earlier names, each level by itself."""

from __future__ import annotations

import pytest

from indexer.text.aliases import builtin
from indexer.text.lexicon import aliases, canonical
from indexer.text.lexicon.departments import Department, alias_groups, departments, is_department


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("市发改委", "市发展和改革委员会"),
        ("苏州市发展改革委", "苏州市发展和改革委员会"),
        ("县 发 改 局", "县发展和改革局"),
        ("发改局", "发展和改革局"),
        ("市市场监管局", "市市场监督管理局"),
        ("江州市白云区住建局", "江州市白云区住房和城乡建设局"),
        ("市委编办", "市委机构编制委员会办公室"),
        ("组织部", "组织部"),
        ("市委金融办", "市委金融委员会办公室"),
        ("市地方金融监管局", "市地方金融监督管理局"),
        ("市交通局", "市交通运输局"),
        ("苏州海关", "苏州海关"),
        ("省人社厅", None),
        ("江州城建集团", None),
        ("发改", None),
        ("办公室", None),
        ("市妇联王建市人社局", None),
        ("教育局发改委", None),
        ("", None),
    ],
)
def test_canonical(name: str, official: str | None) -> None:
    """The official form keeps level and place; what the table does not know has none."""
    assert canonical(name) == official


def test_canonical_is_stable() -> None:
    """No name of the table leads to a form that leads on to a third one, on any level."""
    for level in ("省", "市", "县", "江州市"):
        for department in departments():
            for row in department:
                official = canonical(level + row.official)
                assert official is not None
                assert canonical(official) == official


def test_is_department() -> None:
    """Names without level are known, and only those."""
    assert is_department("发改委")
    assert is_department("委组织部")
    assert not is_department("市发改委")


def test_aliases_stay_on_their_level() -> None:
    """The other names of a department of the city are names of the city's department."""
    assert {"市发展和改革委员会", "市发改局"} <= set(aliases("市发改委"))
    assert all(name.startswith("市") for name in aliases("市发改委"))
    assert all(name.startswith("苏州市") for name in aliases("苏州市发改委"))
    assert {"市地方金融监管局", "市委金融办"} <= set(aliases("市金融监管局"))
    assert aliases("江州城建集团") == ()
    assert "编办" in aliases("机构编制委员会办公室")
    assert aliases("组织部") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("市发改委", "县发改委"),
        ("市安委会", "市安委办"),
        ("市工商局", "市市场监管局"),
        ("市疾控局", "市疾控中心"),
        ("市人大", "市人大常委会"),
        ("市委办公室", "市政府办公室"),
        ("市农业农村局", "市农机局"),
        ("市应急局", "市安监局"),
        ("市税务局", "市财政局"),
    ],
)
def test_no_wrong_merge(one: str, other: str) -> None:
    """Different bodies are never one, however alike their names."""
    assert canonical(one) != canonical(other)
    assert other not in aliases(one)


def test_no_name_is_of_two_departments() -> None:
    """Each name, with or without 委, belongs to one department only, so that no alias joins two."""
    owner: dict[str, int] = {}
    for number, department in enumerate(departments()):
        for row in department:
            for name in row.names:
                assert owner.setdefault(name.removeprefix("委"), number) == number, name


def test_the_table_is_large_and_dated() -> None:
    """At least 250 official names are known, renamed ones with their years in order."""
    rows = [row for department in departments() for row in department]
    assert len({row.official for row in rows}) == len(rows) >= 250
    assert Department("生态环境局", (), 2018) in rows
    assert Department("环境保护局", ("环保局",), None, 2018) in rows
    assert all(row.since <= row.until for row in rows if row.since and row.until)


def test_alias_groups_reach_the_query() -> None:
    """The departments' names are among the aliases that expand a query."""
    assert ["县水利局", "县水务局", "县水利和湖泊局", "县水利湖泊局"] in list(alias_groups())
    assert "市发展和改革委员会" in builtin()["市发改委"]
    assert "第十四个五年规划" in builtin()["十四五"]
    assert "县发改委" not in builtin()["市发改委"]
