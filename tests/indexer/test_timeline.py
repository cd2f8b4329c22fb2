"""A timeline counts the exact hits of a query by month or year, beside the meetings held."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from indexer.errors import BadParameter
from indexer.search import Index


@pytest.mark.parametrize("by", ["month", "year"])
@pytest.mark.parametrize("query", ["养老", "市财政局", "老旧小区 改造", "优化营商环境 -清单"])
def test_every_period_counts_what_a_search_of_its_days_finds(sample_index: Index, query: str, by: str) -> None:
    """The mentions of a period are the exact hits of a search from its first to its last day."""
    found = sample_index.timeline(query, by=by)  # type: ignore[arg-type]  # one of By
    assert found.mentions == sample_index.search(query, match="exact", limit=0).total.exact > 0
    for period in found.periods:
        searched = sample_index.search(query, match="exact", limit=0, first=period.first, last=period.last)
        assert period.mentions == searched.total.exact, period.name
        assert period.in_meetings <= period.mentions
    assert sum(period.mentions for period in found.periods) == found.mentions - found.undated


def test_periods_run_without_gaps(sample_index: Index) -> None:
    """Months follow each other from the first record held to the last, those without mention or meeting included."""
    periods = sample_index.timeline("养老").periods
    days = [head.date for head in sample_index.heads() if head.date]
    assert (periods[0].name, periods[-1].name) == (f"{min(days):%Y-%m}", f"{max(days):%Y-%m}")
    assert all((after.first - before.last).days == 1 for before, after in pairwise(periods))
    assert any(not period.meetings for period in periods)


def test_meetings_are_counted_whether_they_mention_or_not(sample_index: Index) -> None:
    """The meetings of all periods are the dated meetings held; what mentions none is 0 for each of them."""
    dated = [head for head in sample_index.meetings() if head.date]
    for query in ("养老", "无人提及之事"):
        periods = sample_index.timeline(query, by="year").periods
        assert sum(period.meetings for period in periods) == len(dated)
    assert all(period.per_meeting == 0 for period in periods if period.meetings)


def test_mentions_of_documents_are_not_shared_out_to_meetings(sample_index: Index) -> None:
    """A document's passages are mentions, but not of a meeting; a period without meetings has no rate."""
    june = next(p for p in sample_index.timeline("养老").periods if p.name == "2024-06")
    assert june.mentions > june.in_meetings
    assert june.per_meeting == june.in_meetings / june.meetings
    april = next(p for p in sample_index.timeline("养老").periods if p.name == "2024-04")
    assert (april.meetings, april.per_meeting) == (0, None)


def test_undated_mentions_are_told_apart(sample_index: Index) -> None:
    """What has no date is in no period, and counted."""
    found = sample_index.timeline("安全生产治本攻坚")
    assert found.undated > 0
    assert found.mentions == found.undated + sum(period.mentions for period in found.periods)


def test_filters_narrow_mentions_and_meetings(sample_index: Index) -> None:
    """Body, kind and days narrow both counts; days set the first and last period."""
    found = sample_index.timeline(
        "", by="month", body="临沚县人民政府", first=date(2024, 1, 1), last=date(2025, 12, 31)
    )
    assert [p.name for p in found.periods if p.meetings] == ["2024-08", "2025-08"]
    assert (found.periods[0].name, found.periods[-1].name) == ("2024-08", "2025-08")
    by_year = sample_index.timeline("", by="year", year="2023", kind="常务会议").periods
    assert [period.name for period in by_year] == ["2023"]


def test_nothing_dated_gives_no_periods(sample_index: Index) -> None:
    """Where the filters let nothing through there is nothing to draw."""
    assert sample_index.timeline("养老", body="无此机关").periods == ()


def test_unknown_unit_is_refused(sample_index: Index) -> None:
    """Only month and year are taken."""
    with pytest.raises(BadParameter, match="month、year"):
        sample_index.timeline("养老", by="week")  # type: ignore[arg-type]  # that is the point
