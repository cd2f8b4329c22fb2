"""The Whoosh codec of this project: a segment is one file of arrays, read by stock Whoosh and by the executor alike.

    _MAIN_<generation>.toc        stock: schema, list of segments (with deletions and the checksum of each file)
    MAIN_<id>.arr                 one file a segment:

      codes  ─┬─ characters of all passages, in cells of 16 (streams.py)
              ├─ cell, length, cell_passage      passage <-> address
              └─ patch_*, astral                 what makes the original text of them again
      gram_keys ── gram_*                        pair of characters -> addresses (postings.py, invert.py)
      word_terms, word_hash, word_row ── word_*  jieba word -> passages, word_tf beside them, word_lengths
      said, said_many                            sentences, to be counted over all segments (sentences.py)
      lead_*                                     the best passages of frequent strings (leaders.py)
      levels, meta, rec_*, F_*                   columns (columns.py)

`whoosh.index.open_dir(folder).searcher()` answers Term, And, Or, Not and Phrase queries over the fields `w` and `g`
posting by posting; the executor answers the project's own queries on whole arrays. Writing goes through `writer.py`
alone: Whoosh's own SegmentWriter is refused.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import whoosh.index
from whoosh import matching, reading
from whoosh.codec import base

from indexer.engines.whoosh.schema import GRAMS, WORDS
from indexer.engines.whoosh.segment import EXTENSION, Segment
from indexer.engines.whoosh.streams import CELL_BITS


class ReadingError(whoosh.index.IndexError):  # type: ignore[misc]
    """Stock Whoosh asked for what these segments do not have: a writer of its own, or a cursor over terms."""


class SegmentEntry(base.Segment):  # type: ignore[misc]
    """What the TOC keeps of a segment: its name, size, deletions and the BLAKE2b of its file."""

    def __init__(self, indexname: str, segid: str, count: int, digest: str, size: int, characters: int) -> None:
        super().__init__(indexname)
        self.segid = segid
        self.digest = digest
        self.size = size
        self.characters = characters
        self._count = count
        self._deleted: frozenset[int] = frozenset()

    def codec(self) -> ArrayCodec:
        return ArrayCodec()

    @property
    def filename(self) -> str:
        return str(self.make_filename(EXTENSION))

    @property
    def dead(self) -> frozenset[int]:
        return self._deleted

    def without(self, passages: frozenset[int]) -> SegmentEntry:
        """Return this entry with more passages deleted."""
        entry = SegmentEntry(self.indexname, self.segid, self._count, self.digest, self.size, self.characters)
        entry._deleted = self._deleted | passages
        return entry

    def doc_count_all(self) -> int:
        return self._count

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted

    def should_assemble(self) -> bool:
        return False


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Opens segments for stock Whoosh; it writes none."""

    def terms_reader(self, storage: Any, segment: SegmentEntry) -> ArrayTerms:
        return ArrayTerms(_opened(storage, segment))

    def per_document_reader(self, storage: Any, segment: SegmentEntry) -> ArrayDocuments:
        return ArrayDocuments(_opened(storage, segment), segment)

    def new_segment(self, storage: Any, indexname: str) -> Any:
        raise ReadingError("segments are written by indexer.engines.whoosh.writer")


def _opened(storage: Any, segment: SegmentEntry) -> Segment:
    return Segment(Path(storage.folder) / segment.filename, segment.dead)


