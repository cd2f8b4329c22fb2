"""The body's paragraphs go in, its agenda items with their resolutions come out, in whatever layout they stand.

Layouts, tried in this order: 一、 with or without （一）; only （一）; only 1.; none at all, where every paragraph
会议听取… begins an item. What belongs to no item is handed back as loose paragraphs. Titles are never made up: they are
the heading line or the leading clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from indexer.minutes import marks
from indexer.minutes.paragraphs import Block
from indexer.minutes.view import View

Marker = Callable[[str], marks.Mark | None]
VERBS = (
    "听取|审议|审定|审查|审阅|研究|讨论|传达|传阅|学习|通报|分析|表决|票决|通过|批准|原则|同意|赞同|书面|观看|部署|安排"
    "|总结"
)
# A paragraph that begins an item where nothing is numbered: 会议听取…, 会议还审议了…, 会议专题研究….
UNNUMBERED = re.compile(
    rf"(?:会议|本次会议)(?:还|又|首先|随后|最后|并)?(?:集体|集中|专题|专门|组织|一并|认真|分别|再次|继续|同时)*(?:{VERBS})(?!其他|其它)"
    r"|会议以[^,。;]{2,40}(?:形式|方式),?(?:深入|集中|集体|认真|专题)?(?:传达|学习)"
)
ACTION = re.compile(
    r"(?:会议|本次会议)?(?:还|首先|随后|最后)?(?P<action>(?:集体|集中|专题|组织)?(?:审议修订|审议通过|传达学习|学习传达|传达贯彻"
    r"|学习贯彻|研究部署|研究审议|安排部署|听取|审议|审定|审查|研究|讨论|传达|学习|通报|分析|表决|书面审议|部署|安排|修订|通过))"
)
# A heading that is a sentence all the same: it says what was decided.
DECIDES = re.compile(r"会议|原则|同意|通过|议定|由.{2,20}负责")
LEAD_IN = re.compile(r"(?:议定|意见|事项|如下|决定|明确|要求|强调|指出|确定)")
# 会议议定：, with the numbered points behind it
SETTLED = re.compile(r"(?:议定|决定|确定|明确|(?:事项|意见)如下|如下(?:事项|意见))[^。;]{0,12}:$")
PASSED_ON = re.compile(r"(?:会议)?(?:还)?(?:集体|专题)?(?:传达|学习)")
# 副市长某某出席会议。 and 参加会议的有：副市长某某…
ATTENDED = re.compile(
    r".{0,400}(?:出席|列席|参加)(?:了)?(?:本次|了)?会议。?|(?:应邀|特邀)?(?:出席|列席|参加)(?:本次|此次)?会议(?:的|人员)(?:还)?有:?.{0,400}"
)
PRESENT = ("出席", "列席", "参加")
CLAUSE = re.compile(r"[,;。:]")
SHORTEST_CLAUSE = 6
SHORTEST_ITEM = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered resolution （n） or, with number None, the whole unnumbered body of an item."""

    number: int | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item: title, heading line (None where it runs in), the paragraph that names it, and its resolutions."""

    number: int
    title: str
    action: str | None
    heading: Block | None
    named_in: Block
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Outline:
    """Items in order, and the paragraphs that belong to none."""

    items: list[Item] = field(default_factory=list)
    loose: list[Block] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)


def outline(blocks: Sequence[Block]) -> Outline:
    """Cut the body into items and resolutions."""
    for marker in (marks.item, marks.resolution, marks.arabic):
        starts = _sequence(blocks, marker)
        if starts and (marker is marks.item or _are_items(blocks, starts, marker)):
            return _numbered(blocks, starts, marker)
    return _unnumbered(blocks)


def _sequence(blocks: Sequence[Block], marker: Marker) -> dict[int, marks.Mark]:
    """Return the paragraphs that carry the numbers 1, 2, 3 …; one missing number is stepped over."""
    found = [(at, mark) for at, block in enumerate(blocks) if (mark := marker(block.stream))]
    last_place = {mark.number: at for at, mark in found}
    starts: dict[int, marks.Mark] = {}
    last = 0 if 1 in last_place else min(last_place, default=1) - 1
    for at, mark in found:
        follows = mark.number == last + 1
        if follows or (mark.number == last + 2 and last and last_place.get(last + 1, -1) < at):
            starts[at] = mark
            last = mark.number
    return starts


def _are_items(blocks: Sequence[Block], starts: dict[int, marks.Mark], marker: Marker) -> bool:
    """（一） or 1. number items only where each begins as an item does: a verb of the meeting or 关于."""
    if len(starts) < 2 and marker is not marks.resolution:
        return False
    heads = [blocks[at].stream[mark.end : mark.end + 12] for at, mark in starts.items()]
    before = blocks[min(starts) - 1].stream if min(starts) else ""
    if len(starts) > 1 and SETTLED.search(before[-40:]):
        return True
    like = sum(bool(ACTION.match(head) or head.startswith("关于") or DECIDES.match(head)) for head in heads)
    return like * 3 >= len(heads) * 2 and not any(
        UNNUMBERED.match(block.stream[:40]) for block in blocks[: min(starts)]
    )


def _numbered(blocks: Sequence[Block], starts: dict[int, marks.Mark], marker: Marker) -> Outline:
    result = Outline()
    order = sorted(starts)
    result.loose.extend(blocks[: order[0]])
    last = 0
    for at, end in zip(order, [*order[1:], len(blocks)], strict=True):
        mark = starts[at]
        if last and mark.number != last + 1:
            result.skipped.append(last + 1)
        last = mark.number
        stop = _stop(blocks, at + 1, end) if end == len(blocks) else end
        inner = marks.resolution if marker is marks.item else None
        _add(result, mark, blocks[at:stop], inner)
        result.loose.extend(blocks[stop:end])
    return result


def _stop(blocks: Sequence[Block], start: int, end: int) -> int:
    """Return where the last item ends: at 会议还研究了其他事项, or at who was there."""
    for at in range(start, end):
        if marks.OTHER_MATTERS.match(blocks[at].stream[: marks.LONGEST_LABEL]):
            end = at
            break
    while end - 1 >= start and is_attendance(blocks[end - 1].stream):
        end -= 1
    return end


def _add(result: Outline, mark: marks.Mark, blocks: Sequence[Block], inner: Marker | None) -> None:
    first, rest = blocks[0], list(blocks[1:])
    bare = mark.end >= len(first.stream)
    if bare:
        named, start = (rest[0], 0) if rest else (first, 0)
    else:
        named, start = first, mark.end
    heading: Block | None = first
    if not bare and not first.heading and _runs_in(first.stream[mark.end :], rest):
        heading, rest = None, [first, *rest]
    if heading is not None and not bare:
        title = named.view.value(start, len(named.stream)).rstrip("。:：")
    else:
        title = leading_clause(named.view, start)
    parts, lead = _resolutions(rest, inner)
    result.loose.extend(lead)
    result.items.append(
        Item(mark.number, title, action(named.stream[start : start + 40], named.view, start), heading, named, parts)
    )


def _runs_in(text: str, rest: Sequence[Block]) -> bool:
    """Tell whether an item's line holds its text and not only its title."""
    body = text.rstrip("。")
    if "。" in body:
        return True
    if text.endswith("。"):
        return not rest or DECIDES.match(text) is not None or bool(marks.OTHER_MATTERS.match(rest[0].stream[:60]))
    if text.endswith(":"):
        return LEAD_IN.search(text[-12:]) is not None
    return False


