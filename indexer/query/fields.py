"""The fields of the query language: their names in Chinese and English, and their values as nodes.

A value that a field cannot take gives no node; what it takes is told in Chinese.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from indexer.model import VERDICTS
from indexer.query.nodes import Between, Field, FieldIs
from indexer.text.fold import fold


@dataclass(frozen=True, slots=True)
class Named:
    """A field as it was named; `field` None is the date, which is no field of a passage but a span of days."""

    name: str
    field: Field | None
    takes: str = ""


NAMES: tuple[tuple[Field | None, str, str], ...] = (
    ("department", "部门 单位 dept department", ""),
    ("person", "人员 姓名 person", ""),
    ("docno", "文号 发文字号 docno", ""),
    ("title", "标题 title", ""),
    ("verdict", "结论 verdict", "、".join(VERDICTS)),
    ("body", "机关 body", ""),
    ("kind", "类型 kind", ""),
    ("instrument", "文件 instrument", " 文件:实施办法"),
    ("year", "年 年份 year", " 2021 或 2019..2021"),
    (None, "日期 date", " 2021-03-29、2021-03 或 2021-03..2021-06"),
)
# By folded name, so that 人員： and ＤＥＰＴ： are found too.
FIELDS = {name: Named(name, field, takes) for field, names, takes in NAMES for name in names.split()}
RANGE = re.compile(r"\.{2,}|…+|~|至|到")
DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?[年月日]?")
YEARS = re.compile(r"(\d{4})年?(?:(?:\.{2,}|…+|~|-|至|到)(\d{4})年?)?")


def value(named: Named, text: str) -> FieldIs | Between | None:
    """Return the node of a field's value, None where the field cannot take it."""
    stream = fold(text)
    if named.field is None:
        return days(stream)
    if named.field == "year":
        return _year(stream)
    if named.field == "instrument":
        # An instrument is known by its title without the 《》 round it.
        stream = stream.removeprefix("《").removesuffix("》")
    return FieldIs(named.field, stream) if stream else None


def known(named: Named, node: FieldIs | Between) -> bool:
    """Tell whether the value can occur at all: the verdicts are a closed list."""
    return not (isinstance(node, FieldIs) and node.field == "verdict") or node.value in VERDICTS


def days(text: str) -> Between | None:
    """Read a day, a month, a year, or two of them with .. between; an open side is None."""
    parts = RANGE.split(text)
    if len(parts) > 2 or not any(parts):
        return None
    spans = [_span(part) if part else (None, None) for part in parts]
    if any(span is None for span in spans):
        return None
    (first, _), (_, last) = spans[0] or (None, None), spans[-1] or (None, None)
    if first and last and first > last:
        (first, _), (_, last) = spans[-1] or (None, None), spans[0] or (None, None)
    return Between(first, last)


def _span(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a day, month or year; None if there is no such one."""
    found = DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    if month:
        return first, first.replace(day=monthrange(first.year, month)[1])
    return first, first.replace(month=12, day=31)


def _year(text: str) -> FieldIs | Between | None:
    found = YEARS.fullmatch(text)
    if not found or not int(found[1]):
        return None
    return days(f"{found[1]}..{found[2]}") if found[2] else FieldIs("year", found[1])
