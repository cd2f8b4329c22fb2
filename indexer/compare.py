"""The same matter in two meetings: two items, resolutions or paragraphs in, side by side out, with what differs marked.

Words are compared in their normal form, so that a full-width sign or a Traditional character is no difference. The work
is bounded: what is too long to be compared word by word is told as different in whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from indexer.engines.engine import Engine, PassageRecord, RecordHead, Wanted
from indexer.errors import NotFound
from indexer.model import AgendaItem, Meeting, Paragraph, Record, Resolution
from indexer.query.parse import parse
from indexer.rollup import instruments
from indexer.text import words
from indexer.text.fold import fold_map

Marks = tuple[tuple[int, int], ...]

MOST_PARAGRAPHS = 80  # of one side that are paired by likeness; further ones are told as standing alone
MOST_PAIRS = 1_000_000  # of words that are compared with each other for two paragraphs: some tenths of a second
MOST_WORK = 4_000_000  # the same for all of them
ALIKE = 0.3  # the share of common words from which on two paragraphs are one that was changed
MOST_OTHERS = 12
INNER = 24  # shorter words that stand before a long word, at most


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of one side; `marks` are half-open code-point ranges of what the other side has not."""

    anchor: str
    text: str
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Row:
    """Two paragraphs that stand for each other, or one that stands alone."""

    a: Line | None
    b: Line | None


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared: `id` is `RECORD#ANCHOR`, `title` that of its agenda item."""

    id: str
    head: RecordHead
    title: str | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides in rows; `alike` is the share of the characters that both have, 0 to 1."""

    a: Side
    b: Side
    rows: tuple[Row, ...]
    alike: float


def compare(engine: Engine, a: str, b: str) -> Comparison:
    """Compare two places, each `RECORD#ANCHOR`.

    Raises:
        NotFound: One of them is not there.
    """
    left, right = side(engine, a), side(engine, b)
    rows = tuple(_rows(left.paragraphs, right.paragraphs))
    lines = [line for row in rows for line in (row.a, row.b) if line]
    size = sum(len(line.text) for line in lines)
    differing = sum(end - start for line in lines for start, end in line.marks)
    return Comparison(left, right, rows, 1 - differing / size if size else 1.0)


def side(engine: Engine, id: str) -> Side:
    """Return what stands at a place; raise NotFound."""
    record_id, _, anchor = id.partition("#")
    record = engine.record(record_id)
    head = next((one for one in engine.heads() if one.id == record_id), None)
    found = _found(record, anchor)
    if head is None or found is None:
        raise NotFound(id, (record_id,))
    title, paragraphs = found
    return Side(id, head, title, paragraphs)


def others(engine: Engine, id: str) -> tuple[Side | PassageRecord, ...]:
    """Return what a place may be compared with: the other considerations of its instruments, else what is related.

    Raises:
        NotFound: It is not there.
    """
    here = side(engine, id)
    record = engine.record(here.head.id)
    item = _item(record, id.partition("#")[2])
    found: dict[str, Side | PassageRecord] = {}
    for title in item.instruments if item else ():
        for told in reversed(instruments.instrument(engine, title, limit=MOST_OTHERS).considerations):
            place = f"{told.head.id}#{told.item.anchor}"
            if told.head.id != here.head.id:
                found.setdefault(place, Side(place, told.head, told.item.title, ()))
    if not found:
        text = here.title or " ".join(p.text for p in here.paragraphs)[:200]
        wanted = Wanted(parse(text), words.weighted_words(text), "resolution", limit=4 * MOST_OTHERS)
        for hit in engine.find(wanted).hits:
            passage = hit.passage
            if passage.head.id != here.head.id:
                found.setdefault(passage.id, passage)
    return tuple(found.values())[:MOST_OTHERS]


def _item(record: Record, anchor: str) -> AgendaItem | None:
    number = anchor.partition(".")[0].partition("p")[0]
    return next((item for item in record.items if item.anchor == number), None) if isinstance(record, Meeting) else None