def _resolutions(blocks: Sequence[Block], inner: Marker | None) -> tuple[tuple[Part, ...], list[Block]]:
    """Return the resolutions of an item, and its unnumbered lead where it has numbered ones."""
    starts = _sequence(blocks, inner) if inner else {}
    if not starts:
        return ((Part(None, tuple(blocks)),) if blocks else ()), []
    order = sorted(starts)
    parts = [
        Part(starts[at].number, tuple(blocks[at:end])) for at, end in zip(order, [*order[1:], len(blocks)], strict=True)
    ]
    return tuple(parts), list(blocks[: order[0]])


def _unnumbered(blocks: Sequence[Block]) -> Outline:
    result = Outline()
    order = [at for at, block in enumerate(blocks) if begins_item(block.stream)]
    if not order:
        result.loose.extend(blocks)
        return result
    result.loose.extend(blocks[: order[0]])
    for number, (at, end) in enumerate(zip(order, [*order[1:], len(blocks)], strict=True), 1):
        stop = _stop(blocks, at + 1, end)
        first = blocks[at]
        part = Part(None, tuple(blocks[at:stop]))
        title = leading_clause(first.view, 0)
        result.items.append(Item(number, title, action(first.stream[:40], first.view, 0), None, first, (part,)))
        result.loose.extend(blocks[stop:end])
    return result


def begins_item(stream: str) -> bool:
    """Tell whether a paragraph without a number begins an item."""
    if len(stream) < SHORTEST_ITEM or (stream.endswith(":") and len(stream) < 40):
        return False
    return UNNUMBERED.match(stream[:60]) is not None and not marks.OTHER_MATTERS.match(stream[: marks.LONGEST_LABEL])


def is_attendance(stream: str) -> bool:
    """Tell whether a paragraph is nothing but a sentence that says who was there."""
    if "会议" not in stream or not any(word in stream for word in PRESENT):
        return False
    return ATTENDED.fullmatch(stream[:500]) is not None


def leading_clause(view: View, start: int) -> str:
    """Return what a paragraph says first: up to 精神 where something was passed on, else up to the first comma."""
    sentence = next(((a, b) for a, b in view.sentences if b > start), (start, len(view.stream)))
    end = sentence[1]
    passed_on = PASSED_ON.match(view.stream, start)
    spirit = view.stream.find("精神", start, end) if passed_on else -1
    while spirit >= 0 and spirit + 2 < end and view.stream[spirit + 2] not in ",。;:":
        spirit = view.stream.find("精神", spirit + 2, end)
    if spirit >= 0:
        return view.value(start, spirit + 2)
    for _, stop in view.clauses(start, end):
        if stop - start > SHORTEST_CLAUSE:
            last = stop - 1 if CLAUSE.match(view.stream[stop - 1]) else stop
            return view.value(start, last)
    return view.value(start, end).rstrip("。:：")


def action(head: str, view: View, start: int) -> str | None:
    """Return what the meeting does with the item (听取, 审议修订 …) as its title begins; None where it does not say."""
    match = ACTION.match(head)
    return view.value(start + match.start("action"), start + match.end("action")) if match else None
