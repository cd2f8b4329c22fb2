"""Departments of local government: a name goes in, its official form or its other names come out.

The level or place in front (市, 苏州市, 县) is kept as it stands, so 市发改委 and 县发改委 are never one. What the
table does not know gives None and (); nothing is guessed from likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer.text.lexicon.regions import is_region, regions, short_name

DEPARTMENTS_FILE = Path(__file__).parent / "departments.tsv"
# The levels for which other names are listed in full; a place (苏州市) goes through `aliases`.
LEVELS = ("", "省", "市", "县", "区")
LEVEL = re.compile("省|自治区|市|自治州|州|地区|盟|自治县|县|区|自治旗|旗|镇|乡")
# 江州市: a place that the region table need not know.
PLACE = re.compile("[\u4e00-\u9fff]{2,7}[省市州盟县区旗镇乡]")
NO_PLACE = re.compile("^[省市县区]|[局委部厅办院会联协社]")
PARTY = "委"
OFFICE = re.compile("办公[室厅]")


@dataclass(frozen=True, slots=True)
class Department:
    """One official name without its level, with short names and the years of use; None where a year is open.

    Names of the Party committee's departments begin with 委 (委组织部: 市委组织部).
    """

    official: str
    shorts: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the official one first."""
        return (self.official, *self.shorts)


def canonical(name: str) -> str | None:
    """Return the official form of a department's name, with its level; None where the table does not know it.

    A name that several departments bore stands for the one that the table lists first, which is today's.
    """
    found = _split(_tight(name))
    if found is None:
        return None
    level, stem = found
    return _joined(level, _by_name()[stem][0].official)


def aliases(name: str) -> tuple[str, ...]:
    """Return the other names of a department on the same level: short, official, earlier ones; may be empty."""
    tight = _tight(name)
    found = _split(tight)
    if found is None:
        return ()
    level, stem = found
    return tuple(other for other in _names(level, _by_name()[stem][1]) if other != tight)


def is_department(stem: str) -> bool:
    """Tell whether the table has a name that bears no level: 发改委, 委组织部."""
    return stem in _by_name()


def department_end(text: str, start: int, end: int) -> int | None:
    """Return the end of the longest name without level that begins at `start` and ends at `end` or before."""
    for length in _lengths().get(text[start : start + 2], ()):
        if start + length <= end and text[start : start + length] in _by_name():
            return start + length
    return None


def alias_groups() -> Iterator[list[str]]:
    """Yield the names of each department that has several, for each level; the form of `aliases.toml`."""
    for level in LEVELS:
        for department in departments():
            names = _names(level, department)
            if len(names) > 1:
                yield names


def _names(level: str, department: tuple[Department, ...]) -> list[str]:
    """Return the names of a department on a level; without one the Party's say too little (办公室) and are left out."""
    names = (name for row in department for name in row.names)
    return list(dict.fromkeys(level + name for name in names if level or not name.startswith(PARTY)))


@cache
def departments() -> tuple[tuple[Department, ...], ...]:
    """Return all departments, each as its rows: today's name first, then other classes and earlier names."""
    lines = [line for line in DEPARTMENTS_FILE.read_text("utf-8").split("\n") if not line.startswith("#")]
    blocks = "\n".join(lines).strip().split("\n\n")
    return tuple(tuple(_row(line) for line in block.split("\n")) for block in blocks)


def _row(line: str) -> Department:
    official, shorts, years = (*line.split("\t"), "", "")[:3]
    since, _, until = years.partition("-")
    return Department(official, tuple(shorts.split()), int(since) if since else None, int(until) if until else None)


@cache
def _by_name() -> dict[str, tuple[Department, tuple[Department, ...]]]:
    """Return row and department of each name without level; the first row that bears a name has it."""
    found: dict[str, tuple[Department, tuple[Department, ...]]] = {}
    for department in departments():
        for row in department:
            for name in row.names:
                found.setdefault(name, (row, department))
    for name, entry in list(found.items()):
        bare = name.removeprefix(PARTY)
        if len(bare) > 2 and not OFFICE.fullmatch(bare):
            found.setdefault(bare, entry)
    return found


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return the lengths of the names that begin with two characters, longest first."""
    found: dict[str, set[int]] = {}
    for name in _by_name():
        found.setdefault(name[:2], set()).add(len(name))
    return {begin: tuple(sorted(lengths, reverse=True)) for begin, lengths in found.items()}


@cache
def _last() -> frozenset[str]:
    """Return the characters with which names end."""
    return frozenset(name[-1] for name in _by_name())


def _split(name: str) -> tuple[str, str] | None:
    """Divide a name into level and known stem; the longest stem counts."""
    known = _by_name()
    if name[-1:] not in _last():  # most of what is asked for is no department
        return None
    for at in range(len(name)):
        if name[at:] in known and _is_level(name[:at]):
            return name[:at], name[at:]
    return None


def _is_level(text: str) -> bool:
    if not text or LEVEL.fullmatch(text) or is_region(text) or text in _short_regions():
        return True
    return bool(PLACE.fullmatch(text)) and not NO_PLACE.search(text)


@cache
def _short_regions() -> frozenset[str]:
    return frozenset(short_name(region) for region in regions())


def _joined(level: str, name: str) -> str:
    """Put a level in front of a name; without one the Party's 委 falls away."""
    return level + name if level else name.removeprefix(PARTY)


def _tight(name: str) -> str:
    return "".join(name.split())
