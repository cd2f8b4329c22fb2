"""Counts what the minutes parser gets right, field by field, and writes docs/extraction.md.

`python tests/benchmarks/extraction.py` reads the facts that people noted beside five sets of minutes, parses the texts
and compares. Sets of real minutes are counted where they lie beside the checkout.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from facts import Fact, Tally, read_facts, seen, told  # noqa: E402

from indexer.minutes.parse import parse  # noqa: E402
from indexer.model import Meeting  # noqa: E402
from indexer.readers import read  # noqa: E402

SHARED = ROOT / "../shared"
UNSEEN = ROOT / "tests/indexer/minutes/unseen"
PAGE = ROOT / "docs/extraction.md"
START, END = "<!-- figures -->", "<!-- end of figures -->"
FIELDS = (
    "title body kind term number date chair doc_number compiled printed disclosure distribution agenda complete item "
    "instrument short_name resolution verdict object condition lead_department reporter department addressee "
    "next_step next_body deadline attendance"
)
Compared = tuple[str, set[Fact], set[Fact]]


def first_two() -> Iterator[Compared]:
    """Compare the two real minutes whose facts came with the task."""
    yield from _gold(sorted((SHARED / "gold").glob("*.json")))


def other_six() -> Iterator[Compared]:
    """Compare the six other real minutes."""
    if (SHARED / "minutes").is_dir():
        yield from _gold(sorted((ROOT / "tests/gold").glob("meeting_*.json")))


def excerpts() -> Iterator[Compared]:
    """Compare the beginnings of real minutes and of news of meetings, of nineteen other bodies."""
    folder = SHARED / "minutes-excerpts"
    for path in sorted((ROOT / "tests/gold").glob("excerpt_*.json")) if folder.is_dir() else ():
        gold = read_facts(path)
        m = meeting(folder / gold["file"])
        yield gold["file"], told(gold), seen(m, gold) if m else set()


def _gold(paths: list[Path]) -> Iterator[Compared]:
    for path in paths:
        gold = read_facts(path)
        people = path.with_name(path.name.replace("meeting_", "attendance_"))
        if people != path and people.exists():
            gold["attendance"] = read_facts(people)["roles"]
        m = meeting(SHARED / "minutes" / gold["file"])
        yield gold["file"], told(gold), seen(m, gold) if m else set()


def samples() -> Iterator[Compared]:
    """Compare the invented minutes of data/samples, whose facts are noted in less detail."""
    listed: list[dict[str, Any]] = json.loads((ROOT / "tests/gold/samples.json").read_text("utf-8"))["samples"]
    for gold in listed:
        m = meeting(ROOT / "data/samples" / gold["file"]) if gold["type"] == "meeting" else None
        if m:
            noted = {key: value for key, value in gold.items() if value != "-"}
            yield gold["file"], set(_sample_told(noted)), set(_sample_seen(m, noted))


def _sample_told(gold: Mapping[str, Any]) -> Iterator[Fact]:
    for field in ("body", "kind", "term", "number", "date", "chair", "compiled", "printed", "disclosure"):
        if gold.get(field) is not None:
            yield field, "", gold[field]
    if (gold.get("doc_number") or {}).get("text"):
        yield "doc_number", "", gold["doc_number"]["text"]
    for at, verdicts in enumerate(gold.get("verdicts", ())):
        yield from (("verdict", f"{at}#{n}", verdict) for n, verdict in enumerate(verdicts) if verdicts != "-")
    yield from (("lead_department", str(at), lead) for at, lead in enumerate(gold.get("leads", ())) if lead != "-")
    yield from (("attendance", role, count) for role, count in gold.get("attendance", {}).items())


def _sample_seen(m: Meeting, gold: Mapping[str, Any]) -> Iterator[Fact]:
    days = {"date": m.date, "compiled": m.dates.compiled, "printed": m.dates.printed}
    said: dict[str, Any] = {field: day.isoformat() for field, day in days.items() if day}
    said |= {field: getattr(m, field) for field in ("body", "kind", "term", "number", "disclosure")}
    said["chair"] = m.chair and m.chair.name
    yield from ((field, "", value) for field, value in said.items() if field in gold and value is not None)
    if m.doc_number and (gold.get("doc_number") or {}).get("text"):
        yield "doc_number", "", m.doc_number.text
    for at, item in enumerate(m.items):
        verdicts = [decision.verdict for r in item.resolutions for decision in r.verdicts]
        if "verdicts" in gold and gold["verdicts"][at] != "-":
            yield from (("verdict", f"{at}#{n}", verdict) for n, verdict in enumerate(verdicts))
        lead = next((r.lead_department for r in item.resolutions if r.lead_department), None)
        if lead and "leads" in gold and gold["leads"][at] != "-":
            yield "lead_department", str(at), lead
    counted = Counter(one.role for one in m.attendance)
    yield from (("attendance", role, counted[role]) for role in gold.get("attendance", {}) if counted[role])


def unseen() -> Iterator[Compared]:
    """Compare the invented minutes whose facts were noted before the parser first read them."""
    for path in sorted(UNSEEN.glob("*.json")):
        gold = read_facts(path)
        text = next(one for one in UNSEEN.glob(f"{path.stem}.*") if one != path)
        m = meeting(text)
        yield text.name, told(gold), seen(m, gold) if m else set()


def meeting(path: Path) -> Meeting | None:
    """Parse a file; None where it is not taken for a meeting's."""
    record = parse(next(iter(read(path))))
    return record if isinstance(record, Meeting) else None


SETS: dict[str, Callable[[], Iterator[Compared]]] = {
    "two real": first_two,
    "six real": other_six,
    "excerpts": excerpts,
    "samples": samples,
    "unseen": unseen,
}


def tables() -> tuple[str, list[str]]:
    """Return the figures as Markdown, and what is wrong."""
    tallies: dict[str, Tally] = {}
    meetings: Counter[str] = Counter()
    every = Tally()
    for name, compared in SETS.items():
        tallies[name] = Tally()
        for file, expected, found in compared():
            meetings[name] += 1
            tallies[name].add(file, expected, found)
            every.add(file, expected, found)
    lines = ["| set | minutes | facts | precision | recall |", "|---|---:|---:|---:|---:|"]
    for name, tally in [*tallies.items(), ("all", every)]:
        count = meetings[name] if name in meetings else meetings.total()
        measured = f"{tally.precision():.3f} | {tally.recall():.3f}" if tally.wanted else "not there | not there"
        lines.append(f"| {name} | {count} | {tally.wanted.total():,} | {measured} |")
    lines += ["", "| field | facts | given | right | precision | recall |", "|---|---:|---:|---:|---:|---:|"]
    for field in FIELDS.split():
        counts = f"{every.wanted[field]:,} | {every.given[field]:,} | {every.right[field]:,}"
        lines.append(f"| {field} | {counts} | {every.precision(field):.3f} | {every.recall(field):.3f} |")
    return "\n".join(lines), every.wrong


def main() -> None:
    """Print the figures and what is wrong, and write the figures into the page unless told not to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dry", action="store_true", help="print only")
    figures, wrong = tables()
    print(figures, *wrong, sep="\n")
    if not options.parse_args().dry:
        text = PAGE.read_text("utf-8")
        head, _, rest = text.partition(START)
        PAGE.write_text(f"{head}{START}\n{figures}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
