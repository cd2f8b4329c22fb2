"""Answers, hits, passages and record heads as the dicts of the contract's JSON; pages, API and CLI share them.

Takes values that a search gave, returns dicts that `json.dumps` takes as they are. Never searches, never escapes:
only `snippet` is HTML, and the highlighter has escaped it.
"""

from __future__ import annotations

import re

from indexer.answer import Answer, Hit
from indexer.coverage import Coverage
from indexer.engines.engine import FACETS, PassageRecord, RecordHead
from indexer.model import Document, Meeting

__all__ = [
    "FACETS",
    "PassageRecord",
    "RecordHead",
    "answer_json",
    "coverage_json",
    "head_json",
    "hit_json",
    "name_of",
    "passage_json",
    "path_of",
]

_NUMBER = re.compile(r"第.{1,8}[次期号]")  # 第132次, 第八十六次

Json = dict[str, object]


def answer_json(answer: Answer) -> Json:
    """Return the report of `search --json` and `/api/v1/search`; hits in order, facets as (value, count) pairs."""
    return {
        "query": answer.query,
        "terms": list(answer.terms),
        "notices": list(answer.notices),
        "match": answer.match,
        "total": {"exact": answer.total.exact, "related": answer.total.related},
        "offset": answer.offset,
        "limit": answer.limit,
        "took_ms": round(answer.took_ms, 2),
        "hits": [hit_json(hit) for hit in answer.hits],
        "facets": {name: [[value, count] for value, count in values] for name, values in answer.facets.items()},
        "suggestions": list(answer.suggestions),
    }


def hit_json(hit: Hit) -> Json:
    """Return one hit with its marks as [start, end) code points of `text`."""
    return {
        "id": hit.id,
        "level": hit.passage.level,
        "tier": hit.tier,
        "score": round(hit.score, 4),
        "text": hit.text,
        "marks": [list(mark) for mark in hit.marks],
        "snippet": hit.snippet,
        **_place(hit.passage),
    }


def passage_json(passage: PassageRecord) -> Json:
    """Return one passage as `/api/v1/passages/ID` shows it: a hit without what only a query gives."""
    return {
        "id": passage.id,
        "level": passage.level,
        "section": passage.section,
        "text": passage.text,
        **_place(passage),
    }


def head_json(head: RecordHead) -> Json:
    """Return what names a meeting or document in a list; the date is ISO 8601, None where unknown."""
    return {
        "id": head.id,
        "title": head.title,
        "body": head.body,
        "kind": head.kind,
        "number": head.number,
        "date": head.date.isoformat() if head.date else None,
    }


def coverage_json(coverage: Coverage) -> Json:
    """Return what is held and lacking; `missing` holds pairs of the first and last number of each gap."""
    return {
        "series": [
            {
                "body": row.body,
                "kind": row.kind,
                "count": row.count,
                "first": row.first.isoformat() if row.first else None,
                "last": row.last.isoformat() if row.last else None,
                "missing": None if row.gaps is None else [[gap.first, gap.last] for gap in row.gaps],
            }
            for row in coverage.series
        ],
        "compared": coverage.compared,
        "mismatches": [
            {"meeting": head_json(one.head), "listed": one.listed, "found": one.found}
            for one in coverage.mismatches or ()
        ],
        "further": [head_json(head) for head in coverage.further or ()],
    }


def name_of(record: RecordHead | Meeting | Document) -> str:
    """What a record is called in a list: its title, with its number where the title has none."""
    title, number = record.title or "", getattr(record, "number", None)
    if not title:
        title = f"{record.body or ''}{getattr(record, 'kind', None) or '文件'}"
    return title if number is None or _NUMBER.search(title) else f"{title}（第 {number} 次）"


def path_of(head: RecordHead) -> str:
    """Return the path of the page that shows the record."""
    return f"/{'meetings' if head.type == 'meeting' else 'documents'}/{head.id}"


def _place(passage: PassageRecord) -> Json:
    """Where a passage stands and what it decides."""
    item = None
    if passage.item_number is not None or passage.item_title is not None:
        item = {"number": passage.item_number, "title": passage.item_title}
    return {
        "meeting": head_json(passage.head),
        "item": item,
        "verdicts": list(passage.verdicts),
        "lead_department": passage.lead_department,
        "next_step": passage.next_step,
        "url": f"{path_of(passage.head)}#{passage.anchor}",
    }
