"""The Whoosh schema of an index: two fields over the same stream, and how each cuts it.

`w` holds jieba words (search mode) with frequencies, `g` pairs of neighbouring characters with positions; `id` and
`text` are stored. The analyzers exist for stock Whoosh queries; bulk writing inverts without them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from whoosh import analysis, fields

from indexer.text import words
from indexer.text.fold import fold

WORDS, GRAMS = "w", "g"
# Stands for the end of a passage in the last gram.
END = "\uffff"


class Cut(analysis.Tokenizer):  # type: ignore[misc]
    """A Whoosh tokenizer over the folded stream; positions count tokens."""

    def __call__(self, value: str, positions: bool = False, **options: Any) -> Iterator[analysis.Token]:
        token = analysis.Token(positions=positions)
        for i, text in enumerate(self.cut(fold(value))):
            token.text, token.boost, token.stopped = text, 1.0, False
            if positions:
                token.pos = i
            yield token

    @abstractmethod
    def cut(self, stream: str) -> list[str]:
        """Return the tokens of a folded stream."""


class WordCut(Cut):
    """Jieba words."""

    def cut(self, stream: str) -> list[str]:
        return words.cut(stream)


class GramCut(Cut):
    """Every character with the one after it; the last with END."""

    def cut(self, stream: str) -> list[str]:
        return [a + b for a, b in zip(stream, stream[1:] + END, strict=True)]


def schema() -> fields.Schema:
    """Return the schema that every index of this project has."""
    return fields.Schema(
        id=fields.STORED,
        text=fields.STORED,
        w=fields.TEXT(analyzer=WordCut(), phrase=False),
        g=fields.TEXT(analyzer=GramCut(), phrase=True),
    )
