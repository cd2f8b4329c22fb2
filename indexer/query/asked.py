"""What a query tree asks a passage to hold: its strings, and which of them may stand for each other."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.query.nodes import And, InSentence, Near, Node, Or, Text


def streams(node: Node) -> Iterator[str]:
    """Yield the strings that a passage is asked to hold, those of excluded parts left out."""
    match node:
        case Text():
            yield node.stream
        case Near() | InSentence():
            yield from node.streams
        case And() | Or():
            for child in node.children:
                yield from streams(child)


def slots(node: Node) -> Iterator[tuple[str, ...]]:
    """Yield what a passage is asked to hold, each as the strings of which one is enough; empty for a field."""
    match node:
        case And():
            for child in node.children:
                yield from slots(child)
        case Near() | InSentence():
            yield from ((stream,) for stream in node.streams)
        case _:
            yield tuple(streams(node))


def others(node: Node) -> Iterator[str]:
    """Yield the strings that nobody typed: other names of what was."""
    match node:
        case Text(other=True):
            yield node.stream
        case And() | Or():
            for child in node.children:
                yield from others(child)
