"""Minutes of real bodies give the facts that people read in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from facts import brief

from indexer.minutes.parse import parse
from indexer.model import Meeting
from indexer.readers import read

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = CHECKOUT / "../shared"
OWN_FACTS = sorted((CHECKOUT / "tests/gold").glob("meeting_*.json"))
SHARED_FACTS = sorted((SHARED / "gold").glob("*.json"))
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


def told(gold: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Flatten hand-checked facts to (field, place, value); what the text does not give is left out."""
    for field in ("title", "body", "kind", "term", "number", "date", "compiled", "printed"):
        yield field, "", gold[field]
    yield "chair", "", tuple(gold["chair"])
    for n, item in enumerate(gold["items"], 1):
        yield "item", str(n), brief(item["title"])
        for name in item["instruments"]:
            yield "instrument", str(n), name
        for r in item["resolutions"]:
            place = f"{n}.{r['number']}"
            yield "resolution", place, True
            for at, verdict in enumerate(r["verdicts"]):
                yield "verdict", f"{place}#{at}", verdict
            for field in ("lead_department", "reporter", "next_step", "next_body"):
                yield field, place, r[field]


def seen(m: Meeting) -> Iterator[tuple[str, str, Any]]:
    """Flatten a parsed meeting in the same way."""
    for field in ("title", "body", "kind", "term", "number"):
        yield field, "", getattr(m, field)
    for field, day in (("date", m.date), ("compiled", m.dates.compiled), ("printed", m.dates.printed)):
        yield field, "", day and day.isoformat()
    yield "chair", "", m.chair and (m.chair.name, m.chair.office)
    for item in m.items:
        yield "item", str(item.number), brief(item.title)
        for name in item.instruments:
            yield "instrument", str(item.number), name
        for r in item.resolutions:
            place = f"{item.number}.{r.number}"
            yield "resolution", place, True
            for at, decision in enumerate(r.verdicts):
                yield "verdict", f"{place}#{at}", decision.verdict
            wording, body = step(r.next_step)
            yield "lead_department", place, r.lead_department
            yield "reporter", place, r.reporter
            yield "next_step", place, wording
            yield "next_body", place, body


def test_facts_of_the_other_minutes_field_by_field() -> None:
    """Over six minutes of six bodies, precision and recall of every field stay above the marks."""
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    wrong: list[tuple[str, str, str, Any]] = []
    for path in OWN_FACTS:
        gold = facts(path)
        expected = {fact for fact in told(gold) if fact[2] is not None}
        found = {fact for fact in seen(meeting(gold["file"])) if fact[2] is not None}
        wanted.update(field for field, _, _ in expected)
        given.update(field for field, _, _ in found)
        right.update(field for field, _, _ in expected & found)
        wrong.extend((path.stem, *fact) for fact in expected ^ found)
    assert len(OWN_FACTS) == 6
    assert {f: right[f] / given[f] for f in given if right[f] < PRECISION * given[f]} == {}, wrong
    assert {f: right[f] / wanted[f] for f in wanted if right[f] < RECALL * wanted[f]} == {}, wrong
