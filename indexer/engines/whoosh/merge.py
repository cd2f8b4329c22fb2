"""Several segments become one: texts, postings and columns of what is not deleted, without segmenting anything again.

Passages keep their order: segment by segment, record by record.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.engines.passages import FIELDS
from indexer.engines.whoosh import columns, invert, streams
from indexer.engines.whoosh.arrays import Array
from indexer.engines.whoosh.build import fold_codes, together
from indexer.engines.whoosh.columns import PassageRow, RecordRow
from indexer.engines.whoosh.invert import HALF, Words
from indexer.engines.whoosh.segment import Ints, Segment


def merge(segments: Sequence[Segment]) -> dict[str, Array]:
    """Return the arrays of one segment that holds the live records of all."""
    kept = [_live(segment) for segment in segments]
    laid = streams.lay_out([s.text(int(p)) for s, live in zip(segments, kept, strict=True) for p in live])
    rows = [row for segment in segments for row in _rows(segment)]
    return together(laid, fold_codes(laid), lambda: _words(segments, kept), rows)


def _live(segment: Segment) -> Ints:
    return np.arange(segment.size) if segment.alive is None else np.flatnonzero(segment.alive)


def _words(segments: Sequence[Segment], kept: Sequence[Ints]) -> Words:
    """Join the word postings; only words that still occur stay in the vocabulary."""
    terms = sorted({s.word(i) for s in segments for i in range(len(s.words))})
    number = {term: i for i, term in enumerate(terms)}
    keys, counts = [], []
    base = 0
    for segment, live in zip(segments, kept, strict=True):
        place = np.full(segment.size, -1, dtype=np.int64)
        place[live] = np.arange(base, base + len(live))
        base += len(live)
        for row in range(len(segment.words)):
            new = place[segment.words.list(row)]
            keep = new >= 0
            keys.append((np.uint64(number[segment.word(row)]) << HALF) | new[keep].astype(np.uint64))
            counts.append(segment.word_counts(row)[keep])
    key = np.concatenate(keys) if keys else np.empty(0, np.uint64)
    order = np.argsort(key, kind="stable")
    key = key[order]
    used, first = np.unique(key >> HALF, return_index=True)
    return Words(
        terms=tuple(terms[int(i)] for i in used),
        starts=np.append(first, len(key)).astype(np.uint32),
        passages=(key & invert.LOW).astype(np.uint32),
        counts=np.concatenate(counts)[order] if counts else np.empty(0, np.uint8),
        lengths=np.concatenate([s.word_lengths[live] for s, live in zip(segments, kept, strict=True)]),
    )


def _rows(segment: Segment) -> list[RecordRow]:
    """Take the records of a segment over, as they were gathered."""
    passage_values, record_values = _values(segment, "passage"), _values(segment, "record")
    found = []
    for record in range(len(segment.rec_date)):
        if not segment.is_live(record):
            continue
        members = range(int(segment.rec_first[record]), int(segment.rec_first[record + 1]))
        found.append(
            RecordRow(
                id=segment.head(record)[1],
                date=int(segment.rec_date[record]),
                head=segment.blob("rec_head", record),
                data=segment.blob("rec_data", record),
                values=record_values.get(record, {}),
                passages=[
                    PassageRow(
                        int(segment.levels[p]),
                        segment.blob("meta", p),
                        passage_values.get(p, columns.NO_VALUES),
                        (int(segment.heading[p]) if len(segment.heading) else p) - members[0],
                    )
                    for p in members
                ],
            )
        )
    return found


def _values(segment: Segment, place: str) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return owner -> field -> values, for the owners that have any."""
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for field, (where, _) in FIELDS.items():
        if where != place:
            continue
        names = segment.names[field]
        owners, values = segment.arrays[f"{field}_owner"].tolist(), segment.arrays[f"{field}_value"].tolist()
        for owner, value in zip(owners, values, strict=True):
            fields = found.setdefault(owner, {})
            fields[field] = (*fields.get(field, ()), names[value])
    return found
