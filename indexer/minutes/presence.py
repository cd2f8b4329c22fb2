"""Read the people whom a sentence of minutes names as present: the sentence goes in, attendance comes out.

Knows 出席会议, 列席会议, 应邀参加 and their kin; the chair (主持召开) is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from indexer.minutes.characters import BRACKET, NONE
from indexer.minutes.entries import entries
from indexer.minutes.names import is_unit, name_cost, simplify
from indexer.minutes.people import Piece, pieces
from indexer.minutes.view import PINYIN
from indexer.model import Attendance, Role

INVITED = "应邀|受邀|特邀"
PRESENCE = re.compile(
    rf"(?P<invited>{INVITED})?(?:均|也|还|都|分别|一同|一并|共同){{0,3}}(?P<invited2>{INVITED})?"
    r"(?P<verb>出席|列席|参加)了?(?:本次|此次)?(?:会议|相关议题|有关议题|(?=[。；;，,（(?？]|$))"
)
# Where the clauses that name people cannot reach back over.
FULL_STOP = re.compile(r"[。！？；;]")
CLAUSE = re.compile(r"[，,]")
# 会议还邀请了|区人大副主任某某…列席会议
ASKED = re.compile(r"\s*(?:本次|此次)?(?:会议)?(?:还|并|同时)?(?:特别?)?邀请了?")
UNNAMED = re.compile(
    r"\s*(?:以及|及)?(?:各|有关|相关|其[他它]|[市县区省]直)[^、]{0,20}?(?P<sent>(?:主要|有关|相关)?(?:负责同志|负责人|代表))$"
)
LIST_OF_UNITS = re.compile(r"[局委办厅院会队司部心处行]\s*$")
LISTED = re.compile(r"的(?:还)?有\s?[:：]?")
# A name dearer than this is none of the surname list.
UNLIKELY = 3.0


def read_opening(sentence: str) -> tuple[Attendance, ...]:
    """Read a sentence or several: 副市长王莉、赵瑜出席会议; may be empty. The office stands in `note`."""
    found: list[Attendance] = []
    start = 0
    plain, places = _without_notes(sentence)
    for presence in PRESENCE.finditer(simplify(plain)):
        said, end = places[presence.start()], places[presence.end()]
        stops = [stop.end() for stop in FULL_STOP.finditer(sentence, start, said)]
        start = stops[-1] if stops else start
        found.extend(_before(sentence[start:said], _role(presence)))
        found.extend(_behind(sentence, end, _role(presence)))
        start = end
    return tuple(found)


def _without_notes(text: str) -> tuple[str, list[int]]:
    """Return a text without a mirror's notes, as in 應(yīng)邀, and where each of its characters, and its end, lies."""
    notes = {at for note in PINYIN.finditer(text) for at in range(*note.span())}
    kept = [at for at in range(len(text)) if at not in notes]
    return "".join(text[at] for at in kept), [*kept, len(text)]


def _role(presence: re.Match[str]) -> Role:
    if presence["invited"] or presence["invited2"]:
        return "邀请"
    return "列席" if presence["verb"] == "列席" else "出席"


def _before(text: str, role: Role) -> list[Attendance]:
    """Read the clauses before the verb, the last first, as long as each is nothing but people."""
    clauses = CLAUSE.split(text)
    people: list[list[Piece]] = []
    sent = UNNAMED.match(simplify(clauses[-1])) if len(clauses) > 1 else None
    if sent:  # 市住建局、市财政局，各区政府负责同志: they were there for all that is listed
        clauses = [*clauses[:-2], clauses[-2] + sent["sent"] if LIST_OF_UNITS.search(clauses[-2]) else clauses[-2]]
    for clause in reversed(clauses):
        asked = ASKED.match(simplify(clause))
        found = pieces(clause[asked.end() :] if asked else clause)
        if not _all_people(found):
            break
        people.append(found)
        if asked:
            role = "邀请"
            break
    return [entry for found in reversed(people) for entry in _named(found, role)]


def _behind(sentence: str, end: int, role: Role) -> list[Attendance]:
    """Read the names behind the verb: 公众代表列席会议（曹建清、刘强）, 出席会议的有曹建清、刘强。"""
    bracket = BRACKET.match(sentence, end)
    if bracket:
        text = bracket.group(1)
    elif listed := LISTED.match(sentence, end):
        stop = FULL_STOP.search(sentence, listed.end())
        text = sentence[listed.end() : stop.start() if stop else len(sentence)]
    else:
        return []
    people: list[Attendance] = []
    for clause in CLAUSE.split(text):
        found = pieces(clause)
        if not _all_people(found):
            break
        people.extend(_named(found, role))
    return people


def _named(found: list[Piece], role: Role) -> Iterator[Attendance]:
    # What the 总书记 said or did is news of another meeting.
    return (entry for entry in entries(found, role) if "总书记" not in (entry.note or ""))


def _all_people(found: list[Piece]) -> bool:
    """Tell whether pieces are names with known units and offices, or a list of units that sent someone."""
    if not found or any(piece.kind == "junk" for piece in found):
        return False
    if any(a.kind == b.kind == "name" and b.gap == NONE for a, b in pairwise(found)):
        return False
    names = [piece.text for piece in found if piece.kind == "name"]
    if not names:
        return found[-1].kind == "proxy"
    units = [piece.text for piece in found if piece.kind in ("unit", "group")]
    known = [name for name in names if _known(name)]
    return 2 * len(known) >= len(names) and all(is_unit(simplify(unit)) for unit in units)


def _known(name: str) -> bool:
    cost = name_cost(simplify(name), alone=False)
    return cost is not None and cost < UNLIKELY
