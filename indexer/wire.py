"""A record becomes the contract's JSON and comes back from it: `from_json(to_json(record)) == record`.

Meetings and documents share one envelope and are told apart by `type`. Days are ISO strings, spans are two-element
lists, short names an object in the order of the text; what is not given is null or [].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from indexer.model import (
    AgendaItem,
    Attendance,
    Chair,
    Dates,
    Decision,
    DocNumber,
    Document,
    Meeting,
    NextStep,
    Paragraph,
    Record,
    Resolution,
    Role,
    Source,
    Verdict,
)

Json = dict[str, Any]


def to_json(record: Record) -> Json:
    """Return a record as the contract's JSON object, with nothing but JSON's own types."""
    return _meeting(record) if isinstance(record, Meeting) else _document(record)


def from_json(data: Mapping[str, Any]) -> Record:
    """Return the record that a JSON object holds.

    Raises:
        KeyError, TypeError, ValueError: the object was not made by `to_json`.
    """
    return _read_document(data) if data["type"] == "document" else _read_meeting(data)


def _meeting(m: Meeting) -> Json:
    return {
        "type": "meeting",
        "id": m.id,
        "title": m.title,
        "body": m.body,
        "kind": m.kind,
        "term": m.term,
        "number": m.number,
        "date": _day(m.date),
        "chair": {"name": m.chair.name, "office": m.chair.office} if m.chair else None,
        "doc_number": _doc_number(m.doc_number),
        "dates": _dates(m.dates),
        "source": m.source,
        "disclosure": m.disclosure,
        "distribution": m.distribution,
        "agenda": list(m.agenda),
        "complete": m.complete,
        "items": [_item(item) for item in m.items],
        "paragraphs": [_paragraph(p) for p in m.paragraphs],
        "attendance": [{"role": a.role, "name": a.name, "unit": a.unit, "note": a.note} for a in m.attendance],
        "roll": _paragraph(m.roll) if m.roll else None,
        "notices": list(m.notices),
        "sources": [_source(s) for s in m.sources],
    }


def _document(d: Document) -> Json:
    return {
        "type": "document",
        "id": d.id,
        "title": d.title,
        "body": d.body,
        "genre": d.genre,
        "date": _day(d.date),
        "doc_number": _doc_number(d.doc_number),
        "dates": _dates(d.dates),
        "source": d.source,
        "disclosure": d.disclosure,
        "paragraphs": [_paragraph(p) for p in d.paragraphs],
        "notices": list(d.notices),
        "sources": [_source(s) for s in d.sources],
    }


def _item(item: AgendaItem) -> Json:
    return {
        "number": item.number,
        "anchor": item.anchor,
        "action": item.action,
        "title": item.title,
        "heading": _paragraph(item.heading) if item.heading else None,
        "instruments": list(item.instruments),
        "short_names": dict(item.short_names),
        "resolutions": [_resolution(r) for r in item.resolutions],
    }


def _resolution(r: Resolution) -> Json:
    return {
        "number": r.number,
        "anchor": r.anchor,
        "text": r.text,
        "verdicts": [{"verdict": v.verdict, "object": v.object, "condition": v.condition} for v in r.verdicts],
        "reporter": r.reporter,
        "lead_department": r.lead_department,
        "departments": list(r.departments),
        "addressees": list(r.addressees),
        "next_step": {"text": r.next_step.text, "action": r.next_step.action, "body": r.next_step.body}
        if r.next_step
        else None,
        "deadline": r.deadline,
        "paragraphs": [_paragraph(p) for p in r.paragraphs],
    }


def _paragraph(p: Paragraph) -> Json:
    return {"anchor": p.anchor, "text": p.text, "span": list(p.span), "page": p.page, "heading": list(p.heading)}


def _doc_number(number: DocNumber | None) -> Json | None:
    if number is None:
        return None
    return {
        "text": number.text,
        "agency_code": number.agency_code,
        "year": number.year,
        "serial": number.serial,
    }


def _dates(d: Dates) -> Json:
    return {
        "compiled": _day(d.compiled),
        "printed": _day(d.printed),
        "published": _day(d.published),
        "compiled_text": d.compiled_text,
    }


def _source(s: Source) -> Json:
    return {"path": s.path, "sha256": s.sha256, "format": s.format, "pages": s.pages, "url": s.url}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_meeting(data: Mapping[str, Any]) -> Meeting:
    chair = data["chair"]
    return Meeting(
        id=data["id"],
        title=data["title"],
        body=data["body"],
        kind=data["kind"],
        term=data["term"],
        number=data["number"],
        date=_read_day(data["date"]),
        chair=Chair(chair["name"], chair["office"]) if chair else None,
        doc_number=_read_doc_number(data["doc_number"]),
        dates=_read_dates(data["dates"]),
        source=data["source"],
        disclosure=data["disclosure"],
        distribution=data["distribution"],
        agenda=tuple(data["agenda"]),
        complete=data["complete"],
        items=tuple(_read_item(item) for item in data["items"]),
        paragraphs=_read_paragraphs(data["paragraphs"]),
        attendance=tuple(
            Attendance(cast(Role, a["role"]), a["name"], a["unit"], a["note"]) for a in data["attendance"]
        ),
        roll=_read_paragraph(data["roll"]) if data["roll"] else None,
        notices=tuple(data["notices"]),
        sources=_read_sources(data["sources"]),
    )


def _read_document(data: Mapping[str, Any]) -> Document:
    return Document(
        id=data["id"],
        title=data["title"],
        body=data["body"],
        genre=data["genre"],
        date=_read_day(data["date"]),
        doc_number=_read_doc_number(data["doc_number"]),
        dates=_read_dates(data["dates"]),
        source=data["source"],
        disclosure=data["disclosure"],
        paragraphs=_read_paragraphs(data["paragraphs"]),
        notices=tuple(data["notices"]),
        sources=_read_sources(data["sources"]),
    )


def _read_item(data: Mapping[str, Any]) -> AgendaItem:
    return AgendaItem(
        number=data["number"],
        anchor=data["anchor"],
        action=data["action"],
        title=data["title"],
        heading=_read_paragraph(data["heading"]) if data["heading"] else None,
        instruments=tuple(data["instruments"]),
        short_names=tuple(data["short_names"].items()),
        resolutions=tuple(_read_resolution(r) for r in data["resolutions"]),
    )


def _read_resolution(data: Mapping[str, Any]) -> Resolution:
    step = data["next_step"]
    return Resolution(
        number=data["number"],
        anchor=data["anchor"],
        text=data["text"],
        paragraphs=_read_paragraphs(data["paragraphs"]),
        verdicts=tuple(Decision(cast(Verdict, v["verdict"]), v["object"], v["condition"]) for v in data["verdicts"]),
        reporter=data["reporter"],
        lead_department=data["lead_department"],
        departments=tuple(data["departments"]),
        addressees=tuple(data["addressees"]),
        next_step=NextStep(step["text"], step["action"], step["body"]) if step else None,
        deadline=data["deadline"],
    )


def _read_paragraph(data: Mapping[str, Any]) -> Paragraph:
    start, end = data["span"]
    return Paragraph(data["anchor"], data["text"], (start, end), data["page"], tuple(data["heading"]))


def _read_paragraphs(data: Sequence[Mapping[str, Any]]) -> tuple[Paragraph, ...]:
    return tuple(_read_paragraph(p) for p in data)


def _read_doc_number(data: Mapping[str, Any] | None) -> DocNumber | None:
    return DocNumber(data["text"], data["agency_code"], data["year"], data["serial"]) if data else None


def _read_dates(data: Mapping[str, Any]) -> Dates:
    return Dates(
        _read_day(data["compiled"]), _read_day(data["printed"]), _read_day(data["published"]), data["compiled_text"]
    )


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_sources(data: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(s["path"], s["sha256"], s["format"], s["pages"], s["url"]) for s in data)
