"""Pages of the originals as pictures, each beside the text that was read from it; made from kept originals alone.

The first source of a record is the one its text was read from, so its pages are those that paragraphs name. A picture
is drawn by a process of its own (`indexer.facsimile`); nothing of a file is opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, abort, current_app, g, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from indexer.errors import UnreadableFile
from indexer.facsimile import DRAWN, Drawing, Facsimiles
from indexer.model import Document, Meeting, Paragraph, Source
from indexer.originals import Original
from search_web import params, reading
from search_web.holder import held_index

blueprint = Blueprint("facsimiles", __name__)

_EXTENSION = "gongwen-facsimiles"
# A drawing of an OFD file is SVG, and holds its pictures itself; it runs and fetches nothing.
_LOCKED = "sandbox; default-src 'none'; img-src data:"
_CACHED = "private, max-age=86400"
_MOST_HITS = 12  # pages with marks that a record's page names


@dataclass(frozen=True, slots=True)
class Leaves:
    """The pages of the original that a record was read from."""

    record: Meeting | Document
    source: Source
    original: Original
    count: int

    def url(self, number: int, anchor: str = "") -> str:
        """Return where a page is shown, with what the request marks."""
        kind = "meetings" if isinstance(self.record, Meeting) else "documents"
        asked = {name: request.args[name] for name in ("q", "match") if request.args.get(name)}
        query = f"?{urlencode(asked)}" if asked else ""
        return f"/{kind}/{quote(self.record.id)}/pages/{number}{query}{f'#{anchor}' if anchor else ''}"

    def draw(self, number: int) -> Drawing:
        """Return the picture of a page; raise UnreadableFile where there is none."""
        facsimiles: Facsimiles = current_app.extensions[_EXTENSION]
        return facsimiles.draw(self.original, self.source.format, number)


@blueprint.record
def _prepare(state: object) -> None:
    state.app.extensions[_EXTENSION] = Facsimiles()  # type: ignore[attr-defined]  # of Flask's BlueprintSetupState


@blueprint.get("/meetings/<id>/pages/<int:number>")
@blueprint.get("/documents/<id>/pages/<int:number>")
def leaf(id: str, number: int) -> str:
    """One page of the original, counted from 1, beside the paragraphs that begin on it."""
    leaves = _leaf(id, number)
    every = list(paragraphs(leaves.record))
    begun = [p for p in every if p.page == number]
    before = [p for p in every if p.page and p.page < number]
    text, tier = params.query(request.args), params.tier(request.args)
    try:
        leaves.draw(number)
        reason = None
    except UnreadableFile as error:
        reason = error.reason
    return render_template(
        "facsimile.html", record=leaves.record, leaves=leaves, number=number, begun=begun, last=before[-1:],
        reason=reason, mark=reading.Marker(held_index(), text, tier),
    )  # fmt: skip


@blueprint.get("/meetings/<id>/pages/<int:number>/image")
@blueprint.get("/documents/<id>/pages/<int:number>/image")
def image(id: str, number: int) -> AnyResponse:
    """The picture of a page; it never changes, since the original is found by its content."""
    leaves = _leaf(id, number)
    tag = f"{leaves.original.sha256[:32]}-{number}"
    response = Response(status=304)
    if not request.if_none_match.contains(tag):
        try:
            drawn = leaves.draw(number)
        except UnreadableFile:
            abort(404)
        response = Response(drawn.data, mimetype=drawn.media)
    response.headers["Content-Security-Policy"] = _LOCKED
    response.headers["Cache-Control"] = _CACHED
    response.set_etag(tag)
    return response


@blueprint.app_template_global()
def leaf_url(place: Paragraph) -> str | None:
    """Return where the page of the original is shown on which a paragraph of this request's record begins."""
    leaves = _of_request()
    shown_here = request.endpoint == "facsimiles.leaf" and (request.view_args or {}).get("number") == place.page
    if leaves is None or place.page is None or place.page > leaves.count or shown_here:
        return None
    return leaves.url(place.page, place.anchor)


@blueprint.app_template_global()
def leaves_of_page() -> Leaves | None:
    """Return the pages of the original of this request's record; None where there is none to show."""
    return _of_request()


@blueprint.app_template_global()
def leaves_with(places: Iterable[reading.Place]) -> list[tuple[int, str]]:
    """Return the pages of the original on which marked paragraphs begin, in order, each with where it is shown."""
    leaves = _of_request()
    if leaves is None:
        return []
    pages = {p.anchor: p.page for p in paragraphs(leaves.record)}
    found: dict[int, str] = {}
    for place in places:
        page = pages.get(place.anchor)
        if page and page <= leaves.count:
            found.setdefault(page, leaves.url(page, place.anchor))
    return sorted(found.items())[:_MOST_HITS]


def paragraphs(record: Meeting | Document) -> Iterator[Paragraph]:
    """Yield every paragraph of a record in reading order."""
    if isinstance(record, Document):
        yield from record.paragraphs
        return
    for block in reading.blocks(record):
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, reading.Roll):
            yield block.paragraph
        else:
            if block.item.heading:
                yield block.item.heading
            for part in block.parts:
                yield from (part,) if isinstance(part, Paragraph) else part.paragraphs


def _leaf(id: str, number: int) -> Leaves:
    """Return the pages of a record's original, the number-th among them."""
    leaves = _leaves(held_index().record(id))
    if leaves is None or not 0 < number <= leaves.count:
        abort(404)
    g.leaves = leaves
    return leaves


def _of_request() -> Leaves | None:
    """Return the pages of the original of the record that the address names; looked for once a request."""
    if "leaves" not in g:
        named = (request.view_args or {}).get("id")
        # A page that shows a record has read it already.
        record = g.record if "record" in g else held_index().record(named) if named else None
        g.leaves = _leaves(record) if record else None
    found: Leaves | None = g.leaves
    return found


def _leaves(record: Meeting | Document) -> Leaves | None:
    source = record.sources[0] if record.sources else None
    if source is None or source.format not in DRAWN:
        return None
    kept = held_index().original(source.sha256)
    return Leaves(record, source, kept, source.pages or 1) if kept else None
