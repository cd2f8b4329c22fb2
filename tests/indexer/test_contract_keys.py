"""The JSON of a record has the keys of the contract's sketch, level by level, also where nothing was found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from indexer import wire
from indexer.minutes.parse import parse
from indexer.model import ROLES, VERDICTS
from indexer.readers import read

CHECKOUT = Path(__file__).resolve().parents[2]
CONTRACT = CHECKOUT / "../shared/design/contract.md"
SAMPLES = sorted(p for p in (CHECKOUT / "data/samples").iterdir() if p.is_file())
# The keys that the contract sketches. `type`, `page`, `heading`, `roll`, `addressees` and `compiled_text` are told
# besides: which kind of record it is, where a paragraph stands, the roll as text, who is addressed, a damaged day.
MEETING = (
    "id title body kind term number date chair doc_number dates source disclosure distribution agenda complete items "
    "paragraphs attendance notices sources"
)
SKETCH = {
    "meeting": MEETING,
    "chair": "name office",
    "doc_number": "text agency_code year serial",
    "dates": "compiled printed published",
    "items": "number anchor action title instruments short_names resolutions",
    "resolutions": "number anchor text verdicts reporter lead_department departments next_step deadline paragraphs",
    "verdicts": "verdict object condition",
    "next_step": "text action body",
    "paragraphs": "anchor text span",
    "attendance": "role name unit note",
    "sources": "path sha256 format pages url",
}
MORE = {
    "meeting": "type roll",
    "dates": "compiled_text",
    "items": "heading",
    "resolutions": "addressees",
    "paragraphs": "page heading",
}
DOCUMENT = "type id title body genre date doc_number dates source disclosure paragraphs notices sources"
LISTS = (
    "agenda",
    "items",
    "paragraphs",
    "attendance",
    "notices",
    "sources",
    "instruments",
    "resolutions",
    "departments",
)


def objects(value: Any, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Return all JSON objects below a value with the key that they stand under; short names have keys of their own."""
    if isinstance(value, list):
        return [found for one in value for found in objects(one, name)]
    if not isinstance(value, dict) or name in ("short_names", "roll"):
        return []
    below = [found for key, held in value.items() if key != "heading" for found in objects(held, key)]
    return [(name, value), *below]


def keys(name: str) -> set[str]:
    """Return the keys that an object has."""
    return set(SKETCH[name].split()) | set(MORE.get(name, "").split())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_keys_of_every_object(path: Path) -> None:
    """Every object of every sample has exactly its keys; lists are lists even where nothing was found."""
    for source in read(path):
        data = json.loads(json.dumps(wire.to_json(parse(source))))
        if data["type"] == "document":
            assert set(data) == set(DOCUMENT.split())
            continue
        found = objects(data, "meeting")
        assert {name for name, _ in found} >= {"meeting", "dates", "paragraphs", "sources"}
        for name, value in found:
            assert set(value) == keys(name), name
            assert all(isinstance(value[key], list) for key in LISTS if key in value)
        assert {one["role"] for one in data["attendance"]} <= set(ROLES)
        assert {one["verdict"] for name, one in found if name == "verdicts"} <= set(VERDICTS)
        assert data["complete"] in (True, False, None)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in (data["date"],) if day)


@pytest.mark.shared
@pytest.mark.skipif(not CONTRACT.exists(), reason="the material beside the checkout is absent")
def test_the_sketch_is_the_contracts() -> None:
    """What this file holds records to is what the contract's own sketch names."""
    sketch = CONTRACT.read_text("utf-8").split("## Meeting as JSON", 1)[1].split("```")[1]
    # "…": is a key; "dates":{"compiled","printed"} and [{"role","name"}] name keys without values.
    named = set(re.findall(r'"([a-z_]{2,}(?:256)?)"', sketch))
    assert named == {key for text in SKETCH.values() for key in text.split()}
    assert [key for key in MEETING.split() if f'"{key}"' not in sketch] == []
    roles = re.search(r'"role":"([^"]+)"', sketch)
    assert roles is not None
    assert tuple(roles[1].split("|")) == ROLES
