"""Find the attendance roll of minutes and divide it by role: lines go in, its extent or its sections come out.

Knows the labels (出席, 邀请列席, 请假 …, also spread as `出 席：`) and what follows a roll; splits no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.minutes.names import simplify
from indexer.model import Role

LABELS: dict[Role, str] = {
    "主持": "主持 主持人 会议主持 会议主持人 召集人",
    "出席": "出席 出席人 出席人员 出席会议 出席领导 出席会议人员 出席会议领导 参加 参加人 参加人员 参加会议人员 参会 "
    "参会人员 参会领导 与会人员 到会人员 参加领导",
    "列席": "列席 列席人 列席人员 列席会议 列席会议人员 列席领导 列席单位 固定列席 固定列席人员 "
    "全程列席 部分列席 分议题列席",
    "邀请": "邀请列席 邀请 邀请人员 邀请参加 邀请出席 特邀 特邀列席 特邀人员 应邀 应邀列席 应邀参加 受邀列席",
    "请假": "请假 请假人 请假人员 缺席 缺席人员 因事请假 因公请假 因病请假 因事缺席 未出席 请假缺席",
    "记录": "记录 记录人 记录员 会议记录 会议记录人",
}
# These labels are known without a colon too, at the start of a line: `出席 李 靖 薛江峰`.
BARE = ("出席", "列席", "请假", "缺席", "记录", "主持人", "邀请列席", "固定列席")
# Lines of a heading block that stand among the roles and name nobody.
OTHER = "时间 会议时间 地点 会议地点 议题 会议议题 主题 会议主题 议程 会议议程 会议内容 整理 审核 签发 校对"

NUMERALS = "一二三四五六七八九十百零〇0-9"
ITEM = (
    rf"(?:第[{NUMERALS}]+(?:[、至到和—~～,，-]+第?[{NUMERALS}]+)*(?:个|项)?(?:议题|议程|事项|项|题)"
    rf"|议题[{NUMERALS}]+(?:[、至到和—~～,，-]+[{NUMERALS}]+)*)"
)
# 出席（5人）：
ASIDE = r"[(（][^()（）\n]{0,20}[)）]"
GROUP = r"[(（][一二三四五六七八九十]{1,3}[)）]"


def _spread(words: str) -> str:
    """Return a pattern for words whose characters may stand apart: 出 席, 出⏎席."""
    longest_first = sorted(set(words.split()), key=len, reverse=True)
    return "|".join(r"\s{0,9}".join(word) for word in longest_first)


# 出席委员：, 列席单位：, 请假代表：
KINDS = r"(?:\s{0,9}(?:会\s{0,9}议|委\s{0,9}员|常\s{0,9}委|成\s{0,9}员|代\s{0,9}表|单\s{0,9}位|部\s{0,9}门))?"
ROLE_WORDS = _spread(" ".join(LABELS.values()))
LABEL = re.compile(
    rf"(?:^|(?<=[\s。；;，,]))(?P<group>{GROUP}\s?)?(?:[一二三四五六七八九十]{{1,2}}、|\d{{1,2}}[.、．])?"
    rf"(?:(?P<role>{ROLE_WORDS})(?:[本此这]次会议)?{KINDS}(?:的还?有)?[^\S\n]{{0,3}}(?P<item>{ITEM})?\s{{0,9}}(?:{ASIDE}\s{{0,9}})?[:：]"
    rf"|(?P<only>{ITEM})\s{{0,3}}[:：]"
    rf"|(?P<other>{_spread(OTHER)})\s{{0,9}}[:：]"
    rf"|(?P<mark>{GROUP}))"
)
BARE_LABEL = re.compile(rf"^[^\S\n]*(?P<role>{_spread(' '.join(BARE))})(?=[^\S\n]|$)", re.MULTILINE)
PAGE_LINE = re.compile(
    r"^[^\S\n]*(?:[—–―─-]+[^\S\n]*[\d\x00-\x08\x0b-\x1f]*[^\S\n]*[—–―─-]+|第?[ ]?\d{1,3}[ ]?页?)[^\S\n]*$", re.MULTILINE
)
TAIL = re.compile(
    r"整理\s*$|印发|公开发布|此件|^\W{0,2}(?:主?\s*分?\s*送|抄\s*送|抄\s*报|发|本期发|主题词|附件|联系人|关联稿件)\s*[:：]"
    r"|^\W{0,2}(?:[\d\s]{4,8}|二[〇○零oO0][一二三四五六七八九〇○零oO0]{2})\s*年[^（(]{1,12}日\W*$|^[-—_*]{3,}$"
)
PROSE = re.compile(
    r"[。！？].|会议(?!室|中心|记录|人员|主持|领导)|^\W{0,6}[一二三四五六七八九十]{1,3}\s{0,9}[、.．]|纪要|^#"
)
# 因公出差, 赴省开会: a reason of leave that stands behind a name without brackets.
LEAVE = re.compile(
    r"[(（][^()（）]*[)）]"
    r"|(?<=[\u4e00-\u9fff])\s?(?P<reason>(?:因[公病事故私其]|赴|外出|出差|出国|休假|年假|病假|事假|产假|公假|学习|培训|参加|在外|在京)"
    r"[^\s、，,；;。(（]{0,20})"
)
BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a roll under one label; `note` names the agenda items it is for."""

    role: Role
    text: str
    note: str | None = None


