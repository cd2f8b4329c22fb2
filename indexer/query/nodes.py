"""What a person asked, as a tree of frozen nodes; no engine, no index, no text of the person's own wording but `raw`.

A node selects passages. `Text` holds a folded stream and selects the passages whose stream contains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from indexer.query.question import subject

Field = Literal["department", "person", "docno", "title", "verdict", "body", "kind", "instrument", "year"]


@dataclass(frozen=True, slots=True)
class Text:
    """The passages whose stream contains `stream` (folded, never empty).

    `other` tells that nobody typed it: it is another name, or another form, of what was typed.
    """

    stream: str
    raw: str = ""
    other: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """The passages in which all streams lie within `within` characters of each other (of the folded stream)."""

    streams: tuple[str, ...]
    within: int


@dataclass(frozen=True, slots=True)
class InSentence:
    """The passages with a sentence that holds the streams in this order, without overlap."""

    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldIs:
    """The passages whose field holds `value`: exactly for verdict, body, kind, year; as a folded part for the rest."""

    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """The passages of meetings held from `first` to `last`, both days included; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class And:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    child: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """All passages: what an empty query with filters selects."""


Node = Text | Near | InSentence | FieldIs | Between | And | Or | Not | Everything


class Query(NamedTuple):
    """A parsed query.

    `node` selects the exact tier; `terms` are the streams to mark, in the order typed; `wording` is what was typed and
    not excluded, folded; `notices` tell what was taken literally.
    """

    node: Node
    terms: tuple[str, ...]
    wording: str
    notices: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The text that the related tier segments into words ("" where there is none): without words that only ask."""
        return subject(self.wording)
