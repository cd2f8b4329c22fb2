"""The rows of minutes go in, their parts come out: heading, opening paragraph, body, roll, tail, each in reading order.

Every row is in exactly one part. The roll stands behind the items or, in minutes that open with 时间, 地点, 出席,
before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.minutes import marks, opening
from indexer.minutes.lines import Row
from indexer.minutes.paragraphs import Block, blocks, line_width, single

# What no line of a roll says.
PROSE = re.compile(r"会议|主持|研究|决定|审议|听取|要求")
# What an item is about, where a roll would name people.
TOPIC = re.compile(
    "传达|学习|通报|讨论|部署|安排|审定|审查|观看|分析|表彰|.{0,6}关于|.{0,30}(?:《|(?:情况|工作|事项|事宜|问题|方案|汇报|精神|论述|讲话)$)"
)
SAYS = re.compile(
    r"会议(?:还|专题|集体)?(?:研究|讨论|议定|决定|听取|审议|认为|指出|强调|要求|传达|学习|原则|同意|[就对][^,。]{1,40}(?:研究|讨论|审议))"
    r"|(?:纪要|议定|记录|意见|事项)如下|主持召开"
)
# 会议议题：, 会议内容：
FIELD = re.compile(
    r"(?:会议)?(?:主要)?(?:议题|内容|议程|主题|事项|议定事项|时间|地点|日期|名称):"
    r"|[\u4e00-\u9fff]{0,12}(?:议题|议程|事项|内容|纪要|意见|如下|情况):$"
)
LISTED = re.compile(r"(?:出席|列席|参加|应邀|请假)")
NAMES_BEHIND = re.compile(r"^[（(]?(?:出席|列席|请假|邀请|记录|主持)(?:人员|人)?[)）]?[ \t\u3000]+\S")
LONGEST_ROLL_SENTENCE = 40
TOPICS_WITHIN = 60
# …主持召开第32次常务会议。会议议题如下：
TOPICS_AT_END = re.compile(rf"[。;,]{marks.TOPICS.pattern}$")
# What a role label may begin with: most rows need no closer look.
ROLE_BEGINS = frozenset("出列参与固邀应特请缺因主记会(")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of minutes; `notes` are further lines with role labels, which also stand among the other parts.

    `topics` are the lines of a list of topics (会议议题：1. … 2. …) in front of the items, its label first.
    """

    head: tuple[Block, ...]
    opening: Block | None
    body: tuple[Block, ...]
    roll: tuple[Row, ...]
    tail: tuple[Block, ...]
    notes: tuple[str, ...]
    topics: tuple[Block, ...] = ()


def parts(rows: Sequence[Row]) -> Parts:
    """Cut the rows of minutes into their parts."""
    first = opening.find(rows)
    listed = topics(rows)
    start = first if first is not None else listed[1] if listed else _first_of_body(rows)
    rolls = _rolls(rows)
    roll = max(rolls, key=lambda r: (r[1] - r[0], r[0]), default=(len(rows), len(rows)))
    notes = tuple("\n".join(row.text for row in rows[a:b]) for a, b in rolls if (a, b) != roll)

    def run(begin: int, end: int) -> list[Sequence[Row]]:
        """Return a run of rows, in two where the list of topics stands in it: nothing is joined across that."""
        if listed is None or end <= listed[0] or listed[1] <= begin:
            return [rows[begin:end]] if begin < end else []
        return [part for part in (rows[begin : listed[0]], rows[listed[1] : end]) if part]

    # Nothing is joined across a roll either.
    head, body, tail = run(0, min(start, roll[0])), run(start, roll[0]), run(roll[1], len(rows))
    if roll[0] < start:
        head, body, tail = [*head, *run(roll[1], start)], run(max(start, roll[1]), len(rows)), []
    elif any(map(_items_in, tail)) and not any(map(_items_in, body)):
        body, tail = [*body, *tail], []
    width = line_width([row for part in (*body, *tail) for row in part])
    body_blocks = [block for part in body for block in blocks(part, width)]
    opening_block = body_blocks.pop(0) if first is not None and body_blocks else None
    cut = _tail_start(body_blocks)
    tail_blocks = [*body_blocks[cut:], *(block for part in tail for block in blocks(part, width))]
    return Parts(
        tuple(block for part in head for block in single(part)),
        opening_block,
        tuple(body_blocks[:cut]),
        tuple(rows[roll[0] : roll[1]]),
        tuple(tail_blocks),
        notes,
        tuple(block for row in rows[slice(*listed)] for block in single([row])) if listed else (),
    )


