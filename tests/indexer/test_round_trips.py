"""Files that go out are read back by other programs' libraries, and hold the answer and what they say of themselves."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from indexer.answer import Hit
from indexer.export import FORMATS, Format, export
from indexer.readers import read_bytes
from indexer.report import name_of
from indexer.search import Index

SITE = "https://gongwen.example.cn"
ASKED = [
    ("养老", {}),
    ('"原则同意" 市财政局', {"level": "resolution"}),
    ("营商环境 | 职业教育", {"body": ("云溯市人民政府",), "first": date(2020, 1, 1)}),
    ("", {"verdict": ("暂缓",)}),
]


def data(index: Index, query: str, form: Format, **asked: object) -> bytes:
    """A file as it goes out."""
    return b"".join(export(index, query, form, site=SITE, **asked))  # type: ignore[arg-type]  # as ASKED has them


def told(hit: Hit) -> tuple[str, ...]:
    """What a table tells of a hit."""
    p = hit.passage
    day = p.head.date.isoformat() if p.head.date else ""
    place = (day, p.head.body or "", name_of(p.head), p.item_title or "")
    return (*place, "、".join(p.verdicts), p.lead_department or "", p.next_step or "", hit.text, hit.id, SITE + hit.url)


def opened(cells: Iterable[str]) -> list[str]:
    """Cells without the apostrophe that keeps formulas from running."""
    return [re.sub(r"^'(?=[ \n]*[=+\-@\t\r＝＋－＠])", "", cell) for cell in cells]


@pytest.mark.parametrize(("query", "asked"), ASKED)
def test_csv_comes_back(sample_index: Index, query: str, asked: dict[str, object]) -> None:
    """Every cell of the table of hits is what the hit tells."""
    hits = list(sample_index.hits(query, **asked))  # type: ignore[arg-type]
    assert hits
    heading, *rows = csv.reader(io.StringIO(data(sample_index, query, "csv", **asked).decode("utf-8-sig"), newline=""))
    assert [tuple(opened(row[:-1])) for row in rows] == [told(hit) for hit in hits]
    assert heading[-1].startswith(f"检索式：{query or '（未给出）'}；")


@pytest.mark.parametrize(("query", "asked"), ASKED)
def test_jsonl_comes_back(sample_index: Index, query: str, asked: dict[str, object]) -> None:
    """Every line but the first is a hit with its marks."""
    hits = list(sample_index.hits(query, **asked))  # type: ignore[arg-type]
    about, *lines = map(json.loads, data(sample_index, query, "jsonl", **asked).decode().splitlines())
    assert [(line["id"], line["text"], line["marks"]) for line in lines] == [
        (hit.id, hit.text, [list(mark) for mark in hit.marks]) for hit in hits
    ]
    assert about["export"]["query"] == query


@pytest.mark.parametrize(("query", "asked"), ASKED)
def test_workbook_and_ledger_come_back(sample_index: Index, query: str, asked: dict[str, object]) -> None:
    """The workbook and the table of resolutions hold the same cells, those of the rows."""
    wanted = {name: value for name, value in asked.items() if name != "level"}
    rows = [[cell or "" for cell in row.cells(SITE)] for row in sample_index.ledger(query, **wanted)]  # type: ignore[arg-type]
    assert rows
    sheet = load_workbook(io.BytesIO(data(sample_index, query, "xlsx", **wanted))).worksheets[0]
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)] == rows
    text = data(sample_index, query, "ledger", **wanted).decode("utf-8-sig")
    assert [opened(row[:-1]) for row in csv.reader(io.StringIO(text, newline=""))][1:] == rows


@pytest.mark.parametrize(("query", "asked"), ASKED)
def test_extract_comes_back(sample_index: Index, query: str, asked: dict[str, object]) -> None:
    """Word's format holds each passage under its meeting and item, with its marks in bold and a link to its page."""
    hits = list(sample_index.hits(query, **asked))  # type: ignore[arg-type]
    file = io.BytesIO(data(sample_index, query, "docx", **asked))
    paragraphs = Document(file).paragraphs
    texts = [p for p in paragraphs if p.style is not None and p.style.style_id == "Normal"]
    assert [p.text for p in texts] == [hit.text for hit in hits]
    for paragraph, hit in zip(texts, hits, strict=True):
        bold = "".join(run.text for run in paragraph.runs if run.bold)
        assert bold == "".join(hit.text[start:end] for start, end in hit.marks)
    headings = [p.text for p in paragraphs if p.style is not None and p.style.style_id == "Heading1"]
    assert [text.split("　")[0] for text in headings] == list(dict.fromkeys(name_of(h.passage.head) for h in hits))
    items = [p.text for p in paragraphs if p.style is not None and p.style.style_id == "Heading2"]
    assert set(items) == {hit.passage.item_title for hit in hits if hit.passage.item_title}
    fields = [one.get(qn("w:instr")) for one in Document(file).element.iter(qn("w:fldSimple"))]
    assert fields == [f' HYPERLINK "{SITE}{hit.url}" ' for hit in hits]


def test_our_own_reader_takes_the_extract(sample_index: Index) -> None:
    """An extract that is dropped into a folder of minutes can be read there."""
    (source,) = read_bytes("extract.docx", data(sample_index, "养老", "docx"))
    lines = [line.text for line in source.lines]
    assert {hit.text for hit in sample_index.hits("养老") if "\n" not in hit.text} <= set(lines)


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_says_what_it_is(sample_index: Index, form: Format) -> None:
    """Query, filters, time and the state of the index stand in each file."""
    found = data(sample_index, "养老", form, department=("市民政局",), last=date(2025, 12, 31))
    if form == "xlsx":
        rows = load_workbook(io.BytesIO(found)).worksheets[-1].iter_rows(values_only=True)
        text = "；".join(f"{name}：{value}" for name, value in rows)
    elif form == "docx":
        text = "；".join(p.text for p in Document(io.BytesIO(found)).paragraphs[1:8])
    elif form == "jsonl":
        about = json.loads(found.splitlines()[0])["export"]
        assert about["filters"] == {"department": ["市民政局"], "last": ["2025-12-31"]}
        assert about["generation"] == sample_index.generation()
        assert datetime.fromisoformat(about["committed"]) == sample_index.committed()
        assert datetime.fromisoformat(about["exported"]).tzinfo
        return
    else:
        text = found.decode("utf-8-sig").splitlines()[0]
    assert "检索式：养老" in text
    assert "部门：市民政局" in text
    assert "不晚于：2025-12-31" in text
    assert f"索引版本：第 {sample_index.generation()} 版" in text
    assert str(date.today()) in text


def test_texts_with_any_characters_are_kept(sample_index: Index) -> None:
    """What XML cannot hold is a sign in its place; without a site there are no links, and the id stands alone."""
    file = Document(io.BytesIO(b"".join(export(sample_index, '养\0老 <&"', "docx"))))
    assert file.paragraphs[0].text == '检索结果：养?老 <&"'
    assert not list(
        Document(io.BytesIO(b"".join(export(sample_index, "养老", "docx")))).element.iter(qn("w:fldSimple"))
    )
