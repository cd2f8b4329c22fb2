"""The JSON API: the same questions as the pages, answered with the dicts of the contract."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from indexer import wire
from indexer.errors import BadParameter
from indexer.model import Meeting
from indexer.report import FACETS, answer_json, head_json, passage_json
from search_web import listing, params, timelines
from search_web.holder import ask, held_index

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/v1/search")
def search() -> Response:
    """The answer to `q`, narrowed by the filters; one of them must be given."""
    wanted = params.search_request(request.args)
    if wanted.empty:
        raise BadParameter("q", "", f"须为 1 至 {params.MAX_QUERY} 字，或至少给出一个筛选条件")
    return jsonify(answer_json(ask(held_index(), wanted, FACETS)))


@blueprint.get("/api/v1/suggest")
def suggest() -> Response:
    """What a person who has typed `q` may be typing; an empty list where nothing fits or nothing is typed."""
    text = params.query(request.args)
    limit = params.number(request.args, "limit", 10, 1, params.MAX_LIMIT)
    found = held_index().suggest(text, limit)
    told = [{"text": one.text, "kind": one.kind, "count": one.count} for one in found]
    return jsonify({"query": text, "suggestions": told})


@blueprint.get("/api/v1/meetings")
def meetings() -> Response:
    """The heads of meetings, newest first, narrowed by `body`, `kind` and `year`."""
    bodies, kinds = params.values(request.args, "body"), params.values(request.args, "kind")
    limit = params.number(request.args, "limit", params.MAX_LIMIT, 1, 1000)
    offset = params.number(request.args, "offset", 0, 0, params.MAX_OFFSET)
    every = [head for head in held_index().heads() if head.type == "meeting"]
    found = listing.chosen(every, bodies, kinds, params.years(request.args))
    shown = found[offset : offset + limit]
    return jsonify(
        {"total": len(found), "offset": offset, "limit": limit, "meetings": [head_json(head) for head in shown]}
    )


@blueprint.get("/api/v1/meetings/<id>")
def meeting(id: str) -> AnyResponse:
    """One meeting, whole."""
    return _record(id)


@blueprint.get("/api/v1/documents/<id>")
def document(id: str) -> AnyResponse:
    """One document, whole."""
    return _record(id)


@blueprint.get("/api/v1/passages/<path:id>")
def passage(id: str) -> Response:
    """One passage by `RECORD#ANCHOR`; the # is written %23 in a URL."""
    return jsonify(passage_json(held_index().passage(id)))


@blueprint.get("/api/v1/timeline")
def timeline() -> Response:
    """Mentions of `q` (up to five) by month or year, with the meetings held; filters are those of a search."""
    wanted = timelines.timeline_request(request.args)
    if wanted.empty:
        raise BadParameter("q", "", f"须有 1 至 {timelines.MOST_QUERIES} 个，或至少给出一个筛选条件")
    return jsonify(timelines.to_json(timelines.ask(held_index(), wanted)))


@blueprint.get("/healthz")
def health() -> Response:
    """Tell that a query works; an index that cannot answer is a 503."""
    index = held_index()
    index.search("会议", limit=1)
    stats = index.stats()
    return jsonify({"status": "ok", "meetings": stats.meetings, "passages": stats.passages})


def _record(id: str) -> AnyResponse:
    record = held_index().record(id)
    kind = "meetings" if isinstance(record, Meeting) else "documents"
    if not request.path.startswith(f"/api/v1/{kind}/"):
        return redirect(url_for(f"api.{kind[:-1]}", id=id))
    return jsonify(wire.to_json(record))
