"""What stands above the meeting sentence, and what the page and the tail say of the issuing body, go in;
title, document number and the body's full name come out.

A name counts as the body's only where level and organ agree with the meeting sentence: 区政府 is never 苏州市人民政府.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from indexer.minutes import dates, marks
from indexer.minutes.opening import Opening
from indexer.minutes.paragraphs import Block
from indexer.minutes.view import View, tidy
from indexer.model import DocNumber

NUMBER = re.compile(
    r"(?:(?:发文字号|发文文号|文件编号|文号|编号|字号)[:|]*)?"
    r"(?P<code>[\u4e00-\u9fff()]{0,20}?)[\[(](?P<year>(?:19|20)\d\d)[\])](?:第)?(?P<serial>\d{0,5})(?P<end>号|期)"
)
NUMBER_LINE = re.compile(NUMBER.pattern + r"(?:签发人?:.{0,10}|.{0,12}(?:办公室|办公厅)?.{0,20})?$")
# 国令第706号, as the page's record writes it
ORDER_LINE = re.compile(r"(?P<code>[\u4e00-\u9fff]{1,12}令)第?(?P<serial>\d{1,5})号")
# （2023年11月24日市人民政府令第6号公布 …） under the title of a regulation
PROMULGATED = re.compile(rf"\({dates.FULL}[^()]{{0,80}}(?:公布|发布|印发|通过|批准)")
LABELLED_DATE = re.compile(r"(?:成文日期|会议时间|会议日期|开会时间|时间)[:|]*(?P<date>[^:|,。]{6,30})")
BODY = re.compile(
    r"(?:主办(?:单位)?:)?(?:中共(?![\u4e00-\u9fff]{2,10}委员会))?"
    r"(?P<body>(?:中共)?(?:(?!中共)[\u4e00-\u9fff]){1,20}?(?P<level>[省市县区镇乡州旗盟])"
    r"(?P<organ>人民政府|人大常委会|人民代表大会常务委员会|政协|委员会))"
    r"(?=第|办公|常务|党组|全体|专题|主任|会议|县长|市长|区长|镇长|$|[、,。:\d(\[印])"
)
SHORT = re.compile(r"[省市县区镇乡州旗盟]?(?:人民政府|政府|人大常委会|政协|管委会|管理委员会|人民代表大会常务委员会)")
# A line that ends in the middle of a title: 某市人民政府, 某市第九届人大常委会, 某市人民政府第五十三次
TITLE_BEGINS = re.compile(
    r"[^,。;:]{2,40}(?:人民政府|政府|人大常委会|人民代表大会常务委员会|政协|委员会|管委会|党组|党委|工委)(?:第.{1,6}届)?(?:(?:20\d\d年)?(?:度)?第.{1,8}次)?"
)
TITLE_ENDS = re.compile(
    r"(?:第.{1,6}届)?(?:20\d\d年)?(?:度)?(?:第.{1,8}次)?(?:[省市县区镇乡州旗]?长|主任|党组|常务|办公|专题|全体|主席|党委|工委)?.{0,8}会议?纪要"
)
# The masthead alone: 某市人民政府常务会议纪要, 专题会议纪要; the line with the number or the matter says more.
MASTHEAD = re.compile(r"(?:[^第关0-9]{2,24})?会议?纪要")
# 某区人民政府办公室　2025年8月18日, under the masthead
MASTHEAD_DAY = re.compile(
    rf".{{2,30}}(?:办公室|办公厅|人民政府|委员会|秘书处|办)(?:编印?|整理)?{dates.FULL}(?P<printed>印发|印)?"
)
PLACED = re.compile(
    r"(?P<body>(?![本该各我])(?:(?![届了次召全第])[\u4e00-\u9fff]){2,12}?(?P<level>[省市县区镇乡州旗盟])政府)(?=第|召|常|党|全|专|[20])"
)
MINUTES = re.compile(r"纪要")
MEETING = re.compile(r"会议|办公会|碰头会")
LABEL_LINE = re.compile(
    r"(?:[•·|]*)?(?:索引号|发文字号|文号|主题分类|体裁分类|成文日期|发布日期|发布机构|生成日期|文件标题|有效性|时间|来源|发布时间|公开方式|"
    r"信息来源|更新时间|作者|地点|主持人?|出席|列席|记录|字体|主题词|责任部门|发文机关|名称|关键词|打印)[:| ]*"
)
PUBLISHED = re.compile(r"(?:.{0,40}?(?<=[^,。]))?(?:发布|更新)(?:时间|日期)[:|]*(?=\d)")
# 某某新闻网2017-01-05 11:13, without a label
STAMPED = re.compile(r"[^:。]{0,20}?(?:网|报|社|台|中心|发布)(?=20\d\d-\d{1,2}-\d{1,2}(?:\d{1,2}:\d\d(?::\d\d)?)?$)")
SHORTEST_TITLE, LONGEST_TITLE, STAMP_LINE = 6, 120, 45
GENRES = (
    "通知|意见|办法|条例|决定|批复|通报|公告|通告|规定|规则|细则|方案|规划|函|令|报告|请示|命令|决议|公报|计划|章程|制度|指南|标准|"
    "名单|目录|大纲|解读|措施|要点|预案|清单|法|解释|准则|暂行规定|数据|职位表"
)
GENRE = re.compile(rf"(?P<genre>{GENRES})(?:\((?:[^()]{{1,20}})\))*$")


def title(head: Sequence[Block], meta: Mapping[str, str]) -> str | None:
    """Return the title: the line above the meeting sentence that names minutes or a meeting, else the page's own."""
    lines = [block for block in head if _may_be_title(block.stream)]
    for wanted in (MINUTES, MEETING):
        found = [at for at, block in enumerate(lines) if wanted.search(block.stream)]
        if found:
            whole = [(_with_body(lines, at), at) for at in found]
            telling = [text for text, _ in whole if not MASTHEAD.fullmatch(View(text).stream)]
            return telling[0] if telling and wanted is MINUTES else whole[0][0]
    given = tidy(meta.get("title", ""))
    if given:
        return given
    first = next((block for block in lines if len(block.stream) >= SHORTEST_TITLE + 2), None)
    return tidy(first.text) if first and not dates.WHOLE.search(first.stream) else None


