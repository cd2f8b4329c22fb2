"""What every reader gives: the lines of one file, in reading order, with page and style hints and the page's metadata.

Readers fold nothing and interpret nothing: they leave out web chrome and page furniture, and keep all else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

Style = Literal["", "title", "heading", "table", "list", "furniture"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source without its line end; `page` counts from 1 where the format has pages.

    `whole` is true where the format itself says that the line is a whole paragraph (an HTML <p>, a DOCX paragraph),
    so that no following line may be joined to it by guess.
    """

    text: str
    page: int | None = None
    style: Style = ""
    level: int | None = None
    whole: bool = False


@dataclass(frozen=True)
class SourceText:
    """One file as text.

    `text` is the lines joined by "\\n"; all spans count code points in it. `meta` holds what the file says of itself
    (title, published, source, index_number, doc_number, url …), `format` is txt, md, html, pdf …, `sha256` hex of the
    file's bytes. `attachments` are names or addresses of linked files; `notices` what the reader could not keep.
    """

    path: str
    format: str
    sha256: str
    lines: tuple[Line, ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    pages: int | None = None
    attachments: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The lines joined by line feeds; the text that spans point into."""
        return "\n".join(line.text for line in self.lines)


class Reader(Protocol):
    """Turn the bytes of one file into lines; raise UnreadableFile with a reason that a person understands."""

    def __call__(self, path: str, data: bytes) -> SourceText: ...
