"""A record becomes bytes that hold no text twice, and bytes become the record again.

Texts that are passages stand in the segment's character array already; here only their place among the record's
passages is written. The rest is the contract's JSON, compressed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from indexer import wire
from indexer.engines.passages import Passage
from indexer.model import Document, Paragraph, Record

LEVEL = 6


def pack(record: Record, passages: Sequence[Passage]) -> bytes:
    """Return a record without the texts of its passages."""
    if isinstance(record, Document):
        # Paragraphs of a document are its passages, one for one: rows are enough.
        rows = [(p.anchor, *p.span, p.page, p.heading) for p in record.paragraphs]
        data: Any = [wire.to_json(replace(record, paragraphs=())), list(map(list, zip(*rows, strict=True)))]
    else:
        places = {(p.anchor, p.text): i for i, p in enumerate(passages)}
        data = [_without(wire.to_json(record), places), None]
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def unpack(packed: bytes, text: Callable[[int], str]) -> Record:
    """Return the record; `text` gives the text of its n-th passage."""

    def filled(value: dict[str, Any]) -> dict[str, Any]:
        """Return an object with the text in its place; called for each while the JSON is read."""
        if "anchor" in value and isinstance(value.get("text"), int):
            value["text"] = text(value["text"])
        return value

    data, columns = json.loads(zlib.decompress(packed), object_hook=filled)
    record = wire.from_json(data)
    if isinstance(record, Document) and columns:
        rows = zip(*columns, strict=True)
        return replace(
            record,
            paragraphs=tuple(
                Paragraph(anchor, text(i), (a, b), page, tuple(heading))
                for i, (anchor, a, b, page, heading) in enumerate(rows)
            ),
        )
    return record


def _without(value: Any, places: dict[tuple[str, str], int]) -> Any:
    """Return the JSON with the text of every passage replaced by its place."""
    if isinstance(value, list):
        return [_without(v, places) for v in value]
    if not isinstance(value, dict):
        return value
    found = {k: _without(v, places) for k, v in value.items()}
    place = places.get((value.get("anchor", ""), value.get("text", "")))
    if place is not None:
        found["text"] = place
    return found
