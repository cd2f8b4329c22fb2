"""Walking a whole result: a cursor says where a walk stands, in which state of the index, and of which request.

A walk sees one generation of the index, so that it gives every hit once; where the index has changed since, it is told
so and begins again. A cursor is opaque to who holds it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2s

from flask import request
from werkzeug.exceptions import Gone

from indexer.errors import BadParameter
from indexer.search import Index

START = "*"
_FREE = ("cursor", "fields", "limit")  # what may change on the way
_TAKES = "须为 * 或同一检索上一次回答的 next"


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk stands; `request` is a digest of what is asked."""

    generation: int
    offset: int
    request: str

    def after(self, index: Index, given: int, total: int) -> str | None:
        """Return the cursor behind the values given now; None at the end.

        Raises:
            Gone: the index has changed while they were looked for.
        """
        if index.generation() != self.generation:
            raise Gone
        offset = self.offset + given
        if not given or offset >= total:
            return None
        text = json.dumps([self.generation, offset, self.request])
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def walk(index: Index) -> Walk | None:
    """Return where the walk of this request stands; None where it asks for none.

    Raises:
        BadParameter: the cursor was not given for this request, or an offset stands beside it.
        Gone: the index has changed since.
    """
    raw = request.args.get("cursor", "").strip()
    if not raw:
        return None
    if request.args.get("offset", "").strip():
        raise BadParameter("offset", request.args["offset"], "不能与 cursor 同时给出")
    digest = _digest()
    if raw == START:
        return Walk(index.generation(), 0, digest)
    found = _read(raw)
    if found.request != digest:
        raise BadParameter("cursor", raw, _TAKES)
    if found.generation != index.generation():
        raise Gone
    return found


def _read(raw: str) -> Walk:
    try:
        generation, offset, asked = json.loads(urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadParameter("cursor", raw, _TAKES) from error
    if type(generation) is not int or type(offset) is not int or not 0 < offset < 1 << 40:
        raise BadParameter("cursor", raw, _TAKES)
    return Walk(generation, offset, str(asked))


def _digest() -> str:
    asked = sorted((name, value) for name, value in request.args.items(multi=True) if name not in _FREE)
    text = json.dumps([request.path, asked], ensure_ascii=True)
    return blake2s(text.encode(), digest_size=8).hexdigest()
