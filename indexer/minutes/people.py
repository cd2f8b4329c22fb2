"""Split one role's part of a roll into persons, units and offices: text goes in, pieces in reading order come out.

The text is read as characters with the gap before each of them (nothing, a space, a line end, a sign). The cheapest
way to cover all characters with pieces wins, found by dynamic programming in linear time: a name or a unit may be
broken by a line end, but that costs more than a piece that ends there. What no piece explains stays junk; nothing
is guessed from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indexer.minutes.characters import BLANK, COLON, COMMA, LINE, NONE, SPACE, Characters, characters
from indexer.minutes.names import (
    DOT,
    DOTS,
    LEVELS,
    LONGEST_FOREIGN_NAME,
    LONGEST_NAME,
    LONGEST_TRANSCRIBED_NAME,
    LONGEST_UNIT,
    UNKNOWN_UNIT,
    begins_with_surname,
    is_transcribed,
    may_be_transcribed,
    name_cost,
    office_cost,
    unit_cost,
)
from indexer.text.lexicon.departments import is_department

Kind = Literal["name", "unit", "office", "post", "group", "proxy", "and", "tail", "junk"]
# What the pieces so far call for: anything, anything even without a gap (after 和), a name, the end of a list.
State = Literal["open", "joined", "held", "listed"]

PROXY = re.compile(
    r"的?(?:(?:等|有关|相关|主要|分管|具体|部分|在家|部门|单位|方面){0,4}(?:代表|负责人|负责同志|同志|领导同志|领导干部|领导|人员)(?:各?[1一]名)?"
    r"(?:(?:以及|及|和|与)(?:利益相关方|利害关系人|市民|公众|群众|企业|居民|村民|职工|社会各界|行业|专家|媒体|基层|法律顾问)的?(?:代表)?)?)"
)
LONGEST_PROXY = 28
TAIL = re.compile(r"等?(?:领导)?同志|等(?:领导|人)?")
COUNTED = re.compile(r"[(（](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]")
AND = ("以及", "和", "及", "与")
# What those begin with: most places need no closer look.
PROXY_BEGINS = frozenset("的等有相主分具部在单方代负同领人")
SMALL_BEGINS = frozenset("等领同以和及与")
# Breaking a name or a unit at a gap; gaps from COLON on break nothing.
NAME_BREAK = {NONE: 0.0, SPACE: 0.5, LINE: 1.2, BLANK: 2.0}
LONG_NAME_BREAK = {NONE: 0.0, SPACE: 5.0, LINE: 3.0, BLANK: 4.0}
# The second gap of 王 建 国, a name spread in full.
SPREAD_BREAK = {SPACE: 0.3, LINE: 0.7}
UNIT_BREAK = {NONE: 0.0, SPACE: 6.0, LINE: 1.6, BLANK: 2.4}
# A name, and a unit, that follows the last entry without any gap.
GLUED_NAME = 4.0
GLUED = 6.0
JUNK = 6.0
# States that only names, offices or lists go on from; sums of prices that differ by less are the same.
CALLING = ("held", "joined")
ROUNDING = 1e-6
ALLOWED_AFTER_UNIT = {NONE: 0.0, SPACE: 0.3, LINE: 1.0, BLANK: 1.5, COLON: 0.0}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with its kind; `gap` stands before it, `end_gap` behind it, `brackets` right behind it,
    without their signs.

    group is a unit of a list that sent unnamed people, proxy the words for them (的代表), post an office that follows
    its name (李亚平市长).
    """

    kind: Kind
    text: str
    gap: int
    end_gap: int
    brackets: tuple[str, ...] = ()


def pieces(text: str) -> list[Piece]:
    """Return the pieces of a text; empty where it has no characters."""
    run = characters(text)
    return [_piece(run, kind, start, end) for kind, start, end in _cheapest(run)]


def _piece(run: Characters, kind: Kind, start: int, end: int) -> Piece:
    """Cut a piece; brackets inside a unit belong to its text: 乡镇（街道）办."""
    text = "".join(
        run.original[i] + ("".join(run.brackets.get(i + 1, ())) if i + 1 < end else "") for i in range(start, end)
    )
    # 金某；(2)市府办：…: the number of what follows says nothing of him.
    said = tuple(b[1:-1] for b in run.brackets.get(end, ()) if not COUNTED.fullmatch(b))
    return Piece(kind, text, run.gaps[start], run.gaps[end], said)


Step = tuple[Kind, int, int]
# Ends with their prices.
Ends = list[tuple[int, float]]


class _Here(NamedTuple):
    """What may start at a place, whatever came before it; `reach` are ends of units with the price of their gaps."""

    at: int
    gap: int
    names: Ends
    reach: Ends
    offices: Ends


