"""May a text be shown at all? A text or a record goes in, the mark that forbids it comes out, as it is written.

Marks are those of the layout of official documents (GB/T 9704—2012, 7.2.2: 机密★10年 in the top left corner) and of
classified matter in general (秘密★, 绝密★长期), of internal matter (内部资料 注意保存), of disclosure (此件不予公开).
A mark stands for itself: on its line alone, beside its label, at the end or the start of a line, with its star. The
same words within a sentence (机密性, 商业秘密保护, 依法确定为国家秘密) are no marks.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import islice

from indexer.model import Meeting, Record
from indexer.readers.source import SourceText
from indexer.text.fold import fold

# All for folded lines: no white space between Chinese characters, half-width signs, simplified characters.
_GRADE = "(?:绝密|机密|秘密)"
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|半)"
_PERIOD = rf"(?:长期|启用前|解密前|公布前|{_NUMBER}个?[年月日天]|至?\d{{4}}年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?)"
_STAR = "[★☆⭐✩✭✮✯⋆]"
_LABEL = "(?:密级|保密级别|保密等级|秘密等级|涉密等级|密级和保密期限|密级及保密期限)[:|]?"
# What may stand on the line of a bare mark: urgency, the number of the copy, the year.
_BESIDE = r"(?:特急|加急|急件|平急|特提|限时|件|文件|第?\d{1,7}号?|\d{4}年|[,:;、|/·()\[\]-])*"
_MARKED = (
    # With its star: at either end of a line, on a short line anywhere, or behind its label.
    re.compile(rf"^{_BESIDE}(?P<mark>{_GRADE}{_STAR}(?:{_PERIOD})?)"),
    re.compile(rf"(?P<mark>{_GRADE}{_STAR}(?:{_PERIOD})?)[)\]]?$"),
    re.compile(rf"^.{{0,40}}(?P<mark>{_GRADE}{_STAR}(?:{_PERIOD})?).{{0,40}}$"),
    re.compile(rf"{_LABEL}(?P<mark>{_GRADE}级?[★☆⭐*]?(?:{_PERIOD})?)(?![一-鿿])"),
    # A period without the star, on a line of its own.
    re.compile(rf"^{_BESIDE}(?:{_LABEL})?(?P<mark>{_GRADE}级?[*·.,:-]?{_PERIOD}){_BESIDE}$"),
)
_BARE = re.compile(rf"^{_BESIDE}(?:{_LABEL})?(?P<mark>{_GRADE}级?){_BESIDE}$")
_LABEL_ALONE = re.compile(rf"^{_LABEL}$")
_INSIDE = re.compile(
    r"^[(\[<《【]*(?P<mark>(?:政府|机关|党内|单位)?内部(?:资料|文件|材料|刊物|参考|参阅|使用|传阅|掌握|情况)|仅供内部(?:参考|参阅|使用|传阅))[)\]>》】]*"
    r"(?:[,:;、!.·★*()\[\]-]*(?:注意(?:保存|保管|保密)|妥善保管|请勿(?:外传|翻印|转载)|不得(?:外传|翻印)|严禁外传|切勿外传|"
    r"免费交流|不对外公开|第?\d{1,7}[号期份]?))*[)\].!]*$"
)
_CLOSED = "(?:不予公开|不公开|不宜公开|免予公开|不对外公开|非公开)"
_HIDDEN = (
    re.compile(
        rf"^[(\[]*(?P<mark>(?:此件|本件|该件|此文|本文|本文件|此文件|此纪要|本纪要)?{_CLOSED})(?:发布)?[)\].]*$"
    ),
    re.compile(
        rf"公开(?:方式|属性|类别|范围|选项|形式|类型|程度|性质|情况)(?:为|是)?[:\]|]?(?P<mark>{_CLOSED})(?![一-鿿])"
    ),
    re.compile(rf"[☑☒■√✓✔](?P<mark>{_CLOSED})"),
)
# Bare words (秘密, without star and period) are marks where a document begins, and in what stands around its pages.
_HEAD_LINES = 12
_SHORT = 60
_META = ("disclosure", "secrecy", "title")


def mark(source: SourceText) -> str | None:
    """Return the mark that a text bears; None where it may be shown."""
    around = {place for place, line in enumerate(source.lines) if line.style == "furniture"}
    return _in_meta(source.meta) or _first([line.text for line in source.lines], around)


def mark_of(record: Record) -> str | None:
    """Return the mark that a record bears; None where it may be shown."""
    lines = [line for text in _texts(record) for line in text.split("\n")]
    said = {"disclosure": record.disclosure or "", "title": record.title or ""}
    return _in_meta(said) or _first(lines)


def _in_meta(meta: Mapping[str, str]) -> str | None:
    for name in _META:
        stream = fold(meta.get(name, ""))
        found = _found(stream, around=name == "secrecy")
        if name == "disclosure" and found is None:
            closed = re.search(_CLOSED, stream)
            found = closed[0] if closed else None
        if found:
            return found
    return None


def _first(lines: Sequence[str], around: Container[int] = ()) -> str | None:
    """Return the first mark on any of the lines; `around` has the places of those that stand around the page."""
    # Every line of a corpus comes by here: signs are looked for one by one, and without a call. 内部 and 公开 may be
    # spaced out, or traditional.
    suspects = [
        place
        for place, text in enumerate(lines)
        if "密" in text
        or "公开" in text
        or (
            len(text) <= _SHORT
            and (("部" in text and ("内" in text or "內" in text)) or ("公" in text and ("开" in text or "開" in text)))
        )
    ]
    if not suspects:
        return None
    written = (place for place, text in enumerate(lines) if text and not text.isspace())
    head = set(islice(written, _HEAD_LINES))
    labelled = -1
    for place in suspects:
        # A row of a table comes as a line with tabs, which folding would leave out.
        stream = fold(lines[place].replace("\t", "|"))
        found = _found(stream, around=place in around or place in head or place == labelled)
        if found:
            return found
        if _LABEL_ALONE.match(stream):
            labelled = next((at for at in range(place + 1, len(lines)) if lines[at].strip()), -1)
    return None


def _found(stream: str, around: bool) -> str | None:
    """Return the mark on one folded line; bare words count only where marks have their place (`around`)."""
    graded = (*_MARKED, _BARE) if around else _MARKED
    for pattern in (
        *(graded if "密" in stream else ()),
        *((_INSIDE,) if "内部" in stream else ()),
        *(_HIDDEN if "公开" in stream else ()),
    ):
        match = pattern.search(stream)
        if match:
            return str(match["mark"])
    return None


def _texts(record: Record) -> Iterator[str]:
    yield from (paragraph.text for paragraph in record.paragraphs)
    if isinstance(record, Meeting):
        for item in record.items:
            if item.heading:
                yield item.heading.text
            yield from (paragraph.text for resolution in item.resolutions for paragraph in resolution.paragraphs)
        if record.roll:
            yield record.roll.text
