"""Minutes of real bodies give the facts that people read in them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from facts import Tally, read_facts, seen, told

from indexer.minutes.parse import parse
from indexer.model import Meeting
from indexer.readers import read

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = CHECKOUT / "../shared"
OWN_FACTS = sorted((CHECKOUT / "tests/gold").glob("meeting_*.json"))
SHARED_FACTS = sorted((SHARED / "gold").glob("*.json"))
EXCERPTS = sorted((CHECKOUT / "tests/gold").glob("excerpt_*.json"))
PRECISION, RECALL = 0.97, 0.95

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED_FACTS, reason="the material beside the checkout is absent"),
]


@cache
def meeting(file: str) -> Meeting:
    """Parse one of the real minutes."""
    record = parse(next(iter(read(SHARED / "minutes" / file))))
    assert isinstance(record, Meeting)
    return record


def facts(path: Path) -> dict[str, Any]:
    """Read hand-checked facts."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def printed(tally: Tally, capsys: pytest.CaptureFixture[str]) -> None:
    """Print precision and recall of every field, so that a run shows them."""
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *tally.table(), ""]))


@pytest.mark.parametrize("path", SHARED_FACTS, ids=lambda p: p.stem[:3])
def test_heading_and_tail_of_the_first_samples(path: Path) -> None:
    """Everything that the gold says of the meeting as a whole is met."""
    gold = facts(path)
    m = meeting(gold["file"])
    assert gold.get("title_contains", "") in (m.title or "")
    assert m.title == gold.get("title", m.title)
    said = (m.body, m.kind, m.number, m.date and m.date.isoformat(), m.chair and m.chair.name, m.disclosure)
    assert said == tuple(gold[key] for key in ("body", "kind", "number", "date", "chair", "disclosure"))
    assert m.doc_number is not None
    for key, value in gold["doc_number"].items():
        assert getattr(m.doc_number, key) == value
    for key, value in gold["dates"].items():
        found = getattr(m.dates, key)
        assert (found.isoformat() if hasattr(found, "isoformat") else found) == value
    assert m.source == gold.get("source", m.source)
    assert len(m.agenda) == gold["agenda_listed"]
    assert m.complete is True


@pytest.mark.parametrize("path", SHARED_FACTS, ids=lambda p: p.stem[:3])
def test_items_of_the_first_samples(path: Path) -> None:
    """Every item, resolution, verdict, lead department and next step of the gold is met, and there are no others."""
    gold = facts(path)
    m = meeting(gold["file"])
    assert [(i.number, i.action, i.title, list(i.instruments), dict(i.short_names)) for i in m.items] == [
        (i["number"], i["action"], i["title"], i["instruments"], i.get("short_names", {})) for i in gold["items"]
    ]
    found = [
        (i.number, r.number, [d.verdict for d in r.verdicts], r.lead_department, *step(r.next_step))
        for i in m.items
        for r in i.resolutions
    ]
    assert found == [
        (i["number"], n, r["verdicts"], r["lead_department"], r["next_step"], r["next_body"])
        for i in gold["items"]
        for n, r in enumerate(i["resolutions"], 1)
    ]


@pytest.mark.parametrize("path", SHARED_FACTS, ids=lambda p: p.stem[:3])
def test_attendance_of_the_first_samples(path: Path) -> None:
    """Every person of the roll is read with role, name and unit."""
    gold = facts(path)
    named = Counter((a.role, a.unit, a.name) for a in meeting(gold["file"]).attendance if a.name)
    assert named == Counter((a["role"], a["unit"], a["name"]) for a in gold["attendance"])


def step(found: Any) -> tuple[str | None, str | None]:
    """Return wording and body of a next step."""
    return (found.text, found.body) if found else (None, None)


def test_facts_of_the_other_minutes_field_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    """Over six minutes of six bodies, precision and recall of every field stay above the marks."""
    tally = Tally()
    for path in OWN_FACTS:
        gold = facts(path)
        people = path.with_name(path.name.replace("meeting_", "attendance_"))
        gold["attendance"] = facts(people)["roles"] if people.exists() else []
        tally.add(path.stem, told(gold), seen(meeting(gold["file"]), gold))
    assert len(OWN_FACTS) == 6
    printed(tally, capsys)
    assert {f: tally.precision(f) for f in tally.given if tally.precision(f) < PRECISION} == {}, tally.wrong
    assert {f: tally.recall(f) for f in tally.wanted if tally.recall(f) < RECALL} == {}, tally.wrong


def test_facts_of_the_excerpts_field_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    """Over nineteen excerpts of nineteen other bodies, precision and recall of every field stay above the marks."""
    tally = Tally()
    for path in EXCERPTS:
        gold = read_facts(path)
        record = parse(next(iter(read(SHARED / "minutes-excerpts" / gold["file"]))))
        tally.add(path.stem, told(gold), seen(record, gold) if isinstance(record, Meeting) else set())
    assert len(EXCERPTS) == 19
    printed(tally, capsys)
    assert {f: tally.precision(f) for f in tally.given if tally.precision(f) < PRECISION} == {}, tally.wrong
    assert {f: tally.recall(f) for f in tally.wanted if tally.recall(f) < RECALL} == {}, tally.wrong
