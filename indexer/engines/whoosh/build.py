"""Passages in, arrays out: a segment is gathered record by record and then inverted in one go.

Nothing is written here; `merge.py` makes one segment of several, `writer.py` puts them on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.engine import RecordHead, SourceState
from indexer.engines.passages import Passage, passages, record_values
from indexer.engines.whoosh import columns, invert, postings, sentences, stored, streams
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.beside import Beside
from indexer.engines.whoosh.columns import RecordRow
from indexer.engines.whoosh.cutting import SILENT, Cutting, Folded
from indexer.engines.whoosh.streams import Streams
from indexer.model import Document, Meeting, Record
from indexer.text.points import FILLER

# Characters that are laid out at once: their arrays fit into a cache of 2 MB.
PART = 1 << 17
# From so many characters on a process is started to segment them, which takes it half a second by itself.
HELPED_FROM = 2_000_000


def title_beside(passage: Passage) -> str | None:
    """Return the title under which a passage stands, where that is not its own text."""
    return None if passage.section == "heading" else passage.item_title


class Gathered(NamedTuple):
    """A record ready to be written: its row, and which of the passages gathered are its own."""

    row: RecordRow
    members: range


class Gathering:
    """The records of one segment to be, in the order added; a record put again takes a new place.

    Passages are laid out part by part as they come. With `helper`, a process beside this one segments them meanwhile,
    as soon as there is enough of them; the arrays are the same.
    """

    def __init__(self, helper: Callable[[], Beside] | None = None) -> None:
        self.records: dict[str, Gathered] = {}
        self.characters = 0
        self._helper = helper
        self._beside: Beside | None = None
        self._passages = 0
        self._gone: list[range] = []
        self._texts: list[str] = []
        self._titles: dict[int, str] = {}
        self._waiting = 0  # characters that are not laid out yet
        self._parts: list[Part] = []

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
        self.drop(record.id)
        self.records[record.id] = Gathered(row, range(self._passages, self._passages + len(found)))
        self._passages += len(found)
        for passage in found:
            title = SILENT if passage.section == "attendance" else title_beside(passage)
            if title:
                self._titles[len(self._texts)] = title
            self._texts.append(passage.text)
            self._waiting += len(passage.text)
        self.characters += sum(len(passage.text) for passage in found)
        if self._waiting >= PART:
            self._lay_out()
        return len(found)

    def drop(self, record_id: str) -> bool:
        """Take a record out again, without a trace; False if it is not here."""
        gone = self.records.pop(record_id, None)
        if gone is not None:
            self._gone.append(gone.members)
        return gone is not None

    def arrays(self) -> dict[str, Array]:
        """Return the segment's arrays."""
        self._lay_out()
        alive: npt.NDArray[np.bool_] | None = None
        if self._gone:
            alive = np.ones(self._passages, dtype=np.bool_)
            for members in self._gone:
                alive[members.start : members.stop] = False
        if self._beside:
            self._beside.ask(alive)
        laid = streams.joined([part.laid for part in self._parts])
        if alive is not None:
            laid = streams.living(laid, alive)

        def found() -> invert.Words:
            return (self._beside and self._beside.words()) or self._cut(alive)

        return together(laid, fold_codes(laid), found, [one.row for one in self.records.values()])

    def _lay_out(self) -> None:
        """Lay out what waits for it, and hand it over to be segmented where there is a helper."""
        if not self._texts:
            return
        self._parts.append(Part(streams.part(self._texts), self._titles))
        self._texts, self._titles, self._waiting = [], {}, 0
        if self._beside:
            self._beside.add(self._parts[-1].folded())
        elif self._helper and self.characters >= HELPED_FROM:
            self._beside = self._helper()
            self._beside.begin()
            for part in self._parts:
                self._beside.add(part.folded())

    def _cut(self, alive: npt.NDArray[np.bool_] | None) -> invert.Words:
        """Segment all passages here."""
        cutting = Cutting(self.characters)
        for part in self._parts:
            cutting.add(part.folded())
        return cutting.words(alive)


class Part(NamedTuple):
    """Some passages laid out, with the titles over them by place."""

    laid: Streams
    titles: dict[int, str]

    def folded(self) -> Folded:
        return Folded(streams.folded(self.laid), self.laid.cell, self.laid.length, self.titles)


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


def together(
    laid: Streams,
    folded: streams.Codes,
    found: Callable[[], invert.Words],
    rows: Sequence[RecordRow],
    *,
    sought: bool = True,
) -> dict[str, Array]:
    """Return the arrays of a segment: its texts, its words, which are asked for last, and its columns.

    Where no string is `sought` in it, pairs of characters are not inverted, which is most of the work.
    """
    texts = text_arrays(laid, folded if sought else np.full(1, FILLER, dtype=folded.dtype))
    beside = columns.build(rows)
    patched = np.zeros(len(laid.length), dtype=np.uint8)
    patched[laid.patch_passage] = columns.PATCHED
    levels = (beside["levels"].astype(np.uint8) & ~np.uint8(columns.PATCHED)) | patched
    beside["levels"] = levels
    silent = (levels & np.uint8(columns.ROLL | columns.HEADS)) != 0
    said = sentences.sentences(laid, folded, silent)
    totals = np.array([int(laid.length.astype(np.int64).sum()), len(laid.length)], dtype=np.int64)
    return {**texts, **word_arrays(found()), **beside, **said, "totals": totals}


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