def topics(rows: Sequence[Row]) -> tuple[int, int] | None:
    """Return the range of a list of topics with its label: two numbered lines or more, before the items begin anew.

    Where nothing of the kind follows, the numbered lines are the items themselves.
    """
    for at, row in enumerate(rows[:TOPICS_WITHIN]):
        if not row.stream.endswith(":"):
            continue
        alone = marks.TOPICS.fullmatch(row.stream[: marks.LONGEST_LABEL])
        if not alone and not TOPICS_AT_END.search(row.stream[-marks.LONGEST_LABEL :]):
            continue
        end, count = at + 1, 0
        while end < len(rows) and (mark := marks.numbered(rows[end].stream)) and mark.number == count + 1:
            end, count = end + 1, count + 1
        again = (marks.numbered(row.stream) for row in rows[end : end + TOPICS_WITHIN])
        if count > 1 and any(mark.number == 1 for mark in again if mark):
            return (at if alone else at + 1), end
    return None


def starts_role(rows: Sequence[Row], at: int) -> bool:
    """Tell whether a row begins a roll: 出席：…, 出 / 席：… on two lines, or 出席 and names."""
    row = rows[at]
    if row.stream[:1] not in ROLE_BEGINS:
        return False
    if marks.role(row.stream):
        return True
    if len(row.stream) == 1 and at + 1 < len(rows):
        return row.stream + rows[at + 1].stream[:2] in marks.SPLIT_ROLES
    return len(row.text) < 200 and NAMES_BEHIND.match(row.text) is not None and not re.search("[。,;]", row.stream)


def _rolls(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the ranges of rows that are rolls, in order."""
    found = []
    at = 0
    while at < len(rows):
        if not starts_role(rows, at):
            at += 1
            continue
        end = at + 1
        while end < len(rows) and not _ends_roll(rows, end):
            end += 1
        found.append((at, end))
        at = end
    return found


def _ends_roll(rows: Sequence[Row], at: int) -> bool:
    stream = rows[at].stream
    if marks.role(stream):
        return False
    if marks.tail(stream) or marks.OTHER_MATTERS.match(stream[: marks.LONGEST_LABEL]):
        return True
    if SAYS.search(stream[:400]) or FIELD.match(stream):
        return True
    if re.search("[。,]", stream) and len(stream) > LONGEST_ROLL_SENTENCE and PROSE.search(stream[:400]):
        return not LISTED.match(stream)
    mark = marks.item(stream)
    if mark and len(stream) > 3 and (PROSE.search(stream[:200]) or TOPIC.match(stream, mark.end, 100)):
        return True
    return at + 1 < len(rows) and _signs(stream, rows[at + 1].stream[:100])


def _signs(stream: str, following: str) -> bool:
    """Tell whether a line is the office that signs, with its date or 印发 on the next line."""
    if not stream.endswith(marks.SIGNERS) or not marks.OFFICE.fullmatch(stream[:40]):
        return False
    return marks.date_alone(following) or marks.PRINTED.fullmatch(following) is not None


def _items_in(rows: Sequence[Row]) -> bool:
    return any(marks.item(row.stream) for row in rows)


def _first_of_body(rows: Sequence[Row]) -> int:
    """Return where the body begins in a text without a meeting sentence: its first item, else its first sentence."""
    for at, row in enumerate(rows):
        if marks.item(row.stream) or "。" in row.stream:
            return at
    return 0


def _tail_start(found: Sequence[Block]) -> int:
    """Return the position of the first tail paragraph behind the last item line."""
    last_item = max((at for at, block in enumerate(found) if marks.item(block.stream)), default=-1)
    for at in range(last_item + 1, len(found)):
        following = found[at + 1].stream[:100] if at + 1 < len(found) else ""
        if marks.tail(found[at].stream) or _signs(found[at].stream, following):
            return at
    return len(found)