def _found(record: Record, anchor: str) -> tuple[str | None, tuple[Paragraph, ...]] | None:
    """Return the title and paragraphs of an item, a resolution or a paragraph; None where there is none."""
    item = _item(record, anchor)
    if item and anchor == item.anchor:
        heading = (item.heading,) if item.heading else ()
        return item.title, (*heading, *(p for r in item.resolutions for p in r.paragraphs))
    for resolution in item.resolutions if item else ():
        if anchor in (resolution.anchor, *(p.anchor for p in resolution.paragraphs)):
            return item.title if item else None, _of(resolution, anchor)
    outer = tuple(p for p in record.paragraphs if p.anchor == anchor)
    return (None, outer) if outer else None


def _of(resolution: Resolution, anchor: str) -> tuple[Paragraph, ...]:
    return tuple(p for p in resolution.paragraphs if anchor in (resolution.anchor, p.anchor))


def _rows(a: Sequence[Paragraph], b: Sequence[Paragraph]) -> Iterator[Row]:
    """Pair paragraphs that are alike, in their order, and mark what differs."""
    left, right = [_Words(p) for p in a], [_Words(p) for p in b]
    work = MOST_WORK
    i = j = 0
    for x, y in (*_pairs(left[:MOST_PARAGRAPHS], right[:MOST_PARAGRAPHS]), (len(left), len(right))):
        yield from (Row(one.alone(), None) for one in left[i:x])
        yield from (Row(None, one.alone()) for one in right[j:y])
        if x < len(left) and y < len(right):
            cost = len(left[x].pieces) * len(right[y].pieces)
            work -= cost
            yield _marked(left[x], right[y]) if cost <= MOST_PAIRS and work >= 0 else _whole(left[x], right[y])
        i, j = x + 1, y + 1


class _Words:
    """A paragraph in pieces of its normal form, with where each begins in the text."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.anchor, self.text = paragraph.anchor, paragraph.text
        folded = fold_map(paragraph.text)
        self.pieces = _pieces(folded.stream)
        self.starts = []
        at = 0
        for piece in self.pieces:
            self.starts.append(folded.offsets[at])
            at += len(piece)
        self.starts.append(len(paragraph.text))
        self.known = frozenset(piece for piece in self.pieces if words.is_word(piece))

    def alone(self) -> Line:
        return Line(self.anchor, self.text, ((0, len(self.text)),) if self.text else ())

    def marked(self, ranges: Sequence[tuple[int, int]]) -> Line:
        places = ((self.starts[first], self.starts[last]) for first, last in ranges if first < last)
        return Line(self.anchor, self.text, tuple(places))


def _pieces(stream: str) -> list[str]:
    """Return the words and signs of a stream, one after the other, without the shorter words inside them."""
    every, at, k = words.pieces(stream), 0, 0
    found: list[str] = []
    while at < len(stream):
        while k < len(every) and not stream.startswith(every[k], at):
            k += 1
        if k == len(every):
            return [*found, *stream[at:]]
        best = k
        for j in range(k + 1, min(k + INNER, len(every))):
            longer = stream.startswith(every[j], at) and len(every[j]) > len(every[best])
            if longer and all(inner in every[j] for inner in every[k:j]):
                best = j
        found.append(every[best])
        at, k = at + len(every[best]), best + 1
    return found


def _pairs(left: Sequence[_Words], right: Sequence[_Words]) -> list[tuple[int, int]]:
    """Return the pairs, in order on both sides, whose likenesses add up to the most."""
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    like = [[_likeness(x.known, y.known) for y in right] for x in left]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            paired = like[i][j] + best[i + 1][j + 1] if like[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if like[i][j] >= ALIKE and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _whole(a: _Words, b: _Words) -> Row:
    return Row(Line(a.anchor, a.text), Line(b.anchor, b.text)) if a.pieces == b.pieces else Row(a.alone(), b.alone())


def _marked(a: _Words, b: _Words) -> Row:
    codes = SequenceMatcher(None, a.pieces, b.pieces, autojunk=False).get_opcodes()
    differing = [code for code in codes if code[0] != "equal"]
    return Row(a.marked([(i, j) for _, i, j, _, _ in differing]), b.marked([(i, j) for *_, i, j in differing]))
