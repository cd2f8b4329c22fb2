"""A resolution's paragraphs go in; its verdicts with object and condition, and who does what next, come out.

A verdict is what the meeting itself says at the head of a clause: 原则同意…, 会议审议通过了…, 讨论并原则同意…. What
others must agree to (经市委同意后), or what is done by means of something (通过…手段), is none. 听取 and 研究 count
only where nothing was decided on what was heard: 会议听取了…的汇报。原则同意… is 原则同意 alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.minutes import steps, units
from indexer.minutes.instruments import SHORT_NAME
from indexer.minutes.view import View
from indexer.model import Decision, NextStep, Verdict

# What may stand between the head of a clause and the verdict.
LEAD_IN = (
    r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)]|[①-⑳]|[一二三四五六七八九]是){0,2}"
    r"(?:(?:本次|此次)?会议|与会(?:人员|同志|委员)?|大家|常务会议|主任会议|党组会议)?(?:还|又|最后|首先|随后|,)?"
    r"(?:经(?:认真|充分|集体)?(?:研究|讨论|审议|会议研究|会议审议|表决)(?:后)?,?)?(?:决定|议定|认为)?(?:一致|全票)?"
)
CONSIDERED = (
    r"(?:(?:分别|集体|专题|认真|书面|充分|逐项)?(?:听取|审议|研究|讨论|审定|审查|表决|票决|酝酿)(?:了)?(?:并|后|、|,并)?){0,3}"
    r"(?:一致|全票|会议)?"
)
VERDICT = re.compile(
    rf"{LEAD_IN}(?:"
    rf"(?P<against>{CONSIDERED}(?:不予?(?:同意|批准)|未予?(?:同意|批准)|不予?通过|未予?通过|未获(?:得)?(?:通过|批准)|否决了?))"
    rf"|(?P<put_off>{CONSIDERED}(?:暂缓(?:审议|研究|实施|推进|执行|办理|通过|上会|出台|印发)?|暂不(?:予)?(?:同意|审议|研究|通过|实施|以|出台|上会|推进|执行|调整|安排|讨论|批准)|不予(?:审议|研究|讨论)|缓议))"
    rf"|(?P<in_principle>{CONSIDERED}原则[上性]?(?:予以|一致)?(?:同意|赞同)(?:了)?)"
    rf"|(?P<passed_in_principle>{CONSIDERED}(?:并)?原则(?:上)?(?:审议|表决)?通过(?:了)?)"
    rf"|(?P<agreed>{CONSIDERED}(?:予以)?(?:同意|赞同)(?:了)?(?![后率书权人]|的意见|的,)|予以批准)"
    rf"|(?P<passed>(?:(?:(?:听取|审议|研究|讨论|审定|审查|表决|票决)(?:并|后|了)?){{1,3}}(?:一致|全票)?|一致|会议(?=通过了|通过《)|^(?=通过了|通过《)|予以)通过(?:了)?)"
    rf"|(?P<charged>责成)"
    rf")(?!的)"
)
# 经会议表决，|通过县教育局《…》
AFTER_VOTE = re.compile(r"(?:表决|票决|审议|讨论|研究)后?,$|决定,$")
PASSED_BARE = re.compile(r"(?:一致|全票)?通过(?:了)?(?![^,。;]{0,40}(?:方式|手段|途径|渠道|措施|等形式))")
# 丙项目|暂缓实施
PUT_OFF = re.compile(
    r"(?!会议)[^,。;:可要应须能将]{2,20}?(?:予以)?(?P<verdict>(?:暂缓|暂不)(?:处置|实施|审议|研究|推进|执行|办理|通过|上会|出台|印发|准入|拨付)|缓议)[,。;]"
)
# 会议批准了《计划》, 经研究，批准…: what the meeting approves it agrees to; 报市政府批准 is another's approval.
APPROVED = re.compile(
    r"(?:(?:本次|此次)?会议|经(?:[^,。;:]{0,8}?)(?:研究|讨论|审议),?)(?:研究|审议|讨论|审定|决定|一致|并|同意|、){0,3}批准(?:了)?(?![的后权机文书])"
)
APPROVED_BARE = re.compile(r"批准(?:了)?(?![的后权机文书])")
# 赵某户|不予批准。 a matter that is turned down by name; 对不符合条件的不予批准 is a rule.
REFUSED = re.compile(
    r"(?!会议|对|凡|如)[^,。;:可要应须能将]{2,30}?(?<![的律])(?P<verdict>(?:不予|未予|不)(?:批准|同意|通过))[,。;]"
)
# 会议对《方案》|表示原则同意
AGREED_ON = re.compile(
    rf"{LEAD_IN}[对就](?P<what>[^,。;:]{{1,80}}?)(?:均?表示|予以)(?:一致)?(?P<how>原则[上性]?)?(?P<verdict>同意|赞同|通过)"
)
# 提交下次会议再议, 待论证后再提交县政府常务会议研究: put off where nothing else was decided.
DEFERRED = re.compile(
    r"下(?:一)?次(?:[^,。;:]{0,8})会议?(?:再议|再审|再行审议|再行研究|审议|研究|讨论)|择期再(?:议|审|研究)|再次(?:提交|提请)[^,。;:]{0,20}(?:研究|审议)"
    r"|待[^,。;:]{1,40}后,?再(?:行)?(?:提交|提请|上会|研究|审议)"
)
PASSED_ALONE = re.compile(rf"{LEAD_IN}通过了")
HEARD = re.compile(
    rf"{LEAD_IN}(?:分别|集体|集中|专题|书面)?(?:听取(?:并研究|、研究|和研究)?了|听取(?:和|、)(?:审议|讨论|审查)了?|听取并(?:讨论|审议|审查|酝酿)了?|听取(?=.{{2,120}}(?:汇报|报告|通报|说明|意见|情况))|听取并)"
)
STUDIED = re.compile(rf"{LEAD_IN}(?:并)?(?:分别|集体|专题|听取并|听取、|审议并|讨论并)?研究了(?!贯彻|其[他它])")
STUDIED_HEAD = re.compile(
    r"(?:会议)(?:还|专题|集体)?研究(?!决定|议定|同意|认为|确定|通过|并|后|了|,|提出|要求|部署|其[他它])"
)
PASSED_ON = re.compile(
    rf"{LEAD_IN}(?:并)?(?:集体|集中|专题|分别|组织|及时)?(?:传达(?:学习|贯彻)?|学习(?:传达|贯彻)?|学习并传达)(?:并[^,。]{{0,6}})?了"
)
PASSED_ON_HEAD = re.compile(
    r"(?:会议|本次会议)(?:还|首先)?(?:集体|专题|集中|组织)?(?:传达学习|学习传达|传达贯彻|传达|学习贯彻|学习)(?!,|。|了)"
)
# 会议以中心组学习会的形式，|深入学习…
IN_FORM = re.compile(r"会议以[^,。;]{2,40}(?:形式|方式),$")
PASSED_ON_IN_FORM = re.compile(r"(?:深入|集中|集体|认真|专题)?(?:传达学习|学习传达|学习贯彻|传达|学习)(?:了)?")
# 听取了区水务局的汇报|并|原则同意工作方案
HEARD_AND = re.compile(
    r"(?<=.{4}(?:汇报|报告|说明|情况))(?P<and>后?(?:,?并)?)(?=(?:一致|会议)?(?:原则[上性]?)?(?:同意|审议通过|通过)(?!的|过))(?<=[并后])"
)
MEETING = re.compile(r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)])?(?:本次)?会议")
OTHERWISE: tuple[tuple[re.Pattern[str], Verdict], ...] = ((PUT_OFF, "暂缓"), (REFUSED, "不同意"))
NAMED: tuple[tuple[str, Verdict], ...] = (
    ("against", "不同意"),
    ("put_off", "暂缓"),
    ("in_principle", "原则同意"),
    ("passed_in_principle", "原则通过"),
    ("agreed", "同意"),
    ("passed", "通过"),
    ("charged", "责成"),
)
DECIDED: frozenset[Verdict] = frozenset(("同意", "原则同意", "通过", "原则通过", "暂缓", "不同意"))
# 根据本次会议讨论意见作进一步修改完善后; 进一步修改完善后; 会后修改完善后
CONDITION = re.compile(
    r"(?:(?:根据|按照|按|结合|对照|吸收)(?:本次|此次|这次)?(?:会议|与会|讨论)[^,。;:]{0,16}?(?:意见|建议|要求|精神)(?:和要求|建议)?,?)?"
    r"(?:对[^,。;:]{1,24}?)?(?:作|再|再次|再行|并|抓紧|尽快|进行|会后)?(?:进一步|相应|适当|认真)?(?:的|再|地|作|予以)?(?:修改|完善|修订|补充|充实|细化|优化|调整)"
    r"(?:、|和|并)?(?:修改|完善|修订|补充|充实|细化|优化|调整)?(?:到位)?(?:后)?"
)
CONDITION_BEGINS = re.compile(r"根据|按照|按|结合|对照|吸收|进一步|再|作|会后|修改|完善|对")
# 同意《方案》|并要求市卫健委抓紧印发
ASKED_BESIDES = re.compile(r"(?<=.)并(?:要求|责成|请)")
# A clause without any of these says nothing of the kind: most clauses need no closer look. The second are those of
# decisions.
DECIDES_HINT = re.compile("同意|通过|批准|暂[缓不]|赞同|责成|缓议|不予|未予|否决")
HINT = re.compile(f"{DECIDES_HINT.pattern}|听取|研究|传达|学习")
TRIES = 8
SHORTEST_CLAUSE = 3
LONGEST_SPIRIT = 80


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a resolution says, merged from its paragraphs."""

    verdicts: tuple[Decision, ...] = ()
    reporter: str | None = None
    lead_department: str | None = None
    departments: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    next_step: NextStep | None = None
    deadline: str | None = None


