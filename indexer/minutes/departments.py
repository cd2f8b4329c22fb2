"""Departments that the lexicon knows, at a place of a text: a position goes in, the ranges of the names come out.

Where a pattern must see the verb behind a unit to know its end, a name of the lexicon ends by itself:
会同市国资委|核清权属.
Only names with one character for their level in front count (市发改委, 县委组织部).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.text.lexicon.departments import department_end

LEVELS = frozenset("省市县区镇乡州旗盟")
MOST = 12
# 市公安局交警支队 is not yet named by 市公安局, and 市发改委党组 is not the 市发改委.
GOES_ON = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:支队|大队|总队|分局|分中心|党委|党组|公司|集团|学院|学校|医院|研究院|监测站|管理处|管理所)"
)
# What may follow them in a row without being in the lexicon: 市粮食和储备局、农发行海棠分行.
FOLLOWS = re.compile(
    r"[\u4e00-\u9fff]{2,16}?(?:有限公司|公司(?!司)|集团(?!公司)|分行|支行|农发行|国开行|农商行|农信社|管委会|支队|大队|总队|分局|供电局|法院|检察院|街道办事处)"
)
BETWEEN = re.compile(r"、|和|及|与|以及|并")


def known(stream: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the ranges of the departments that stand in a row from `start` on (市财政局、市审计局); may be empty."""
    return list(_row(stream, start, end))


def _row(stream: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for count in range(MOST):
        stop = _end(stream, start, end)
        if stop is None:
            stop = _following(stream, start, end) if count else None
        if stop is None:
            return
        yield start, stop
        between = BETWEEN.match(stream, stop, end)
        if between is None:
            return
        start = between.end()


def _following(stream: str, start: int, end: int) -> int | None:
    """Return the end of what goes on in a row: 县文广旅局、|住建局 without its level, or an enterprise."""
    stop = department_end(stream, start, end)
    other = FOLLOWS.match(stream, start, end) if stop is None else None
    return other.end() if other else stop


def _end(stream: str, start: int, end: int) -> int | None:
    """Return the end of the longest department that begins here, None where none does."""
    if start >= end or stream[start] not in LEVELS:
        return None
    stop = department_end(stream, start + 1, end)
    return None if stop is None or GOES_ON.match(stream, stop, end) else stop
