"""What a meeting or document is goes in, its id comes out: the same for every source and every run.

The key of a meeting is body, kind, number and date; where one of them is missing, or the body is only 区政府 and could
be anyone's, title and opening sentence stand in for it.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2s

from indexer.text.fold import fold

MEETING_DIGEST, DOCUMENT_DIGEST = 4, 6
UNDATED = "00000000"
DOCUMENT_HEAD = 200


def meeting_id(
    body: str | None, kind: str | None, number: int | None, day: date | None, title: str | None, opening: str
) -> str:
    """Return `YYYYMMDD-` and 8 hex digits; the day is 00000000 where the text gives none.

    Args:
        body: the full name; None where the text only says 市政府.
        opening: the opening sentence, or how the text begins.
    """
    if body and kind and number is not None and day:
        key = "|".join((body, kind, str(number), day.isoformat()))
    else:
        key = f"{title or ''}|{opening}"
    return f"{day:%Y%m%d}-{_hex(key, MEETING_DIGEST)}" if day else f"{UNDATED}-{_hex(key, MEETING_DIGEST)}"


def document_id(title: str | None, text: str) -> str:
    """Return `d-` and 12 hex digits over the title and how the text begins."""
    return f"d-{_hex((title or '') + text[:DOCUMENT_HEAD], DOCUMENT_DIGEST)}"


def _hex(key: str, size: int) -> str:
    return blake2s(fold(key).encode("utf-8", "replace"), digest_size=size).hexdigest()
