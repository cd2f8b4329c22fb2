"""What is downloaded: lines go out as they are made, so that a file of any size needs little memory."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from urllib.parse import quote

from flask import Blueprint, Response, request, stream_with_context

from indexer.export import FORMATS, Format, export
from search_web import params
from search_web.holder import held_index

blueprint = Blueprint("exports", __name__)

NAMES: dict[Format, str] = {"ledger": "督办台账.csv", "csv": "检索结果.csv", "jsonl": "检索结果.jsonl"}


@blueprint.get("/export")
def exported() -> Response:
    """All exact hits of `q` and its filters as a file, or everything where none is given."""
    form = params.choice(request.args, "format", FORMATS)
    asked = params.search_request(request.args)
    lines = export(
        held_index(),
        asked.text,
        form,
        site=request.url_root.rstrip("/"),
        level=asked.level,
        expand=asked.expand,
        first=asked.first,
        last=asked.last,
        **{name: asked.values(name) for name in params.FILTERS},
    )
    kind = "application/x-ndjson" if form == "jsonl" else "text/csv; charset=utf-8"
    return file_response(lines, NAMES[form], kind)


def csv_response(lines: Iterable[str], name: str) -> Response:
    """Stream the lines of a CSV file under a name; RFC 6266 tells how a name in Chinese is sent."""
    return file_response(lines, name, "text/csv; charset=utf-8")


def file_response(lines: Iterable[str], name: str, content_type: str) -> Response:
    """Stream the lines of a file to be kept."""
    made = iter(lines)
    # The first line is made before the answer begins, so that what cannot be done is told by its status.
    start = [line for line in [next(made, None)] if line is not None]
    response = Response(stream_with_context(chain(start, made)), content_type=content_type)
    plain = name.rpartition(".")[2]
    response.headers["Content-Disposition"] = f"attachment; filename=\"export.{plain}\"; filename*=UTF-8''{quote(name)}"
    return response
