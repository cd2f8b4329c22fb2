"""Who does what in a resolution: a paragraph goes in; lead department, supporters, addressees and reporter come out.

Told by grammar alone, not by a list of departments: `由X根据…`, `X负责`, `X牵头`, `责成X` lead; `X配合`, `会同X`
support; `X关于…的汇报` reports; `各地各部门要` is addressed. People (由某同志牵头) and nobody in particular (相关部门)
lead nothing.
Patterns are tried at a few places of each clause only, so that the time is that of the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.minutes.view import View

ENDINGS = (
    "人民政府|政府办公室|政府办|政府|管理委员会|管委会|委员会|办公室|办公厅|研究室|督查室|指挥部|领导小组|工作专班|专班|开发区|高新区|"
    "度假区|园区|新区|集团公司|有限公司|公司|集团|中心|总工会|工会|支队|大队|总队|分局|总局|分行|支行|银行|法院|检察院|医院|学院|学校|"
    "大学|街道|办事处|党组|党委|工委|纪委|监委|海关|团市委|团县委|团区委|妇联|残联|文联|科协|工商联|红十字会|供销社|"
    # 格局, 全部, 举办, 场所, 地区 and their like are no units.
    "(?<![格布结全大当开])局|委|(?<![举兴创主承督包交查])办|(?<![全内外干南北东西中])部|厅|院|(?<!场)所|站|(?<![好深到])处|(?<![城乡各])镇|(?<![城下返])乡"
    "|署|(?<![公旅])社|联|组|(?<![城全我本股上])市|(?<![全我本各])县|(?<![地小片辖山林矿灾城])区"
)
NOBODY = (
    "由|的|通过|各|有关|相关|责任|牵头|主管|全[市县区省体]|本[市县区级]|我[市县区省]|上级|业务|职能|责成|授权|指定|决定|会同"
    "|联合|提请|请|会议"
)
VERBS_INSIDE = "会议|的|了|根据|按照|负责|牵头|关于|同意|要|须|应(?![急用])|(?<!自)由|决定|责成|提请|会同"
# 市政府 in 市政府研究室 is not yet the unit; 办理, 委托, 会同 are verbs behind one.
WHOLE = "(?![局厅院](?!长)|室|委(?!托)|办(?!理)|处(?![理置])|会(?![同商])|研究室|督查室)"
UNIT = rf"(?!{NOBODY})[\u4e00-\u9fff](?:(?!{VERBS_INSIDE})[\u4e00-\u9fff]){{0,22}}?(?:{ENDINGS}){WHOLE}"
UNITS = rf"(?P<units>{UNIT}(?:、{UNIT}){{0,12}})(?:等(?:有关|相关)?(?:部门|单位)?)?"
# 由X …: what says that X is to act on the decision itself, and what only says that X acts.
STRONG = (
    "根据|按照|按|依照|依据|依|牵头|负责|具体|会同|商|联合|结合|进一步|对照|吸收|抓紧|尽快|认真|修改|完善|统筹"
    "|补充|重新"
)
WEAK = (
    "解除|自筹|抓好|抓|组织|制定|研究|起草|拟定|做好|落实|办理|印发|下发|发布|提请|提交|报|上报|承担|主导|作为|协调|推进|推动|开展|加强|加快|编制|"
    "审核|审查|审定|核实|指导|督促|监督|实施|收回|签订|签署|出台|发文|公布|颁布|以|对|向|另行|严格|切实|全面|继续|再|予以|给予|"
    "安排|筹措|拨付|聘请|委托|筹备|全权|专题|提出|完成|出资|出具|代表|统一|参照|从|采取|采用|择优|明确|确定|限期|限时|立即|迅速|按期|按时|"
    "细化|梳理|摸排|排查|建立|健全|形成|拿出|核算|测算|评估|论证|验收|处置|处理|解决|保障|配合|参与|对接|衔接|争取|谋划|履行|加大|作出"
)
BY = re.compile(rf"{UNITS}(?=(?P<strong>{STRONG})|{WEAK})")
LEADS = re.compile(
    rf"{UNITS}要?(?:具体|总|全面|主要|共同|统一)?"
    r"(?:具体(?:组织)?(?:实施|承办|落实|办理|推进)|负责(?!人|同志|任|制|部门|单位)|牵头(?!部门|单位|人|作用|抓总)|履行牵头(?:抓总|协调)?职责|为牵头单位)"
)
CHARGED = re.compile(rf"{UNITS}(?={STRONG}|{WEAK}|[,。;:要]|、各|、有关|、相关|在|就|于|及时|共同|一道)")
# 市教育局要会同市财政局…: who gathers others that are named leads; 会同各相关部门 says nothing.
GATHERS = re.compile(rf"{UNITS}要?(?:会同|联合|商(?=[省市县区]))(?!各|有关|相关|其[他它]|多)")
# 市水务局为牵头单位, 市城管局为责任单位
SERVES_AS = re.compile(
    rf"{UNITS}(?:为|作为|是)(?P<as>牵头|责任|主责|承办|主办|实施|配合|协办|协同|参与|成员)(?:单位|部门|主体)"
)
# 责任单位：区教育局；配合单位：区公安分局
LABEL = re.compile(r"(?P<as>牵头|责任|主责|承办|主办|实施|落实|配合|协办|协同|参与)(?:单位|部门)(?:\([^()]{1,10}\))?:")
LABELLED = re.compile(rf"{UNITS}(?=[,。;)]|$|、各|、有关|、相关|牵头|负责)")
BESIDE = frozenset(("配合", "协办", "协同", "参与", "成员"))
ACTS_ON = re.compile(rf"{UNITS}要?(?:根据|按照)(?:本次|此次|这次)?(?:会议|与会|讨论)")
SUPPORTS = re.compile(
    rf"{UNITS}(?:要)?(?:积极|密切|全力|予以|协助|共同|做好|按照?(?:各自)?职责(?:分工)?)?(?:配合|(?<=职责)负责|(?<=分工)(?:负责|落实|做好|抓好))"
)
TASKED = re.compile(rf"{UNITS}(?:(?:要|应|须|必须)(?!求|急|闻|素)|(?<![市县区镇乡省州旗])(?:做好|抓好|加强|加大))")
ADDRESSED = re.compile(
    r"(?P<who>(?:全[市县区省镇乡州])?(?:政府系统)?各[^,。;:《》]{1,24}?)(?=要|(?<![相对响适供反])应|必须|须|需|务必)"
)
# Behind 原则同意 or 听取了: 市总工会关于…, 区商务委主任叶强关于…, 县财政局《关于…, 市政府办公室提交的《….
REPORTS = re.compile(
    rf"{UNITS}(?:(?:党组|副)?(?:书记|局长|主任|主席|部长|厅长|院长|总经理|董事长|行长|支队长|镇长|县长|区长)[\u4e00-\u9fff]{{2,3}}(?:同志)?)?"
    r"(?:负责同志|有关负责人|负责人)?(?:关于|就|《关于|提交的|送审的|提出的|提请的|提请审议的|报送的|汇报的|呈报的|起草的|拟定的|所?作的)"
)
LEAD_IN = re.compile(
    r"(?:会议(?:还)?(?:确定|明确|要求|决定|强调|指出|认为|议定|同意)?|会后|请|同时|其中|并|要求|要|决定|下一步|[一二三四五六七八九]是"
    r"|\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)]|[一二三四五六七八九]要){0,3}"
)
# 听取了市文旅局的工作汇报: without a word of what it is about.
BRIEFS = re.compile(rf"{UNITS}(?<![市县区镇乡组联站所社])的?(?:专题|工作|情况)?(?:情况)?(?:汇报|报告|通报|说明)")
# 市数据局作汇报。
REPORTED = re.compile(
    rf"{UNITS}(?:(?:[^,。;:]{{0,24}}?)(?<!工)作(?:了)?(?:专题|工作|情况|简要)?(?:汇报|说明|通报)|(?:汇报|通报|介绍)了)"
)
# 会议对市文旅局提交的《…》进行了审议
DISCUSSED = re.compile(r"会议(?:还)?[对就]")
HEARD = re.compile(r"(?:听取|同意|通过|审议|审定|研究|讨论)(?:并.{0,6}?(?:同意|通过))?了?")
# 听取了市应急管理局、市自然资源和规划局…汇报: several report together.
TOGETHER = re.compile(rf"{UNITS}(?=[^,。;:]{{0,60}}(?:汇报|报告))")
ASKED = re.compile("并要求|(?<![报提申呈邀聘约])请(?![示求假客])")
CHARGE, WITH = re.compile("责成|授权|指定"), re.compile(r"会同|联合|(?<=[局委办厅部会院心])商(?![业务贸品户会标])")
# More of these in one clause is no language.
TRIES = 3
SHORTEST_CLAUSE = 4
# A clause without any of these names no unit: most clauses need no closer look.
UNIT_HINT = re.compile("[府会心区园司团局行院校学道处组委关联社署厅办部所站镇乡市县班室]")
SPLIT = re.compile("[和及与、]")
UNIT_END = re.compile(rf"(?:{ENDINGS})$")


@dataclass(frozen=True, slots=True)
class Actors:
    """Units of one paragraph, each once, in reading order; `strong` tells that the lead is said outright."""

    lead: str | None = None
    strong: bool = False
    reporter: str | None = None
    departments: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    strong: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    reporters: list[list[str]] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)


def actors(view: View) -> Actors:
    """Find who acts, supports, reports and is addressed in a paragraph."""
    seen = _Seen()
    for start, end in view.sentences:
        for clause in view.clauses(start, end):
            if clause[1] - clause[0] >= SHORTEST_CLAUSE:
                _clause(view, *clause, seen)
                who = _addressed(view, *clause)
                seen.addressees.extend([who] if who else [])
    _labelled(view, seen)
    lead = next(iter(seen.strong or seen.weak), None)
    reporter = next((units[0] for units in seen.reporters if len(units) == 1), None)
    return Actors(
        lead, bool(seen.strong), reporter, tuple(dict.fromkeys(seen.named)), tuple(dict.fromkeys(seen.addressees))
    )


def reports(view: View) -> str | None:
    """Return the unit that reports or submits by a title (听取X关于…的汇报); None where none or several do."""
    end = min(len(view.stream), 200)
    for units in _reporting(view, 0, end):
        return units[0] if len(units) == 1 else None
    return None


def _clause(view: View, start: int, end: int, seen: _Seen) -> None:
    stream = view.stream
    if not UNIT_HINT.search(stream, start, end):
        return
    # Reporters first: what a clause 原则同意市总工会关于… says of 市总工会 is that it reports.
    for units in _reporting(view, start, end):
        seen.reporters.append(units)
        seen.named.extend(units)
    heard = HEARD.search(stream, start, end)
    together = TOGETHER.match(stream, heard.end(), end) if heard else None
    if together and "、" in together["units"]:
        _take(view, together, seen.named)
    lead_in = LEAD_IN.match(stream, start, end)
    first = lead_in.end() if lead_in else start
    for begin in _places("由", stream, start, end):
        by = BY.match(stream, begin, end)
        if by:
            units = _units(view, by)
            (seen.strong if by["strong"] else seen.weak).extend(units[:1])
            seen.named.extend(units)
        leads = LEADS.match(stream, begin, end) if by is None else None
        _take(view, leads, seen.named, seen.strong)
    for pattern in (LEADS, ACTS_ON, GATHERS):
        _take(view, pattern.match(stream, first, end), seen.named, seen.strong)
    for charge in list(CHARGE.finditer(stream, start, end))[:TRIES]:
        _take(view, CHARGED.match(stream, charge.end(), end), seen.named, seen.strong)
    for asked in list(ASKED.finditer(stream, start, end))[:TRIES]:
        match = BY.match(stream, asked.end(), end)
        _take(view, match, seen.named, seen.weak)
    serves = SERVES_AS.match(stream, first, end)
    _take(view, serves, seen.named, seen.strong if serves and serves["as"] not in BESIDE else None)
    for pattern in (SUPPORTS, TASKED):
        _take(view, pattern.match(stream, first, end), seen.named)
    for beside in list(WITH.finditer(stream, start, end))[:TRIES]:
        _take(view, CHARGED.match(stream, beside.end(), end), seen.named)


def _addressed(view: View, start: int, end: int) -> str | None:
    """Return whom a clause speaks to in general: 各地各部门要…."""
    if view.stream.find("各", start, end) < 0:
        return None
    lead_in = LEAD_IN.match(view.stream, start, end)
    who = ADDRESSED.match(view.stream, lead_in.end() if lead_in else start, end)
    return view.group(who, "who") if who else None


def _labelled(view: View, seen: _Seen) -> None:
    """Take what stands behind 责任单位： and 配合单位：."""
    for label in LABEL.finditer(view.stream):
        _take(
            view,
            LABELLED.match(view.stream, label.end()),
            seen.named,
            None if label["as"] in BESIDE else seen.strong,
        )


def _places(sign: str, stream: str, start: int, end: int) -> Iterator[int]:
    """Give the places behind the first few occurrences of a sign."""
    at = stream.find(sign, start, end)
    for _ in range(TRIES):
        if at < 0:
            return
        yield at + len(sign)
        at = stream.find(sign, at + 1, end)


def _reporting(view: View, start: int, end: int) -> Iterator[list[str]]:
    for heard in list(HEARD.finditer(view.stream, start, end))[:TRIES]:
        match = REPORTS.match(view.stream, heard.end(), end) or BRIEFS.match(view.stream, heard.end(), end)
        if match:
            yield _units(view, match)
    discussed = DISCUSSED.search(view.stream, start, end)
    match = REPORTS.match(view.stream, discussed.end(), end) if discussed else None
    if match:
        yield _units(view, match)
    reported = REPORTED.match(view.stream, start, end)
    if reported:
        yield _units(view, reported)


def _take(view: View, match: re.Match[str] | None, named: list[str], lead: list[str] | None = None) -> None:
    units = _units(view, match) if match else []
    named.extend(units)
    if lead is not None:
        lead.extend(units[:1])


def _units(view: View, match: re.Match[str]) -> list[str]:
    """Return the units of a match; 和 parts them only where both sides end as units do (市自然资源和规划局 is one)."""
    start, end = match.span("units")
    found, last = [], start
    for mark in SPLIT.finditer(view.stream, start, end):
        if mark[0] == "、" or UNIT_END.search(view.stream[last : mark.start()]):
            found.append(view.value(last, mark.start()))
            last = mark.end()
    return [*found, view.value(last, end)]
