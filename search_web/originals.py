"""The files that a record was read from, as downloads; never shown by this server as what they are.

Only what the index keeps is given (`index --keep-originals`), found by the content that the record names, so that no
part of a URL becomes a path.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from indexer.errors import IndexDamaged
from indexer.model import Document, Meeting, Source
from indexer.originals import FOLDER, Original
from search_web.holder import held_index
from search_web.present import file_name

blueprint = Blueprint("originals", __name__)

_TYPES = {
    "txt": "text/plain",
    "md": "text/markdown",
    "html": "text/html",
    "mhtml": "multipart/related",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "ofd": "application/ofd",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Whatever a browser makes of a file, it may not run or fetch anything.
_LOCKED = "sandbox; default-src 'none'"
# A file is named by its content, so it never changes; who may see it may change.
_CACHED = "private, max-age=86400"


@blueprint.get("/meetings/<id>/original/<int:number>")
@blueprint.get("/documents/<id>/original/<int:number>")
def original(id: str, number: int) -> AnyResponse:
    """The number-th source of a record, counted from 1, as it was read."""
    record = held_index().record(id)
    source = record.sources[number - 1] if 0 < number <= len(record.sources) else abort(404)
    kept = _kept(source) or abort(404)
    if not kept.is_sound():
        raise IndexDamaged(kept.path.parents[2], f"{FOLDER}/{kept.path.parent.name}/{kept.path.name}", "校验和不符")
    response = Response(kept.blocks(), mimetype=_TYPES.get(source.format, "application/octet-stream"))
    response.headers["Content-Disposition"] = _attachment(file_name(source.path))
    response.headers["Content-Length"] = str(kept.size)
    response.headers["Content-Security-Policy"] = _LOCKED
    response.headers["Cache-Control"] = _CACHED
    response.set_etag(kept.sha256)
    return response.make_conditional(request)


@blueprint.app_template_global()
def original_url(record: Meeting | Document, number: int) -> str | None:
    """Return where the number-th source of a record can be had; None where it is not kept."""
    if not _kept(record.sources[number - 1]):
        return None
    kind = "meetings" if isinstance(record, Meeting) else "documents"
    return f"/{kind}/{quote(record.id)}/original/{number}"


def _kept(source: Source) -> Original | None:
    return held_index().original(source.sha256)


def _attachment(name: str) -> str:
    """Return a header that has the file saved under its own name (RFC 6266), whatever characters are in it."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-_ ") else "_" for sign in name)
    return f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'))}"
