"""What a person gets for a query: an Answer with hits that know their text, marks, snippet and place.

A hit works its marks and snippet out when they are asked for; nothing here reads an index of its own accord.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from indexer.engines import engine

Kind = Literal["instrument", "department", "person", "phrase", "body"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a person may be typing; `count` is of its passages, or of its meetings for people and bodies."""

    text: str
    kind: Kind
    count: int


class Total(NamedTuple):
    """How many passages each tier holds; `related` counts none of the exact tier."""

    exact: int
    related: int


class Hit:
    """One passage of an answer."""

    def __init__(self, found: engine.Hit, mark: Callable[[str, engine.Tier], tuple[tuple[int, int], ...]]) -> None:
        self._found = found
        self._mark = mark

    @property
    def score(self) -> float:
        return self._found.score

    @property
    def tier(self) -> engine.Tier:
        return self._found.tier

    @property
    def text(self) -> str:
        """The passage as it stands in the source, unmarked and unescaped."""
        return self._found.text

    @cached_property
    def passage(self) -> engine.PassageRecord:
        return self._found.passage

    @property
    def id(self) -> str:
        return self.passage.id

    @property
    def url(self) -> str:
        """The path of the page that shows the passage, with its anchor."""
        head = self.passage.head
        return f"/{'meetings' if head.type == 'meeting' else 'documents'}/{head.id}#{self.passage.anchor}"

    @cached_property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """Half-open code-point ranges of `text` that answer the query, in order, not overlapping."""
        return self._mark(self.text, self.tier)

    @cached_property
    def snippet(self) -> str:
        """HTML: the densest part of the text, escaped, with <mark> around the marks."""
        from indexer.highlight import snippet

        return snippet(self.text, self.marks)


@dataclass
class Answer:
    """The answer to one query. `match` is exact where the exact tier answered, else related.

    `corrections` works out, when it is first asked, what the person may have meant.
    """

    query: str
    terms: tuple[str, ...]
    notices: tuple[str, ...]
    match: engine.Tier
    total: Total
    offset: int
    limit: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    corrections: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def suggestions(self) -> tuple[str, ...]:
        """Queries that the person may have meant, where the one asked has no exact hit; each has some."""
        return self.corrections()
