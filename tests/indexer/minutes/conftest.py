"""Texts become sources as a plain text reader makes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.readers.source import Line, SourceText

Maker = Callable[..., SourceText]


@pytest.fixture(scope="session")
def source() -> Maker:
    """Return a function from a text, and what its page says of it, to a source."""

    def make(text: str, *, format: str = "txt", whole: bool = False, **meta: str) -> SourceText:
        lines = tuple(Line(line, whole=whole) for line in text.split("\n"))
        return SourceText("a.txt", format, "0" * 64, lines, meta)

    return make
