"""The opening paragraph goes in, the agenda that it lists comes out, entry by entry; and whether the items keep to it.

`听取关于A、B、C的汇报，审议《D》《E》及配套政策、《F》` lists six. Where an enumeration could be cut in more ways than
one, the titles of the items decide: entries that one title holds in one piece are one entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from indexer.minutes import marks
from indexer.minutes.view import View, tidy

VERB = re.compile(
    r"(?:会议|本次会议)?(?:还|并|以及|分别|随后)?(?:集体|集中|专题|组织)?(?P<verb>审议修订|(?:审议|讨论|研究|听取)并?原则上?(?:同意|通过)|审议通过|听取并?审议|听取审议|传达学习|学习传达"
    r"|传达贯彻|学习贯彻|讨论研究|研究讨论|研究部署|安排部署|研究审议|听取|审议|审定|审查|研究|讨论|传达|学习|通报|部署|修订)(?:了)?"
)
OPEN_LIST = re.compile(
    r"等(?:(?:方面|领域|有关|相关|重点|当前|近期|议题|事项|工作|事宜|问题|情况|汇报|报告|的|内容|文件|精神|任务){1,8}|[^、》]{0,2})$"
)
# 听取教育、卫生、文体旅等重点领域安全生产工作情况汇报 is one matter.
ONE_MATTER = re.compile(r"^[^、《》]{1,12}等[^、《》]{3,}$")
NOT_LISTED = re.compile(r"(?:审议|研究)?(?:有关|相关|其[他它])(?:有关|相关|工作)?(?:文件|工作|事项|议题|事宜)|以下.*")
# What ends an entry where something is passed on; 、 elsewhere parts places and persons.
PASSED_ON_ENDS = re.compile(r"(?:精神|讲话|批示|指示|》|回信|会议|文件|通知|意见)$")
HEAD = re.compile(r"^(?:关于)?")
REPORT = re.compile(r"的?(?:汇报|报告)$")
STREAM_LIMIT = 3000
MOST_ENTRIES = 60
LIKE = 0.5


def listed(view: View, titles: Sequence[str]) -> tuple[list[str], bool]:
    """Return the entries of the agenda in reading order, and whether the list says that it leaves some out (等)."""
    ranges: list[tuple[int, int]] = []
    open_list = False
    for start, end in _clauses(view):
        verb = VERB.match(view.stream, start, end)
        if verb:
            left_out = OPEN_LIST.search(view.stream, verb.end(), end)
            open_list = open_list or left_out is not None
            passed_on = re.search("传达|学习", verb["verb"]) is not None
            entries = _entries(view.stream, verb.end(), left_out.start() if left_out else end, passed_on)
            if len(entries) > 1 and not left_out and ONE_MATTER.match(view.stream[slice(*entries[-1])]):
                entries = [(entries[0][0], entries[-1][1])]
            ranges.extend(entries)
    ranges = [r for r in ranges if not NOT_LISTED.fullmatch(view.stream[slice(*r)])][:MOST_ENTRIES]
    streams = [View(title).stream for title in titles]
    return [_worded(view, *r) for r in _merged(view.stream, ranges, streams)], open_list


def of_topics(views: Sequence[View]) -> list[str]:
    """Return the entries of a list of topics, one a line, without number and verb; the label's line is none."""
    found = []
    for view in views:
        mark = marks.numbered(view.stream)
        if mark:
            verb = VERB.match(view.stream, mark.end)
            end = len(view.stream.rstrip("。;"))
            found.append(_worded(view, verb.end() if verb and verb.end() < end else mark.end, end))
    return found[:MOST_ENTRIES]


def complete(entries: Sequence[str], titles: Sequence[str]) -> bool:
    """Tell whether every entry has its item and every item its entry."""
    listed_streams = [(stream, _pairs(stream)) for stream in (View(entry).stream for entry in entries)]
    held = [(stream, _pairs(stream)) for stream in (View(title).stream for title in titles)]
    return all(any(_like(e, t) for t in held) for e in listed_streams) and all(
        any(_like(e, t) for e in listed_streams) for t in held
    )


def _clauses(view: View) -> list[tuple[int, int]]:
    """Return the clauses that may list agenda, without their end marks; the meeting's own name is before them."""
    found = []
    for a, b in view.sentences:
        if a > STREAM_LIMIT:
            break
        for start, end in view.clauses(a, b):
            stop = end - 1 if view.stream[end - 1] in ",。;:!?" else end
            if start < stop:
                found.append((start, stop))
    return found


def _entries(stream: str, start: int, end: int, passed_on: bool) -> list[tuple[int, int]]:
    """Cut an enumeration at 、 and between 》 and 《, outside of brackets and quotes."""
    found, depth, quoted, first = [], 0, False, start
    for at in range(start, end):
        sign = stream[at]
        if sign in "《(":
            if sign == "《" and not depth and at > first and stream[at - 1] == "》":
                found.append((first, at))
                first = at
            depth += 1
        elif sign in "》)":
            depth = max(depth - 1, 0)
        elif sign == '"':
            quoted = not quoted
        elif sign == "、" and not depth and not quoted:
            if passed_on and not PASSED_ON_ENDS.search(stream[first:at]):
                continue
            found.append((first, at))
            first = at + 1
    found.append((first, end))
    return [(a, b) for a, b in found if b - a > 1]


def _merged(stream: str, ranges: Sequence[tuple[int, int]], titles: Sequence[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(ranges):
        start, end = ranges[at]
        following = at + 1
        for later in range(at + 1, len(ranges)):
            if any(stream[start : ranges[later][1]] in title for title in titles):
                end, following = ranges[later][1], later + 1
        found.append((start, end))
        at = following
    return found


def _worded(view: View, start: int, end: int) -> str:
    text = view.stream[start:end]
    head, report = HEAD.match(text), REPORT.search(text)
    assert head is not None
    cut = start + report.start() if report and report.start() > head.end() + 1 and "《" not in report[0] else end
    return tidy(view.value(start + head.end(), cut))


def _like(entry: tuple[str, frozenset[str]], title: tuple[str, frozenset[str]]) -> bool:
    """Compare two streams, each with its pairs of characters."""
    if entry[0] in title[0] or title[0] in entry[0]:
        return True
    smaller = min(len(entry[1]), len(title[1]))
    return smaller > 0 and len(entry[1] & title[1]) / smaller >= LIKE


def _pairs(stream: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(stream)))
