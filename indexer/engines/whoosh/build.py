"""Passages in, arrays out: a segment is gathered record by record and then inverted in one go.

Nothing is written here; `merge.py` makes one segment of several, `writer.py` puts them on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from indexer.engines.engine import RecordHead, SourceState
from indexer.engines.passages import Passage, passages, record_values
from indexer.engines.whoosh import columns, invert, postings, stored, streams
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.columns import RecordRow
from indexer.engines.whoosh.streams import Streams
from indexer.model import Document, Meeting, Record
from indexer.text import words
from indexer.text.fold import fold
from indexer.text.points import FILLER

# In place of a title: a name on the roll of attendance is never taken for a subject.
SILENT = "\0"


def title_beside(passage: Passage) -> str | None:
    """Return the title under which a passage stands, where that is not its own text."""
    return None if passage.section == "heading" else passage.item_title


class Gathered(NamedTuple):
    """A record ready to be written: its row, and the text of each passage with the title beside it."""

    row: RecordRow
    texts: list[str]
    titles: list[str | None]


class Gathering:
    """The records of one segment to be, in the order added; a record put again takes a new place."""

    def __init__(self) -> None:
        self.records: dict[str, Gathered] = {}
        self.characters = 0

    def add(self, record: Record, sources: Sequence[SourceState]) -> int:
        """Add a record; return the number of its passages. A record without text gets one empty passage."""
        found = passages(record) or [Passage("p1", "", 0)]
        docno = record.doc_number.text if record.doc_number else None
        row = RecordRow(
            id=record.id,
            date=record.date.toordinal() if record.date else 0,
            head=columns.head_json(head_of(record), docno, sources),
            data=stored.pack(record, found),
            values=record_values(record),
            passages=columns.passage_rows(found),
        )
        titles = [SILENT if p.section == "attendance" else title_beside(p) for p in found]
        self.drop(record.id)
        self.records[record.id] = Gathered(row, [p.text for p in found], titles)
        self.characters += sum(len(p.text) for p in found)
        return len(found)

    def drop(self, record_id: str) -> bool:
        """Take a record out again, without a trace; False if it is not here."""
        gone = self.records.pop(record_id, None)
        if gone is not None:
            self.characters -= sum(map(len, gone.texts))
        return gone is not None

    def arrays(self) -> dict[str, Array]:
        """Return the segment's arrays."""
        every = self.records.values()
        laid = streams.lay_out([text for one in every for text in one.texts])
        folded = fold_codes(laid)
        titles = [title for one in every for title in one.titles]
        found = invert.words(_cut(laid, folded, titles), words.is_word)
        return together(laid, folded, found, [one.row for one in every])


def _cut(laid: Streams, folded: streams.Codes, titles: Sequence[str | None]) -> Iterable[Sequence[str]]:
    """Segment every stream, and the title of its item with it; the roll of attendance has no words."""
    pieces = words.pieces
    escapes = {streams.FIRST_ESCAPE + i: int(point) for i, point in enumerate(laid.astral)}
    for i, title in enumerate(titles):
        start = int(laid.cell[i]) * streams.CELL
        part = folded[start : start + int(laid.length[i])]
        if part.dtype.itemsize == 4:
            stream = part.tobytes().decode("utf-32-le")
        else:
            stream = part.tobytes().decode("utf-16-le", "surrogatepass")
            stream = stream.translate(escapes) if escapes else stream
        if title == SILENT:
            yield ()
        else:
            yield pieces(stream) + pieces(fold(title)) if title else pieces(stream)


def head_of(record: Record) -> RecordHead:
    """Return what lists show of a record."""
    meeting = isinstance(record, Meeting)
    return RecordHead(
        id=record.id,
        type="meeting" if meeting else "document",
        title=record.title,
        body=record.body,
        kind=record.genre if isinstance(record, Document) else record.kind,
        number=record.number if isinstance(record, Meeting) else None,
        date=record.date,
    )


def fold_codes(laid: Streams) -> streams.Codes:
    """Return the folded codes of a layout, cell by cell."""
    wide = laid.codes.dtype.itemsize == 4
    table = streams.code_folds(laid.astral, wide)
    if not wide:
        return table.astype(np.uint16)[laid.codes]
    return np.where(laid.codes == FILLER, np.uint32(FILLER), table[laid.codes])


def together(laid: Streams, folded: streams.Codes, found: invert.Words, rows: Sequence[RecordRow]) -> dict[str, Array]:
    """Return the arrays of a segment: its texts, its words and its columns."""
    beside = columns.build(rows)
    patched = np.zeros(len(laid.length), dtype=np.uint8)
    patched[laid.patch_passage] = columns.PATCHED
    beside["levels"] = (beside["levels"].astype(np.uint8) & ~np.uint8(columns.PATCHED)) | patched
    totals = np.array([int(laid.length.astype(np.int64).sum()), len(laid.length)], dtype=np.int64)
    return {**text_arrays(laid, folded), **word_arrays(found), **beside, "totals": totals}


def text_arrays(laid: Streams, folded: streams.Codes) -> dict[str, Array]:
    """Return the arrays of the texts and their grams."""
    grams = invert.grams(folded)
    return {
        "codes": laid.codes,
        "cell": laid.cell,
        "length": laid.length,
        "cell_passage": laid.cell_passage,
        "patch_passage": laid.patch_passage,
        "patch_at": laid.patch_at,
        "patch_code": laid.patch_code,
        "astral": laid.astral,
        "gram_keys": grams.keys,
        **postings.pack("gram", grams.starts, grams.places),
    }


def word_arrays(found: invert.Words) -> dict[str, Array]:
    """Return the arrays of the vocabulary and its postings."""
    hashes = np.array([columns.id_hash(t.decode("utf-8", "surrogatepass")) for t in found.terms], dtype=np.uint64)
    order = np.argsort(hashes, kind="stable")
    return {
        **columns.blobs("word_terms", found.terms),
        "word_hash": hashes[order],
        "word_row": order.astype(np.uint32),
        "word_first": found.starts,
        "word_tf": found.counts,
        "word_lengths": found.lengths,
        **postings.pack("word", found.starts, found.passages),
    }