def sections(roll: str) -> list[Section]:
    """Divide a roll by its labels; what stands before the first label, or under 时间 or 地点, is left out."""
    roll = clean(roll)
    found: list[Section] = []
    role: Role | None = None
    parent: Role | None = None
    note: str | None = None
    at = 0
    for label in _labels(simplify(roll)):
        _add(found, role, roll[at : label.start()], note)
        at = label.end()
        part = label.groupdict()
        if part.get("other"):
            role = parent = None
        elif part.get("role"):
            role = _role(part["role"])
            note = _tight(part.get("item"))
            parent = role if not part.get("group") or parent is None else parent
        elif part.get("only"):
            note = _tight(part["only"])
        else:  # （二）: the role that the list began with holds again
            role = parent
    _add(found, role, roll[at:], note)
    return found


def clean(roll: str) -> str:
    """Take out bold marks, table strokes, page-number lines and what cannot be seen."""
    roll = PAGE_LINE.sub("", roll.replace("\f", "\n"))
    return INVISIBLE.sub("", re.sub(r"\*\*|__|[|｜]", " ", roll)).replace("\r", "")


def _add(found: list[Section], role: Role | None, text: str, note: str | None) -> None:
    if role is not None and text.strip():
        found.append(Section(role, LEAVE.sub(_bracketed, text) if role == "请假" else text, note))


def _bracketed(found: re.Match[str]) -> str:
    return f"（{found['reason']}）" if found["reason"] else found.group()


def _labels(roll: str) -> Iterator[re.Match[str]]:
    """Yield the labels in order; bare ones only where no label with a colon stands."""
    found = [*LABEL.finditer(roll)]
    taken = {i for label in found for i in range(label.start(), label.end())}
    bare = [label for label in BARE_LABEL.finditer(roll) if label.start("role") not in taken]
    yield from sorted([*found, *bare], key=lambda label: label.start())


def _role(label: str) -> Role:
    word = _tight(label)
    return next(role for role, words in LABELS.items() if word in words.split())


def _tight(text: str | None) -> str | None:
    return re.sub(r"\s+", "", text) if text else None


def find_roll(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the half-open range of the lines that are the roll, or None where no line bears a role label.

    Lines before the first label, the tail (整理, 印发, date, 分送) and blank lines at the end are not in it. Where
    labels stand in several places, the place with most of them is taken; among equals the later one.
    """
    blocks = list(_blocks([simplify(clean(line)) for line in lines]))
    return max(reversed(blocks), key=lambda block: block[2])[:2] if blocks else None


def _blocks(lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of roll lines as (start, end, number of labels)."""
    start: int | None = None
    end = labels = 0
    recorded = False
    for i, line in enumerate(lines):
        label = _label_at(lines, i)
        if label:
            start = i if start is None else start
            end, labels, recorded = i + 1, labels + 1, label == "记录"
        elif start is None or not line.strip():
            continue
        elif _ends_roll(line, recorded):
            yield start, end, labels
            start, labels = None, 0
        else:
            end = i + 1
    if start is not None:
        yield start, end, labels


def _label_at(lines: list[str], i: int) -> Role | None:
    """Return the role that a line is labelled with, also where the label is spread over this line and the next."""
    if not lines[i].strip():
        return None
    pair = lines[i] if len(lines[i].strip()) > 2 or i + 1 == len(lines) else f"{lines[i]}\n{lines[i + 1]}"
    found = LABEL.match(pair.lstrip()) or BARE_LABEL.match(pair)
    role = found.groupdict().get("role") if found else None
    return _role(role) if role and not _is_prose(pair[found.end() if found else 0 :]) else None


def _ends_roll(line: str, recorded: bool) -> bool:
    """Tell whether a line is behind the roll; behind the recorder's label only the rest of a name may follow."""
    if TAIL.search(line) or _is_prose(line):
        return True
    return recorded and len(re.sub(r"\s", "", line)) > 3


def _is_prose(line: str) -> bool:
    return bool(PROSE.search(BRACKETS.sub("", line)))
