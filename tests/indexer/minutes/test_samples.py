"""The invented samples give the facts that were noted for them by hand."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indexer.minutes.parse import parse
from indexer.model import Document, Meeting, Record
from indexer.readers import read

CHECKOUT = Path(__file__).resolve().parents[3]
FACTS: list[dict[str, Any]] = json.loads((CHECKOUT / "tests/gold/samples.json").read_text("utf-8"))["samples"]
MEETINGS = [facts for facts in FACTS if facts["type"] == "meeting"]


@cache
def record(file: str) -> Record:
    """Parse a sample."""
    return parse(next(iter(read(CHECKOUT / "data/samples" / file))))


def meeting(facts: dict[str, Any]) -> Meeting:
    """Parse a sample that is a meeting's."""
    found = record(facts["file"])
    assert isinstance(found, Meeting)
    return found


def simple(found: Record) -> dict[str, Any]:
    """Return the plain facts of a record under the names that the notes use."""
    days = {"date": found.date, "compiled": found.dates.compiled, "printed": found.dates.printed}
    said = {key: day and day.isoformat() for key, day in (days | {"published": found.dates.published}).items()}
    said |= {key: getattr(found, key) for key in ("title", "body", "source", "disclosure")}
    said["compiled_text"] = found.dates.compiled_text
    if isinstance(found, Document):
        return said | {"type": "document", "genre": found.genre}
    chair = found.chair
    return said | {
        "type": "meeting",
        "kind": found.kind,
        "term": found.term,
        "number": found.number,
        "chair": chair and chair.name,
        "chair_office": chair and chair.office,
        "items": len(found.items),
        "agenda": len(found.agenda),
        "short_names": {short: full for item in found.items for short, full in item.short_names},
    }


@pytest.mark.parametrize("facts", FACTS, ids=lambda f: f["file"])
def test_plain_facts(facts: dict[str, Any]) -> None:
    """Heading, tail and counts are as noted."""
    said = simple(record(facts["file"]))
    noted = {key: value for key, value in facts.items() if key in said and value != "-"}
    assert {key: said[key] for key in noted} == noted


@pytest.mark.parametrize("facts", FACTS, ids=lambda f: f["file"])
def test_document_numbers(facts: dict[str, Any]) -> None:
    """Each part of a document number is as noted, and none is found where none was."""
    number = record(facts["file"]).doc_number
    noted = facts["doc_number"]
    assert (number is None) == (noted is None)
    assert all(getattr(number, key) == value for key, value in (noted or {}).items())


@pytest.mark.parametrize("facts", MEETINGS, ids=lambda f: f["file"])
def test_decisions(facts: dict[str, Any]) -> None:
    """Verdicts and lead departments are as noted, item by item."""
    items = meeting(facts).items
    verdicts = [[d.verdict for r in item.resolutions for d in r.verdicts] for item in items]
    noted = facts.get("verdicts", [])
    assert [found if said != "-" else said for found, said in zip(verdicts, noted, strict=bool(noted))] == noted
    leads = [next((r.lead_department for r in item.resolutions if r.lead_department), None) for item in items]
    noted = facts.get("leads", [])
    assert [found if said != "-" else said for found, said in zip(leads, noted, strict=bool(noted))] == noted


@pytest.mark.parametrize("facts", [f for f in MEETINGS if "attendance" in f], ids=lambda f: f["file"])
def test_attendance(facts: dict[str, Any]) -> None:
    """The roll names as many in each role as noted; who is invited in the sentence alone is told besides."""
    counted = Counter(entry.role for entry in meeting(facts).attendance)
    if "邀请" not in facts["attendance"]:
        counted.pop("邀请", None)
    assert dict(counted) == facts["attendance"]


@pytest.mark.parametrize("facts", FACTS, ids=lambda f: f["file"])
def test_paragraphs(facts: dict[str, Any]) -> None:
    """Broken words are mended, chrome is in no paragraph, damage is in a notice."""
    found = record(facts["file"])
    texts = [p.text for p in found.paragraphs]
    if isinstance(found, Meeting):
        texts += [p.text for item in found.items for r in item.resolutions for p in r.paragraphs]
    assert all(any(part in text for text in texts) for part in facts.get("mended", ()))
    assert not any(part in text for text in texts for part in facts.get("chrome", ()))
    assert all(any(part in notice for notice in found.notices) for part in facts.get("damaged", ()))
    anchors = [p.anchor for p in found.paragraphs]
    assert sum(a.endswith("条") for a in anchors) == facts.get("articles", 0)
    assert sum(a.endswith("章") for a in anchors) == facts.get("chapters", 0)


@pytest.mark.parametrize("facts", [f for f in FACTS if "same_as" in f], ids=lambda f: f["file"])
def test_two_files_of_one_meeting_have_one_id(facts: dict[str, Any]) -> None:
    """A page and a file of the same minutes are one meeting."""
    assert record(facts["file"]).id == record(facts["same_as"]).id
