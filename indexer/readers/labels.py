"""Lines that give a document's card (索引号, 发文字号, 发布机构 …) go in, the values by name come out, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.readers.chrome import furniture
from indexer.readers.source import Line

LABELS = {
    "索引号": "index_number",
    "信息索引号": "index_number",
    "信息索引": "index_number",
    "发文字号": "doc_number",
    "文号": "doc_number",
    "文件编号": "doc_number",
    "发布机构": "issuer",
    "发文机关": "issuer",
    "发文机构": "issuer",
    "制发机关": "issuer",
    "公开机构": "issuer",
    "公开责任部门": "issuer",
    "成文日期": "compiled",
    "生成日期": "compiled",
    "发文日期": "compiled",
    "制发日期": "compiled",
    "形成日期": "compiled",
    "发布日期": "published",
    "发布时间": "published",
    "公开日期": "published",
    "标题": "title",
    "文件标题": "title",
    "名称": "title",
    "信息名称": "title",
    "文件名称": "title",
    "主题分类": "subject",
    "组配分类": "subject",
    "信息分类": "subject",
    "分类": "subject",
    "体裁分类": "genre",
    "体裁": "genre",
    "文种": "genre",
    "公文种类": "genre",
    "有效性": "validity",
    "时效性": "validity",
    "效力状态": "validity",
    "主题词": "keywords",
    "关键词": "keywords",
    "公开方式": "disclosure",
    "公开形式": "disclosure",
    "公开范围": "audience",
    "来源": "source",
    "信息来源": "source",
}
LABEL = re.compile("(?:" + "|".join(sorted(LABELS, key=len, reverse=True)) + ")")
# 索 引 号： — the label's own spaces are dropped; longer pieces hold no label at their beginning.
LABEL_LENGTH = 14
PAIR = re.compile(rf"(?:^|(?<=[\s;；|]))({LABEL.pattern})\s*[:：]")
# What a card in plain text cannot do without.
CARD_KEYS = tuple(word for word, key in LABELS.items() if key in ("index_number", "doc_number"))
BULLET = re.compile(rf"[\s•·●▪|*-]*({LABEL.pattern})(?=[\s:：]|$)[\s:：]*")
# What cells of a table row are joined by.
SEPARATOR = " | "
LONGEST_VALUE = 300
# A card in plain text: so many of its labels, near the beginning.
CARD_LABELS = 3
CARD_WITHIN = 40


def labelled(lines: Sequence[Line]) -> dict[str, str]:
    """Return the values that stand behind known labels: in the same cell, the next cell or the next line."""
    found: dict[str, str] = {}
    waiting: str | None = None
    chrome = furniture([line.text for line in lines])
    for at, line in enumerate(lines):
        if at in chrome and not PAIR.match(line.text):
            waiting = None
            continue
        for piece in map(str.strip, line.text.split(SEPARATOR)):
            key = label(piece)
            if waiting and not key and piece and len(piece) <= LONGEST_VALUE and not PAIR.match(piece):
                found.setdefault(waiting, piece)
            waiting = key
            for name, value in _pairs(piece):
                found.setdefault(name, value)
        # An empty cell behind a label is no value, and the next row is none either.
        waiting = None if line.style == "table" else waiting
    return found


def card(texts: Sequence[str]) -> dict[str, str]:
    """Return the values of a card that was copied into plain text along with the document; {} where there is none."""
    head = [text for text in texts if text.strip()][:CARD_WITHIN]
    tight = "".join("".join(head).split())
    if not any(key in tight for key in CARD_KEYS):
        return {}
    # As rows of a table: a label without a value must not take the next line for it.
    rows = [Line(BULLET.sub(r"\1：", text, count=1), style="table") for text in head if len(text) < LONGEST_VALUE]
    found = labelled(rows)
    return found if len(found) >= CARD_LABELS and ("index_number" in found or "doc_number" in found) else {}


def is_label_row(text: str) -> bool:
    """Tell whether a table row holds nothing but known labels and their values."""
    return all(label(cell) for cell in text.split(SEPARATOR)[0::2])


def label(piece: str) -> str | None:
    """Return the name of the value that a cell is the label of."""
    if len(piece) > LABEL_LENGTH:
        return None
    return LABELS.get("".join(piece.split()).rstrip(":：").strip("【】[]"))


def _pairs(piece: str) -> Iterable[tuple[str, str]]:
    marks = list(PAIR.finditer(piece)) if len(piece) <= 2 * LONGEST_VALUE else []
    if not marks or marks[0].start() > 0:
        return
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = piece[mark.end() : following.start() if following else len(piece)].strip(" \t\u3000;；|")
        if value:
            yield LABELS[mark[1]], value