def _cheapest(run: Characters) -> list[Step]:
    """Return the cheapest cover of all characters, as (kind, start, end) in order."""
    size = len(run.folded)
    names = [list(_names(run, at)) for at in range(size)]
    most = _most(run, names)
    best: list[dict[State, tuple[float, Step | None, State]]] = [{} for _ in range(size + 1)]
    best[0]["open"] = (0.0, None, "open")
    for at in range(size):
        reach = _reach(run, at)
        here = _Here(at, run.gaps[at], names[at], reach, list(_offices(run, at, reach)))
        for state, (cost, _, _) in best[at].items():
            for kind, end, price, then in _steps(run, here, state, cost, most):
                total = cost + price
                if then in CALLING and total > most[end]:
                    continue
                known = best[end].get(then)
                if known is None or total < known[0]:
                    best[end][then] = (total, (kind, at, end), state)
    return _walk_back(best)


def _most(run: Characters, names: Sequence[Ends]) -> list[float]:
    """Return what a state that calls for something may cost at each place and still be of use.

    What goes on from there goes on from "open", too, and is dearer by the price of a missing gap at the most; and
    "open" is reached everywhere by names and junk alone.
    """
    cost = [JUNK * at for at in range(len(names) + 1)]
    for at, found in enumerate(names):
        glued = GLUED_NAME if run.gaps[at] == NONE else 0.0
        for end, price in [*found, (at + 1, JUNK - glued)]:
            cost[end] = min(cost[end], cost[at] + price + glued)
    missing = GLUED if run.title_ends else GLUED_NAME
    return [one + (missing if gap == NONE else 0.0) + ROUNDING for one, gap in zip(cost, run.gaps, strict=True)]


def _walk_back(best: list[dict[State, tuple[float, Step | None, State]]]) -> list[Step]:
    at, state = len(best) - 1, min(best[-1], key=lambda s: best[-1][s][0] + 3.0 * (s != "open"))
    found: list[Step] = []
    while (step := best[at][state][1]) is not None:
        state = best[at][state][2]
        found.append(step)
        at = step[1]
    return found[::-1]


def _steps(
    run: Characters, here: _Here, state: State, cost: float, most: Sequence[float]
) -> Iterator[tuple[Kind, int, float, State]]:
    """Yield the pieces that may start here, with their end, price and the state they lead to."""
    at, gap = here.at, here.gap
    if state in ("open", "joined"):
        glued = GLUED if gap == NONE and at and state == "open" else 0.0
        for end, price in here.names:
            yield "name", end, price + (GLUED_NAME if glued else 0.0), "open"
        for end, price in _units(run, here, cost + glued, most):
            yield "unit", end, price + glued, "held"
        for end, price in _groups(run, here):
            yield "group", end, price + glued + 1.0, "listed"
        for end, price in here.offices:
            yield "office", end, price + glued, "held"
            if at and gap <= SPACE and run.gaps[end] >= LINE:
                yield "post", end, price + 0.5, "open"
        yield from _small(run, at)
        yield "junk", at + 1, JUNK, "open"
    elif state == "held":
        if gap in ALLOWED_AFTER_UNIT:
            for end, price in here.names:
                yield "name", end, price + ALLOWED_AFTER_UNIT[gap], "open"
        if gap in (NONE, SPACE, COMMA):
            for end, price in here.offices:
                yield "office", end, price, "held"
        yield "junk", at + 1, JUNK + 2.0, "open"
    else:
        yield from _list_steps(run, here)


def _small(run: Characters, at: int) -> Iterator[tuple[Kind, int, float, State]]:
    """Yield the words behind and between names: 同志, 等, 和."""
    if not at or run.folded[at] not in SMALL_BEGINS:
        return
    if run.gaps[at] <= SPACE and (tail := TAIL.match(run.folded, at, at + 5)):
        yield "tail", tail.end(), 0.3, "open"
    for word in AND:
        if run.folded.startswith(word, at):
            yield "and", at + len(word), 1.4 - 0.4 * len(word), "joined"


def _list_steps(run: Characters, here: _Here) -> Iterator[tuple[Kind, int, float, State]]:
    """Yield what goes on after a unit of a list without names: another unit, 和, or the words for its people."""
    at = here.at
    if here.gap == COMMA or run.folded.endswith(AND, 0, at):
        for end, price in _groups(run, here):
            yield "group", end, price, "listed"
    for word in AND:
        if run.folded.startswith(word, at):
            yield "and", at + len(word), 0.3, "listed"
    if here.gap > LINE or run.folded[at] not in PROXY_BEGINS:
        return
    found = PROXY.match(run.folded, at, at + LONGEST_PROXY)
    if found and run.gaps[found.end()] >= LINE:
        yield "proxy", found.end(), 0.0, "open"


