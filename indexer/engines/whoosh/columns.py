"""What stands beside the text: records, the place of each passage in its record, and the values to filter and count by.

rec_first        the first passage of each record; one entry more than there are records
rec_date         days since 1 January of year 1 (date.toordinal), 0 where unknown
rec_data, _at    the packed record (see stored.py)
rec_head, _at    JSON of the head, its sources and document number
rec_hash, _row   hashes of the ids in order, and the record each belongs to
levels           one byte a passage: the bits of the levels, ROLL for an attendance roll, HEADS for the heading of an
                 item, PATCHED for gaps put back
heading          the passage that heads the item of each passage, itself where none does; empty if none ever does
meta, meta_at    JSON of what a hit shows beside its text; empty for a plain paragraph pN, both where all are plain
F_names, _at     the values of field F; F_value and F_owner: pairs (value, passage or record), by owner
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from indexer.engines.engine import RecordHead, SourceState
from indexer.engines.passages import FIELDS, Passage
from indexer.engines.whoosh.arrays import Array

# Bits of `levels` beside those of the levels.
ROLL, PATCHED, HEADS = 128, 64, 32

SECTION_BITS = {"attendance": ROLL, "heading": HEADS}


class PassageRow(NamedTuple):
    """One passage beside its text; `values` of the passage fields of FIELDS.

    `heading` is the place, among the record's passages, of the heading of its item; its own where it has none.
    """

    levels: int
    meta: bytes
    values: Mapping[str, tuple[str, ...]]
    heading: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record with its passages, ready to be written or taken over from another segment."""

    id: str
    date: int
    head: bytes
    data: bytes
    values: Mapping[str, tuple[str, ...]]
    passages: Sequence[PassageRow]


NO_VALUES: dict[str, tuple[str, ...]] = {}


def passage_rows(passages: Sequence[Passage]) -> list[PassageRow]:
    """Return the rows of a record's passages."""
    headings = {p.item_number: i for i, p in enumerate(passages) if p.section == "heading"}
    return [_passage_row(p, i, headings.get(p.item_number, i)) for i, p in enumerate(passages)]


def _passage_row(passage: Passage, place: int, heading: int) -> PassageRow:
    """Return the row of the passage that is the `place`-th of its record."""
    levels = passage.levels | SECTION_BITS.get(passage.section, 0)
    if passage.section == "body" and passage.item_number is None and passage.anchor == f"p{place + 1}":
        return PassageRow(levels, b"", NO_VALUES, heading)
    meta = {
        "anchor": passage.anchor,
        "section": passage.section,
        "item": [passage.item_number, passage.item_title],
        "verdicts": passage.verdicts,
        "lead": passage.lead_department,
        "next": passage.next_step,
    }
    values = {"verdict": passage.verdicts, "department": passage.departments, "instrument": passage.instruments}
    return PassageRow(levels, _json({k: v for k, v in meta.items() if v}), values, heading)


def head_json(head: RecordHead, docno: str | None, sources: Iterable[SourceState]) -> bytes:
    """Return what a list of records shows, as JSON."""
    rows = [[s.path, s.sha256, s.size, s.mtime_ns] for s in sources]
    date = head.date.isoformat() if head.date else None
    return _json([head.type, head.id, head.title, head.body, head.kind, head.number, date, docno, rows])


def build(records: Sequence[RecordRow]) -> dict[str, Array]:
    """Return the arrays of a segment's columns."""
    passages = [p for r in records for p in r.passages]
    first = np.cumsum([0, *(len(r.passages) for r in records)])
    hashes = np.array([id_hash(r.id) for r in records], dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    arrays: dict[str, Array] = {
        "rec_first": first.astype(np.uint32),
        "rec_date": np.array([r.date for r in records], dtype=np.int32),
        "rec_hash": hashes[order],
        "rec_row": order.astype(np.uint32),
        "levels": np.array([p.levels for p in passages], dtype=np.uint8),
        "heading": _headings(records, first),
        **blobs("rec_head", [r.head for r in records]),
        **blobs("rec_data", [r.data for r in records]),
        **blobs("meta", [p.meta for p in passages]),
    }
    if not len(arrays["meta"]):
        arrays["meta_at"] = arrays["meta_at"][:0]
    valued = {"record": _valued(records), "passage": _valued(passages)}
    for field, (place, _) in FIELDS.items():
        arrays.update(_field(field, valued[place]))
    return arrays


def _valued(rows: Sequence[RecordRow | PassageRow]) -> list[tuple[int, Mapping[str, tuple[str, ...]]]]:
    """Return the rows that have values at all, by place."""
    return [(owner, row.values) for owner, row in enumerate(rows) if row.values]


def _headings(records: Sequence[RecordRow], first: Array) -> Array:
    """Return for each passage the heading of its item; empty where no passage of the segment has one."""
    places = [base + p.heading for r, base in zip(records, first.tolist(), strict=False) for p in r.passages]
    found = np.array(places, dtype=np.uint32)
    return found if (found != np.arange(len(found))).any() else found[:0]


def blobs(name: str, parts: Sequence[bytes]) -> dict[str, Array]:
    """Return byte strings one after the other, with where each begins."""
    at = np.cumsum([0, *map(len, parts)], dtype=np.uint64)
    narrow = at.astype(np.uint32) if at[-1] < 1 << 32 else at
    return {name: np.frombuffer(b"".join(parts), dtype=np.uint8), f"{name}_at": narrow}


def id_hash(text: str) -> int:
    """Return 64 bits of BLAKE2b: what an id or a word is looked up by."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _field(field: str, rows: Sequence[tuple[int, Mapping[str, tuple[str, ...]]]]) -> dict[str, Array]:
    names: dict[str, int] = {}
    pairs = [(owner, names.setdefault(value, len(names))) for owner, values in rows for value in values.get(field, ())]
    table = np.array(pairs, dtype=np.uint32).reshape(-1, 2)
    return {
        **blobs(f"{field}_names", [name.encode("utf-8", "surrogatepass") for name in names]),
        f"{field}_owner": table[:, 0].copy(),
        f"{field}_value": table[:, 1].copy(),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
