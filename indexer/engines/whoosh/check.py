"""Is every file of an index what was written, and does every list in it agree with the others? One line a damage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.engines.whoosh import arrays
from indexer.engines.whoosh.codec import SegmentEntry
from indexer.engines.whoosh.segment import Segment
from indexer.engines.whoosh.snapshot import Snapshot


def check(snapshot: Snapshot) -> Iterator[str]:
    """Yield what is damaged; nothing for a sound index."""
    seen: dict[str, str] = {}
    for entry, segment in zip(snapshot.entries, snapshot.segments, strict=True):
        if arrays.digest(segment.path) != entry.digest:
            yield f"{entry.filename}：校验和不符"
            continue
        yield from (f"{entry.filename}：{damage}" for damage in _counts(entry, segment))
        for record in range(len(segment.rec_date)):
            if segment.is_live(record):
                record_id = segment.head(record)[1]
                if record_id in seen:
                    yield f"{entry.filename}：编号 {record_id} 重复，另见 {seen[record_id]}"
                seen[record_id] = entry.filename
                yield from _anchors(snapshot, segment, record, record_id)


def _counts(entry: SegmentEntry, segment: Segment) -> Iterator[str]:
    size = entry.doc_count_all()
    if not size == segment.size == len(segment.levels) == len(segment.word_lengths) == int(segment.rec_first[-1]):
        yield f"段落数不一致（{size}）"
    if int(segment.grams.count.astype(np.int64).sum()) != int(segment.length.astype(np.int64).sum()):
        yield "字对数与字数不一致"
    if any(p >= size for p in segment.dead):
        yield "删除标记超出范围"


def _anchors(snapshot: Snapshot, segment: Segment, record: int, record_id: str) -> Iterator[str]:
    anchors = [segment.meta(p)["anchor"] for p in range(*segment.rec_first[record : record + 2].tolist())]
    if len(set(anchors)) != len(anchors):
        yield f"{record_id}：锚点重复"
    if snapshot.record(record_id) is None:
        yield f"{record_id}：无法读出"
