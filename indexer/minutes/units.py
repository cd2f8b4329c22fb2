"""Who does what in a resolution: a paragraph goes in; lead department, supporters, addressees and reporter come out.

Told by grammar first (acting.py): `由X根据…`, `X负责`, `X牵头`, `责成X` lead; `X配合`, `会同X` support; `X关于…的汇报`
reports; `各地各部门要` is addressed. The lexicon helps where no pattern knows the verb. People (由某同志牵头) and
nobody in particular (相关部门) lead nothing.
Patterns are tried at a few places of each clause only, so that the time is that of the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from indexer.minutes import acting, departments
from indexer.minutes.acting import ENDINGS
from indexer.minutes.view import View

# More of these in one clause is no language.
TRIES = 3
SHORTEST_CLAUSE = 4
# A clause without any of these names no unit: most clauses need no closer look.
UNIT_HINT = frozenset("府会心区园司团局行院校学道处组委关联社署厅办部所站镇乡市县班室")
SPLIT = re.compile("[和及与、]")
UNIT_END = re.compile(rf"(?:{ENDINGS})$")


@dataclass(frozen=True, slots=True)
class Actors:
    """Units of one paragraph, each once, in reading order; `strong` tells that the lead is said outright."""

    lead: str | None = None
    strong: bool = False
    reporter: str | None = None
    departments: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()


Named = list[tuple[int, str]]
# The characters of a clause.
Signs = frozenset[str]


@dataclass(slots=True)
class _Seen:
    """What was found so far; units stand with their place in the stream."""

    strong: Named = field(default_factory=list)
    weak: Named = field(default_factory=list)
    named: Named = field(default_factory=list)
    reporters: list[list[str]] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)


def actors(view: View) -> Actors:
    """Find who acts, supports, reports and is addressed in a paragraph."""
    seen = _Seen()
    for start, end in view.sentences:
        for clause in view.clauses(start, end):
            if clause[1] - clause[0] >= SHORTEST_CLAUSE:
                _clause(view, *clause, seen)
                who = _addressed(view, *clause)
                seen.addressees.extend([who] if who else [])
    _labelled(view, seen)
    _, lead = next(iter(seen.strong or seen.weak), (0, None))
    return Actors(
        lead,
        bool(seen.strong),
        next((units[0] for units in seen.reporters if len(units) == 1), None),
        tuple(dict.fromkeys(name for _, name in sorted(seen.named))),
        tuple(dict.fromkeys(seen.addressees)),
    )


def reports(view: View) -> str | None:
    """Return the unit that reports or submits by a title (听取X关于…的汇报); None where none or several do."""
    end = min(len(view.stream), 200)
    for units in _reporting(view, 0, end, frozenset(view.stream[:end])):
        return units[0][1] if len(units) == 1 else None
    return None


def _clause(view: View, start: int, end: int, seen: _Seen) -> None:
    stream = view.stream
    signs = frozenset(stream[start:end])
    if UNIT_HINT.isdisjoint(signs):
        return
    # Reporters first: what a clause 原则同意市总工会关于… says of 市总工会 is that it reports.
    for units in _reporting(view, start, end, signs):
        _reported(units, seen)
    heard = acting.HEARD.search(stream, start, end) if "、" in signs and "报" in signs else None
    together = acting.TOGETHER.match(stream, heard.end(), end) if heard else None
    if together and "、" in together["units"]:
        _take(view, together, seen.named)
    lead_in = acting.LEAD_IN.match(stream, start, end)
    first = lead_in.end() if lead_in else start
    _leading(view, start, first, end, signs, seen)
    _beside(view, start, first, end, signs, seen)
    _known(view, start, first, end, signs, seen)


def _leading(view: View, start: int, first: int, end: int, signs: Signs, seen: _Seen) -> None:
    """Take who leads: 由X…, X牵头, X负责, 责成X, 请X…."""
    stream = view.stream
    for begin in _places("由", stream, start, end):
        means = acting.MEANS.search(stream, max(start, begin - 16), begin - 1)
        needed = means is not None and means["needed"] is not None
        by = acting.BY.match(stream, begin, end)
        if by:
            units = _units(view, by)
            if by["strong"] and not needed:
                seen.strong.extend(units[:1])
            elif not by["strong"] and not means:
                seen.weak.extend(unit for unit in units[:1] if not acting.GOVERNMENT.fullmatch(unit[1]))
            # 由市政府颁布 names the body that met, and no department of it.
            seen.named.extend(unit for unit in units if by["strong"] or not acting.GOVERNMENT.fullmatch(unit[1]))
        leads = acting.LEADS.match(stream, begin, end) if by is None else None
        _take(view, leads, seen.named, None if needed else seen.strong)
    for pattern, begins, hint in acting.LEADING:
        if not begins.isdisjoint(signs) and hint.search(stream, first, end):
            _take(view, pattern.match(stream, first, end), seen.named, seen.strong)
    for at in _ends(acting.CHARGE, acting.CHARGE_SIGNS, stream, start, end, signs):
        _take(view, acting.CHARGED.match(stream, at, end), seen.named, seen.strong)
    for at in _ends(acting.ASKED, acting.ASKED_SIGNS, stream, start, end, signs):
        _take(view, acting.BY.match(stream, at, end), seen.named, seen.weak)
    if acting.SERVES_SIGNS.isdisjoint(signs) or not acting.SERVES.search(stream, first, end):
        return
    serves = acting.SERVES_AS.match(stream, first, end)
    _take(view, serves, seen.named, seen.strong if serves and serves["as"] not in acting.BESIDE else None)


def _beside(view: View, start: int, first: int, end: int, signs: Signs, seen: _Seen) -> None:
    """Take who supports and who has a task: X配合, 会同X, X要…."""
    stream = view.stream
    for pattern, begins, hint in acting.BESIDES:
        if not begins.isdisjoint(signs) and hint.search(stream, first, end):
            _take(view, pattern.match(stream, first, end), seen.named)
    for at in _ends(acting.BESIDE_LEAD, acting.LISTED_SIGNS, stream, start, end, signs):
        _take(view, acting.SUPPORTS.match(stream, at, end), seen.named)
    for at in _ends(acting.WITH, acting.WITH_SIGNS, stream, start, end, signs):
        _take(view, acting.CHARGED.match(stream, at, end), seen.named)


def _known(view: View, start: int, first: int, end: int, signs: Signs, seen: _Seen) -> None:
    """Take the departments that the lexicon knows: at the head of a clause before a verb, or called upon by name."""
    head = departments.known(view.stream, first, end)
    if head and acting.ACTS.match(view.stream, head[-1][1], end):
        seen.named.extend((a, view.value(a, b)) for a, b in head)
    for at in _ends(acting.CALLED_ON, acting.CALL_SIGNS, view.stream, start, end, signs):
        seen.named.extend((a, view.value(a, b)) for a, b in departments.known(view.stream, at, end))


def _addressed(view: View, start: int, end: int) -> str | None:
    """Return whom a clause speaks to in general: 各地各部门要…."""
    if view.stream.find("各", start, end) < 0:
        return None
    lead_in = acting.LEAD_IN.match(view.stream, start, end)
    who = acting.ADDRESSED.match(view.stream, lead_in.end() if lead_in else start, end)
    who = who or acting.ASKED_OF_ALL.match(view.stream, start, end)
    return view.group(who, "who") if who else None


def _labelled(view: View, seen: _Seen) -> None:
    """Take what stands behind 责任单位：, 配合单位： and 汇报单位：."""
    if ":" not in view.stream:
        return
    for label in acting.LABEL.finditer(view.stream):
        _take(
            view,
            acting.LABELLED.match(view.stream, label.end()),
            seen.named,
            None if label["as"] in acting.BESIDE else seen.strong,
        )
    for label in acting.REPORT_LABEL.finditer(view.stream):
        match = acting.LABELLED.match(view.stream, label.end())
        if match:
            _reported(_units(view, match), seen)


def _reported(units: Named, seen: _Seen) -> None:
    seen.reporters.append([name for _, name in units])
    seen.named.extend(units)


def _places(sign: str, stream: str, start: int, end: int) -> Iterator[int]:
    """Give the places behind the first few occurrences of a sign."""
    at = stream.find(sign, start, end)
    for _ in range(TRIES):
        if at < 0:
            return
        yield at + len(sign)
        at = stream.find(sign, at + 1, end)


def _ends(pattern: re.Pattern[str], begins: Signs, stream: str, start: int, end: int, signs: Signs) -> list[int]:
    """Return the ends of the first few finds in a clause, which needs no look without one of the signs."""
    if begins.isdisjoint(signs):
        return []
    return [found.end() for found in islice(pattern.finditer(stream, start, end), TRIES)]


def _reporting(view: View, start: int, end: int, signs: Signs) -> Iterator[Named]:
    stream = view.stream
    about, briefs = not acting.ABOUT_SIGNS.isdisjoint(signs), not acting.BRIEFS_SIGNS.isdisjoint(signs)
    for at in _ends(acting.HEARD, acting.HEARD_SIGNS, stream, start, end, signs) if about or briefs else ():
        match = acting.REPORTS.match(stream, at, end) if about else None
        match = match or (acting.BRIEFS.match(stream, at, end) if briefs else None)
        if match:
            yield _units(view, match)
    discussed = acting.DISCUSSED.search(stream, start, end) if about and "议" in signs else None
    match = acting.REPORTS.match(stream, discussed.end(), end) if discussed else None
    if match:
        yield _units(view, match)
    told = not acting.TOLD_SIGNS.isdisjoint(signs) and acting.TOLD.search(stream, start, end)
    reported = acting.REPORTED.match(stream, start, end) if told else None
    if reported:
        yield _units(view, reported)


def _take(view: View, match: re.Match[str] | None, named: Named, lead: Named | None = None) -> None:
    units = _units(view, match) if match else []
    named.extend(units)
    if lead is not None:
        lead.extend(units[:1])


def _units(view: View, match: re.Match[str]) -> Named:
    """Return the units of a match; 和 parts them only where both sides end as units do (市自然资源和规划局 is one)."""
    start, end = match.span("units")
    ends, last = [], start
    for mark in SPLIT.finditer(view.stream, start, end):
        if mark[0] == "、" or UNIT_END.search(view.stream[last : mark.start()]):
            ends.append((last, mark.start()))
            last = mark.end()
    return list(_credible(view, [*ends, (last, end)]))


def _credible(view: View, ranges: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Yield the units of ranges with their places; runs that only end as units do are left out."""
    for start, end in ranges:
        former = acting.FORMER.match(view.stream, start, end)
        start = former.end() if former else start
        if not acting.NO_UNIT.fullmatch(view.stream, start, end):
            yield start, view.value(start, end)
