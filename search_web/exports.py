"""What is downloaded: parts of a file go out as they are made, so that a file of any size needs little memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from urllib.parse import quote

from flask import Blueprint, Response, request, stream_with_context

from indexer.export import FORMATS, Format, export
from search_web import params
from search_web.holder import held_index

blueprint = Blueprint("exports", __name__)

CSV = "text/csv; charset=utf-8"
FILES: dict[Format, tuple[str, str]] = {
    "ledger": ("督办台账.csv", CSV),
    "xlsx": ("督办台账.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("检索结果.csv", CSV),
    "jsonl": ("检索结果.jsonl", "application/x-ndjson"),
    "docx": ("检索结果.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@blueprint.get("/export")
def exported() -> Response:
    """All exact hits of `q` and its filters as a file, or everything where none is given."""
    form = params.choice(request.args, "format", FORMATS)
    asked = params.search_request(request.args)
    parts = export(
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
    return file_response(parts, *FILES[form])


def file_response(parts: Iterable[bytes], name: str, content_type: str) -> Response:
    """Stream a file to be kept; RFC 6266 tells how a name in Chinese is sent."""
    made = (part for part in parts)
    # The first part is made before the answer begins, so that what cannot be done is told by its status.
    response = Response(stream_with_context(_sent(next(made, b""), made)), content_type=content_type)
    plain = name.rpartition(".")[2]
    response.headers["Content-Disposition"] = f"attachment; filename=\"export.{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _sent(start: bytes, made: Generator[bytes, None, None]) -> Iterator[bytes]:
    """Yield the parts; where who asked has gone, the server closes this, and nothing more is made."""
    with closing(made):
        yield start
        yield from made