def outcome(views: Sequence[View]) -> Outcome:
    """Read the paragraphs of a resolution, in order."""
    decisions: list[Decision] = []
    actors: list[units.Actors] = []
    next_step: NextStep | None = None
    deadline: str | None = None
    weak: str | None = None
    for view in views:
        found, deciding = _verdicts(view)
        decisions.extend(found)
        actors.append(units.actors(view))
        # 由X提出方案 in passing makes nobody the lead; beside a verdict (同意由X解除合同) it does.
        weak = weak or (actors[-1].lead if deciding or DEFERRED.search(view.stream) else None)
        next_step = next_step or steps.next_step(view, deciding)
        deadline = deadline or steps.deadline(view)
    lead = next((a.lead for a in actors if a.lead and a.strong), None) or weak
    if not any(d.verdict in DECIDED for d in decisions) and any(DEFERRED.search(view.stream) for view in views):
        decisions.append(Decision("暂缓"))
    departments = dict.fromkeys(d for a in actors for d in a.departments)
    return Outcome(
        _weighed(decisions),
        next((a.reporter for a in actors if a.reporter), None),
        lead,
        tuple(departments),
        tuple(dict.fromkeys(who for a in actors for who in a.addressees)),
        next_step,
        deadline,
    )


def of_title(title: str) -> tuple[Decision, ...]:
    """Return what an item's heading says was done (听取…的汇报, 传达学习…精神), where its body does not repeat it."""
    return _weighed(_verdicts(View("会议" + title))[0])


