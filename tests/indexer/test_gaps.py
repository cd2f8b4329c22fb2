"""A number is called missing only where it is certain that no record held has it."""

from __future__ import annotations

from datetime import date

import pytest

from indexer.gaps import Gap, gaps_before
from indexer.report import RecordHead


def head(
    number: int | None, day: str | None, body: str | None = "云川市人民政府", kind: str = "常务会议"
) -> RecordHead:
    held = date.fromisoformat(day) if day else None
    return RecordHead(f"{body}-{kind}-{number}-{day}", "meeting", None, body, kind, number, held)


GAPS = [
    ("none missing", [(1, "2023-01-01"), (2, "2023-02-01")], []),
    ("one missing", [(1, "2023-01-01"), (3, "2023-02-01")], [Gap(2, 2)]),
    ("several missing", [(1, "2023-01-01"), (5, "2023-02-01"), (7, "2023-03-01")], [Gap(2, 4), Gap(6, 6)]),
    ("a new term starts again", [(97, "2021-02-01"), (1, "2022-01-01"), (3, "2022-02-01")], [Gap(2, 2)]),
    ("every year starts again", [(1, "2021-01-01"), (2, "2021-02-01"), (2, "2022-01-01"), (3, "2022-02-01")], []),
    ("dates out of order", [(98, "2023-01-01"), (100, "2023-02-01"), (99, "2023-03-01"), (101, "2023-04-01")], []),
    ("an undated one is held", [(1, "2023-01-01"), (2, None), (3, "2023-02-01")], []),
    ("an unnumbered one says nothing", [(1, "2023-01-01"), (None, "2023-01-15"), (2, "2023-02-01")], []),
    ("one alone", [(40, "2023-01-01")], []),
    ("undated alone", [(40, None), (44, None)], []),
]  # fmt: skip


@pytest.mark.parametrize(("numbers", "expected"), [row[1:] for row in GAPS], ids=[row[0] for row in GAPS])
def test_gaps(numbers: list[tuple[int | None, str | None]], expected: list[Gap]) -> None:
    """A number is missing only between two held numbers of one run."""
    found = gaps_before(head(*pair) for pair in numbers)
    assert [gap for gaps in found.values() for gap in gaps] == expected


def test_gap_stands_before_the_meeting_that_shows_it() -> None:
    """The gap is told at the later meeting, and as a range."""
    heads = [head(1, "2023-01-01"), head(5, "2023-02-01")]
    assert gaps_before(heads) == {heads[1].id: (Gap(2, 4),)}
    assert (str(Gap(2, 4)), str(Gap(2, 2))) == ("2—4", "2")


@pytest.mark.parametrize("body", ["市政府", "人民政府", "縣人民政府", None])
def test_body_without_its_place_has_no_gaps_and_fills_others(body: str | None) -> None:
    """Meetings of 市政府 may be anybody's: nothing of them is missing, and their numbers are missing nowhere."""
    elsewhere = [head(3, "2023-03-01", body), head(9, "2023-09-01", body)]
    named = [head(1, "2023-01-01"), head(6, "2023-06-01")]
    assert gaps_before(elsewhere) == {}
    assert gaps_before(elsewhere + named) == {named[1].id: (Gap(2, 2), Gap(4, 5))}


def test_other_kinds_fill_nothing() -> None:
    """The number of a meeting of another kind says nothing of this kind."""
    heads = [head(2, "2023-03-01", "市政府", "专题会议"), head(1, "2023-01-01"), head(3, "2023-06-01")]
    assert list(gaps_before(heads).values()) == [(Gap(2, 2),)]
