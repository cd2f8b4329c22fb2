"""The ledger holds one row for each resolution that is asked for, as it stands in its meeting."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from indexer.cli import cli
from indexer.errors import BadParameter
from indexer.export import FORMATS, HIT_COLUMNS, export, write_whole
from indexer.ledger import COLUMNS, LedgerRow
from indexer.model import Meeting
from indexer.search import Index

Rows = list[dict[str, str]]


def table(text: str) -> Rows:
    """The rows of a CSV file that begins with a byte order mark, by column."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def joined(parts: Iterable[bytes]) -> str:
    return b"".join(parts).decode("utf-8")


def cells(row: LedgerRow) -> dict[str, object]:
    return dict(zip(COLUMNS, row.cells("https://a.cn"), strict=True))


def test_everything_is_every_resolution_once(sample_index: Index) -> None:
    """Without a query the ledger is every resolution of every meeting, newest meeting first, in order."""
    expected = []
    for head in sample_index.meetings():
        meeting = sample_index.record(head.id)
        assert isinstance(meeting, Meeting)
        expected += [f"{head.id}#{r.anchor}" for item in meeting.items for r in item.resolutions]
    found = [row.id for row in sample_index.ledger()]
    assert found == expected
    assert len(found) > 200


def test_a_query_gives_the_resolutions_that_it_hits(sample_index: Index) -> None:
    """A row is there for each resolution with a hit, and for all of an item whose heading has one; no other."""
    query = "养老"
    ids = {row.id for row in sample_index.ledger(query)}
    hits = list(sample_index.hits(query))
    headed = {(hit.passage.head.id, hit.passage.item_number) for hit in hits if hit.passage.section == "heading"}
    wanted = set()
    for row in sample_index.ledger():
        if query in row.resolution.text or (row.head.id, row.item.number) in headed:
            wanted.add(row.id)
    assert headed
    assert ids == wanted


def test_a_row_says_who_does_what(sample_index: Index) -> None:
    """The cells of a row are the values of the resolution, verbatim."""
    row = next(row for row in sample_index.ledger("养老服务机构预收费") if row.resolution.anchor == "3.1")
    told = cells(row)
    assert told["日期"] == "2025-10-23"
    assert told["会议"] == "云溯市人民政府常务会议纪要（第 61 次）"
    assert told["议题文件"] == "《云溯市养老服务机构预收费监督管理办法》"
    assert (told["结论"], told["牵头单位"]) == ("通过", "市民政局")
    assert told["配合单位"] == "市委金融办、市市场监管局"
    assert told["下一步程序"] == "按程序印发实施"
    assert str(told["议定事项原文"]).startswith("（一）审议通过《云溯市养老服务机构预收费监督管理办法》")
    assert told["链接"] == f"https://a.cn/meetings/{row.head.id}#3.1"


def test_who_reports_does_not_support(sample_index: Index) -> None:
    """The unit that brought a matter before the meeting is not among those that support the lead."""
    rows = [
        row for row in sample_index.ledger() if row.resolution.reporter not in (None, row.resolution.lead_department)
    ]
    assert rows
    for row in rows:
        assert row.resolution.reporter not in str(cells(row)["配合单位"]).split("、")


@pytest.mark.parametrize(
    "filters",
    [
        {"department": "市民政局"},
        {"verdict": ("暂缓", "不同意")},
        {"body": "临沚县人民政府"},
        {"first": date(2025, 1, 1), "last": date(2025, 6, 30)},
        {"instrument": "云溯市城镇老旧小区改造管理办法（草案）"},
    ],
)
def test_filters_choose_rows(sample_index: Index, filters: dict[str, object]) -> None:
    """Every row of a filtered ledger has what was asked for, and some are there."""
    rows = list(sample_index.ledger(**filters))  # type: ignore[arg-type]  # as Index.ledger takes them
    assert rows
    for row in rows:
        r = row.resolution
        if "department" in filters:
            assert filters["department"] in (r.lead_department, r.reporter, *r.departments)
        if "verdict" in filters:
            assert {d.verdict for d in r.verdicts} & {"暂缓", "不同意"}
        if "body" in filters:
            assert row.head.body == filters["body"]
        if "first" in filters:
            assert row.head.date
            assert date(2025, 1, 1) <= row.head.date <= date(2025, 6, 30)
        if "instrument" in filters:
            assert filters["instrument"] in row.item.instruments


def test_hits_are_all_exact_hits(sample_index: Index) -> None:
    """Every exact hit comes, newest first, with its marks; as many as a search counts."""
    hits = list(sample_index.hits("市财政局"))
    assert len(hits) == sample_index.search("市财政局", match="exact", limit=0).total.exact > 50
    days = [hit.passage.head.date or date.min for hit in hits]
    assert days == sorted(days, reverse=True)
    assert all(hit.marks and hit.tier == "exact" for hit in hits)


