"""What comes next and by when: a paragraph of a resolution goes in, its next step and its deadline come out.

`按程序提请市委常委会审议` · `以市安委会名义印发实施` · `按程序做好后续工作` · `县政府办公室印发实施`. A step counts
only in a sentence that decides, or that says who is to act on what was decided: 按照相关程序做好… among tasks is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.minutes.acting import ENDINGS
from indexer.minutes.view import View
from indexer.model import NextStep
from indexer.text.fold import fold

PROCEDURE = (
    # 按程序, 按照有关程序, 按干部管理权限和程序
    r"(?:(?:依规|依法)?(?:按照?|依照?)[\u4e00-\u9fff]{0,12}?程序(?:要求|规定)?"
    r"|依法依规(?:按程序)?|依规依法|依规依程序|依法按程序|依规|依法)"
)
# Several bodies in a row are one wording: 报市委、市政府同意.
BODY = r"(?!审议|审定|审批|研究|讨论)(?:(?!提请|提交|报请|上报|报送)[\u4e00-\u9fff\d、]){1,24}?"
DONE = (
    "审议通过|审议决定|审议批准|审查批准|审核批准|审议|审定|审批|批准|研究决定|研究审定|研究|决定|备案|审核|核准|审查|同意|批复"
    "|讨论|票决|表决|通过|批转|签发|再议|再审"
)
# 报告, 报名 and their kin ask nobody.
ASKS_BY = "提请|报请|呈请|提交|呈报|呈送|报送|上报|转报|(?<![汇通简预警情播日海])报(?![告名表道酬价废批备社刊警考销])"
# 以市政府议案形式
IN_FORM = r"(?:以[\u4e00-\u9fff]{1,16}?(?:形式|方式|议案|名义))?"
ASKS = rf"{IN_FORM}(?P<ask>{ASKS_BY})(?P<asked>{BODY})(?P<done>{DONE})"
ISSUED = "印发实施|印发执行|印发施行|印发|发布实施|颁布实施|公布实施|发布|公布|颁布|下发|出台|发文|行文|转发"
NAMED_AS = "令的?形式|令|名义|文件形式|文件"
IN_NAME = rf"以(?P<name>[\u4e00-\u9fff\d、]{{1,32}}?)(?:的)?(?:{NAMED_AS})(?:联合)?(?P<named>{ISSUED}|实施|下达)"
PLAIN = (
    rf"(?P<plain>{ISSUED}|立项|办理|报批|报备|审批|组织实施|实施|(?:做好|抓好|推进|开展|落实)[^,。;:]{{0,12}}工作|(?:做好|抓好)[^,。;:]{{1,8}}"
    rf"|向(?P<told>{BODY})(?P<tells>作?(?:专题)?汇报))"
)
BY_UNIT = rf"(?:由)?(?P<unit>(?!各|相关|有关)[\u4e00-\u9fff]{{1,16}}?(?:{ENDINGS}))"
STEP = re.compile(
    rf"(?P<text>(?:分别|再次|重新|一并)?(?:(?:再)?{PROCEDURE})?(?:分别)?(?:{ASKS}|{IN_NAME})[^,。;:]{{0,20}}"
    rf"|(?:分别)?{PROCEDURE}(?:分别)?(?:再|进行)?{PLAIN}[^,。;:]{{0,12}}"
    rf"|(?:分别)?{PROCEDURE}(?P<send>{ASKS_BY})(?P<sent>{BODY})(?=[,。;:]|$))"
)
UNIT_STEP = re.compile(rf"(?P<text>{BY_UNIT}(?:负责)?(?P<plain>{ISSUED})[^,。;:]{{0,8}})")
ISSUE_STEP = re.compile(rf"(?P<text>(?:联合)?(?P<plain>{ISSUED})(?:实施|执行|施行)?)")
AFTER_AMENDING = re.compile(r"(?:修改|完善|修订|审核|把关)(?:完善)?后")
STEP_BEGINS = re.compile(r"[按依提报呈上转以分再重一由]")
ISSUED_HINT = re.compile("印发|发布|公布|颁布|下发|出台|发文|行文|转发")
# Sentences that carry a decision's procedure.
ACTING = re.compile(
    r"由|会后|吸[纳收]|采纳|请(?<![报提申呈邀聘约]请)(?![示求假客])|责成|授权|根据(?:本次|此次)?(?:会议|与会|讨论)|按照(?:本次|此次)?(?:会议|与会|讨论)|修改完善后|修改后|审核把关|会议(?:决定|确定|同意|原则)|并(?:将)?(?:按程序)?(?:提请|报请)"
)
# 会议审议了…，决定提请…
DECIDED_TO = re.compile(
    r"[,并后]决定(?:将[^,。;:]{1,40}?|由[^,。;:]{1,30}?)?(?:按照?程序|依程序|依法)?(?:提请|报请|提交|报)"
)
REQUIRED_BEFORE = re.compile(r"(?:须|需|应|必须|经|待|未经)$")
# 市委常委会|会议, 县委常委会|议, 市人大常委会|第一次会议
SESSION = re.compile(
    r"(?<=会)会议$|(?<=委会)议$|(?<=[组府])会议$|(?<!常委)(?<=委)会议$"
    r"|(?<=[会委组府])第[\d一二三四五六七八九十]{1,4}次(?:全体)?(?:会议)?$"
)
DEADLINE = re.compile(
    r"(?:(?:力争|确保|务必|须|于|在))?(?P<date>(?:(?:20\d\d年|今年|明年|本年度?)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}[日号]|底|末|初|中旬|上旬|下旬|份)?|(?:20\d\d年|今|明)?年底|年内|本?月底|本?周[一二三四五六日末]?|春节|国庆节?|(?:主|下一?个)?汛期(?:来临|到来)?|节|(?:本|下|秋季|春季)?学期(?:结束|开学)?|(?:本|下)?季度|开学|入[冬夏汛春秋]|\d{1,2}[日号])(?:以?前|之前|底前)"
    r"|(?:20\d\d年|今年|明年)(?:底|年底)前|年底前|(?<![近一二三四五六七八九十两几多\d])(?:今年|明年|本年)?年内"
    r"|(?<![近过前])(?:\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?:工作日|天|日|周|月)(?:之|以)?内|本(?:周|月|季度|年度)内)"
)
# 完成时限：2025年12月底
LABELLED_DAY = re.compile(
    r"(?:时限|(?:完成|办结|整改)时间)(?:要求)?:(?P<date>(?:20\d\d年)?\d{1,2}月(?:\d{1,2}[日号]|底|末|初|中旬|上旬|下旬)?(?:以?前|之前)?|20\d\d年(?:年?底|内)(?:前)?)"
)
LAST_OF_PAST = re.compile(r"(?:以来|年度|截至|此)$")
TRIES = 24


def next_step(view: View, deciding: Sequence[tuple[int, int]]) -> NextStep | None:
    """Return the first next step of a paragraph.

    Args:
        deciding: the sentences of the paragraph that hold a verdict, as ranges of the stream.
    """
    decided = set(deciding)
    for sentence in view.sentences:
        start, end = sentence
        if sentence not in decided and not _acts(view.stream, start, end):
            continue
        for clause in view.clauses(start, end):
            found = _in_clause(view, *clause, start)
            if found:
                return found
    return None


def _acts(stream: str, start: int, end: int) -> bool:
    """Tell whether a sentence carries the procedure of a decision."""
    if ACTING.search(stream, start, end):
        return True
    decided = DECIDED_TO.search(stream, start, end)
    return decided is not None and stream.find("会议", start, decided.start()) >= 0


def deadline(view: View) -> str | None:
    """Return the first deadline of a paragraph as it is worded (12月底前, 10个工作日内), None where there is none."""
    labelled = LABELLED_DAY.search(view.stream) if ":" in view.stream else None
    if labelled:
        return view.group(labelled, "date")
    if "前" not in view.stream and "内" not in view.stream:
        return None
    for match in DEADLINE.finditer(view.stream):
        before = view.stream[max(match.start() - 2, 0) : match.start("date")]
        if not LAST_OF_PAST.search(before):
            return view.group(match, "date")
    return None


def _in_clause(view: View, start: int, end: int, sentence: int) -> NextStep | None:
    stream = view.stream
    stop = end - 1 if stream[end - 1] in ",。;:!?" else end
    for tries, mark in enumerate(STEP_BEGINS.finditer(stream, start, stop)):
        if tries == TRIES:
            break
        match = STEP.match(stream, mark.start(), stop)
        if match and not REQUIRED_BEFORE.search(stream[max(mark.start() - 2, start) : mark.start()]):
            return _step(view, match)
    if not ISSUED_HINT.search(stream, start, stop):
        return None
    by_unit = UNIT_STEP.match(stream, start, stop)
    if by_unit and (AFTER_AMENDING.search(stream, sentence, start) or stream.startswith("由", start)):
        return _step(view, by_unit)
    amended = AFTER_AMENDING.search(stream, start, stop)
    issued = ISSUE_STEP.match(stream, amended.end(), stop) if amended else None
    return _step(view, issued) if issued else None


def _step(view: View, match: re.Match[str]) -> NextStep:
    groups = match.groupdict()
    if groups.get("ask"):
        asked: str | None = _without_session(view.group(match, "asked"))
        # 提交下次会议再议 names no body.
        asked = None if asked in ("下次会议", "下次", "下次常务会议") else asked
        return NextStep(view.group(match, "text"), view.group(match, "ask") + view.group(match, "done"), asked)
    if groups.get("send"):
        return NextStep(
            view.group(match, "text"), view.group(match, "send"), _without_session(view.group(match, "sent"))
        )
    if groups.get("name"):
        return NextStep(view.group(match, "text"), view.group(match, "named"), view.group(match, "name"))
    plain = view.group(match, "tells") if groups.get("tells") else view.group(match, "plain")
    body = (
        view.group(match, "unit") if groups.get("unit") else view.group(match, "told") if groups.get("told") else None
    )
    return NextStep(view.group(match, "text"), plain, body)


def _without_session(body: str) -> str:
    """Return the body that is asked without its session: 市委常委会会议 and 市委常委会第3次会议 are 市委常委会."""
    # Patterns read the fold, which keeps the length of a text without spaces.
    session = SESSION.search(fold(body))
    return body[: session.start()] if session else body
