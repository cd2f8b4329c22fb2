"""Words that only ask are left out of what the related tier looks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.parse import parse
from indexer.query.question import subject


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("老小区装电梯财政补多少钱", "老小区装电梯财政补 钱"),
        ("哪些项目被暂缓或者没有通过", "项目被暂缓 没有通过"),
        ("能不能每月提取公积金", "每月提取公积金"),
        ("同意比例是多少", "同意比例"),
        ("坐公交要钱吗", "坐公交要钱"),
        ("可以退吗?怎么退", "可以退 ? 退"),
        ("吗啡 管理", "吗啡 管理"),
        ("多少", "多少"),
        ("是什么?", "是什么?"),
        ("职业教育 资金", "职业教育 资金"),
        ("", ""),
    ],
)
def test_what_a_question_is_about(plain: str, expected: str) -> None:
    """What asks goes, a query of nothing else stays as it is."""
    assert subject(plain) == expected


@given(st.text("什么多少吗呢 ?是老小区", max_size=30))
def test_a_subject_is_never_lost(plain: str) -> None:
    """Where a text has letters, its subject has some, and none that the text has not."""
    found = subject(plain)
    assert any(map(str.isalnum, found)) == any(map(str.isalnum, plain))
    assert set(found) <= set(plain) | {" "}


def test_the_exact_tier_looks_for_what_was_typed() -> None:
    """A question is still searched as the string that it is."""
    query = parse("养老院怎么收费")
    assert query.terms == ("养老院怎么收费",)
    assert query.plain == "养老院 收费"
