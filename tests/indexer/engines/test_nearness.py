"""Strings near each other and in one sentence, on every engine, held to a scan of the texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import document

from indexer.engines.engine import Engine, Wanted
from indexer.engines.whoosh.evaluate import in_sentence
from indexer.engines.whoosh.proximity import gap
from indexer.model import Record
from indexer.query.nodes import InSentence, Near, Node, Query
from indexer.text.fold import fold

Opened = Callable[[Sequence[Record]], Engine]
TEXTS = st.lists(st.text("市政府职业。；a ", max_size=24), min_size=1, max_size=6)
PARTS = st.lists(st.sampled_from(["市", "市政", "政府", "职业", "业", "府。职", "a", "政"]), min_size=1, max_size=3)


def found(engine: Engine, node: Node) -> set[int]:
    """Return the numbers of the paragraphs that a node selects."""
    hits = engine.find(Wanted(Query(node, (), "", ()), match="exact", limit=100)).hits
    return {int(hit.passage.anchor[1:]) for hit in hits}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, PARTS, st.integers(0, 8))
def test_near_equals_a_scan(opened: Opened, texts: list[str], parts: list[str], within: int) -> None:
    """Strings with at most so many characters between them are found, in any order, overlapping ones too."""
    expected = {i for i, text in enumerate(texts, 1) if gap(fold(text), parts) <= within}
    assert found(opened([document("a", texts)]), Near(tuple(parts), within)) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, PARTS)
def test_in_a_sentence_equals_a_scan(opened: Opened, texts: list[str], parts: list[str]) -> None:
    """Strings in this order within one sentence are found."""
    expected = {i for i, text in enumerate(texts, 1) if in_sentence(fold(text), tuple(parts))}
    assert found(opened([document("a", texts)]), InSentence(tuple(parts))) == expected
