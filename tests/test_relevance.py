"""The ranking is as good as docs/relevance.md says: no change makes it worse without being noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.evaluate import Evaluation
from indexer.trial import trial

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ROOT / "data/judged"
LAY = ROOT / "../shared/ir/stard-dev"


@pytest.fixture(scope="module")
def judged() -> Evaluation:
    """The figures of the judged queries over the samples."""
    return trial(JUDGED)


def test_judged_queries_find_their_passages_first(judged: Evaluation) -> None:
    """What staff and researchers type is answered on the first page; nDCG@10 was 0.951 when this was written."""
    assert judged.queries == 97
    assert judged.ndcg >= 0.95


def test_the_first_hit_is_a_relevant_one(judged: Evaluation) -> None:
    """For nearly every query the first passage is relevant, and nearly all relevant ones are found."""
    assert judged.mrr >= 0.98
    assert judged.recall >= 0.96


@pytest.mark.shared
def test_lay_questions_find_their_articles() -> None:
    """Questions in plain words find law articles by the related tier, without any training on the judgements."""
    if not LAY.exists():
        pytest.skip("no ../shared beside the checkout")
    found = trial(LAY)
    assert found.queries == 772
    assert found.ndcg >= 0.345
    assert found.recall >= 0.615
