"""What is downloaded: parts of a file go out as they are made, so that a file of any size needs little memory.

A long file is made by a process of its own, which goes when who asked has gone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from indexer.export import FORMATS, Format, export
from indexer.exporter import export_apart
from search_web import params
from search_web.holder import held_index, held_place

blueprint = Blueprint("exports", __name__)

CSV = "text/csv; charset=utf-8"
# Bytes that go out at once.
TOGETHER = 16_384
FILES: dict[Format, tuple[str, str]] = {
    "ledger": ("督办台账.csv", CSV),
    "xlsx": ("督办台账.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("检索结果.csv", CSV),
    "jsonl": ("检索结果.jsonl", "application/x-ndjson"),
    "docx": ("检索结果.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
# Passages that are read for a file made in this process: most files are of fewer, and done before another has started.
MOST_HERE = 20_000


@blueprint.get("/export")
def exported() -> Response:
    """All exact hits of `q` and its filters as a file, or everything where none is given."""
    form = params.choice(request.args, "format", FORMATS)
    asked = params.search_request(request.args)
    site = request.url_root.rstrip("/")
    narrowed: dict[str, Any] = {name: asked.values(name) for name in params.FILTERS}
    narrowed |= {"expand": asked.expand, "first": asked.first, "last": asked.last}
    index, place = held_index(), held_place()
    if place is not None and index.search(asked.text, match="exact", limit=0, **narrowed).total.exact > MOST_HERE:
        parts = export_apart(place, asked.text, form, site=site, level=asked.level, **narrowed)
    else:
        parts = export(index, asked.text, form, site=site, level=asked.level, **narrowed)
    return file_response(parts, *FILES[form])


def file_response(parts: Iterable[bytes], name: str, content_type: str) -> Response:
    """Stream a file to be kept; RFC 6266 tells how a name in Chinese is sent.

    Parts behind the first one are made when there is no request any more that they might look at.
    """
    made = _made(parts)
    # The first part is made before the answer begins, so that what cannot be done is told by its status.
    response = Response(_sent(next(made, b""), made), content_type=content_type)
    response.call_on_close(made.close)  # also of an answer that nothing was asked of but its headers
    plain = name.rpartition(".")[2]
    response.headers["Content-Disposition"] = f"attachment; filename=\"export.{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _made(parts: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Yield the parts; when this is closed, so is what makes them."""
    yield from parts


def _sent(start: bytes, made: Generator[bytes, None, None]) -> Iterator[bytes]:
    """Yield the parts, small ones together; where who asked has gone, the server closes this, and no more is made.

    The server locks its buffer for each, and hardly comes to notice who has gone while lines are put in one by one.
    """
    with closing(made):
        yield start
        held: list[bytes] = []
        size = 0
        for part in made:
            held.append(part)
            size += len(part)
            if size >= TOGETHER:
                yield b"".join(held)
                held, size = [], 0
        yield b"".join(held)
