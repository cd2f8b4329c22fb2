"""A record becomes bytes that hold no text twice, and bytes become the record again.

Texts that are passages stand in the segment's character array already; here only their place among the record's
passages is written. The rest is the contract's JSON, compressed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from indexer import wire
from indexer.engines.passages import Passage
from indexer.model import Document, Paragraph, Record

LEVEL = 6


def pack(record: Record, passages: Sequence[Passage]) -> bytes:
    """Return a record without the texts of its passages."""
    if isinstance(record, Document):
        # Paragraphs of a document are its passages, one for one: what stands beside their texts is enough.
        data: Any = [wire.to_json(replace(record, paragraphs=())), _columns(record.paragraphs)]
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
    if isinstance(record, Document):
        return replace(record, paragraphs=tuple(_paragraphs(columns, text)))
    return record


def _columns(paragraphs: Sequence[Paragraph]) -> list[Any]:
    """Return how many paragraphs there are and what stands beside their texts; a column of equal values has one.

    The columns are anchors, "" for pN; how far each begins behind the one before, and ends beyond its text; pages;
    headings.
    """
    begins, ends = [p.span[0] for p in paragraphs], [p.span[1] for p in paragraphs]
    columns: tuple[list[Any], ...] = (
        ["" if p.anchor == f"p{n}" else p.anchor for n, p in enumerate(paragraphs, 1)],
        [begin - end for begin, end in zip(begins, [-1, *ends], strict=False)],
        [p.span[1] - p.span[0] - len(p.text) for p in paragraphs],
        [p.page for p in paragraphs],
        [p.heading for p in paragraphs],
    )
    return [len(paragraphs), *(column if len(set(column)) > 1 else column[:1] for column in columns)]


def _paragraphs(columns: list[Any], text: Callable[[int], str]) -> Iterator[Paragraph]:
    """Yield the paragraphs that `_columns` was given."""
    count, end = columns[0], -1
    rows = zip(*(column if len(column) == count else column * count for column in columns[1:]), strict=True)
    for i, (anchor, gap, over, page, heading) in enumerate(rows):
        own, begin = text(i), end + gap
        end = begin + len(own) + over
        yield Paragraph(anchor or f"p{i + 1}", own, (begin, end), page, tuple(heading))


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
