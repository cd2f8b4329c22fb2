"""A record becomes the documents that the server keeps, and what the server gives back becomes values again.

A document's id is made of the record's id, its place in the record and the transaction that wrote it. So a bulk that
is sent twice changes nothing, and a record that is replaced has both versions for as long as readers need the old one.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import chain
from typing import Any, NamedTuple

from indexer import wire
from indexer.engines.engine import PassageRecord, RecordHead, SourceState
from indexer.engines.opensearch import tokens
from indexer.engines.opensearch.mapping import folded
from indexer.engines.passages import FIELDS, LEVEL_BITS, Passage, passages, record_values
from indexer.engines.whoosh.build import head_of, title_beside
from indexer.model import Document, Meeting, Record
from indexer.text import words
from indexer.text.fold import fold

Json = dict[str, Any]
# A longer id stands as its digest: the server takes 512 bytes, the anchor's place and the transaction among them.
LONGEST_ID = 120
# What no index keeps of a text: halves of surrogate pairs, and the one character that is none.
UNKEPT = {**dict.fromkeys(range(0xD800, 0xE000), "\ufffd"), 0xFFFF: "\ufffd"}


class Ready(NamedTuple):
    """One document: its id, the value that tells its shard, and its content."""

    id: str
    routing: str
    body: Json


class Written(NamedTuple):
    """What a transaction gives a record: its number, the first place of its passages, the sources; when it died."""

    born: int
    order: int
    sources: tuple[SourceState, ...]
    died: int | None = None


def routing(record_id: str) -> str:
    """Return what tells the shard of a record, and begins the ids of its documents."""
    if len(record_id) <= LONGEST_ID and record_id.isascii():
        return record_id
    return blake2b(record_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def document_id(record_id: str, place: int | None, born: int) -> str:
    """Return the id of a passage's document, or of the record's own where `place` is None."""
    return f"{routing(record_id)}#{'r' if place is None else place}@{born}"


def of_record(record: Record, written: Written) -> list[Ready]:
    """Return the documents of a record: first the record itself, so that none of its passages stands without it."""
    found = passages(record) or [Passage("p1", "", 0)]
    shared = _shared(record, written)
    headings = {p.item_number: fold(kept(p.text)) for p in found if p.section == "heading"}
    key = routing(record.id)
    ready = []
    for place, passage in enumerate(found):
        heading = None if passage.section == "heading" else headings.get(passage.item_number)
        body = {**shared, **_passage(record, passage, heading), "order": written.order + place}
        body["pick"] = int.from_bytes(
            blake2b(f"{record.id}#{place}".encode("utf-8", "replace"), digest_size=7).digest()
        )
        ready.append(Ready(document_id(record.id, place, written.born), key, body))
    of_passages: dict[str, tuple[str, ...]] = {
        "verdict": tuple(dict.fromkeys(chain.from_iterable(p.verdicts for p in found))),
        "department": tuple(dict.fromkeys(chain.from_iterable(p.departments for p in found))),
        "instrument": tuple(dict.fromkeys(chain.from_iterable(p.instruments for p in found))),
    }
    own = {
        **{k: v for k, v in shared.items() if not k.endswith("_folded") and k not in ("month", "meeting_month")},
        **_values(of_passages),
        "what": "record",
        "order": written.order,
        "sources": {"rows": [[kept(s.path), s.sha256, s.size, s.mtime_ns] for s in written.sources]},
        "packed": pack(record),
        "s": tokens.sentences([kept(p.text) for p in found], [p.section for p in found]),
        "state": {"passages": len(found)},
    }
    return [Ready(document_id(record.id, None, written.born), key, own), *ready]


def _shared(record: Record, written: Written) -> Json:
    """Return what every document of a record has."""
    values = record_values(record)
    docno = record.doc_number.text if record.doc_number else None
    body: Json = {
        "what": "passage",
        "rid": routing(record.id),
        "type": "meeting" if isinstance(record, Meeting) else "document",
        "born": written.born,
        "head": head_json(head_of(record)),
        **_values(values),
        folded("person"): [fold(kept(v)) for v in values["person"]],
        folded("docno"): [fold(kept(docno))] if docno else [],
    }
    if written.died is not None:
        body["died"] = written.died
    if record.date:
        month = record.date.isoformat()[:7]
        body |= {"day": record.date.toordinal(), "month": month}
        if isinstance(record, Meeting):
            body["meeting_month"] = month
    return body


def _passage(record: Record, passage: Passage, heading: str | None) -> Json:
    text = kept(passage.text)
    stream = fold(text)
    roll = passage.section == "attendance"
    title = title_beside(passage)
    cut = [] if roll else words.cut(stream) + (words.cut(fold(kept(title))) if title else [])
    values = {"verdict": passage.verdicts, "department": passage.departments, "instrument": passage.instruments}
    levels = [level for level, bit in LEVEL_BITS.items() if passage.levels & bit]
    titles = [t for t in (record.title, passage.item_title) if t]
    body: Json = {
        "anchor": passage.anchor,
        "section": passage.section,
        "levels": levels,
        "t": text,
        "read": column(text),
        "len": len(stream),
        "c": tokens.characters(stream),
        "g": tokens.pairs(stream),
        "w": tokens.words(cut),
        **_values(values),
        folded("department"): [fold(kept(v)) for v in passage.departments],
        folded("instrument"): [fold(kept(v)) for v in passage.instruments],
        folded("title"): [fold(kept(t)) for t in titles],
        "meta": _meta(passage),
    }
    if "all" in levels:
        body["v"] = sorted({tokens.word(w) for w in cut if len(w) > 1})
    if heading is not None:
        body |= {"headed": True, "hc": tokens.characters(heading), "hg": tokens.pairs(heading)}
    return body


def _meta(passage: Passage) -> Json:
    meta = {
        "number": passage.item_number,
        "title": passage.item_title,
        "verdicts": list(passage.verdicts),
        "lead": passage.lead_department,
        "next": passage.next_step,
    }
    return {name: _kept_value(value) for name, value in meta.items() if value is not None and value != []}


def _kept_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_kept_value(v) for v in value]
    return kept(value) if isinstance(value, str) else value


def _values(values: Mapping[str, Sequence[str]]) -> Json:
    return {field: [kept(v) for v in found] for field, found in values.items() if field in FIELDS and found}


def kept(text: str) -> str:
    """Return a text as an index keeps it."""
    return text.translate(UNKEPT) if not text.isascii() else text


def column(text: str) -> str:
    """Return a text as a column of the server keeps it: two bytes for most characters, where UTF-8 takes three."""
    return b64encode(text.encode("utf-16-le")).decode()


def from_column(kept: str) -> str:
    """Return the text that `column` was given; the server gives it back in the URL's alphabet, without its padding."""
    return urlsafe_b64decode(kept + "==").decode("utf-16-le")


