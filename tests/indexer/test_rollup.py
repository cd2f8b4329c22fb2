"""What is gathered of a person, a department or an instrument equals a walk over all meetings."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.errors import NotFound, UnknownName
from indexer.model import Meeting
from indexer.rollup.directory import SORTS, Sort, alphabetical
from indexer.rollup.instruments import key, places_of
from indexer.search import Index

PLACES = places_of(["云溯市人民政府", "广州市人民政府", "中共临沚县委", "市政府", None])


@pytest.fixture(scope="module")
def meetings(sample_index: Index) -> list[Meeting]:
    """All meetings of the samples."""
    records = [sample_index.record(head.id) for head in sample_index.meetings()]
    return [record for record in records if isinstance(record, Meeting)]


def test_a_person_has_every_line_of_every_roll(sample_index: Index, meetings: list[Meeting]) -> None:
    """For each person the appearances are those of a walk over all rolls, and chairs those of all openings."""
    names = [name for name, _ in sample_index.engine.values("person")]
    assert len(names) > 50
    for name in names:
        found = sample_index.person(name)
        walked = {(m.id, a.role, a.unit) for m in meetings for a in m.attendance if a.name == name and a.role != "主持"}
        assert {(a.head.id, a.role, a.unit) for a in found.attended} == walked, name
        chairs = {m.id for m in meetings if m.chair and m.chair.name == name}
        assert chairs <= {a.head.id for a in found.chaired}, name


def test_a_person_is_told_newest_first_with_posts_and_mentions(sample_index: Index) -> None:
    """Appearances go back in time; posts span their days; mentions lie outside the rolls and hold the name."""
    found = sample_index.person("殷学礼")
    days = [line.head.date or date.min for line in found.attended]
    assert days == sorted(days, reverse=True)
    posts = {post.unit: (post.first, post.last, post.count) for post in found.posts}
    assert posts["市发改委"] == (date(2023, 2, 14), date(2023, 9, 21), 3)
    assert [line.unit for line in found.chaired] == ["副市长"]
    assert found.mentions
    assert all("殷学礼" in mention.text and mention.section != "attendance" for mention in found.mentions)


def test_a_chairs_openings_are_no_mentions(sample_index: Index) -> None:
    """That somebody presided is told once, not again as a mention."""
    found = sample_index.person("陆怀川")
    chaired = {line.head.id for line in found.chaired}
    assert len(chaired) > 5
    assert not [m for m in found.mentions if m.head.id in chaired and m.item_number is None]


def test_a_department_has_every_resolution_under_any_name(sample_index: Index, meetings: list[Meeting]) -> None:
    """Asked for by any of its names, a department has the resolutions of all of them."""
    names = ("市发改委", "市发展改革委", "市发展和改革委员会", "市發改委")
    walked = {
        (m.id, r.anchor)
        for m in meetings
        for item in m.items
        for r in item.resolutions
        if {r.lead_department, r.reporter, *r.departments} & set(names)
    }
    for name in names:
        found = sample_index.department(name)
        assert found.official == "市发展和改革委员会"
        assert set(found.names) == set(names)
        assert {(task.head.id, task.resolution.anchor) for task in found.tasks} == walked
        assert sum(len(found.having(part)) for part in ("lead", "report", "support")) == len(found.tasks)
    assert "市计委" in found.others
    assert all(task.resolution.lead_department in names for task in found.having("lead"))
    assert all(task.resolution.reporter in names for task in found.having("report"))


def test_a_department_is_narrowed_to_a_body(sample_index: Index) -> None:
    """The bodies tell how many tasks each has, and one of them can be asked for."""
    every = sample_index.department("市财政局")
    assert sum(count for _, count in every.bodies) == len(every.tasks)
    body, count = every.bodies[-1]
    one = sample_index.department("市财政局", body=body)
    assert len(one.tasks) == count < len(every.tasks)
    assert one.bodies == every.bodies


def test_a_department_that_the_lexicon_does_not_know(sample_index: Index) -> None:
    """A unit without official form is found under its one name."""
    found = sample_index.department("市生态环境局临沚分局")
    assert (found.names, found.others) == (("市生态环境局临沚分局",), ())
    assert found.tasks


@pytest.mark.parametrize(
    "title",
    ["城镇老旧小区改造管理办法", "云溯市城镇老旧小区改造管理办法（草案）", "《云溯市城鎮老舊小區改造管理辦法》"],
)
def test_an_instrument_goes_from_draft_to_decision(sample_index: Index, title: str) -> None:
    """Each consideration stands in order of time with its title and verdict, however the title is asked for."""
    found = sample_index.instrument(title)
    story = [
        (c.head.date, c.title, [d.verdict for r in c.resolutions for d in r.verdicts]) for c in found.considerations
    ]
    assert story == [
        (date(2024, 3, 21), "云溯市城镇老旧小区改造管理办法（草案）", ["原则同意"]),
        (date(2024, 7, 25), "云溯市城镇老旧小区改造管理办法（修订草案送审稿）", ["暂缓"]),
        (date(2024, 11, 18), "云溯市城镇老旧小区改造管理办法", ["通过"]),
    ]


def test_every_instrument_is_considered_where_its_items_are(sample_index: Index, meetings: list[Meeting]) -> None:
    """For each title held, its considerations hold every item that lists it, with at least one resolution."""
    for title, _ in sample_index.engine.values("instrument"):
        found = sample_index.instrument(title)
        items = {(m.id, i.anchor) for m in meetings for i in m.items if title in i.instruments}
        assert items <= {(c.head.id, c.item.anchor) for c in found.considerations}, title
        assert all(c.resolutions for c in found.considerations), title


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("云溯市养老服务条例（草案）", "养老服务条例"),
        ("云溯养老服务条例", "养老服务条例"),
        ("广州市养老服务条例(修订草案送审稿)", "养老服务条例"),
        ("江苏省苏州市养老服务条例（讨论稿）（送审稿）", "养老服务条例"),
        ("養老服務條例", "养老服务条例"),
        ("养老服务条例（试行）", "养老服务条例(试行)"),
        ("养老服务条例（2024年修订）", "养老服务条例(2024年修订)"),
        ("云溯市条例", "云溯市条例"),
        ("城市更新办法", "城市更新办法"),
        ("市区道路管理办法", "市区道路管理办法"),
    ],
)
def test_titles_of_one_instrument_have_one_key(title: str, same: str) -> None:
    """Places in front and draft marks behind fall away, and nothing else does."""
    assert key(title, PLACES) == same


def test_places_come_from_the_names_of_bodies() -> None:
    """A body's place is taken whole (广州市, not 广州 alone before 市); a body without one gives none."""
    assert {"云溯市", "云溯", "广州市", "广州", "临沚县", "临沚"} == PLACES


