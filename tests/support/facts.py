"""Facts that people read in minutes and what the parser gives go in; facts as (field, place, value) come out.

Two kinds of files hold facts: the gold of whole meetings (tests/gold, ../shared/gold) and, beside each text of
tests/indexer/minutes/unseen, a file of the same name. What a file does not speak of is not compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from indexer.model import Attendance, Meeting

Fact = tuple[str, str, Any]
PLAIN = ("title", "body", "kind", "term", "number")
DAYS = ("compiled", "printed")


def read_facts(path: Path) -> dict[str, Any]:
    """Read one file of hand-checked facts."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def told(gold: Mapping[str, Any]) -> set[Fact]:
    """Flatten hand-checked facts; what the text does not give (null) is no fact."""
    return {fact for fact in (*_head_told(gold), *_items_told(gold), *_people_told(gold)) if fact[2] is not None}


def seen(m: Meeting, gold: Mapping[str, Any]) -> set[Fact]:
    """Flatten a parsed meeting to the fields that its hand-checked facts speak of."""
    return {
        fact for fact in (*_head_seen(m, gold), *_items_seen(m, gold), *_people_seen(m, gold)) if fact[2] is not None
    }


def _head_told(gold: Mapping[str, Any]) -> Iterator[Fact]:
    for field in (*PLAIN, "date", "disclosure", "distribution", "complete"):
        if field in gold:
            yield field, "", gold[field]
    for field in DAYS:
        yield field, "", gold.get(field, gold.get("dates", {}).get(field))
    if "chair" in gold:
        chair = gold["chair"]
        yield "chair", "", tuple(chair) if isinstance(chair, list) else chair
    number = gold.get("doc_number")
    yield "doc_number", "", number.get("text") if isinstance(number, dict) else number
    for place, entry in enumerate(gold.get("agenda", ())):
        yield "agenda", str(place), entry


def _head_seen(m: Meeting, gold: Mapping[str, Any]) -> Iterator[Fact]:
    said: dict[str, Any] = {field: getattr(m, field) for field in (*PLAIN, "disclosure", "distribution", "complete")}
    said["date"] = m.date and m.date.isoformat()
    yield from ((field, "", value) for field, value in said.items() if field in gold)
    days = gold.get("dates", gold)
    yield from ((f, "", (day := getattr(m.dates, f)) and day.isoformat()) for f in DAYS if f in days)
    if "chair" in gold and m.chair:
        yield "chair", "", (m.chair.name, m.chair.office) if isinstance(gold["chair"], list) else m.chair.name
    number = gold.get("doc_number", {})
    if m.doc_number and not (isinstance(number, dict) and "text" not in number):
        yield "doc_number", "", m.doc_number.text
    if "agenda" in gold:
        yield from (("agenda", str(place), entry) for place, entry in enumerate(m.agenda))


def brief(title: str) -> str:
    """Return a long title by its beginning and end: enough of a fact to tell it from any other."""
    return title if len(title) <= 38 else f"{title[:20]}…{title[-10:]}"


def _items_told(gold: Mapping[str, Any]) -> Iterator[Fact]:
    for n, item in enumerate(gold["items"], 1):
        yield "item", str(n), brief(item["title"])
        yield from (("instrument", str(n), name) for name in item["instruments"])
        yield from (("short_name", str(n), pair) for pair in item.get("short_names", {}).items())
        for at, r in enumerate(item["resolutions"], 1):
            place = f"{n}.{r.get('number', at)}"
            yield "resolution", place, True
            yield from (("verdict", f"{place}#{order}", v) for order, v in enumerate(r["verdicts"]))
            yield from (
                (f, place, r.get(f)) for f in ("lead_department", "reporter", "next_step", "next_body", "deadline")
            )
            yield from (("department", place, name) for name in r.get("departments", ()))
            yield from (("addressee", place, name) for name in r.get("addressees", ()))
            for field in ("object", "condition"):
                yield from ((field, f"{place}#{order}", value) for order, value in enumerate(r.get(f"{field}s", ())))