def _verdicts(view: View) -> tuple[list[Decision], list[tuple[int, int]]]:
    """Return the decisions of a paragraph in reading order, and the sentences that hold them."""
    found: list[Decision] = []
    deciding: list[tuple[int, int]] = []
    unconditional = 0
    for sentence in view.sentences:
        before = len(found)
        for start, end in view.clauses(*sentence):
            if end - start < SHORTEST_CLAUSE or not HINT.search(view.stream, start, end):
                continue
            found.extend(_in_clause(view, start, end, sentence[1]))
        if len(found) > before:
            deciding.append(sentence)
        condition = _condition(view, *sentence) if unconditional < len(found) else None
        if condition:
            found[unconditional:] = [
                replace(d, condition=condition) if d.verdict in DECIDED else d for d in found[unconditional:]
            ]
            unconditional = len(found)
    return found, deciding


def _in_clause(view: View, start: int, end: int, sentence: int) -> list[Decision]:
    stream = view.stream
    if not DECIDES_HINT.search(stream, start, end):
        return _procedural(view, start, end, sentence)
    both = HEARD_AND.search(stream, start, end)
    if both:
        return [
            *_in_clause(view, start, both.start("and"), sentence),
            *_in_clause(view, both.end("and"), end, sentence),
        ]
    match = VERDICT.match(stream, start, end)
    if match:
        for group, verdict in NAMED:
            if match[group] is not None:
                return [Decision(verdict, _object(view, match.end(), end))]
    on = AGREED_ON.match(stream, start, end)
    if on:
        agreed: tuple[Verdict, Verdict] = ("通过", "原则通过") if on["verdict"] == "通过" else ("同意", "原则同意")
        return [Decision(agreed[on["how"] is not None], view.group(on, "what"))]
    bare = PASSED_BARE.match(stream, start, end)
    if bare and AFTER_VOTE.search(stream[max(start - 8, 0) : start]):
        return [Decision("通过", _object(view, bare.end(), end))]
    approved = APPROVED.match(stream, start, end)
    if approved is None and AFTER_VOTE.search(stream[max(start - 8, 0) : start]):
        approved = APPROVED_BARE.match(stream, start, end)
    if approved:
        return [Decision("同意", _object(view, approved.end(), end))]
    for pattern, named in OTHERWISE:
        said = pattern.match(stream, start, end)
        if said:
            return [Decision(named, _object(view, start, said.start("verdict")))]
    if PASSED_ALONE.match(stream, start, end) and MEETING.match(stream, start, end):
        passed = PASSED_ALONE.match(stream, start, end)
        assert passed is not None
        return [Decision("通过", _object(view, passed.end(), end))]
    return _procedural(view, start, end, sentence)


