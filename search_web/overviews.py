"""Pages that gather what all meetings say: of people, departments and instruments, and of a query over time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from indexer import highlight
from indexer.rollup.departments import PARTS
from indexer.rollup.directory import Sort, alphabetical
from indexer.rollup.people import Appearance
from indexer.spreadsheet import csv_lines
from indexer.text.fold import fold
from search_web import params, timelines
from search_web.exports import CSV, file_response
from search_web.holder import held_index
from search_web.language import gettext
from search_web.language import marked as _
from search_web.listing import year_label
from search_web.present import Link

blueprint = Blueprint("overviews", __name__)

PART_LABELS = {"lead": _("牵头"), "report": _("汇报"), "support": _("配合与相关")}
TASKS = 50  # tasks on one page of a department
MEETINGS = 50  # at most, for one page of a person, department or instrument, newest first; the others are a link away
MAX_PLACE = 10**9  # passages: where a window may begin
MENTIONS = 30  # of a person, newest first; all of them are a search away
_PLACES = {"person": "/people/", "department": "/departments/", "instrument": "/instruments/"}
_UNQUOTED = "!$&'()*+,/:;=@"  # as url_for does, which takes ten times as long
LIST_LENGTH = 300  # names on one page by count, and the most that are shown by letter at once


@blueprint.app_template_filter("excerpt")
def excerpt(text: str, *names: str) -> Markup:
    """The densest part of a text with names marked, as HTML; the highlighter has escaped it."""
    return Markup(highlight.snippet(text, highlight.marks(text, [fold(name) for name in names])))


@blueprint.app_template_global("place_of")
@lru_cache(maxsize=4096)
def place_of(sort: Sort, name: str) -> str:
    """Return the path of the page of a person, department or instrument; records name the same few all along."""
    return f"{_PLACES[sort]}{quote(name, safe=_UNQUOTED)}"


@blueprint.app_template_filter("urlencode_all")
def urlencode_all(arguments: dict[str, object]) -> str:
    """The arguments of a URL; a list gives one for each of its values."""
    return urlencode(arguments, doseq=True)


@blueprint.app_template_filter("groupby_year")
def by_year(lines: Sequence[Appearance]) -> list[tuple[str, list[Appearance]]]:
    """Appearances, newest first, under the label of their year."""
    years = groupby(lines, key=lambda line: line.head.date.year if line.head.date else 0)
    return [(year_label(year), list(group)) for year, group in years]


@blueprint.get("/timeline")
def timeline() -> str:
    """Mentions of one to five queries over time."""
    wanted = timelines.timeline_request(request.args)
    view = None if wanted.empty else timelines.timeline_view(wanted, timelines.ask(held_index(), wanted))
    return render_template("timeline.html", wanted=wanted, view=view, most=timelines.MOST_QUERIES)


@blueprint.get("/timeline.csv")
def timeline_csv() -> Response:
    """The same numbers for a spreadsheet."""
    wanted = timelines.timeline_request(request.args)
    found = timelines.ask(held_index(), wanted)
    return file_response((line.encode() for line in csv_lines(timelines.rows(found))), "时间线.csv", CSV)


@blueprint.get("/people")
def people() -> str:
    """All people who attended a meeting."""
    return _directory("person")


@blueprint.get("/departments")
def departments() -> str:
    """All departments that a resolution names."""
    return _directory("department")


@blueprint.get("/instruments")
def instruments() -> str:
    """All instruments that a meeting considered."""
    return _directory("instrument")


@blueprint.get("/people/<path:name>")
def person(name: str) -> str:
    """One person: posts, chairs, appearances and mentions."""
    offset = params.number(request.args, "at", 0, 0, MAX_PLACE)
    found = held_index().person(name, offset=offset, limit=MEETINGS)
    return render_template("person.html", person=found, shown=MENTIONS, at=offset, after=_window(found.next))


@blueprint.get("/departments/<path:name>")
def department(name: str) -> str:
    """One department: what it leads, reports on and supports; of one body where `body` is given."""
    body = next(iter(params.values(request.args, "body")), None)
    at = params.number(request.args, "at", 0, 0, MAX_PLACE)
    found = held_index().department(name, body=body, offset=at, limit=MEETINGS)
    counts = {part: len(found.having(part)) for part in PARTS}
    part = params.choice(request.args, "part", sorted(PARTS, key=lambda part: not counts[part]))
    offset = params.number(request.args, "offset", 0, 0, params.MAX_OFFSET)

    def url(**changes: object) -> str:
        arguments = {"part": part, "body": body, "offset": 0, "at": at} | changes
        text = urlencode({name: value for name, value in arguments.items() if value})
        return f"?{text}" if text else request.path

    return render_template(
        "department.html", department=found, offset=offset, length=TASKS, url=url, body=body, at=at,
        after=url(at=found.next, part=None) if found.next else None,
        parts=[Link(gettext(PART_LABELS[one]), url(part=one), one == part, counts[one]) for one in PARTS],
        tasks=found.having(part),
    )  # fmt: skip


@blueprint.get("/instruments/<path:title>")
def instrument(title: str) -> str:
    """One instrument: each consideration in order."""
    offset = params.number(request.args, "at", 0, 0, MAX_PLACE)
    found = held_index().instrument(title, offset=offset, limit=MEETINGS)
    bodies = {consideration.head.body for consideration in found.considerations}
    return render_template(
        "instrument.html", instrument=found, several=len(bodies) > 1, at=offset, after=_window(found.next)
    )


def _window(after: int | None) -> str | None:
    """The address of the window of older meetings; None where there is none."""
    return f"{request.path}?{urlencode({'at': after})}" if after else None


def _directory(sort: Sort) -> str:
    """Names from A to Z, or by count; many of them one letter at a time."""
    by = params.choice(request.args, "by", ("letter", "count"))
    letter = (request.args.get("letter") or "")[:1].upper()
    offset = params.number(request.args, "offset", 0, 0, params.MAX_OFFSET)
    entries = held_index().directory(sort)
    groups = alphabetical(entries)
    whole = len(entries) <= LIST_LENGTH
    if not whole and letter not in dict(groups):
        letter = groups[0][0]
    return render_template(
        "directory.html", sort=sort, by=by, entries=entries, letters=[name for name, _ in groups], whole=whole,
        groups=groups if whole else [group for group in groups if group[0] == letter], letter=letter,
        offset=offset, length=LIST_LENGTH,
    )  # fmt: skip
