"""What is held and lacking is told as the records have it: series, listed items, further matters."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from made import meeting

from indexer.build import build
from indexer.cli import cli
from indexer.coverage import NO_BODY, other_matters, series
from indexer.engines.choose import open_engine
from indexer.gaps import Gap
from indexer.model import Meeting, Paragraph
from indexer.report import RecordHead
from indexer.search import Index, open_index
from search_web import create_app


def head(
    number: int | None, day: str | None, body: str | None = "云川市人民政府", kind: str = "常务会议"
) -> RecordHead:
    held = date.fromisoformat(day) if day else None
    return RecordHead(f"{body}-{kind}-{number}-{day}", "meeting", None, body, kind, number, held)


def test_series_are_kept_apart() -> None:
    """Bodies and kinds count for themselves; the largest series comes first."""
    heads = [
        head(1, "2023-01-01"),
        head(3, "2023-02-01"),
        head(2, "2023-01-15", kind="专题会议"),
        head(7, None, body=None),
    ]
    rows = series(heads)
    assert [(row.body, row.kind, row.count, row.gaps) for row in rows] == [
        ("云川市人民政府", "常务会议", 2, (Gap(2, 2),)),
        ("云川市人民政府", "专题会议", 1, ()),
        (NO_BODY, "常务会议", 1, None),
    ]
    assert (rows[0].first, rows[0].last) == (date(2023, 1, 1), date(2023, 2, 1))
    assert rows[2].first is None


def test_both_ways_of_writing_a_body_are_one_series() -> None:
    """A body written in traditional characters once is in the series of the name used most."""
    heads = [head(1, "2023-01-01"), head(2, "2023-02-01", "雲川市人民政府", "常務會議"), head(3, "2023-03-01")]
    assert [(row.body, row.count, row.gaps) for row in series(heads)] == [("云川市人民政府", 3, ())]


def test_gaps_of_a_series_follow_their_numbers() -> None:
    """An undated meeting between two gaps puts them in no other order."""
    heads = [head(1, "2023-01-01"), head(3, None), head(6, "2023-02-01"), head(1, "2024-01-01"), head(4, "2024-02-01")]
    assert series(heads)[0].gaps == (Gap(2, 2), Gap(4, 5), Gap(2, 3))


def test_a_coverage_tells_what_a_walk_over_all_meetings_tells(sample_index: Index) -> None:
    """Meetings that list items are compared, those that differ are told with both numbers, newest first."""
    found = sample_index.coverage()
    meetings = [sample_index.record(head.id) for head in sample_index.meetings()]
    told = [m for m in meetings if isinstance(m, Meeting)]
    assert found.compared == sum(m.complete is not None for m in told) > 10
    assert found.mismatches is not None
    assert [(m.head.id, m.listed, m.found) for m in found.mismatches] == [
        (m.id, len(m.agenda), len(m.items)) for m in told if m.complete is False
    ]
    assert found.series == series(sample_index.heads())


def test_a_differing_agenda_is_told_with_both_numbers(tmp_path: Path) -> None:
    """A meeting that lists two items and has one is named, by the command, the overview and its own page."""
    engine = open_engine(tmp_path / "index", create=True)
    short = meeting(2, date(2024, 2, 1), agenda=("甲", "乙"), complete=False)
    with engine.writing() as writing:
        for record in (meeting(1, date(2024, 1, 1)), short, meeting(3, date(2024, 3, 1), complete=None)):
            writing.put(record, ())
        writing.commit()
    found = Index(engine).coverage()
    assert found.compared == 2
    assert [(m.head.id, m.listed, m.found) for m in found.mismatches or ()] == [(short.id, 2, 1)]
    told = CliRunner().invoke(cli, ["stats", "--index", str(tmp_path / "index")]).stdout
    assert f"{short.id} 列出 2 项，正文 1 项" in told
    page = create_app(Index(engine)).test_client()
    assert "对不上" in page.get("/about").text
    assert "开头列出 2 项议题，正文识别出 1 项" in page.get(f"/meetings/{short.id}").text


def test_further_matters_are_found_where_minutes_tell_of_them(sample_index: Index) -> None:
    """The samples whose text tells of further matters are all listed, and no other."""
    found = sample_index.coverage().further
    assert found is not None
    hits = sample_index.hits("其他事项")
    assert {head.id for head in found} == {hit.passage.head.id for hit in hits if hit.passage.head.type == "meeting"}


def test_heads_alone_tell_of_numbers_alone(sample_index: Index) -> None:
    """Without reading records nothing is said of their items."""
    found = sample_index.coverage(read=False)
    assert found.series
    assert (found.compared, found.mismatches, found.further) == (None, None, None)


def test_what_was_read_is_kept_until_the_index_changes(tmp_path: Path, write_minutes: Callable[..., Path]) -> None:
    """The records of one state of an index are read once; a change is seen."""
    build([write_minutes(1)], tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        first = index.coverage()
        assert index.coverage() is first
        build([write_minutes(3)], tmp_path / "index")
        assert [(row.count, row.gaps) for row in index.coverage().series] == [(2, (Gap(2, 2),))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("会议还研究了其他事项。", True),
        ("會議還研究了其它事項。", True),
        ("八、研究其他事项", True),
        ("会议还听取了其他有关工作。", True),
        ("会议还通报、讨论了有关部门提交的其他议题。", True),
        ("会议研究了土地事项。", False),
        ("其他事项按程序办理。", False),
        ("研究决定，其他事项另行报批。", False),
        ("研究" * 5000 + "其他" * 5000, False),
    ],
)
def test_other_matters(text: str, told: bool) -> None:
    """Only that a meeting considered further matters counts, wherever in the minutes it stands."""
    paragraph = Paragraph("p9", text, (900, 900 + len(text)))
    found = other_matters(meeting(1, date(2024, 1, 1), paragraphs=(paragraph,)))
    assert found == (paragraph if told else None)


def test_stats_tell_what_is_missing(tmp_path: Path, write_minutes: Callable[..., Path]) -> None:
    """`gongwen stats` names missing numbers, differing agendas and further matters, as text and as JSON."""
    for number in (1, 2, 5):
        write_minutes(number, extra="会议还研究了其他事项。" if number == 5 else "")
    build([tmp_path / "in"], tmp_path / "index")
    command = ["stats", "--index", str(tmp_path / "index")]
    text = CliRunner().invoke(cli, command).stdout
    assert "缺第 3—4 次" in text
    assert "还研究了其他事项" in text
    told = json.loads(CliRunner().invoke(cli, [*command, "--json"]).stdout)["coverage"]
    (row,) = told["series"]
    assert (row["body"], row["count"], row["missing"]) == ("云州市人民政府", 3, [[3, 4]])
    assert (row["first"], row["last"]) == ("2023-01-13", "2023-02-10")
    assert (told["compared"], told["mismatches"]) == (3, [])
    assert len(told["further"]) == 1