def doc_number(head: Iterable[Block], meta: Mapping[str, str]) -> DocNumber | None:
    """Return the document number that a line of the heading or the page's own record holds."""
    for view in [*(block.view for block in head if len(block.text) <= LONGEST_TITLE), View(meta.get("doc_number", ""))]:
        if 5 <= len(view.stream) <= 60:
            found = NUMBER_LINE.match(view.stream)
            if found:
                return number_of(view, found)
            order = ORDER_LINE.fullmatch(view.stream)
            if order:
                return DocNumber(view.group(order), view.group(order, "code"), None, int(order["serial"]))
    return None


def number_of(view: View, match: re.Match[str]) -> DocNumber:
    """Return the parts of a matched document number."""
    serial = match["serial"]
    return DocNumber(
        view.value(match.start("code"), match.end("end")),
        view.group(match, "code") or None,
        int(match["year"]),
        int(serial) if serial else None,
    )


def body(opening: Opening, texts: Iterable[str]) -> str | None:
    """Return the full name of the body from the first text that gives one which agrees with the meeting sentence."""
    if opening.placed and opening.body:
        return opening.body
    for text in texts:
        view = View(text[:200])
        label = LABEL_LINE.match(view.stream)
        for match in BODY.finditer(view.stream, label.end() if label else 0):
            organ = "政府" if match["organ"] == "人民政府" else match["organ"]
            agrees = opening.level in (None, match["level"]) and opening.organ in (None, organ)
            if agrees and not re.match(r"[各本该我]|全[市县区省]", match["body"]):
                return view.group(match, "body")
    return opening.body


def placed(opening: Opening, texts: Iterable[str]) -> str | None:
    """Return the body's short name with its place (云州市政府) from the first heading that begins with it."""
    if opening.placed or opening.organ not in (None, "政府"):
        return None
    for text in texts:
        view = View(text[:200])
        match = PLACED.match(view.stream)
        if match and opening.level in (None, match["level"]):
            return view.group(match, "body")
    return None


def is_short(name: str) -> bool:
    """Tell whether a body's name is any body's: 市政府, 县人民政府."""
    return SHORT.fullmatch(View(name).stream) is not None


def genre(name: str | None) -> str | None:
    """Return the genre that a title ends with (通知, 办法 …), None for minutes and for titles without one."""
    stream = View(name or "").stream
    if not stream or stream.endswith("纪要"):
        return None
    match = GENRE.search(stream[-40:])
    return match["genre"] if match else None


def written_day(head: Iterable[Block]) -> dates.Found | None:
    """Return the day that a line of the heading holds alone, or behind 时间 or 成文日期."""
    for block in head:
        stream = block.stream[:120]
        if marks.date_alone(stream):
            return dates.find(stream)
        promulgated = PROMULGATED.match(stream)
        if promulgated:
            return dates.find(promulgated[0])
        label = LABELLED_DATE.search(stream)
        found = dates.find(stream, *label.span("date")) if label else None
        if found and found.year:
            return found
    return None


def masthead_day(head: Iterable[Block]) -> tuple[date | None, bool]:
    """Return the day that stands beside the issuing office under the masthead, and whether it says 印发."""
    for block in head:
        found = MASTHEAD_DAY.fullmatch(block.stream) if len(block.stream) <= LONGEST_TITLE else None
        if found:
            return dates.full(found[0]), found["printed"] is not None
    return None, False


def published(head: Iterable[Block]) -> date | None:
    """Return the day of publication that an information line of the heading holds (发布时间：…)."""
    for block in head:
        label = PUBLISHED.match(block.stream) or (
            STAMPED.match(block.stream) if len(block.stream) < STAMP_LINE else None
        )
        if label:
            return dates.stamp(block.text[block.view.offset(label.end()) :][:40])
    return None


def _may_be_title(stream: str) -> bool:
    if not SHORTEST_TITLE <= len(stream) <= LONGEST_TITLE or stream.endswith((":", "。")):
        return False
    return not (LABEL_LINE.match(stream) or NUMBER_LINE.match(stream) or marks.date_alone(stream))


def _with_body(lines: Sequence[Block], at: int) -> str:
    """Return a title with the line of its body above it (苏州市人民政府 / 常务会议纪要)."""
    block = lines[at]
    above = lines[at - 1] if at else None
    if above and TITLE_ENDS.match(block.stream) and TITLE_BEGINS.fullmatch(above.stream):
        return tidy(above.text + block.text)
    return tidy(block.text)
