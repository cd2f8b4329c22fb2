"""How a line begins tells what it is: an item (一、), a resolution (（一）), a role label (出席：), a line of the tail.

Patterns only, all for the folded stream of one line; whoever cuts text into parts asks here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.minutes import dates
from indexer.text.numerals import number

HAN_NUMBER = "[一二三四五六七八九十百]{1,5}"
# 一、 十一． 一: — and a bare 一 alone on its line.
ITEM = re.compile(
    rf"(?P<n>{HAN_NUMBER})(?:[、.,:]+|$)|议题(?P<t>{HAN_NUMBER}|\d{{1,2}})[、.,:]+|第(?P<o>{HAN_NUMBER})(?:项议题|个议题|议题)[、.,:]*"
)
RESOLUTION = re.compile(rf"\((?P<n>{HAN_NUMBER})\)[、.,:]*")
ARABIC = re.compile(r"(?P<n>\d{1,2})(?:[、.]|\))(?!\d)[、.,]*")
ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]{1,7}[编章节条](?:之[一二三四五六七八九十])?")
# 出席：, 列 席 :, 固定列席：, 请假人员：, 主持人：; and the label alone with names behind a space (出席 李 靖).
ROLE_NAMES = (
    "出席|列席|参加|参会|与会|出列席|固定列席|邀请列席|应邀列席|应邀参加|特邀|邀请|请假|缺席|因事请假"
    "|主持|主持人|记录|记录人|记录员"
)
ROLE = re.compile(
    rf"(?:会议)?(?:{ROLE_NAMES})(?:(?:本次|此次|这次)会议)?(?:会议|领导|人员|人|者|同志|单位|部门|代表|委员|常委|成员|名单)*(?:(?:的|人员)(?:还)?有)?(?:\([^()]{{0,20}}\))?:"
)
BARE_ROLE = re.compile(r"[（(]?(?:出席|列席|请假|邀请|记录|主持|参加)(?:人员|人|会议)?")
SPLIT_ROLES = frozenset(("出席:", "列席:", "请假:", "邀请:", "记录:", "主持:", "参加:"))
# The tail: who compiled it, who may read it, who gets it, when it was printed.
COMPILED = re.compile(
    rf"\(?.{{0,40}}(?:办公室|办公厅|秘书科|秘书处|办|厅|局|委员会|委|政府)(?:\(?代?章\)?)?(?:整理|编印|编发)(?:人)?(?:{dates.FULL})?[。.]?\)?"
)
DISCLOSURE = re.compile(
    r"[(\[](?P<text>此件[^()\[\]]{2,20}|(?:主动|依申请|不予)公开|公开方式:[^()]{2,10}|本文有删减)[)\]]|(?P<plain>公开(?:方式|属性|类别|范围):.{2,10})"
)
DISTRIBUTION = re.compile(r"(?:本期)?(?:分送|分发|发送|印送|主送|抄送|抄报|抄发|送阅|报送|发|送|报):")
PRINTED = re.compile(rf".{{0,40}}?{dates.FULL}(?:印发|印制|印)(?:,?共?印?\d{{1,5}}份)?[。)]?")
COPIES = re.compile(r"\(?共?印\d{1,5}份\)?")
SIGNERS = ("办公室", "办公厅", "政府")
OFFICE = re.compile(r".{2,30}(?:人民政府|政府|委员会|党委|委|人大|政协)?(?:办公室|办公厅|人民政府)")
OTHER_MATTERS = re.compile(
    r"(?:最后,?)?(?:会议|本次会议|此外,?会议)还?(?:研究|讨论|审议|听取|通报)了?(?:其[他它]|有关)(?:有关|相关)?(?:事项|事宜|工作|议题|问题)(?:汇报)?[。.]?"
)
CREDIT = re.compile(
    r"\(?(?:编辑|责编|责任编辑|记者|通讯员|本报记者|作者|来源|一审|二审|三审|终审|校对|审核|供稿|撰稿|文字|摄影|图片|监制|新闻热线|版权作品|本文为)[^。]{0,3}[::,].{0,60}|\(?本报记者.{0,12}\)?|版权作品.{0,120}"
)
ATTACHED = re.compile(r"附件?\d{0,2}(?::.{0,100}|\(.{0,40}\)|$)")
# 会议议题：, 会议内容如下：, 主要议程：, with nothing behind it
TOPICS = re.compile(r"(?:本次)?(?:会议|主要|拟定)?(?:主要)?(?:议题|议程|内容|主题|事项)(?:安排|如下)?:")
ITEM_BEGINS = frozenset("一二三四五六七八九十百议第")
BULLET = re.compile("[•●▪■◆○]")
# A line without any of these belongs to no tail: most lines need no closer look.
TAIL_HINT = re.compile("[整编印公附年送发报阅版审责稿记来作本辑-]")
LONGEST_LABEL = 60


class Mark(NamedTuple):
    """The number that a line begins with, and where in the stream its own text begins."""

    number: int
    end: int


def item(stream: str) -> Mark | None:
    """Return the mark of an item line (一、…, 议题一：…, or a bare 一)."""
    return _mark(ITEM.match(stream, 0, LONGEST_LABEL), stream) if stream[:1] in ITEM_BEGINS else None


def resolution(stream: str) -> Mark | None:
    """Return the mark of a resolution line （一）…."""
    return _mark(RESOLUTION.match(stream, 0, LONGEST_LABEL), stream) if stream[:1] == "(" else None


def arabic(stream: str) -> Mark | None:
    """Return the mark of a line 1. … or 1、…."""
    return _mark(ARABIC.match(stream, 0, LONGEST_LABEL), stream) if stream[:1].isdigit() else None


def numbered(stream: str) -> Mark | None:
    """Return the mark of a line that begins with a number of any kind: 一、, （一） or 1."""
    return item(stream) or resolution(stream) or arabic(stream)


def article(stream: str) -> str | None:
    """Return 第五条 or 第一章 where a line begins with it."""
    match = ARTICLE.match(stream, 0, LONGEST_LABEL)
    return match[0] if match else None


def role(stream: str) -> bool:
    """Tell whether a line begins with the label of an attendance role and its colon."""
    return ROLE.match(stream, 0, LONGEST_LABEL) is not None


def tail(stream: str) -> bool:
    """Tell whether a line belongs to the tail: compiled, disclosure, distribution, printed, a date alone."""
    short = stream[:200]
    if not TAIL_HINT.search(short):
        return False
    return bool(
        DISTRIBUTION.match(short)
        or (
            len(stream) < 100
            and (
                COMPILED.fullmatch(short)
                or DISCLOSURE.fullmatch(short)
                or PRINTED.fullmatch(short)
                or COPIES.fullmatch(short)
                or CREDIT.fullmatch(short)
                or ATTACHED.fullmatch(short)
                or date_alone(short)
            )
        )
    )


def date_alone(stream: str) -> bool:
    """Tell whether a line is a date with a year, in brackets or not, and nothing else."""
    found = dates.WHOLE.fullmatch(stream.strip("()"))
    return found is not None


def structural(stream: str) -> bool:
    """Tell whether a line begins something of its own, so that no line before it can go on in it."""
    head = stream[:LONGEST_LABEL]
    return bool(
        BULLET.match(head)
        or item(head)
        or resolution(head)
        or arabic(head)
        or ARTICLE.match(head)
        or ROLE.match(head)
        or (len(stream) < 200 and tail(stream))
        or OTHER_MATTERS.match(head)
    )


def _mark(match: re.Match[str] | None, stream: str) -> Mark | None:
    if match is None:
        return None
    written = next(g for g in match.groups() if g)
    value = number(written)
    # A line that is cut off right here (一 as the last character of the window) is no mark unless it is the line.
    if value is None or (match.end() == LONGEST_LABEL < len(stream)):
        return None
    return Mark(value, match.end())