def _procedural(view: View, start: int, end: int, sentence: int) -> list[Decision]:
    """传达学习, 听取 and 研究: what a meeting does without deciding."""
    stream = view.stream
    found: list[Decision] = []
    passed_on = PASSED_ON.match(stream, start, end) or PASSED_ON_HEAD.match(stream, start, end)
    if passed_on is None and IN_FORM.search(stream, max(start - 60, 0), start):
        passed_on = PASSED_ON_IN_FORM.match(stream, start, end)
    if passed_on:
        return [Decision("传达学习", _object(view, passed_on.end(), _spirit(view, start, end, sentence)))]
    heard = HEARD.match(stream, start, end)
    if heard:
        found.append(Decision("听取", _object(view, heard.end(), end)))
    studied = STUDIED.match(stream, start, end) or STUDIED_HEAD.match(stream, start, end)
    if studied or (heard and "研究" in heard[0]):
        at = studied.end() if studied else heard.end() if heard else end
        found.append(Decision("研究", _object(view, at, end)))
    return found


def _object(view: View, start: int, end: int) -> str | None:
    """Return what a verdict is about: the rest of its clause, without a short name in brackets at its end."""
    stream = view.stream
    while end > start and stream[end - 1] in ",。;:!?":
        end -= 1
    asked = ASKED_BESIDES.search(stream, start, end)
    end = asked.start() if asked else end
    if stream[end - 1 : end] == ")":
        for short in SHORT_NAME.finditer(stream, max(start, end - 60), end):
            end = short.start() if short.end() == end else end
    return view.value(start, end) or None


def _spirit(view: View, start: int, end: int, sentence: int) -> int:
    """Return where the object of 传达学习 ends: behind 精神, though commas part the meetings it came from."""
    at = view.stream.find("精神", end, sentence)
    if "精神" in view.stream[start:end] or not 0 <= at < end + LONGEST_SPIRIT:
        return end
    between = view.stream[end:at]
    return end if re.search("强调|要求|指出|并|研究|听取|审议", between) else at + len("精神")


def _condition(view: View, start: int, end: int) -> str | None:
    """Return what must be done to the object before it counts: the wording of its amendment."""
    for tries, mark in enumerate(CONDITION_BEGINS.finditer(view.stream, start, end)):
        if tries == TRIES:
            break
        match = CONDITION.match(view.stream, mark.start(), end)
        if match and (match.end() == end or match[0].endswith("后") or view.stream[match.end()] in ",。;并按报提以印"):
            return view.group(match)
    return None


def _weighed(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Leave out 听取 and 研究 where something was decided, and what is said twice."""
    decided = any(d.verdict in DECIDED for d in decisions)
    kept = [d for d in decisions if not (decided and d.verdict in ("听取", "研究"))]
    return tuple(dict.fromkeys(kept))
