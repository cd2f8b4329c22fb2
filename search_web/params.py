"""URL arguments in, a checked request out; and a request back to the shortest URL that asks for it.

Every argument has a limit. A value that an argument does not take raises BadParameter, which names the argument
and what it takes; arguments that nobody knows are left alone. Nothing here searches.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Literal, Protocol, TypeVar, get_args
from urllib.parse import quote_plus

from indexer.errors import BadParameter
from indexer.model import VERDICTS

Level = Literal["all", "resolution", "paragraph"]
Match = Literal["auto", "exact", "related"]
Tier = Literal["exact", "related"]
Sort = Literal["relevance", "-date", "date"]
LEVELS: tuple[Level, ...] = get_args(Level)
TIERS: tuple[Tier, ...] = get_args(Tier)
MATCHES: tuple[Match, ...] = get_args(Match)
SORTS: tuple[Sort, ...] = get_args(Sort)

# The fields that narrow a search, in the order in which pages list them.
FILTERS = ("year", "body", "kind", "verdict", "department", "instrument", "person")

MAX_QUERY = 2000  # code points: a pasted paragraph; the longest string that the search promises to find has 100
MAX_VALUE = 200  # code points of one filter value: the longest instrument titles seen have about 80
MAX_VALUES = 20  # values of one filter
MAX_LIMIT = 100
MAX_OFFSET = 100_000

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_Choice = TypeVar("_Choice", bound=str)


class Arguments(Protocol):
    """What is asked of the arguments of a URL; werkzeug's MultiDict is one."""

    def get(self, key: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search as the URL asks for it; `first` and `last` are both included."""

    text: str = ""
    level: Level = "all"
    match: Match = "auto"
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    year: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    instrument: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    expand: bool = True

    @property
    def filtered(self) -> bool:
        """Whether anything but the query narrows the search."""
        return any(self.values(name) for name in FILTERS) or self.first is not None or self.last is not None

    @property
    def empty(self) -> bool:
        """Whether nothing at all is asked."""
        return not self.text and not self.filtered

    def values(self, name: str) -> tuple[str, ...]:
        """The values chosen for one of FILTERS."""
        chosen: tuple[str, ...] = getattr(self, name)
        return chosen

    def toggled(self, name: str, value: str) -> SearchRequest:
        """The request with one filter value put in, or taken out where it is in; from the first page on."""
        chosen = self.values(name)
        changed = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        return replace(self, offset=0, **{name: changed})  # type: ignore[arg-type]  # name is one of FILTERS

    def cleared(self) -> SearchRequest:
        """The request with its query, level and order, but without any filter."""
        cleared: dict[str, tuple[str, ...]] = dict.fromkeys(FILTERS, ())
        return replace(self, offset=0, first=None, last=None, **cleared)  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """The arguments that say what the defaults do not, in a fixed order."""
        pairs: list[tuple[str, str]] = []
        for attribute, name, default in _ARGUMENTS:
            value = getattr(self, attribute)
            if value != default:
                pairs.extend((name, _written(one)) for one in (value if isinstance(value, tuple) else (value,)))
        return pairs

    def url(self, path: str = "/search") -> str:
        """The shortest URL that asks for this."""
        text = "&".join([f"{name}={quoted(value)}" for name, value in self.pairs()])
        return f"{path}?{text}" if text else path


_URL_NAMES = {"text": "q", "first": "from", "last": "to"}
# Each attribute with the argument of the URL that says it, and what it is where nothing is said.
_ARGUMENTS = tuple((f.name, _URL_NAMES.get(f.name, f.name), f.default) for f in fields(SearchRequest))
# A page has a hundred links that say nearly the same.
quoted = lru_cache(maxsize=1024)(quote_plus)


def _written(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def search_request(args: Arguments) -> SearchRequest:
    """Read a search from URL arguments.

    Raises:
        BadParameter: an argument has a value that it does not take.
    """
    first, last = _day(args, "from", end=False), _day(args, "to", end=True)
    if first and last and first > last:
        raise BadParameter("to", last, f"须不早于 from（{first}）")
    return SearchRequest(
        text=query(args),
        level=choice(args, "level", LEVELS),
        match=choice(args, "match", MATCHES),
        sort=choice(args, "sort", SORTS),
        limit=number(args, "limit", 10, 1, MAX_LIMIT),
        offset=number(args, "offset", 0, 0, MAX_OFFSET),
        year=years(args),
        body=values(args, "body"),
        kind=values(args, "kind"),
        verdict=_verdicts(args),
        department=values(args, "department"),
        instrument=values(args, "instrument"),
        person=values(args, "person"),
        first=first,
        last=last,
        expand=choice(args, "expand", ("yes", "no")) == "yes",
    )


def query(args: Arguments) -> str:
    """Read `q`: what was typed, without white space around it; "" where there is none."""
    text = (args.get("q") or "").strip()
    if len(text) > MAX_QUERY:
        raise BadParameter("q", text, f"至多 {MAX_QUERY} 字，现有 {len(text)} 字")
    return text


def tier(args: Arguments) -> Tier:
    """Read `match` where a record is shown: by what of the query its text is marked."""
    return choice(args, "match", TIERS)


def number(args: Arguments, name: str, default: int, low: int, high: int) -> int:
    """Read a whole number in ASCII digits from `low` to `high`."""
    raw = (args.get(name) or "").strip()
    if not raw:
        return default
    value = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else -1
    if not low <= value <= high:
        raise BadParameter(name, raw, f"须为 {low} 至 {high} 的整数")
    return value


def values(args: Arguments, name: str) -> tuple[str, ...]:
    """Read all values of an argument that may be repeated, each once, in the order given."""
    found = tuple(dict.fromkeys(value.strip() for value in args.getlist(name) if value.strip()))
    if len(found) > MAX_VALUES:
        raise BadParameter(name, f"{len(found)} 个值", f"至多可重复 {MAX_VALUES} 次")
    for value in found:
        if len(value) > MAX_VALUE:
            raise BadParameter(name, value, f"至多 {MAX_VALUE} 字")
    return found


def years(args: Arguments) -> tuple[str, ...]:
    """Read `year`: four digits, repeatable."""
    found = values(args, "year")
    for value in found:
        if not _YEAR.fullmatch(value):
            raise BadParameter("year", value, "须为四位数字的年份，如 2024，可重复")
    return found


def _verdicts(args: Arguments) -> tuple[str, ...]:
    found = values(args, "verdict")
    for value in found:
        if value not in VERDICTS:
            raise BadParameter("verdict", value, f"须为以下之一，可重复：{'、'.join(VERDICTS)}")
    return found


def choice(args: Arguments, name: str, choices: Sequence[_Choice]) -> _Choice:
    """Read one of a few words; the first of them is the default."""
    raw = (args.get(name) or "").strip() or choices[0]
    for choice in choices:
        if raw == choice:
            return choice
    raise BadParameter(name, raw, f"须为以下之一：{'、'.join(choices)}")


def _day(args: Arguments, name: str, *, end: bool) -> date | None:
    """Read a day; a year or month alone means its first day, or its last where `end`."""
    raw = (args.get(name) or "").strip()
    if not raw:
        return None
    found = _DAY.fullmatch(raw)
    try:
        if not found:
            raise ValueError(raw)
        year, month = int(found[1]), int(found[2] or (12 if end else 1))
        day = int(found[3]) if found[3] else (calendar.monthrange(year, month)[1] if end else 1)
        return date(year, month, day)
    except ValueError as error:  # monthrange's IllegalMonthError is one
        raise BadParameter(name, raw, "须为日期，如 2024、2024-07 或 2024-07-15") from error