def _names(run: Characters, at: int) -> Iterator[tuple[int, float]]:
    """Yield ends and prices of the names that may start here."""
    folded, gaps = run.folded, run.gaps
    dotted = run.dotted and not DOT.isdisjoint(folded[at : at + LONGEST_FOREIGN_NAME])
    longest = (
        LONGEST_FOREIGN_NAME if dotted else LONGEST_TRANSCRIBED_NAME if may_be_transcribed(folded[at]) else LONGEST_NAME
    )
    if longest == LONGEST_NAME and gaps[at] == NONE and not begins_with_surname(folded, at):
        return  # a name outside the surname list stands alone
    broken = 0.0
    for end in range(at + 2, min(at + longest, len(folded)) + 1):
        inner = gaps[end - 1]
        if inner not in NAME_BREAK or end - 1 in run.brackets:
            return
        if inner:
            broken += _tear(run, end - 1, end - at)
        if end > at + LONGEST_NAME and not (dotted and any(dot in folded[at:end] for dot in DOTS)):
            if end > at + LONGEST_TRANSCRIBED_NAME:
                return
            if not is_transcribed(folded[at:end]):
                continue
        price = name_cost(folded[at:end], gaps[at] > NONE and gaps[end] > NONE)
        if price is not None:
            yield end, price + broken


def _tear(run: Characters, at: int, length: int) -> float:
    """Return the price of a gap before the character at `at`, in a name of a length up to there."""
    if length == 3 and run.gaps[at - 1] and run.gaps[at] and run.gaps[at + 1]:
        return SPREAD_BREAK.get(run.gaps[at], NAME_BREAK[BLANK])
    if length <= LONGEST_NAME:
        return NAME_BREAK[run.gaps[at]] * (1 if length == 2 else 2)
    beside_dot = run.folded[at] in DOTS or run.folded[at - 1] in DOTS
    return 0.2 if run.gaps[at] and beside_dot else LONG_NAME_BREAK[run.gaps[at]]


def _units(run: Characters, here: _Here, cost: float, most: Sequence[float]) -> Iterator[tuple[int, float]]:
    """Yield ends and prices of the units that may start here; one with an unknown ending starts behind a gap.

    Args:
        cost: what all before costs; a unit that would make it dearer than `most` at its end is left out.
    """
    at = here.at
    for end, broken in here.reach:
        known = end in run.unit_ends
        if (here.gap == NONE and not known) or end in run.title_ends:
            continue
        # 市教 育局: a stray space in a unit that the lexicon knows.
        stray = broken >= UNIT_BREAK[SPACE] and run.folded[at] in LEVELS and is_department(run.folded[at + 1 : end])
        torn = broken * (0.3 if stray else 1.0)
        if cost + torn + (0.0 if known else UNKNOWN_UNIT) > most[end]:
            continue
        price = unit_cost(run.folded[at:end])
        if price is not None:
            yield end, price + torn


def _groups(run: Characters, here: _Here) -> Iterator[tuple[int, float]]:
    """Yield ends and prices of the units, named or only described, that may have sent someone."""
    for end, broken in here.reach:
        if end in run.unit_ends and end - here.at > 1:
            yield end, 0.3 + broken
            if run.folded.startswith(AND, end):
                return  # 县总工会和县妇联 are two, while 发展和改革委员会 is one: 发展 ends no unit


def _offices(run: Characters, at: int, reach: Ends) -> Iterator[tuple[int, float]]:
    """Yield ends and prices of the offices that may start here."""
    for end, broken in reach if run.title_ends else ():
        price = office_cost(run.folded[at:end]) if end in run.title_ends else None
        if price is not None:
            yield end, price + broken


def _reach(run: Characters, at: int) -> Ends:
    """Return the ends that a unit starting here may have, with the price of its gaps; none where none can be of use."""
    last = min(at + LONGEST_UNIT, len(run.folded))
    if run.gaps[at] == NONE and not any(
        end in run.unit_ends or end in run.title_ends for end in range(at + 1, last + 1)
    ):
        return []
    found, broken = [(at + 1, 0.0)], 0.0
    for end in range(at + 2, last + 1):
        if inner := run.gaps[end - 1]:
            if inner not in UNIT_BREAK:
                break
            broken += UNIT_BREAK[inner]
        if run.folded.startswith("以及", end - 1):
            break
        found.append((end, broken))
    return found
