"""Answers, passages and heads become the contract's JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from indexer.answer import Answer, Hit, Total
from indexer.engines.engine import PassageRecord, RecordHead, Tier
from indexer.report import answer_json, head_json, passage_json, path_of

MEETING = RecordHead("20230518-0a0b0c0d", "meeting", "云川市纪要", "云川市人民政府", "常务会议", 12, date(2023, 5, 18))
DOCUMENT = RecordHead("d-notice-1", "document", None, None, None, None, None)
RESOLUTION = PassageRecord(
    id="20230518-0a0b0c0d#1.2",
    anchor="1.2",
    level="resolution",
    section="resolution",
    text="同意<方案>。",
    head=MEETING,
    item_number=1,
    item_title="审议方案",
    verdicts=("同意",),
    lead_department="市教育局",
    next_step="印发",
)
PARAGRAPH = PassageRecord("d-notice-1#p2", "p2", "paragraph", "body", "正文", DOCUMENT)


@dataclass(frozen=True)
class Found:
    """A hit as an engine gives it."""

    passage: PassageRecord
    score: float = 1.23456
    tier: Tier = "exact"

    @property
    def text(self) -> str:
        return self.passage.text


def test_answer() -> None:
    """An answer has the members of the contract in its order, and is JSON as it is."""
    hit = Hit(Found(RESOLUTION), lambda text, tier: ((0, 2),))
    answer = Answer(
        "同意",
        ("同意",),
        ("说明",),
        "exact",
        Total(1, 2),
        0,
        10,
        1.239,
        (hit,),
        {"year": (("2023", 1),)},
        lambda: ("统一",),
    )
    told = answer_json(answer)
    assert json.loads(json.dumps(told)) == told
    assert told == {
        "query": "同意",
        "terms": ["同意"],
        "notices": ["说明"],
        "match": "exact",
        "total": {"exact": 1, "related": 2},
        "offset": 0,
        "limit": 10,
        "took_ms": 1.24,
        "hits": [
            {
                "id": "20230518-0a0b0c0d#1.2",
                "level": "resolution",
                "tier": "exact",
                "score": 1.2346,
                "text": "同意<方案>。",
                "marks": [[0, 2]],
                "snippet": "<mark>同意</mark>&lt;方案&gt;。",
                "meeting": {
                    "id": "20230518-0a0b0c0d",
                    "title": "云川市纪要",
                    "body": "云川市人民政府",
                    "kind": "常务会议",
                    "number": 12,
                    "date": "2023-05-18",
                },
                "item": {"number": 1, "title": "审议方案"},
                "verdicts": ["同意"],
                "lead_department": "市教育局",
                "next_step": "印发",
                "url": "/meetings/20230518-0a0b0c0d#1.2",
            }
        ],
        "facets": {"year": [["2023", 1]]},
        "suggestions": ["统一"],
    }


def test_passage_without_item() -> None:
    """What a passage does not have is null or an empty list."""
    told = passage_json(PARAGRAPH)
    assert (told["item"], told["verdicts"], told["lead_department"], told["next_step"]) == (None, [], None, None)
    assert told["url"] == "/documents/d-notice-1#p2"
    assert told["section"] == "body"


def test_head_of_a_document() -> None:
    """An unknown date is null, and a document has its own path."""
    assert head_json(DOCUMENT)["date"] is None
    assert path_of(DOCUMENT) == "/documents/d-notice-1"
