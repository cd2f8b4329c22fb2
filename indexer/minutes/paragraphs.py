"""Rows go in, natural paragraphs come out: lines that the page or the column broke are joined where a sentence goes on.

Nothing is dropped and nothing is joined across a line that begins something of its own (一、, （一）, 出席：, a line of
the tail). Whether a full line goes on after a full stop is told by the width that the lines of the whole text keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from unicodedata import east_asian_width

from indexer.minutes import marks
from indexer.minutes.lines import Row
from indexer.minutes.view import View, lazy

SENTENCE_END = re.compile(r"[。!?;:…][\"')》\]]{0,2}$|[。!?][\"')\]]{1,2}$")
GOES_ON = re.compile(r"[,、《(\[]$")
# What a sentence of its own begins with, behind a heading that has no full stop.
FRESH = re.compile(r"会议|本次会议|原则|同意|由|各|要|一是|为|根据|按照|请|经|以|对|近年|当前|去年|今年|\d{4}年")
# Widths in half-width columns: a Chinese character takes two.
NARROWEST, WIDEST = 30, 120
SLACK = 6
INDENT = 4
# A line that ends inside a sentence may be this short and still go on: extraction splits lines at page ends.
NEARLY_FULL = 0.7
FEWEST_FULL_LINES = 5
# A heading or resolution line shorter than this is complete without a full stop.
SHORT_HEADING = 24
SHORT_LINE = 20
FRAGMENT = 4


@dataclass(frozen=True)
class Block:
    """A natural paragraph: its text with inner spaces as they stand, and its range in the source's text."""

    text: str
    start: int
    end: int
    page: int | None = None
    heading: bool = False
    of_row: Row | None = field(default=None, compare=False, repr=False)

    @lazy
    def view(self) -> View:
        """The paragraph as patterns see it; a paragraph of one row shares the row's."""
        return self.of_row.view if self.of_row else View(self.text)

    @lazy
    def stream(self) -> str:
        """The folded text of the paragraph."""
        return self.view.stream

    @property
    def span(self) -> tuple[int, int]:
        """The range in the source's text."""
        return self.start, self.end


def blocks(rows: Sequence[Row], width: int | None) -> list[Block]:
    """Join the rows of one part of a text into natural paragraphs.

    Args:
        width: the width at which the text breaks its lines; None where lines are paragraphs.
    """
    found: list[Block] = []
    group: list[Row] = []
    for row in rows:
        if group and not goes_on(group, row, width):
            found.append(_block(group))
            group = []
        group.append(row)
    if group:
        found.append(_block(group))
    return found


def single(rows: Iterable[Row]) -> list[Block]:
    """Return every row as a paragraph but for lines that plainly go on (《 not closed, a comma at the end)."""
    found: list[Block] = []
    group: list[Row] = []
    for row in rows:
        if group and not _open_end(group[-1].stream):
            found.append(_block(group))
            group = []
        group.append(row)
    return [*found, _block(group)] if group else found


def line_width(rows: Sequence[Row]) -> int | None:
    """Return the width at which a text breaks its lines, in half-width columns; None where its lines are paragraphs."""
    widths = sorted(w for w in (columns(row.text[: WIDEST + 1]) for row in rows) if w > NARROWEST // 2)
    if len(widths) < FEWEST_FULL_LINES:
        return None
    width = widths[len(widths) * 9 // 10]
    if not NARROWEST <= width <= WIDEST:
        return None
    full = sum(width - SLACK <= w <= width + SLACK for w in widths)
    return width if full * 2 >= len(widths) and full >= FEWEST_FULL_LINES else None


def columns(text: str) -> int:
    """Return the width of a text in half-width columns."""
    return sum(map(_WIDTHS.__getitem__, text))


class _Widths(dict[str, int]):
    """The widths of the characters met so far, of which no text has very many."""

    def __missing__(self, character: str) -> int:
        width = self[character] = 2 if east_asian_width(character) in "WFA" else 1
        return width


_WIDTHS = _Widths()


def goes_on(group: Sequence[Row], following: Row, width: int | None) -> bool:
    """Tell whether the paragraph that a group of rows makes so far goes on in the following row."""
    last = group[-1]
    if last.whole or following.whole or ("heading" in (last.style, following.style) and width is None):
        return _torn(group, following)
    if "table" in (last.style, following.style) or following.structural:
        return False
    filled = columns(last.text)
    # A paragraph's first line is set in by two characters, which its text does not show.
    full = width is not None and filled >= width - SLACK - (INDENT if len(group) == 1 else 0)
    if _ended(last.stream):
        broken = following.gap and not following.turned
        return full and not broken and not following.indented and not last.stream.endswith(":")
    if _open_end(last.stream):
        return True
    if width is not None:
        return full or (filled >= width * NEARLY_FULL and not FRESH.match(following.stream))
    if len(group) == 1 and _begins_part(last.stream):
        return _heading_goes_on(last.stream, following.stream)
    return len(last.stream) >= SHORT_LINE


def _torn(group: Sequence[Row], following: Row) -> bool:
    """A heading or a whole paragraph is torn only where a bracket stays open or a tail of it is left over."""
    last = group[-1]
    if last.whole or following.whole or following.style == "heading":
        return False
    return not following.structural and _heading_goes_on(last.stream, following.stream)


def _heading_goes_on(heading: str, following: str) -> bool:
    if _open_end(heading):
        return True
    if _ended(heading):
        return False
    if len(following) <= FRAGMENT:
        return not marks.BARE_ROLE.fullmatch(following)
    if marks.item(heading):
        return False
    return (len(heading) >= SHORT_HEADING or "," in heading) and not FRESH.match(following)


def _begins_part(stream: str) -> bool:
    """Tell whether a line may be a heading: it begins with a number and holds no sentence."""
    return bool((marks.item(stream) or marks.resolution(stream)) and "。" not in stream)


def _ended(stream: str) -> bool:
    return SENTENCE_END.search(stream[-4:]) is not None


def _open_end(stream: str) -> bool:
    end = stream[-120:]
    return bool(GOES_ON.search(end[-1:])) or end.rfind("《") > end.rfind("》")


def _block(group: Sequence[Row]) -> Block:
    first, last = group[0], group[-1]
    text = first.text if len(group) == 1 else _joined(group)
    alone = first if len(group) == 1 else None
    return Block(text, first.start, last.end, first.page, first.style == "heading", alone)


def _joined(group: Sequence[Row]) -> str:
    parts = [group[0].text]
    for before, row in pairwise(group):
        latin = (
            before.text[-1].isascii() and before.text[-1].isalpha() and row.text[0].isascii() and row.text[0].isalpha()
        )
        parts.append(" " + row.text if latin else row.text)
    return "".join(parts)
