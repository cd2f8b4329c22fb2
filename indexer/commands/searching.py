"""Commands that ask an index: search, show, stats; and eval, which asks judged queries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from indexer import wire
from indexer.commands.narrowing import filter_options
from indexer.console import index_option, json_option, print_json, print_lines
from indexer.engines.engine import FACETS
from indexer.errors import NotFound
from indexer.model import Meeting
from indexer.report import answer_json, coverage_json, passage_json
from indexer.search import Index, open_index
from indexer.settings import load
from indexer.terminal import (
    answer_lines,
    coverage_lines,
    evaluation_lines,
    item_lines,
    passage_lines,
    record_lines,
    stats_lines,
)
from indexer.trial import trial
from indexer.wording import Command, option

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    def choice(name: str, zh: str, en: str, *values: str) -> Decorator:
        zh, en = f"{zh}（默认 {values[0]}）", f"{en} (default {values[0]})"
        return option(f"--{name}", zh=zh, en=en, type=click.Choice(values), default=values[0])

    def number(name: str, default: int, kind: click.IntRange, zh: str, en: str) -> Decorator:
        zh, en = f"{zh}（默认 {default}）", f"{en} (default {default})"
        return option(f"--{name}", zh=zh, en=en, type=kind, default=default, metavar="N")

    adders: list[Decorator] = [
        choice("level", "查议定事项还是自然段", "resolutions, paragraphs or both", "all", "resolution", "paragraph"),
        choice("match", "含有原文、相关，或自动", "the exact text, related, or as fits", "auto", "exact", "related"),
        filter_options,
        choice(
            "sort", "排序：相关、旧到新、新到旧", "by relevance, oldest or newest first", "relevance", "date", "-date"
        ),
        number("limit", 10, click.IntRange(1, 1000), "显示几条，至多 1000", "how many, 1000 at most"),
        number("offset", 0, click.IntRange(0, 1_000_000), "跳过前几条", "how many to leave out"),
        index_option,
        json_option,
    ]
    for add in reversed(adders):
        command = add(command)
    return command


@click.command(cls=Command, help="检索", en="Search")
@click.argument("query", metavar="QUERY", nargs=-1, required=True)
@_search_options
def search(query: tuple[str, ...], index: str | None, as_json: bool, **wanted: Any) -> None:
    """Print the hits of a query, whose parts need no quotation marks around them."""
    with open_index(load(index=index).engine) as held:
        answer = held.search(" ".join(query), facets=FACETS if as_json else (), **wanted)
        if as_json:
            print_json(answer_json(answer))
        else:
            print_lines(answer_lines(answer, color=sys.stdout.isatty()))


@click.command(
    cls=Command, help="显示一次会议、一份文件，或其中一段", en="Show a meeting, a document, or a passage of it"
)
@click.argument("id", metavar="ID[#ANCHOR]")
@index_option
@json_option
def show(id: str, index: str | None, as_json: bool) -> None:
    """Print one record or passage."""
    with open_index(load(index=index).engine) as held:
        as_object, lines = _shown(held, id)
    print_json(as_object) if as_json else print_lines(lines)


def _shown(held: Index, id: str) -> tuple[object, Iterable[str]]:
    """Return a record, a passage or an agenda item (no passage where its text runs in) as JSON and as lines."""
    record_id, _, anchor = id.partition("#")
    if not anchor:
        record = held.record(record_id)
        return wire.to_json(record), record_lines(record)
    try:
        passage = held.passage(id)
        return passage_json(passage), passage_lines(passage)
    except NotFound:
        record = held.record(record_id)
        for place, item in enumerate(record.items if isinstance(record, Meeting) else ()):
            if item.anchor == anchor:
                return wire.to_json(record)["items"][place], item_lines(item)
        raise


@click.command(cls=Command, help="索引的大小与数目", en="Sizes and counts of the index")
@index_option
@json_option
def stats(index: str | None, as_json: bool) -> None:
    """Print sizes and counts."""
    with open_index(load(index=index).engine) as held:
        found = held.stats()
        if as_json:
            print_json(asdict(found) | {"coverage": coverage_json(held.coverage())})
        else:
            print_lines(stats_lines(found))
            print_lines(coverage_lines(held.coverage()))


@click.command("eval", cls=Command, help="用带评判的查询评测排序", en="Measure the ranking by judged queries")
@click.argument("folder", metavar="DIR")
@json_option
def eval_(folder: str, as_json: bool) -> None:
    """Index the documents of a folder of judgements aside, ask its queries, and print how good the order was."""
    found = trial(Path(folder))
    if as_json:
        print_json(asdict(found))
    else:
        print_lines(evaluation_lines(found))
