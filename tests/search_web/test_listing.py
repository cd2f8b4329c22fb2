"""Lists by body and year, and the numbers missing between those held."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.gaps import Gap, gaps_before
from indexer.report import RecordHead
from search_web import listing


def head(
    number: int | None, day: str | None, body: str | None = "云川市人民政府", kind: str = "常务会议"
) -> RecordHead:
    held = date.fromisoformat(day) if day else None
    return RecordHead(f"{body}-{kind}-{number}-{day}", "meeting", None, body, kind, number, held)


def test_groups_by_body_and_year() -> None:
    """The body with most records comes first; years and days come newest first, undated last."""
    heads = [
        head(1, "2022-05-01"),
        head(2, "2023-01-01"),
        head(3, "2023-06-01"),
        head(9, None),
        head(1, "2020-01-01", "甲县"),
    ]
    groups = listing.bodies(heads, gaps_before(heads))
    assert [(group.name, group.count) for group in groups] == [("云川市人民政府", 4), ("甲县", 1)]
    assert [(year.label, [entry.head.number for entry in year.entries]) for year in groups[0].years] == [
        ("2023 年", [3, 2]),
        ("2022 年", [1]),
        ("日期不明", [9]),
    ]


def test_outline_counts_years() -> None:
    """The outline names every body with its years; an undated record counts for the body alone."""
    heads = [head(1, "2022-05-01"), head(2, "2023-01-01"), head(3, None), head(4, "2023-01-01", body=None)]
    assert listing.outline(heads) == (listing.Outline("云川市人民政府", 3, (("2023", 1), ("2022", 1))),)


@pytest.mark.parametrize(
    ("bodies", "years", "expected"),
    [((), (), [1, 2, 3]), (("甲县",), (), [2]), ((), ("2022", "2023"), [1, 2]), (("甲县",), ("2022",), [])],
)
def test_chosen(bodies: tuple[str, ...], years: tuple[str, ...], expected: list[int]) -> None:
    """Any of the bodies and any of the years; an undated record has no year."""
    heads = [head(1, "2022-05-01"), head(2, "2023-01-01", "甲县"), head(3, None)]
    assert [h.number for h in listing.chosen(heads, bodies, (), years)] == expected
    assert listing.chosen(heads, bodies, ("专题会议",), years) == []


def test_both_ways_of_writing_a_body_are_one() -> None:
    """A body written in traditional characters once is the same body, under the name used most."""
    heads = [head(1, "2023-01-01"), head(2, "2023-02-01", "雲川市人民政府", "常務會議"), head(3, "2023-03-01")]
    assert [row.name for row in listing.outline(heads)] == ["云川市人民政府"]
    assert [body.name for body in listing.bodies(heads, {})] == ["云川市人民政府"]
    assert len(listing.chosen(heads, ("云川市人民政府",), (), ())) == 3


def test_meetings_around_one() -> None:
    """Before and after stand the next meetings of the same body and kind by day, with what is missing between."""
    heads = [
        head(1, "2023-01-01"),
        head(4, "2023-03-01"),
        head(5, "2023-04-01"),
        head(2, "2023-02-01", kind="专题会议"),
        head(3, "2023-02-15", body="临沚县人民政府"),
        head(3, "2023-02-10", body="市政府"),
        head(9, None),
    ]
    assert listing.Neighbours(heads).around(heads[1].id) == (
        listing.Entry(heads[0], (Gap(2, 2),)),
        listing.Entry(heads[2], ()),
    )
    assert listing.Neighbours(heads).around(heads[0].id) == (None, listing.Entry(heads[1], (Gap(2, 2),)))
    assert listing.Neighbours(heads).around(heads[3].id) == (None, None)
    for nowhere in (heads[5].id, heads[6].id, "unknown"):
        assert listing.Neighbours(heads).around(nowhere) == (None, None)


def test_no_number_is_missing_between_days_that_numbers_do_not_follow() -> None:
    """Where a later meeting has the smaller number nothing is said of numbers between."""
    heads = [head(6, "2023-01-01"), head(4, "2023-02-01"), head(9, "2023-03-01")]
    before, after = listing.Neighbours(heads).around(heads[1].id)
    assert before == listing.Entry(heads[0], ())
    assert after == listing.Entry(heads[2], (Gap(7, 8),))


def test_an_undated_meeting_parts_the_numbers_missing() -> None:
    """What is missing on both sides of an undated number is told between the dated meetings around it."""
    heads = [head(2, "2023-01-01"), head(5, None), head(9, "2023-03-01")]
    assert listing.Neighbours(heads).around(heads[0].id) == (None, listing.Entry(heads[2], (Gap(3, 4), Gap(6, 8))))
