"""Make attendance of pieces: units and offices go to the names they stand before or behind.

Takes what people.py found in one role's part of a roll; unexplained characters give no entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.minutes.characters import BLANK, COLON, COMMA, LINE, NONE, STOP
from indexer.minutes.names import CLASS_ONLY, VAGUE, is_unit, name_cost, office_cost, simplify, split_office
from indexer.minutes.people import Kind, Piece
from indexer.model import Attendance, Role

# 市委副书记、副市长: who leads a place is no representative of its committee.
COMMITTEES = frozenset(("省委", "市委", "县委", "区委", "州委", "旗委", "盟委", "自治区党委", "党委", "党工委"))
LIKELY_NAME = 1.0
SENT = re.compile("代表|负责|同志|人员")


@dataclass(frozen=True, slots=True)
class Held:
    """What the words before a name say of it; `lasting` holds for all names of its group (政府办：…)."""

    unit: str | None = None
    title: str | None = None
    lasting: bool = False


# A single 张三 局长 is told by its line end.
FEWEST_PAIRED = 4
NOTHING = Held()
# 列席单位：市发改委、市财政局, without a word for who came.
NOBODY = Piece("proxy", "", STOP, STOP)


def entries(found: Sequence[Piece], role: Role, note: str | None = None) -> Iterator[Attendance]:
    """Yield the entries of one role in reading order; `note` comes first in the note of each."""
    found = [piece for row in _rows(found) for piece in _name_first(row)]
    held = NOTHING
    before: list[Piece] = []
    for i, piece in enumerate(found):
        if piece.kind in ("unit", "office"):
            before.append(piece)
        elif piece.kind == "name":
            held = _held(before, lasting=piece.gap == COLON) if before else _carried(held, piece.gap)
            before = []
            yield from _person(found, i, role, held, note)
        elif piece.kind == "proxy":
            before = []
            yield from _sent(found[:i], piece, role, note)
        elif piece.kind == "junk":
            before = []
    if found and all(piece.kind in ("group", "and") for piece in found):
        yield from _sent(found, NOBODY, role, note)


def _rows(found: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """Part pieces at line ends and full stops."""
    start = 0
    for at, piece in enumerate(found):
        if at > start and piece.gap in (LINE, BLANK, STOP):
            yield found[start:at]
            start = at
    yield found[start:]


def _name_first(row: Sequence[Piece]) -> Sequence[Piece]:
    """Take offices for those of the names before them where names and offices alternate: 何秀 副市长  宁远征 副市长."""
    pairs = len(row) >= FEWEST_PAIRED and len(row) % 2 == 0
    alternate = all((piece.kind == "name") == (at % 2 == 0) for at, piece in enumerate(row))
    if not pairs or not alternate or any(piece.kind not in ("name", "office", "post") for piece in row):
        return row
    return [replace(piece, kind="post") if piece.kind == "office" else piece for piece in row]


def _held(before: Sequence[Piece], lasting: bool = False) -> Held:
    """Make one unit and one title of the units and offices before a name."""
    units: list[str] = []
    titles: list[str] = []
    offices = 0
    for piece in before:
        unit, title = _office(piece.text) if piece.kind == "office" else (piece.text, None)
        if unit is None or (title and simplify(unit) in COMMITTEES):
            title = piece.text
        else:
            units.append(unit)
            offices += piece.kind == "office"
        if title is not None:
            titles.append(title)
    if offices and len(titles) > 1 and (len(units) > 1 or titles[0] == before[0].text):
        titles = [piece.text for piece in before if piece.kind == "office"]
    return Held(units[-1] if units else None, "、".join(titles) or None, lasting)


def _office(text: str) -> tuple[str | None, str]:
    """Split an office as it stands, also one in Traditional characters: 縣交通運輸局|局長."""
    unit, title = split_office(simplify(text))
    # 县教育局长 is 县教育局 and 局长.
    return (text[: len(unit)], text[len(text) - len(title) :]) if unit else (None, text)


def _carried(held: Held, gap: int) -> Held:
    """Return what still holds for a name without unit of its own: `县政府办 徐云波 刘小鹏` is one unit's line."""
    if held.lasting or gap == COMMA:
        return held
    return Held(held.unit) if gap <= LINE and held.title is None else NOTHING


def _person(found: Sequence[Piece], i: int, role: Role, held: Held, note: str | None) -> Iterator[Attendance]:
    """Yield the entry of the name at `i`; nothing where unexplained characters touch it."""
    name = found[i]
    if name.gap == NONE and i and found[i - 1].kind == "junk":
        return
    behind = _run(found, i + 1, ("post", "tail"))
    after = i + 1 + len(behind)
    if after < len(found) and found[after].kind == "junk" and found[after].gap == NONE:
        return
    remarks = list(name.brackets)
    for piece in behind:
        held = _added(held, piece.text) if piece.kind == "post" else held
        remarks.extend(piece.brackets)
    if remarks and role != "请假" and held == NOTHING and (stated := _added(held, remarks[0])) != held:
        held = stated
        remarks = remarks[1:]
    yield Attendance(role, name.text, held.unit, _joined(note, held.title, *remarks))


def _run(found: Sequence[Piece], start: int, kinds: tuple[Kind, ...]) -> Sequence[Piece]:
    """Return the pieces of some kinds from `start` on."""
    end = start
    while end < len(found) and found[end].kind in kinds:
        end += 1
    return found[start:end]


def _added(held: Held, text: str) -> Held:
    """Add an office or a unit that stands behind its name: 李亚平市长, 张三（市财政局）; other words add nothing."""
    parts = text.split("、")
    if all(office_cost(part) is not None for part in parts):
        more = _held([Piece("office", part, STOP, STOP) for part in parts])
        return Held(more.unit or held.unit, _joined(held.title, more.title, sign="、"), held.lasting)
    return Held(text, held.title, held.lasting) if is_unit(simplify(text)) else held


def _sent(before: Sequence[Piece], words: Piece, role: Role, note: str | None) -> Iterator[Attendance]:
    """Yield one entry without name for each named unit of a list that ends in 的代表 or the like."""
    start = len(before)
    while start and before[start - 1].kind in ("group", "and"):
        start -= 1
    groups = [piece for piece in before[start:] if piece.kind == "group"]
    if words is not NOBODY and not SENT.search(simplify(words.text)):
        return
    for group in groups:
        unit = group.text
        names = [name for bracket in group.brackets for name in bracket.split("、") if _is_name(name)]
        if names:  # 市数据局（任远）
            yield from (Attendance(role, name, unit, note) for name in names)
        elif not VAGUE.search(simplify(unit)) and unit not in CLASS_ONLY:
            yield Attendance(role, None, unit, _joined(note, words.text.removeprefix("的")))


def _is_name(text: str) -> bool:
    cost = name_cost(simplify(text), alone=False)
    return cost is not None and cost < LIKELY_NAME


def _joined(*notes: str | None, sign: str = "；") -> str | None:
    return sign.join(note for note in notes if note) or None
