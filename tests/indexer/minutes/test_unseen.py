"""Invented minutes of other bodies, whose facts were written down before the parser saw them, give those facts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from facts import Tally, read_facts, seen, told

from indexer.minutes.parse import parse
from indexer.model import Meeting
from indexer.readers import read

FOLDER = Path(__file__).parent / "unseen"
FACTS = sorted(FOLDER.glob("*.json"))
TEXTS = {path.stem: path for path in FOLDER.iterdir() if path.suffix != ".json"}
PRECISION, RECALL = 0.97, 0.95


@cache
def meeting(name: str) -> Meeting:
    """Parse one of the texts."""
    record = parse(next(iter(read(TEXTS[name]))))
    assert isinstance(record, Meeting)
    return record


def test_every_text_has_its_facts() -> None:
    """No text stands without facts, and no facts without text."""
    assert {path.stem for path in FACTS} == set(TEXTS)


@pytest.mark.parametrize("path", FACTS, ids=lambda p: p.stem)
def test_head(path: Path) -> None:
    """Title, body, kind, number, day, chair, document number and agenda are as they stand in the text."""
    gold, m = read_facts(path), meeting(path.stem)
    assert {f for f in seen(m, gold) if not f[1]} == {f for f in told(gold) if not f[1]}


def test_all_fields_together() -> None:
    """Over all texts, precision and recall of every field stay above the marks."""
    tally = Tally()
    for path in FACTS:
        gold = read_facts(path)
        tally.add(path.stem, told(gold), seen(meeting(path.stem), gold))
    assert tally.wanted.total() > 500
    assert {f: tally.precision(f) for f in tally.given if tally.precision(f) < PRECISION} == {}, tally.wrong
    assert {f: tally.recall(f) for f in tally.wanted if tally.recall(f) < RECALL} == {}, tally.wrong


@pytest.mark.parametrize("path", FACTS, ids=lambda p: p.stem)
def test_facts_stand_in_their_texts(path: Path) -> None:
    """What was noted by hand is verbatim, so that the notes themselves can be trusted."""
    text = re.sub(r"\s|\*\*|—\s*\d\s*—", "", TEXTS[path.stem].read_text("utf-8"))
    for field, _, value in told(read_facts(path)):
        if isinstance(value, str) and field not in ("date", "compiled", "printed", "verdict"):
            assert all(part in text for part in value.split("…"))
