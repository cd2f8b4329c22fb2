"""The options that narrow a search or an export: fields and days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from indexer.model import VERDICTS
from indexer.query.fields import days
from indexer.wording import option, say

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Day(click.ParamType[date]):
    """A day, month or year: YYYY[-MM[-DD]]; its first day, or its last where `last`."""

    name = "DATE"

    def __init__(self, last: bool) -> None:
        self.last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        span = days(str(value))
        day = (span.last if self.last else span.first) if span else None
        if day is None:
            self.fail(say("须为日期，如 2024、2024-07 或 2024-07-15", "a day: 2024, 2024-07 or 2024-07-15"), param, ctx)
        return day


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what narrows a search: fields and days."""

    def several(name: str, zh: str, en: str, **more: Any) -> Decorator:
        return option(f"--{name}", name, multiple=True, zh=f"{zh}（可重复）", en=f"{en} (repeatable)", **more)

    adders: list[Decorator] = [
        several("body", "机关", "body that met"),
        several("kind", "会议种类", "kind of meeting"),
        option("--from", "first", type=_Day(last=False), zh="起始日期", en="first day"),
        option("--to", "last", type=_Day(last=True), zh="截止日期", en="last day"),
        several("year", "年份", "year", metavar="YYYY"),
        several("department", "部门", "department"),
        several("person", "人员", "person"),
        several("verdict", "结论", "verdict", type=click.Choice(VERDICTS), metavar="VERDICT"),
        several("instrument", "议题文件", "title considered"),
    ]
    for add in reversed(adders):
        command = add(command)
    return command