def _items_seen(m: Meeting, gold: Mapping[str, Any]) -> Iterator[Fact]:
    asked = {
        f"{n}.{r.get('number', at)}": r
        for n, item in enumerate(gold["items"], 1)
        for at, r in enumerate(item["resolutions"], 1)
    }
    short = any("short_names" in item for item in gold["items"])
    for item in m.items:
        yield "item", str(item.number), brief(item.title)
        yield from (("instrument", str(item.number), name) for name in item.instruments)
        yield from (("short_name", str(item.number), pair) for pair in item.short_names if short)
        for r in item.resolutions:
            place = f"{item.number}.{r.number}"
            yield "resolution", place, True
            yield from (("verdict", f"{place}#{order}", d.verdict) for order, d in enumerate(r.verdicts))
            step = r.next_step
            said = {
                "lead_department": r.lead_department,
                "reporter": r.reporter,
                "next_step": step and step.text,
                "next_body": step and step.body,
                "deadline": r.deadline,
            }
            # A resolution that should not be there is wrong in every field.
            wanted = asked.get(place, said)
            yield from ((field, place, value) for field, value in said.items() if field in wanted)
            if "departments" in wanted:
                yield from (("department", place, name) for name in r.departments)
            if "addressees" in wanted:
                yield from (("addressee", place, name) for name in r.addressees)
            for field in ("object", "condition"):
                spoken = zip(range(len(wanted.get(f"{field}s", ()))), r.verdicts, strict=False)
                yield from ((field, f"{place}#{order}", getattr(decision, field)) for order, decision in spoken)


def _people_told(gold: Mapping[str, Any]) -> Iterator[Fact]:
    for entry in gold.get("attendance", ()):
        if isinstance(entry, dict):
            yield "attendance", entry["role"], (entry["unit"], entry["name"])
            continue
        role, unit, names = entry
        yield from (("attendance", role, (unit, None if name == "-" else name)) for name in names.split())


def _people_seen(m: Meeting, gold: Mapping[str, Any]) -> Iterator[Fact]:
    listed = gold.get("attendance", ())
    # Facts that are objects list people with names; the others list units that sent someone as well.
    named_only = any(isinstance(entry, dict) for entry in listed)
    people = m.attendance if "attendance" in gold else ()
    return (("attendance", one.role, person(one)) for one in people if one.name or not named_only)


def person(one: Attendance) -> tuple[str | None, str | None]:
    """Return what attendance facts compare: unit and name."""
    return one.unit, one.name


class Tally:
    """Counts per field of what is right, what the facts hold and what the parser gave."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        self.wrong: list[str] = []

    def add(self, name: str, expected: Iterable[Fact], found: Iterable[Fact]) -> None:
        """Add one meeting."""
        expected, found = set(expected), set(found)
        self.wanted.update(field for field, _, _ in expected)
        self.given.update(field for field, _, _ in found)
        self.right.update(field for field, _, _ in expected & found)
        self.wrong.extend(f"{name} missing {fact}" for fact in sorted(expected - found, key=str))
        self.wrong.extend(f"{name} not so {fact}" for fact in sorted(found - expected, key=str))

    def precision(self, field: str | None = None) -> float:
        """Return how much of what was given is right; 1 where nothing was given."""
        given = self.given[field] if field else self.given.total()
        return (self.right[field] if field else self.right.total()) / given if given else 1.0

    def recall(self, field: str | None = None) -> float:
        """Return how much of what the facts hold was given; 1 where they hold nothing."""
        wanted = self.wanted[field] if field else self.wanted.total()
        return (self.right[field] if field else self.right.total()) / wanted if wanted else 1.0

    def table(self) -> list[str]:
        """Return a line a field: name, facts, given, right, precision and recall."""
        counts = sorted(self.wanted | self.given)
        rows = ((f, self.wanted[f], self.given[f], self.right[f], self.precision(f), self.recall(f)) for f in counts)
        return [f"{f:16}{want:6}{given:6}{right:6}{p:8.3f}{r:8.3f}" for f, want, given, right, p, r in rows]
