"""Citations say what the record says, in four styles that other programs read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from indexer.citations import STYLES, Citation, anchors, cite, written
from indexer.errors import BadParameter, NotFound
from indexer.minutes.parse import parse
from indexer.model import Dates, DocNumber, Document, Meeting, Record
from indexer.readers import read_bytes
from indexer.search import Index

SITE = "https://gongwen.example.cn"
DAY = date(2026, 11, 22)
TEXT = """云川市人民政府第12次常务会议纪要

云府常会纪〔2023〕12号

2023年5月18日上午，林致远市长主持召开市政府第12次常务会议，听取关于{50% & #1}教育_规划情况的汇报。现纪要如下：

一、听取关于{50% & #1}教育_规划情况的汇报
（一）原则同意《云川市教育规划》，由市教育局修改完善后印发实施。
（二）会议要求，市教育局牵头，各区政府配合。

出席：林致远  周明

（此件公开发布）
"""


@pytest.fixture(scope="module")
def record() -> Meeting:
    """The minutes above."""
    found = parse(next(iter(read_bytes("12.txt", TEXT.encode()))))
    assert isinstance(found, Meeting)
    return found


def bare(record: Meeting) -> Meeting:
    """The same meeting with nothing that a citation could name."""
    empty = {"title": None, "body": None, "kind": None, "number": None, "date": None, "doc_number": None}
    return replace(record, **empty, dates=Dates())  # type: ignore[arg-type]  # all of them may be None


def test_gbt7714_names_what_the_record_names(record: Meeting) -> None:
    """The Chinese standard's form holds body, title, number, item, resolution, day, day of access and permalink."""
    assert written(cite(record, "1.2", base_url=SITE + "/", accessed=DAY), "gbt7714") == (
        "云川市人民政府. 云川市人民政府第12次常务会议纪要: 云府常会纪〔2023〕12号: "
        "议题1“听取关于{50% & #1}教育_规划情况的汇报”第2条[EB/OL]. "
        f"(2023-05-18)[2026-11-22]. {SITE}/meetings/{record.id}#1.2."
    )


def test_bibtex_is_parsed_back(record: Meeting) -> None:
    """A kept parser reads the entry; what TeX would take for commands is written out."""
    library = bibtexparser.parse_string(written(cite(record, "1.2p1", base_url=SITE, accessed=DAY), "bibtex"))
    assert not library.failed_blocks
    fields = {field.key: field.value for field in library.entries[0].fields}
    assert fields == {
        "author": "{云川市人民政府}",
        "title": "{云川市人民政府第12次常务会议纪要}",
        "number": "云府常会纪〔2023〕12号",
        "note": r"议题1“听取关于\textbraceleft 50\% \& \#1\textbraceright 教育\_规划情况的汇报”第2条第1段",
        "date": "2023-05-18",
        "year": "2023",
        "month": "may",
        "url": f"{SITE}/meetings/{record.id}#1.2p1",
        "urldate": "2026-11-22",
    }


def test_ris_is_parsed_back(record: Meeting) -> None:
    """A kept parser reads the reference."""
    (entry,) = rispy.loads(written(cite(record, "1.1", base_url=SITE, accessed=DAY), "ris") + "\r\n")
    assert (entry["type_of_reference"], entry["authors"]) == ("GOVDOC", ["云川市人民政府"])
    assert (entry["title"], entry["number"]) == ("云川市人民政府第12次常务会议纪要", "云府常会纪〔2023〕12号")
    assert (entry["year"], entry["date"], entry["access_date"]) == ("2023", "2023/05/18", "2026/11/22")
    assert entry["section"].endswith("第1条")
    assert entry["urls"] == [f"{SITE}/meetings/{record.id}#1.1"]


def test_csl_has_the_fields_of_its_standard(record: Meeting) -> None:
    """CSL-JSON is a list of one item whose members are variables of CSL, with days as date-parts."""
    (item,) = json.loads(written(cite(record, "attendance", base_url=SITE, accessed=DAY), "csl"))
    assert item == {
        "id": f"{record.id}#attendance",
        "type": "document",
        "title": "云川市人民政府第12次常务会议纪要",
        "author": [{"literal": "云川市人民政府"}],
        "number": "云府常会纪〔2023〕12号",
        "section": "出席名单",
        "issued": {"date-parts": [[2023, 5, 18]]},
        "accessed": {"date-parts": [[2026, 11, 22]]},
        "URL": f"{SITE}/meetings/{record.id}#attendance",
    }


def test_nothing_is_invented(record: Meeting) -> None:
    """What the record does not give is in no style, and no base URL makes the permalink a path."""
    citation = cite(bare(record), "p1")
    assert (citation.title, citation.author, citation.number, citation.day) == (None, None, None, None)
    assert written(citation, "gbt7714") == f"无题名: 正文第1段[EB/OL]. /meetings/{record.id}#p1."
    assert set(json.loads(written(citation, "csl"))[0]) == {"id", "type", "section", "URL"}
    assert [line[:2] for line in written(citation, "ris").splitlines()] == ["TY", "ID", "SE", "UR", "ER"]
    assert "author" not in written(citation, "bibtex")


TITLES = [
    ({"title": "云川市人民政府常务会议纪要"}, "云川市人民政府常务会议纪要（第12次）"),
    ({"title": "第十二次常务会议纪要"}, "第十二次常务会议纪要"),
    ({"title": "常务会议纪要", "number": None}, "常务会议纪要"),
    ({"title": None}, "云川市人民政府第12次常务会议"),
    ({"title": " ", "number": None, "kind": None}, None),
]


@pytest.mark.parametrize(("given_", "title"), TITLES)
def test_title_has_the_number_of_the_meeting(record: Meeting, given_: dict[str, object], title: str | None) -> None:
    """A title without the meeting's number is told with it; without a title the meeting is named by its parts."""
    assert cite(replace(record, **given_)).title == title  # type: ignore[arg-type]


def test_damaged_number_stays_as_it_is(record: Meeting) -> None:
    """A document number without its serial is cited as it stands."""
    damaged = replace(record, doc_number=DocNumber("〔2024〕号", None, 2024, None))
    assert cite(damaged).number == "〔2024〕号"


def test_every_passage_can_be_cited(sample_index: Index) -> None:
    """All passages of the samples, documents' too, have a place, and a permalink that is their own."""
    records: list[Record] = [sample_index.record(head.id) for head in sample_index.heads()]
    assert any(isinstance(record, Document) for record in records)
    for record in records:
        kind = "meetings" if isinstance(record, Meeting) else "documents"
        for anchor, place in anchors(record).items():
            citation = cite(record, anchor)
            assert (citation.place, citation.url) == (place, f"/{kind}/{record.id}#{anchor}")
            assert sample_index.passage(citation.id).id if "p" in anchor else place


def test_unknown_anchor_and_bad_base_are_refused(record: Meeting) -> None:
    """An anchor that is not there is told with the record's id; a base URL is one of HTTP."""
    with pytest.raises(NotFound) as missing:
        cite(record, "9.9")
    assert missing.value.near == (record.id,)
    with pytest.raises(BadParameter):
        cite(record, base_url="javascript:alert(1)")


@given(text=st.text(max_size=60))
def test_any_text_leaves_every_style_readable(text: str) -> None:
    """Whatever a title, body or place holds, the parsers find one entry, and CSL one item."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split()) or None
    citation = Citation("x#1", flat, flat, flat, DAY, flat or "", "/meetings/x#1", None)
    library = bibtexparser.parse_string(written(citation, "bibtex"))
    assert (len(library.entries), len(library.failed_blocks)) == (1, 0)
    assert len(rispy.loads(written(citation, "ris") + "\r\n")) == 1
    assert len(json.loads(written(citation, "csl"))) == 1
    assert "\n" not in written(citation, "gbt7714")
    assert all(written(citation, style) for style in STYLES)