class ArrayTerms(base.TermsReader):  # type: ignore[misc]
    """Terms and postings of both fields; terms are UTF-8, fields and terms in ascending order."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._row(*term) >= 0

    def indexed_field_names(self) -> tuple[str, str]:
        return GRAMS, WORDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in self.indexed_field_names():
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field from `prefix` on, then those of the fields after it."""
        for field in self.indexed_field_names():
            if field >= fieldname:
                spelled = self._spelled(field)
                first = bisect_left(spelled, prefix) if field == fieldname else 0
                yield from ((field, spelled[i]) for i in range(first, len(spelled)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], reading.TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], reading.TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def cursor(self, fieldname: str, fieldobj: Any) -> Any:
        raise ReadingError("terms are walked by terms_from")

    def term_info(self, fieldname: str, text: bytes) -> reading.TermInfo:
        ids, counts = self._postings(fieldname, text)
        lengths = self._segment.word_lengths if fieldname == WORDS else self._segment.length
        held = lengths[ids]
        return reading.TermInfo(
            weight=float(counts.sum()),
            df=len(ids),
            minlength=int(held.min()),
            maxlength=int(held.max()),
            maxweight=float(counts.max()),
            minid=int(ids[0]),
            maxid=int(ids[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        return float(self._postings(fieldname, text)[1].sum()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        return len(self._postings(fieldname, text)[0]) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> matching.ListMatcher:
        ids, counts = self._postings(fieldname, text)
        values = Positions(self._segment, self._row(fieldname, text), ids, format_) if fieldname == GRAMS else None
        return matching.ListMatcher(
            ids.tolist(), counts.astype(float).tolist(), values, format_, scorer=scorer, term=(fieldname, text)
        )

    def _postings(self, fieldname: str, text: bytes) -> tuple[Any, Any]:
        row = self._row(fieldname, text)
        if row < 0:
            raise reading.TermNotFound(f"No term {fieldname}:{text!r}")
        if fieldname == WORDS:
            return self._segment.words.list(row), self._segment.word_counts(row)
        return np.unique(self._segment.passages_at(self._segment.grams.list(row)), return_counts=True)

    def _row(self, fieldname: str, text: bytes) -> int:
        spelled = text.decode("utf-8", "surrogatepass")
        if fieldname == WORDS:
            return self._segment.word_rows([spelled])[0]
        if fieldname != GRAMS or len(spelled) != 2:
            return -1
        keys = self._segment.gram_keys
        first, second = self._segment.query_codes(spelled[0])[0], ord(spelled[1])
        second = second if second == 0xFFFF else self._segment.query_codes(spelled[1])[0]
        if min(first, second) < 0:
            return -1
        wanted = keys.dtype.type((first << keys.dtype.itemsize * 4) | second)
        row = int(np.searchsorted(keys, wanted))
        return row if row < len(keys) and keys[row] == wanted else -1

    def _spelled(self, field: str) -> Sequence[bytes]:
        if field == WORDS:
            return [self._segment.word(i) for i in range(len(self._segment.words))]
        shift = self._segment.gram_keys.dtype.itemsize * 4
        pairs = ((int(k) >> shift, int(k) & ((1 << shift) - 1)) for k in self._segment.gram_keys)
        return sorted("".join(map(self._segment.character, pair)).encode("utf-8", "surrogatepass") for pair in pairs)


class Positions:
    """The position lists of one gram, encoded for Whoosh when a phrase asks for them."""

    def __init__(self, segment: Segment, row: int, ids: Any, format_: Any) -> None:
        places = segment.grams.list(row).astype(np.int64)
        self._places = places - (segment.cell[segment.passages_at(places)].astype(np.int64) << CELL_BITS)
        self._owners = segment.passages_at(places)
        self._ids, self._format = ids, format_

    def __getitem__(self, i: int) -> bytes:
        first, last = np.searchsorted(self._owners, [self._ids[i], self._ids[i] + 1])
        return self._format.encode(self._places[first:last].tolist())  # type: ignore[no-any-return]


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths, stored fields and deletions of a segment."""

    def __init__(self, segment: Segment, entry: SegmentEntry) -> None:
        self._segment, self._entry = segment, entry

    def doc_count(self) -> int:
        return int(self._entry.doc_count())

    def doc_count_all(self) -> int:
        return self._entry.doc_count_all()

    def has_deletions(self) -> bool:
        return bool(self._entry.dead)

    def is_deleted(self, docnum: int) -> bool:
        return self._entry.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._entry.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._lengths(fieldname)[docnum])

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).astype(np.int64).sum())

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).min())

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).max())

    def stored_fields(self, docnum: int) -> dict[str, str]:
        head = self._segment.head(int(self._segment.record_of[docnum]))
        return {"id": f"{head[1]}#{self._segment.meta(docnum)['anchor']}", "text": self._segment.text(docnum)}

    def _lengths(self, fieldname: str) -> Any:
        return self._segment.word_lengths if fieldname == WORDS else self._segment.length
