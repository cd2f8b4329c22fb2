"""Titles of instruments 《》 and their short names are found in a text; values are as the source writes them.

A title may hold further titles (《关于修改〈办法〉的决定》): only the outermost counts. `（以下简称《细则》）` names
the title before it. Draft marks inside 《》 stay: they tell which state of a text was considered.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.minutes.view import View

# （以下简称《实施细则》）, (以下简称“方案”), （简称联席会议）
SHORT_NAME = re.compile(
    r"\((?:以下|下文|下)?(?:统|合|均)?(?:简称|称)(?:为|:)?[《\"']?(?P<short>[^《》\"'()]{1,30})[》\"']?\)"
)
# 会议审议了《实施办法（试行）》，决定…: what a meeting considers under a heading that does not name it.
CONSIDERED = re.compile(
    r"(?:\d{1,2}[.、])?(?:会议|本次会议)(?:还|又|首先|随后)?(?:逐项|认真|集体|专题|书面)?"
    r"(?:审议|审定|审查|审阅|研究|讨论)(?!(?:并|后)?通过的)(?:并[^,。;《]{0,8})?了?[^,。;《]{0,60}《"
)
WORDING_START = re.compile(r"[,。;:、!?]|原则上?同意|同意|通过|审议|听取|关于|了")
# What a title says its text is, before draft marks: 管理办法（修订草案）, 三年行动计划（2023—2025年）.
GENRES = (
    "方案|意见|办法|细则|规划|计划|条例|通知|清单|规定|决定|决议|措施|政策|要点|纲要|报告|请示|目录|标准|预案|制度|规则|章程|准则"
    "|协议|合同|名单|公告|通告|通报|批复|函|指引|指南|导则|守则|公约|倡议书|机制|任务|情况|议案|建议|汇报|说明|法典|法"
)
# 《求是》杂志 is where a text stands, and none that a meeting considers.
PERIODICAL = re.compile("杂志|期刊|周刊|报纸")
SIGN = re.compile("[《》]")
GENRE = re.compile(rf"(?P<genre>{GENRES})(?P<marks>(?:\([^()]{{1,24}}\))*)$")
DRAFT = re.compile(r"\((?P<draft>[^()]{0,12}(?:草案|稿)[^()]{0,8})\)$")
LONGEST_TITLE = 200
LONGEST_WORDING = 60


class Anatomy(NamedTuple):
    """What a title is made of: its name without draft mark, the kind of text, and the mark; None where none is."""

    name: str
    genre: str | None
    draft: str | None


def anatomy(title: str) -> Anatomy:
    """Take a title apart: 《养老服务条例（修订草案）》 is 养老服务条例, a 条例, as 修订草案."""
    view = View(title)
    end = len(view.stream)
    mark = DRAFT.search(view.stream)
    draft = view.group(mark, "draft") if mark else None
    while mark:
        end = mark.start()
        mark = DRAFT.search(view.stream[:end])
    genre = GENRE.search(view.stream[:end])
    return Anatomy(view.value(0, end), view.group(genre, "genre") if genre else None, draft)


def titles(view: View, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the ranges of the outermost titles, without their 《》; short names are left out."""
    stream = view.stream
    end = len(stream) if end is None else end
    if "《" not in stream:
        return []
    short = [m.span() for m in SHORT_NAME.finditer(stream, start, end)] if "称" in stream else []
    found: list[tuple[int, int]] = []
    depth, opened = 0, 0
    for mark in SIGN.finditer(stream, start, end):
        at = mark.start()
        if depth and at - opened > LONGEST_TITLE:
            depth = 0
        if mark[0] == "《":
            opened = opened if depth else at
            depth += 1
        elif depth:
            depth -= 1
            if not depth and not PERIODICAL.match(stream, at + 1):
                found.append((opened + 1, at))
    return [(a, b) for a, b in found if a < b and not _within(a, short)]


def names(view: View, start: int = 0, end: int | None = None) -> list[str]:
    """Return the titles of a stretch of the stream, each once, in reading order."""
    return list(dict.fromkeys(view.value(a, b) for a, b in titles(view, start, end)))


def considered(view: View) -> list[str]:
    """Return the titles in clauses that say what the meeting considered (会议审议了《…》)."""
    if "《" not in view.stream:
        return []
    found: list[str] = []
    for sentence in view.sentences:
        for start, end in view.clauses(*sentence):
            if CONSIDERED.match(view.stream, start, end):
                found.extend(names(view, start, end))
    return list(dict.fromkeys(found))


def short_names(view: View) -> list[tuple[str, str]]:
    """Return each short name with the full title or wording that it stands for, in reading order."""
    if "称" not in view.stream:
        return []
    found = []
    known: list[tuple[int, int]] | None = None
    at = 0
    for match in SHORT_NAME.finditer(view.stream):
        known = titles(view) if known is None else known
        # Titles and short names both come in reading order: one walk finds the last title before each name.
        while at < len(known) and known[at][1] <= match.start():
            at += 1
        full = _full(view, match.start(), known[at - 1] if at else None)
        if full:
            found.append((view.group(match, "short"), full))
    return found


def _full(view: View, end: int, title: tuple[int, int] | None) -> str:
    """Return what stands before a short name: the last title of its sentence, else the wording."""
    sentence = max(view.stream.rfind("。", max(0, end - LONGEST_TITLE * 2), end), 0)
    if title and title[0] > sentence and end - title[1] <= LONGEST_WORDING:
        return view.value(*title)
    start = max(end - LONGEST_WORDING, 0)
    for mark in WORDING_START.finditer(view.stream, start, end):
        start = mark.end()
    return view.value(start, end)


def _within(at: int, ranges: list[tuple[int, int]]) -> bool:
    """Tell whether a position lies in one of the ranges, which are in order."""
    low, high = 0, len(ranges)
    while low < high:
        middle = (low + high) // 2
        if ranges[middle][1] <= at:
            low = middle + 1
        else:
            high = middle
    return low < len(ranges) and ranges[low][0] <= at