def pack(record: Record) -> str:
    """Return a record as text that no server reads."""
    return b64encode(zlib.compress(json.dumps(wire.to_json(record)).encode(), 6)).decode()


def unpack(packed: str) -> Record:
    """Return the record; a Document's paragraphs and a Meeting's alike."""
    record: Meeting | Document = wire.from_json(json.loads(zlib.decompress(b64decode(packed))))
    return record


def head_json(head: RecordHead) -> Json:
    day = head.date.isoformat() if head.date else None
    row = [head.type, head.id, head.title, head.body, head.kind, head.number, day]
    return {"row": [_kept_value(v) for v in row]}


def head(body: Mapping[str, Any]) -> RecordHead:
    """Return the head that a document holds."""
    kind, record_id, title, owner, what, number, day = body["head"]["row"]
    return RecordHead(record_id, kind, title, owner, what, number, date.fromisoformat(day) if day else None)


def passage(body: Mapping[str, Any]) -> PassageRecord:
    """Return the passage that a document holds."""
    owner, meta = head(body), body["meta"]
    return PassageRecord(
        id=f"{owner.id}#{body['anchor']}",
        anchor=body["anchor"],
        level="resolution" if "resolution" in body["levels"] else "paragraph",
        section=body["section"],
        text=body["t"],
        head=owner,
        item_number=meta.get("number"),
        item_title=meta.get("title"),
        verdicts=tuple(meta.get("verdicts", ())),
        lead_department=meta.get("lead"),
        next_step=meta.get("next"),
    )


def sources(body: Mapping[str, Any]) -> Iterator[SourceState]:
    """Yield the files that a record's document names."""
    record_id = body["head"]["row"][1]
    for path, sha256, size, mtime in body["sources"]["rows"]:
        yield SourceState(path, sha256, record_id, size, mtime)


def action(ready: Ready) -> list[str]:
    """Return the two lines of a bulk that write a document."""
    told = {"index": {"_id": ready.id, "routing": ready.routing}}
    return [json.dumps(told), json.dumps(ready.body)]


def deletion(ids: Iterable[str]) -> list[str]:
    """Return the lines of a bulk that delete documents."""
    return [json.dumps({"delete": {"_id": one, "routing": one.rpartition("#")[0]}}) for one in ids]
