"""How much of a passage is boilerplate is told of all living records, however they came into the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from made import document, meeting

from indexer.engines.whoosh import boilerplate, ranking, writer
from indexer.engines.whoosh.engine import WhooshEngine, open_engine

FORMULA = "各区县、各部门要提高政治站位，强化责任担当，确保任务落地见效。"
OWN = "{}号线延长段的征收由望澜区牵头，市重大办按周调度进展，年底前交地。"


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """An empty index."""
    return open_engine(tmp_path, create=True)


def put(engine: WhooshEngine, numbers: Sequence[int], text: str = FORMULA) -> None:
    """Put records of one paragraph of their own and one of a text, in one transaction."""
    with engine.writing() as writing:
        for number in numbers:
            writing.put(document(f"{number}", [OWN.format(number), text]), ())
        writing.commit()


def levels(engine: WhooshEngine) -> dict[str, int]:
    """Return the level of every living passage that has one above 0."""
    snapshot = engine.snapshot()
    found = {}
    for segment, told in zip(snapshot.segments, snapshot.levels(ranking.REPEATED), strict=True):
        for passage in np.flatnonzero(told) if told is not None else ():
            if segment.alive is None or segment.alive[passage]:
                record = segment.head(int(segment.record_of[passage]))[1]
                found[f"{record}#{segment.meta(int(passage))['anchor']}"] = int(told[passage])
    return found


def test_one_record_a_commit_counts_as_all_at_once(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence that stands once in each of many segments is boilerplate in all of them, merged or not."""
    monkeypatch.setattr(writer, "FANOUT", 100)
    for number in range(ranking.REPEATED):
        assert levels(engine) == {}
        put(engine, [number])
    assert len(engine.snapshot().segments) == ranking.REPEATED
    expected = {f"d-{number}#p2": boilerplate.DEEPEST for number in range(ranking.REPEATED)}
    assert levels(engine) == expected
    monkeypatch.setattr(writer, "FANOUT", 2)
    put(engine, [100], "会议还听取了其他情况的汇报。")
    assert len(engine.snapshot().segments) < ranking.REPEATED
    assert levels(engine) == expected


def test_deleted_and_replaced_records_count_no_more(engine: WhooshEngine) -> None:
    """A record that is put again and again counts once; one that is removed, or says it no longer, not at all."""
    many = range(ranking.REPEATED - 1)
    put(engine, many)
    for _ in range(ranking.REPEATED):
        put(engine, [0])
    assert levels(engine) == {}
    put(engine, [50])
    assert len(levels(engine)) == ranking.REPEATED
    put(engine, [1], "会议还听取了其他情况的汇报。")
    assert levels(engine) == {}
    put(engine, [51])
    assert len(levels(engine)) == ranking.REPEATED
    with engine.writing() as writing:
        writing.remove("d-50")
        writing.commit()
    assert levels(engine) == {}


def test_a_record_counts_once_and_headings_and_rolls_not_at_all(engine: WhooshEngine) -> None:
    """What a record says twice counts once; resolutions count with their paragraphs, headings of items do not."""
    put(engine, [0], FORMULA * 2 * ranking.REPEATED)
    assert levels(engine) == {}
    with engine.writing() as writing:
        for number in range(ranking.REPEATED):
            writing.put(meeting(number, date(2024, 5, 1 + number)), ())
        writing.commit()
    assert {name.partition("#")[2] for name in levels(engine)} == {"1.1", "1.1p1", "1.2", "1.2p1", "1.2p2"}


@pytest.mark.parametrize(
    ("own", "level"),
    [("", 4), ("同意。", 4), ("会议同意。", 3), ("会议同意报批方案。", 2), (OWN[:14], 1), (OWN * 2, 0)],
)
def test_passages_made_mostly_of_boilerplate_have_levels(engine: WhooshEngine, own: str, level: int) -> None:
    """A passage that says as much of its own has level 0; what says less has one, by eighths (the formula has 30)."""
    put(engine, range(ranking.REPEATED))
    put(engine, [50], own + "。" + FORMULA)
    assert levels(engine).get("d-50#p2", 0) == level
