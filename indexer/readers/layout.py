"""Pieces of text with their places on a page go in, the page's rows come out in reading order.

Rows go from the top down and pieces from left to right; two columns of running text are read one after the other,
but a table or a roll of names, which stands in columns too, is read row by row. What repeats at the edges of pages
is told as furniture. All measures are in the page's own unit, `top` growing downwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.readers.chrome import page_number
from indexer.readers.source import Line

# Two pieces are in one row if they share this part of the lower one's height (a superscript shares 0.6).
SHARED_HEIGHT = 0.5
# Gaps of up to one character are one space; a wider one divides names or cells and is two.
WIDE_GAP = 1.2
NARROW_GAP = 0.3
# Columns of running text: so many rows with text on both sides, most of which fill the left column.
COLUMN_ROWS = 5
FILLED = 0.85
FILLED_ROWS = 0.6
# The gutter lies in the middle part of the page.
GUTTER = (0.3, 0.7)
# A first line is indented by two characters; a page of fewer rows does not show where its margin is.
INDENT = (1.4, 3.0)
MARGIN_ROWS = 4
MARGIN_SHARE = 0.15
# Headers and footers: within so many rows of a page's edge, on at least this part of the pages.
EDGE_ROWS = 2
REPEATED = 0.5
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in one row, with its box."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        """Return the height of the box, never zero."""
        return max(self.bottom - self.top, 0.1)


Row = list[Piece]


def arrange(pieces: Sequence[Piece]) -> list[str]:
    """Return the rows of a page in reading order."""
    rows = _rows([piece for piece in pieces if piece.text.strip()])
    gutter = _gutter(rows)
    if gutter is None:
        return _indented(rows)
    ordered: list[str] = []
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        if any(piece.left < gutter < piece.right for piece in row):
            ordered += [*_indented(left), *_indented(right), _joined(row)]
            left, right = [], []
            continue
        for side, column in ((True, left), (False, right)):
            part = [piece for piece in row if (piece.left < gutter) is side]
            if part:
                column.append(part)
    return ordered + _indented(left) + _indented(right)


def _indented(rows: Sequence[Row]) -> list[str]:
    """Return rows as text, with two spaces of full width before each that begins a paragraph by its indent."""
    texts = [_joined(row) for row in rows]
    if len(rows) < MARGIN_ROWS:
        return texts
    size = sorted(row[0].height for row in rows)[len(rows) // 2]
    lefts = sorted(row[0].left for row in rows)
    # The margin is where a good part of the rows begin: a page number or a title may stand further left.
    least = max(2, int(MARGIN_SHARE * len(rows)))
    margin = next((left for at, left in enumerate(lefts[: 1 - least]) if lefts[at + least - 1] - left < size / 2), None)
    end = max(row[-1].right for row in rows)
    ended = True
    for at, row in enumerate(rows):
        shift = (row[0].left - margin) / size if margin is not None else 0.0
        if INDENT[0] < shift < INDENT[1] and ended:
            texts[at] = "\u3000\u3000" + texts[at]
        # Rows of an indented block follow each other; only behind a short row, or one at the margin, one may begin.
        ended = shift < INDENT[0] or row[-1].right < end - 2 * size
    return texts


def lines_of_pages(pages: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    """Return the rows of all pages as lines; page numbers and what repeats at the edges are furniture."""
    edges = [_edges(rows) for rows in pages]
    keys = Counter(key for page, edge in enumerate(edges) for key in {_key(text, page) for _, text in edge})
    numbers = _bare_numbers(edges)
    lines: list[Line] = []
    for page, rows in enumerate(pages):
        at_edge = {at for at, _ in edges[page]}
        for at, text in enumerate(rows):
            # Two pages may end alike by chance; that both begin alike is a header.
            least = 2 if at == 0 else 3
            repeated = at in at_edge and keys[_key(text, page)] >= max(least, REPEATED * len(pages))
            furniture = page_number(text) or (repeated and len(rows) > EDGE_ROWS) or (page, at) in numbers
            lines.append(Line(text, page + 1, "furniture" if furniture else ""))
    return tuple(lines)


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        last = rows[-1] if rows else []
        # Compare with the row's last few pieces only: a row of many pieces costs no more for each.
        if last and any(_beside(piece, other) for other in last[-8:]):
            last.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _beside(one: Piece, other: Piece) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= SHARED_HEIGHT * min(one.height, other.height)


def _joined(row: Row) -> str:
    parts = [row[0].text.strip()]
    for before, piece in pairwise(row):
        gap = (piece.left - before.right) / max(before.height, piece.height)
        parts.append("" if gap < NARROW_GAP else " " if gap < WIDE_GAP else "  ")
        parts.append(piece.text.strip())
    return "".join(parts)


def _gutter(rows: Sequence[Row]) -> float | None:
    """Return where the gutter between two columns of running text is, None for a page of one column."""
    if len(rows) < COLUMN_ROWS:
        return None
    start = min(row[0].left for row in rows)
    end = max(piece.right for row in rows for piece in row)
    width = end - start
    steps = 60
    covered = [0] * (steps + 1)
    for row in rows:
        for piece in row:
            first = int((piece.left - start) / max(width, 0.1) * steps)
            last = int((piece.right - start) / max(width, 0.1) * steps)
            for step in range(max(0, first), min(steps, last) + 1):
                covered[step] += 1
    middle = range(int(GUTTER[0] * steps), int(GUTTER[1] * steps) + 1)
    gutter = start + (min(middle, key=lambda step: (covered[step], abs(step - steps / 2))) + 0.5) / steps * width
    both = [row for row in rows if row[0].right < gutter < row[-1].left]
    if len(both) < COLUMN_ROWS or len(both) < 0.5 * len(rows):
        return None
    left_end = max(piece.right for row in both for piece in row if piece.right < gutter)
    full = sum(_extent(row, gutter) >= FILLED * (left_end - start) for row in both)
    return gutter if full >= FILLED_ROWS * len(both) else None


def _extent(row: Row, gutter: float) -> float:
    """Return how much of the left column a row fills; gaps between names or cells do not count."""
    return sum(piece.right - piece.left for piece in row if piece.right < gutter)


def _edges(rows: Sequence[str]) -> list[tuple[int, str]]:
    near = [*range(min(EDGE_ROWS, len(rows))), *range(max(0, len(rows) - EDGE_ROWS), len(rows))]
    return [(at, rows[at].strip()) for at in sorted(set(near))]


def _key(text: str, page: int) -> str:
    """Return what an edge row has in common with those of other pages: all but the page's own number."""
    return DIGITS.sub(lambda digits: "#" if digits[0] == str(page + 1) else digits[0], "".join(text.split()))


def _bare_numbers(edges: Sequence[Sequence[tuple[int, str]]]) -> set[tuple[int, int]]:
    """Return the rows that are the page's number alone: digits that grow with the pages."""
    found = [
        (int(text) - page, page, at)
        for page, rows in enumerate(edges)
        for at, text in rows
        if text.isdecimal() and len(text) <= 4 and len(rows) > 1
    ]
    shifts = Counter(shift for shift, _, _ in found)
    return {(page, at) for shift, page, at in found if shifts[shift] > 1 or (len(edges) == 1 and shift == 1)}