def test_unknown_names_tell_what_is_near(sample_index: Index) -> None:
    """A name that nobody bears raises, with those that look like it."""
    with pytest.raises(UnknownName) as person:
        sample_index.person("殷学")
    assert person.value.near == ("殷学礼",)
    with pytest.raises(NotFound, match=r"市发敢委.*市发改委"):
        sample_index.department("市发敢委")
    with pytest.raises(UnknownName, match=r"没有“无此办法之名”$"):
        sample_index.instrument("无此办法之名")


@pytest.mark.parametrize("sort", SORTS)
def test_a_directory_lists_every_name_once(sample_index: Index, sort: Sort) -> None:
    """Entries hold all values of the field, most frequent first; by letter they are the same entries."""
    entries = sample_index.directory(sort)
    names = [name for entry in entries for name in (entry.name, *entry.others)]
    assert sorted(names) == sorted(name for name, _ in sample_index.engine.values(sort))
    counts = [entry.count for entry in entries]
    assert counts == sorted(counts, reverse=True)
    letters = alphabetical(entries)
    assert [letter for letter, _ in letters] == sorted(letter for letter, _ in letters)
    assert sorted(e.name for _, group in letters for e in group) == sorted(e.name for e in entries)


def test_a_directory_goes_by_readings(sample_index: Index) -> None:
    """People stand by the reading of their surname, departments by what follows their level."""
    letters = {entry.name: entry.letter for entry in sample_index.directory("person")}
    assert (letters["单成业"], letters["夏侯毅"]) == ("S", "X")
    departments = {entry.name: entry for entry in sample_index.directory("department")}
    assert departments["市发改委"].letter == "F"
    assert set(departments["市发改委"].others) == {"市发展改革委", "市发展和改革委员会", "市發改委"}
    titles = {entry.name: entry.letter for entry in sample_index.directory("instrument")}
    assert titles["云溯市2023年民生实事项目实施方案"] == "M"
    assert titles["关于加快推进基本养老服务体系建设的实施意见"] == "J"
