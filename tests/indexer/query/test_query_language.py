"""The examples of docs/query-language.md hold."""

from __future__ import annotations

import re
from itertools import permutations, product
from pathlib import Path

import pytest

from indexer.model import VERDICTS
from indexer.query.fields import FIELDS
from indexer.query.nodes import And, Between, Everything, FieldIs, InSentence, Near, Node, Not, Or, Text
from indexer.query.parse import MAX_LENGTH, MAX_PARTS, MAX_WITHIN, parse
from indexer.text.fold import fold

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs/query-language.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in DOCUMENT.split("\n")
    if line.startswith("| ") and "`" in line
]
EXAMPLES = [(row[0].strip("`"), row[1], row[2]) for row in ROWS if len(row) == 3]
NAMED = [row for row in ROWS if len(row) == 4]


def selects(node: Node, text: str) -> bool:
    """Tell by scanning whether a node selects a passage of this text; fields have no say here."""
    match node:
        case Text(stream):
            return stream in fold(text)
        case And(children):
            return all(selects(child, text) for child in children)
        case Or(children):
            return any(selects(child, text) for child in children)
        case Not(child):
            return not selects(child, text)
        case Near(streams, within):
            return any(_near(order, within, fold(text)) for order in permutations(streams))
        case InSentence(streams):
            pattern = ".*".join(map(re.escape, streams))
            return any(re.search(pattern, fold(sentence)) for sentence in re.split("[。！？；]", text))
        case Everything():
            return True
        case FieldIs() | Between():
            raise AssertionError(node)


def _near(streams: tuple[str, ...], within: int, text: str) -> bool:
    places = [[m.start() for m in re.finditer(f"(?={re.escape(s)})", text)] for s in streams]
    for starts in product(*places):
        ends = [start + len(stream) for start, stream in zip(starts, streams, strict=True)]
        if all(0 <= later - end <= within for end, later in zip(ends, starts[1:], strict=False)):
            return True
    return False


def test_the_page_has_examples() -> None:
    """The tables are found at all."""
    assert len(EXAMPLES) > 15
    assert len(NAMED) == 10


@pytest.mark.parametrize(("typed", "found", "missed"), EXAMPLES)
def test_an_example_finds_what_the_page_says(typed: str, found: str, missed: str) -> None:
    """The text named as found is selected, the other is not, and nothing but another form has to be told."""
    query = parse(typed, aliases={})
    assert [notice for notice in query.notices if "也查找" not in notice] == []
    assert selects(query.node, found)
    assert not selects(query.node, missed)


@pytest.mark.parametrize(("field", "names", "example", "value"), NAMED)
def test_a_field_has_the_names_of_the_page(field: str, names: str, example: str, value: str) -> None:
    """Each name leads to the field, and the example is read as it."""
    assert {name for name, named in FIELDS.items() if (named.field or "date") == field} == set(names.split(", "))
    query = parse(example.strip("`"), aliases={})
    assert query.notices == ()
    node = query.node
    assert (node.field if isinstance(node, FieldIs) else "date") == field
    assert field != "verdict" or value.removeprefix("one of ").split(", ") == list(VERDICTS)


def test_the_limits_are_those_of_the_page() -> None:
    """Numbers in the text are the numbers in the code."""
    assert f"{MAX_LENGTH:,} characters" in DOCUMENT
    assert f"{MAX_PARTS} parts" in DOCUMENT
    assert f"up to {MAX_WITHIN}" in DOCUMENT
