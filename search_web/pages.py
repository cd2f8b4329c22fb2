"""The pages: a request in, HTML out. Every page works without scripts, and shows only what the index gives."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from indexer.answer import Answer
from indexer.coverage import other_matters
from indexer.gaps import gaps_before
from indexer.model import Document, Meeting
from indexer.report import FACETS, name_of
from indexer.search import Index
from search_web import listing, params, present, reading
from search_web.holder import ask, held_index
from search_web.language import gettext

blueprint = Blueprint("pages", __name__)
blueprint.add_app_template_filter(present.hit_url, "hit_url")
blueprint.add_app_template_filter(present.place_label, "place")
blueprint.add_app_template_filter(name_of, "name_of")
blueprint.add_app_template_filter(reading.style, "style")
blueprint.add_app_template_filter(reading.by_role, "by_role")
blueprint.add_app_template_filter(present.file_name, "file_name")

LIST_LENGTH = 200  # records on one page of a list
HOME_BODIES = 12
MOST_READ = 3000  # meetings: reading these takes some seconds, once for each state of the index


@blueprint.get("/")
def home() -> Response | str:
    """The box, and what can be found with it."""
    if request.args.get("q"):
        return redirect(f"/search?{request.query_string.decode('ascii', 'replace')}")
    index = held_index()
    meetings = [head for head in index.heads() if head.type == "meeting"]
    bodies = listing.bodies(meetings, {})[:HOME_BODIES]
    return render_template("home.html", stats=index.stats(), bodies=bodies, wanted=params.SearchRequest())


@blueprint.get("/search")
def search() -> Response | str:
    """Hits of both tiers with facets."""
    wanted = params.search_request(request.args)
    if wanted.empty:
        return redirect("/")
    index = held_index()
    answer = ask(index, wanted, FACETS)
    view = present.search_view(wanted, answer, _facet_counts(index, wanted, answer))
    mark = reading.Marker(index, wanted.text)
    return render_template("search.html", view=view, wanted=wanted, mark=mark)


@blueprint.get("/meetings")
def meetings() -> str:
    """All meetings by body and year, with the numbers missing between them."""
    return _list("meeting")


@blueprint.get("/documents")
def documents() -> str:
    """All other documents by body and year."""
    return _list("document")


@blueprint.get("/meetings/<id>")
def meeting(id: str) -> Response | str:
    """The minutes of one meeting, with the hits of `q` marked."""
    return _record(id)


@blueprint.get("/documents/<id>")
def document(id: str) -> Response | str:
    """One document, with the hits of `q` marked."""
    return _record(id)


@blueprint.get("/about")
def about() -> str:
    """What the index covers and what it lacks."""
    index = held_index()
    stats = index.stats()
    coverage = index.coverage(read=stats.meetings <= MOST_READ)
    return render_template("about.html", stats=stats, coverage=coverage, series=coverage.series)


@blueprint.get("/help")
def query_help() -> str:
    """The query language, with examples."""
    return render_template("help.html", labels=[gettext(label) for label in present.LABELS.values()])


def _facet_counts(index: Index, wanted: params.SearchRequest, answer: Answer) -> dict[str, present.FacetCounts]:
    """Count each field as if it were not filtered itself, so that a second value can be chosen beside the first."""
    counts = dict(answer.facets)
    for name in params.FILTERS:
        if wanted.values(name):
            without = replace(wanted, offset=0, limit=1, **{name: ()})  # type: ignore[arg-type]  # one of FILTERS
            counts.update(ask(index, without, (name,)).facets)
    return counts


def _list(kind: str) -> str:
    """A list of records of one type, narrowed by `body`, `kind` and `year`, LIST_LENGTH at a time."""
    bodies, kinds = params.values(request.args, "body"), params.values(request.args, "kind")
    years = params.years(request.args)
    offset = params.number(request.args, "offset", 0, 0, params.MAX_OFFSET)
    every = [head for head in held_index().heads() if head.type == kind]
    chosen = listing.chosen(every, bodies, kinds, years)
    shown = chosen[offset : offset + LIST_LENGTH]
    groups = listing.bodies(shown, gaps_before(every))

    def url(**changes: object) -> str:
        arguments = {"body": bodies, "kind": kinds, "year": years, "offset": 0} | changes
        text = urlencode({name: value for name, value in arguments.items() if value}, doseq=True)
        return f"{request.path}?{text}" if text else request.path

    return render_template(
        "list.html", kind=kind, groups=groups, every=listing.outline(every), total=len(chosen), offset=offset,
        length=LIST_LENGTH, bodies=bodies, years=years, url=url,
    )  # fmt: skip


def _record(id: str) -> Response | str:
    """A meeting or document at its own address; asked for at the other's, it is pointed to."""
    text, tier = params.query(request.args), params.tier(request.args)
    index = held_index()
    record = g.record = index.record(id)
    kind = "meetings" if isinstance(record, Meeting) else "documents"
    if not request.path.startswith(f"/{kind}/"):
        return redirect(url_for(f"pages.{kind[:-1]}", id=id, q=text or None, match=None if tier == "exact" else tier))
    mark = reading.Marker(index, text, tier)
    before = after = None
    if isinstance(record, Meeting):
        before, after = index.kept("neighbours", lambda: listing.Neighbours(index.heads())).around(id)
    return render_template(
        "meeting.html" if isinstance(record, Meeting) else "document.html",
        record=record, mark=mark, places=mark.places(record),
        place=reading.head_place(record), before=before, after=after,
        blocks=reading.blocks(record) if isinstance(record, Meeting) else (),
        further=other_matters(record) if isinstance(record, Meeting) else None,
        headings=reading.headings(record) if isinstance(record, Document) else (),
        similar=index.similar(id) if isinstance(record, Document) else (),
    )  # fmt: skip