def test_a_ledger_file_holds_the_rows(sample_index: Index) -> None:
    """The file is the heading and one line a row; nothing in it runs in a spreadsheet."""
    rows = table(joined(export(sample_index, "养老", "ledger", site="https://a.cn")))
    assert [row["编号"] for row in rows] == [row.id for row in sample_index.ledger("养老")]
    assert list(rows[0])[:-1] == list(COLUMNS)
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@", "\t"))]


def test_a_workbook_holds_the_same_rows(sample_index: Index) -> None:
    """The ledger as a workbook has the heading and rows of its CSV, headed and filtered, without formulas."""
    data = b"".join(export(sample_index, "养老", "xlsx", site="https://a.cn"))
    sheet, about = load_workbook(io.BytesIO(data)).worksheets
    assert about.title == "说明"
    told = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    rows = [list(row.cells("https://a.cn")) for row in sample_index.ledger("养老")]
    assert told == [list(COLUMNS), *([cell or "" for cell in row] for row in rows)]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:N{len(rows) + 1}")


def test_files_of_hits_hold_every_hit(sample_index: Index) -> None:
    """A table and a list of JSON lines hold the same passages in the same order."""
    hits = [hit.id for hit in sample_index.hits("市财政局", body="云溯市人民政府")]
    rows = table(joined(export(sample_index, "市财政局", "csv", body="云溯市人民政府")))
    _, *lines = [
        json.loads(line)
        for line in export(sample_index, "市财政局", "jsonl", body="云溯市人民政府", site="https://a.cn")
    ]
    assert [row["编号"] for row in rows] == [line["id"] for line in lines] == hits
    assert list(rows[0])[:-1] == list(HIT_COLUMNS)
    assert [row["原文"] for row in rows] == [line["text"] for line in lines]
    assert all(line["url"].startswith("https://a.cn/meetings/") and line["marks"] for line in lines)
    assert not {"score", "snippet"} & set(lines[0])


def test_a_query_without_hits_gives_the_heading_alone(sample_index: Index) -> None:
    """A table of nothing says what it would hold; a list of nothing has the line about itself."""
    assert [len(list(export(sample_index, "无人提及之事", form))) for form in FORMATS] == [1] * len(FORMATS)


def test_an_unknown_filter_is_refused(sample_index: Index) -> None:
    """A filter that is not known is named."""
    with pytest.raises(BadParameter, match="colour"):
        export(sample_index, "养老", "ledger", colour="red")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """A file that could not be finished leaves what stood there before."""
    path = tmp_path / "台账.csv"
    write_whole(path, ["一\n".encode(), "二\n".encode()])
    assert path.read_text(encoding="utf-8") == "一\n二\n"

    def breaking() -> object:
        yield "三\n".encode()
        raise ValueError("disk")

    with pytest.raises(ValueError, match="disk"):
        write_whole(path, breaking())  # type: ignore[arg-type]  # a generator of parts
    assert path.read_text(encoding="utf-8") == "一\n二\n"
    assert [one.name for one in tmp_path.iterdir()] == ["台账.csv"]


def test_the_command_writes_what_a_query_finds(built: Path, tmp_path: Path) -> None:
    """`gongwen export` writes to standard output or to a file, a ledger unless told otherwise, all without a query."""
    run = CliRunner().invoke
    result = run(cli, ["export", "教育事业", "--index", str(built), "--site", "https://a.cn/"])
    assert (result.exit_code, result.stderr) == (0, "")
    rows = table(result.stdout_bytes.decode("utf-8"))
    assert rows
    assert all("教育事业" in row["议题"] + row["议定事项原文"] for row in rows)
    assert rows[0]["链接"].startswith("https://a.cn/meetings/")
    path = tmp_path / "out.csv"
    assert run(cli, ["export", "--index", str(built), "--output", str(path)]).exit_code == 0
    assert len(table(path.read_text(encoding="utf-8"))) == 12 * 3 * 2
    lines = run(cli, ["export", "教育", "事业", "--format", "jsonl", "--year", "2023", "--index", str(built)]).stdout
    about, *hits = map(json.loads, lines.splitlines())
    assert about["export"]["filters"] == {"year": ["2023"]}
    assert {hit["meeting"]["date"][:4] for hit in hits} == {"2023"}
    refused = run(cli, ["export", "x", "--index", str(built), "--output", str(tmp_path / "no" / "x.csv")])
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
