"""The sentence that says who held which meeting when goes in; day, term, number, kind, chair and short body come out.

`2021年3月29日下午，李亚平市长主持召开市政府第132次常务会议，听取…`. The title is read with the same patterns where the
sentence says less. Nothing is taken from sentences behind the first that does not speak of the meeting itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.minutes import dates, marks
from indexer.minutes.lines import Row
from indexer.minutes.names import is_transcribed, simplify
from indexer.minutes.view import View
from indexer.model import Chair
from indexer.text.lexicon.surnames import surname_rank
from indexer.text.numerals import number

# The date of a meeting sentence, or what stands for it: 昨日下午, xx年xx月xx日.
WHEN = (
    rf"(?:{dates.FULL}|{dates.YEARLESS}|昨日|昨天|昨晚|今日|今天|近日|日前|[x×*]{{1,4}}年[x×*]{{1,2}}月[x×*]{{1,2}}日)"
)
HELD = re.compile(
    r"主持召开|主持了?(?:会议|第|本次)|召集并主持|主持.{0,40}会议?|会议?.{0,30}(?:召开|举行)|(?:召开|举行).{0,60}会"
)
# 2024517上午，某某市长主持召开: a damaged date, broken off before the end of its line.
YEAR_FIRST = re.compile(r"20\d{2}")
DATED = re.compile(rf"(?:.{{0,30}}?(?:讯|电)(?:\([^()]{{0,20}}\))?)?[^。]{{0,12}}?{WHEN}")
PRESIDED = re.compile(r"主持召开")
NUMERAL = r"(?:\d{1,4}|[零〇一二三四五六七八九十百]{1,6}|[x×]{1,2})"
KIND_WORDS = (
    "常务|党组|全体|专题|主任|办公|业务|行政|务虚|碰头|联席|调度|协调|推进|工作|现场办公|局务|委务|党委|党工委|主席团|主席|常委会|理事会|董事会"
    "|领导小组|专题办公"
)
WIDE = r"(?:\(扩大\)|扩大)?"
KIND = (
    rf"(?P<kind>(?:[省市县区镇乡州]长|政府|主任|院长|局长)?(?:{KIND_WORDS}){WIDE}(?:暨(?:{KIND_WORDS}){WIDE})?会议(?!中心|室|厅|楼)"
    rf"|(?:[省市县区镇乡州]长|政府|主任|院长|局长)?(?:专题|现场)?(?:办公会|碰头会|例会|调度会|协调会|推进会|联席会|务虚会)(?:会议)?)"
)
NUMBERED = re.compile(
    rf"(?:第(?P<n>{NUMERAL})|届(?P<b>{NUMERAL}))次(?P<kind>[\u4e00-\u9fff()]{{0,12}}?(?:(?:办公|碰头)会议|会议|办公会|碰头会|例会))?"
)
NAMED = re.compile(KIND)
TERM = re.compile(rf"(?P<term>第?{NUMERAL}届)")
YEAR_OF_SERIES = re.compile(r"(?P<y>20\d\d)年(?:度)?第.{1,4}次")
# 市政府, 县人民政府, 区政府, 市人大常委会; with a place before it the name is full.
SHORT_BODY = re.compile(
    r"(?P<place>(?:(?![届了次])[\u4e00-\u9fff]){0,12}?)(?P<level>[省市县区镇乡州旗盟])(?P<term>第?[零〇一二三四五六七八九十\d]{1,4}届)?"
    r"(?P<organ>人民政府|政府|人大常委会|人民代表大会常务委员会|政协|管理委员会|管委会)"
)
OFFICES = (
    "市长|县长|区长|镇长|乡长|州长|省长|盟长|旗长|书记|主任|主席|秘书长|局长|厅长|部长|院长|检察长|行长|校长|会长|理事长|董事长"
    "|总经理|组长|指挥长|总指挥|专员|政委|司令员|队长|所长|站长|处长|科长|村长|社长|台长|馆长|场长|园长"
)
NAME_FIRST = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,4}?|[\u4e00-\u9fff]{2,8}(?:·[\u4e00-\u9fff]{1,8}?){1,3})"
    rf"(?P<office>(?:(?:常务)?副|代理?|执行|党组)?(?:{OFFICES}))$"
)
NAME_LAST = re.compile(
    rf"(?P<office>.*(?:{OFFICES}|成员|委员|常委))(?P<name>[\u4e00-\u9fff]{{2,8}}(?:·[\u4e00-\u9fff]{{1,10}})*)$"
)
NAME_ONLY = re.compile(r"[\u4e00-\u9fff]{2,4}$")
# Between the chair and 主持: 同志, 在市政府501会议室.
PLACE = re.compile(r"(?:同志)?(?:[,，]?在[^,。]{1,40})?(?:同志)?$")
TWICE = re.compile(r"(?:先后|分别|共同|亲自|随后|接着)$")
# 县政府党组第14次会议和|县政府第61次常务会议
NEXT_MEETING = re.compile(
    r"(?:会议|会)(?:\(扩大\))?(?:和|及|以及|暨|与|、|,?(?:随后|接着|并|又)?(?:主持)?召开(?:了)?)(?=[^,。;]{2,40}会)"
)
LONGEST_NAME = 4
# 第9次|政府常务会议, 104次|区政府常务会议
ORGAN_OF_KIND = re.compile(r"[省市县区镇乡州旗盟]?(?:人民)?政府(?=.)")
DEPUTED = re.compile(r"(?<=[\u4e00-\u9fff])受[^,。;]{2,20}委托,?$")
# 3月17日，市委副书记、市长孙明召开市政府第86次常务会议
CALLED = re.compile(
    rf"(?:^|[,日午])(?P<office>[^,。;:日午]{{0,30}}?(?:{OFFICES}))(?P<name>[\u4e00-\u9fff]{{2,3}})(?:同志)?召开"
)
OFFICE_REACH = 120
CHAIR_LABEL = re.compile(r"^(?:会议)?主持(?:人)?:(?P<who>[^,。;:]{2,30})")
# 郑  凯  市委副书记、市长, and 辛弃疾（乡党委书记）: the name first, its office apart.
NAME_APART = re.compile(
    rf"[^:：]{{2,9}}[:：]\s*(?P<name>[\u3400-\u9fff](?:\s*[\u3400-\u9fff]){{1,3}}?)(?:\s+|\s*[(（])"
    rf"(?P<office>[^\s()（）]{{0,30}}(?:{OFFICES}))(?:[)）]|\s*$)"
)
LEAD = 600
SEARCHED_ROWS = 60


@dataclass(frozen=True, slots=True)
class Opening:
    """What a meeting sentence or a title says; None where it says nothing.

    `body` is the body's name where it stands in one piece (市政府, 苏州市人民政府), `level` its 市 or 县, `organ` its
    人民政府 or 人大常委会, and `placed` tells that a place stands before the level.
    """

    day: dates.Found | None = None
    series_year: int | None = None
    term: str | None = None
    number: int | None = None
    kind: str | None = None
    chair: Chair | None = None
    body: str | None = None
    level: str | None = None
    organ: str | None = None
    placed: bool = False


def find(rows: Sequence[Row]) -> int | None:
    """Return the position of the row that opens the meeting sentence, None where there is none."""
    weak: int | None = None
    for at, row in enumerate(rows[:SEARCHED_ROWS]):
        stream = row.stream
        if marks.item(stream) and len(stream) > 3 and at:
            break
        if len(stream) < 12 or marks.date_alone(stream) or marks.role(stream):
            continue
        following = rows[at + 1].stream[:80] if at + 1 < len(rows) and "。" not in stream else ""
        window = stream[:LEAD] + following
        dated = DATED.match(window[:80])
        if (
            dated
            and len(stream) > dated.end() + 3
            and HELD.search(window, 0, 300)
            and not stream.startswith(("时间", "发布", "("))
        ):
            return at
        told = len(stream) > 40 or "。" in stream or (YEAR_FIRST.match(stream) and len(window) > 40)
        if weak is None and told and PRESIDED.search(window, 0, 400):
            weak = at
    return weak


def read(view: View) -> Opening:
    """Read the meeting sentence of an opening paragraph."""
    stream = view.stream[:LEAD]
    held = re.search(r"主持|召开|举行", stream)
    day = dates.find(stream, 0, held.end() if held else len(stream)) or dates.find(stream, 0, min(len(stream), 80))
    start = 0
    called = re.search(r"(?:召开|举行)(?:了|的)?", stream)
    if called:
        start = called.end()
    found = _meeting(view, stream, start) if called else _meeting(view, stream, day.end if day else 0)
    if found.number is None and found.kind is None:
        found = _before(view, stream, called.start()) if called else _meeting(view, stream, 0)
    if found.level is None:
        before = _before(view, stream, called.start()) if called else _meeting(view, stream, 0)
        found = replace(
            found,
            term=found.term or before.term,
            body=before.body,
            level=before.level,
            organ=before.organ,
            placed=before.placed,
        )
    return replace(found, day=day, series_year=_series(stream), chair=chair(view))


def read_title(view: View) -> Opening:
    """Read what a title or a line of the heading says of the meeting."""
    stream = view.stream[:200]
    return replace(_meeting(view, stream, 0), day=dates.find(stream), series_year=_series(stream))


def named_besides(view: View) -> list[Opening]:
    """Return the further meetings that a meeting sentence names: 召开县政府党组会议和县政府第61次常务会议."""
    stream = view.stream[:LEAD]
    called = re.search(r"(?:召开|举行)(?:了|的)?", stream)
    end = next((at for at in [stream.find("。")] if at > 0), len(stream))
    if called is None:
        return []
    return [_meeting(view, stream, found.end()) for found in NEXT_MEETING.finditer(stream, called.end(), end)]


def completed(said: Opening, above: Opening) -> Opening:
    """Fill what a meeting sentence leaves out from a line above it; level and organ go with their body."""
    placed = said if said.level else above
    return replace(
        said,
        series_year=said.series_year or above.series_year,
        term=said.term or above.term,
        number=said.number if said.number is not None else above.number,
        kind=said.kind or above.kind,
        body=placed.body,
        level=placed.level,
        organ=placed.organ,
        placed=placed.placed,
    )


def chair(view: View) -> Chair | None:
    """Return who presided, from a meeting sentence or a line 主持人：…; None where no name stands."""
    stream = view.stream[:LEAD]
    label = CHAIR_LABEL.match(stream)
    if label:
        apart = NAME_APART.match(simplify(view.text[:OFFICE_REACH]))
        if apart and surname_rank(apart["name"][0]) is not None:
            name, office = (view.text[slice(*apart.span(group))] for group in ("name", "office"))
            return Chair("".join(name.split()), office)
        return _person(view, *label.span("who"))
    for match in re.finditer(r"(?:召集并)?主持(?!人)", stream):
        end = match.start()
        # X受Y委托，主持召开: X presided.
        deputed = DEPUTED.search(stream[max(0, end - 40) : end])
        end = max(0, end - 40) + deputed.start() if deputed else end
        start = max(stream.rfind(sign, 0, end) for sign in ",。;:!") + 1
        found = _person(view, start, end)
        if found:
            return found
    called = CALLED.search(stream[:OFFICE_REACH])
    # 县长办公会召开: what stands behind the office must be a name.
    if called and "主持" not in called["name"] and surname_rank(called["name"][0]) is not None:
        return Chair(view.group(called, "name"), view.group(called, "office"))
    return None


def _person(view: View, start: int, end: int) -> Chair | None:
    stream = view.stream[start:end]
    # A news line: 昨日上午常务副市长…, 2月26日下午吴庆文市长.
    when = re.match(rf"{WHEN}(?:上午|下午|晚上?|中午)?", stream)
    if when:
        start, stream = start + when.end(), stream[when.end() :]
    led = re.match(r"(?:本次)?(?:会议)?由", stream)
    if led:
        start, stream = start + led.end(), stream[led.end() :]
    place = PLACE.search(stream)
    if place:
        stream = stream[: place.start()]
    # 先后主持召开两个会议
    stream = TWICE.sub("", stream).removesuffix("同志")
    end = start + len(stream)
    first = NAME_FIRST.match(stream)
    if first and not re.search(r"[市县区省州镇乡委府]", first["name"]):
        return Chair(view.value(start, start + first.end("name")), view.value(start + first.start("office"), end))
    last = NAME_LAST.match(stream)
    if last and (len(last["name"]) <= LONGEST_NAME or "·" in last["name"] or is_transcribed(last["name"])):
        cut = start + last.start("name")
        return Chair(view.value(cut, end), _office(view.value(start, cut)))
    return Chair(view.value(start, end)) if NAME_ONLY.match(stream) and stream[-1] not in "长记任会室" else None


def _office(text: str) -> str:
    """Return an office without the body it repeats: 区政府区长 is 区长."""
    return re.sub(r"^.{0,6}政府(?=[省市县区镇乡州]长$)", "", text)


def _meeting(view: View, stream: str, start: int) -> Opening:
    end = _reach(stream, start)
    numbered = NUMBERED.search(stream, start, end)
    kind_match = numbered if numbered and numbered["kind"] else NAMED.search(stream, start, end)
    kind = _kind(view, kind_match) if kind_match else None
    value = number(numbered["n"] or numbered["b"]) if numbered else None
    stop = numbered.end() if numbered else kind_match.end() if kind_match else end
    term = TERM.search(stream, start, stop)
    body = SHORT_BODY.search(stream, start, stop)
    found = Opening(term=view.group(term, "term") if term else None, number=value, kind=kind)
    if body is None:
        return found
    whole = view.group(body) if body["term"] is None else None
    organ = "政府" if body["organ"].endswith("政府") else body["organ"]
    return replace(found, body=whole, level=body["level"], organ=organ, placed=bool(body["place"]))


def _before(view: View, stream: str, called: int) -> Opening:
    """Return what the clause before 召开 says: 市九届人大常委会|召开第一次主任会议; 主持召开 has the chair there."""
    start = max(stream.rfind(sign, 0, called) for sign in ",。;:)") + 1
    return Opening() if stream.endswith("主持", 0, called) else _meeting(view, stream[:called], start)


def _series(stream: str) -> int | None:
    series = YEAR_OF_SERIES.search(stream)
    return int(series["y"]) if series else None


def _reach(stream: str, start: int) -> int:
    """The meeting is named before the first comma or full stop behind 召开."""
    ends = [at for at in (stream.find(sign, start + 2) for sign in ",。;:") if at >= 0]
    return min(ends, default=len(stream))


def _kind(view: View, match: re.Match[str]) -> str | None:
    start, end = match.span("kind")
    if start < 0:
        return None
    organ = ORGAN_OF_KIND.match(view.stream, start)
    start = organ.end() if organ else start
    return view.value(start, end) if view.stream[start:end] not in ("会议", "(扩大)会议", "") else None
