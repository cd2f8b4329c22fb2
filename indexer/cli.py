"""The command line: arguments in, text or one JSON object out; the only place of this package that prints.

Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 3 done but some files could not be read. A failure is one
line on standard error. Nothing is decided here that another face would need too.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from indexer import Index, __version__, open_index, wire
from indexer.build import Progress, Report, build
from indexer.build import remove as remove_records
from indexer.bulk import export_lines
from indexer.commands import SOME_FAILED, cite_, import_, mcp_
from indexer.console import index_option, json_option, print_json, print_lines
from indexer.engines.choose import open_engine, place_of
from indexer.engines.engine import FACETS
from indexer.errors import IndexDamaged, NotFound, UnreadableFile
from indexer.export import FORMATS, Format, export, write_whole
from indexer.intake import Fault
from indexer.model import VERDICTS, Meeting
from indexer.originals import Originals
from indexer.query.fields import days
from indexer.report import answer_json, coverage_json, passage_json
from indexer.settings import Settings, load
from indexer.terminal import (
    answer_lines,
    clean,
    coverage_lines,
    evaluation_lines,
    item_lines,
    passage_lines,
    record_lines,
    report_lines,
    stats_lines,
)
from indexer.trial import trial
from indexer.wording import Group, lang_option, option, say, version_option
from indexer.workers import read_all

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def ocr_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --ocr to a command."""
    zh, en = "识别扫描页和图片中的文字（较慢）", "recognise the text of scanned pages and pictures (slow)"
    return option("--ocr", is_flag=True, zh=zh, en=en)(command)


@click.group(cls=Group, help="政府会议纪要全文检索", en="Full-text search for government meeting minutes")
@lang_option
@option("-v", "--verbose", is_flag=True, zh="把运行日志写到标准错误", en="write the log to standard error")
@version_option(__version__)
def cli(verbose: bool) -> None:
    """Configure what all commands share."""
    logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL + 1, stream=sys.stderr, force=True)


def _build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    public = ("只收录自己标明公开的文件", "keep only what says of itself that it is public")
    keep = ("在索引中保存原件，供网页下载", "keep the original files in the index, for download")
    for add in (
        json_option,
        ocr_option,
        option("--public-only", is_flag=True, zh=public[0], en=public[1]),
        option("--keep-originals", is_flag=True, zh=keep[0], en=keep[1]),
        option(
            "--jobs",
            type=click.IntRange(1, 256),
            metavar="N",
            zh="用几个进程读取（默认 1）",
            en="processes (default 1)",
        ),
        index_option,
    ):
        command = add(command)
    return command


@cli.command("index", help="把文件和文件夹读入索引", en="Read files and folders into the index")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@_build_options
def index_(paths: tuple[str, ...], **options: Any) -> None:
    """Add and update."""
    _build(paths, sync=False, **options)


@cli.command(help="同 index，并移除文件夹里已不存在的", en="As index, and remove what has gone from the folder")
@click.argument("folder", metavar="DIR")
@option("--watch", is_flag=True, zh="一直运行，文件夹有变动即更新", en="go on, and follow the folder's changes")
@_build_options
def sync(folder: str, watch: bool, **options: Any) -> None:
    """Add, update and remove; with --watch, again after every change until interrupted."""
    if watch:
        _follow(folder, **options)
    else:
        _build((folder,), sync=True, **options)


def _build(
    paths: tuple[str, ...], *, index: str | None, jobs: int | None, as_json: bool, sync: bool, **how: bool
) -> None:
    settings = load(index=index, jobs=jobs)
    with _bar() as progress:
        report = build(paths, settings.engine, jobs=settings.jobs, sync=sync, progress=progress, **how)
    _tell(report, as_json)
    finish(report)


def _follow(folder: str, *, index: str | None, jobs: int | None, as_json: bool, **how: Any) -> None:
    """Tell the report of every change; being interrupted is how this ends."""
    from indexer.watch import follow

    settings = load(index=index, jobs=jobs)
    with suppress(KeyboardInterrupt):
        for report in follow(folder, settings.engine, jobs=settings.jobs, **how):
            _tell(report, as_json)
            sys.stdout.flush()


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report.to_json())
    else:
        print_lines(report_lines(report))


def finish(report: Report) -> None:
    """End a command that has built: tell that there was nothing to read, or that some of it could not be read."""
    if report == Report(
        meetings=report.meetings, documents=report.documents, passages=report.passages, seconds=report.seconds
    ):
        click.echo(say("没有找到可以读取的文件", "no file was found that could be read"), err=True)
    if report.failed:
        raise click.exceptions.Exit(SOME_FAILED)


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """Give a callback that draws a bar on standard error, or None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with tqdm(unit=say("个", " files"), file=sys.stderr, leave=False, dynamic_ncols=True) as bar:

        def show(done: int, total: int, path: str) -> None:
            bar.total = total
            bar.set_postfix_str(clean(path)[-40:], refresh=False)
            bar.update(done - bar.n)

        yield show


@cli.command(help="按编号移除会议或文件", en="Remove meetings or documents by id")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@index_option
@json_option
def remove(ids: tuple[str, ...], index: str | None, as_json: bool) -> None:
    """Remove all of the ids, or none if one is not there."""
    count = remove_records(ids, load(index=index).engine)
    if as_json:
        print_json({"removed": count})
    else:
        click.echo(say(f"已移除 {count} 项", f"removed {count}"))


@cli.command(help="显示从一个文件里读出了什么，不需要索引", en="Show what is read from one file; needs no index")
@click.argument("file", metavar="FILE")
@ocr_option
@json_option
def parse(file: str, ocr: bool, as_json: bool) -> None:
    """Show the record of a file; of a list of documents, all of them."""
    found = []
    for record in chain.from_iterable(held for _, held in read_all([file], 1, ocr)):
        if isinstance(record, Fault):
            logging.getLogger(__name__).error("%s", record.trace)
            raise UnreadableFile(record.path, record.reason)
        found.append(record)
    if as_json:
        print_json(wire.to_json(found[0]) if len(found) == 1 else {"records": [wire.to_json(one) for one in found]})
        return
    for number, record in enumerate(found):
        print_lines(["", "─" * 40] if number else [])
        print_lines(record_lines(record))


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


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
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
        _filter_options,
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


@cli.command(help="检索", en="Search")
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


@cli.command(help="显示一次会议、一份文件，或其中一段", en="Show a meeting, a document, or a passage of it")
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


@cli.command("export", help="导出督办台账或检索结果；不写 QUERY 则导出全部", en="Write a ledger, or what a query finds")
@click.argument("query", metavar="[QUERY]", nargs=-1)
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    zh="ledger 督办台账（默认），xlsx 督办台账工作簿，csv 每段一行，jsonl 每行一段",
    en="ledger: a row a resolution (default), xlsx: as a workbook; csv: a row a passage; jsonl: a passage a line",
)
@option(
    "--all", "whole", is_flag=True, zh="整个索引，每行一项 JSON，供 import 收录", en="the index itself, for `import`"
)
@option("--output", "-o", metavar="FILE", zh="写入文件（默认标准输出）", en="file to write (default standard output)")
@option("--site", default="", metavar="URL", zh="链接前面的网址", en="address to put in front of links")
@_filter_options
@index_option
def export_(
    query: tuple[str, ...], index: str | None, form: Format, output: str | None, site: str, whole: bool, **filters: Any
) -> None:
    """Write a file part by part; one that was begun and could not be finished does not stay."""
    if whole and (query or site or form in ("csv", "xlsx") or any(filters.values())):
        raise click.UsageError(
            say("--all 只写 jsonl，不与 QUERY 和筛选条件同用", "--all writes jsonl and takes no QUERY or filters")
        )
    with open_index(load(index=index).engine) as held:
        parts = export(held, " ".join(query), form, site=site.rstrip("/"), **filters)
        if whole:
            parts = (line.encode("utf-8") for line in export_lines(held.engine))
        if output is None:
            sys.stdout.buffer.writelines(parts)  # as they stand: no line end is translated
        else:
            write_whole(Path(output), parts)


cli.add_command(import_)
cli.add_command(cite_)
cli.add_command(mcp_)


@cli.command(help="核对索引的校验和与数目", en="Verify the checksums and counts of the index")
@index_option
@json_option
def check(index: str | None, as_json: bool) -> None:
    """Tell every damage; the exit code is 1 if there is any."""
    problems = _problems(load(index=index))
    if as_json:
        print_json({"ok": not problems, "problems": problems})
    else:
        print_lines(problems or [say("索引完好", "the index is sound")])
    if problems:
        raise click.exceptions.Exit(1)


def _problems(settings: Settings) -> list[str]:
    try:
        with closing(open_engine(settings.engine)) as engine:
            return [clean(line) for line in (*engine.check(), *Originals(place_of(settings.engine)).check())]
    except IndexDamaged as error:
        return [clean(str(error))]


@cli.command(help="索引的大小与数目", en="Sizes and counts of the index")
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


@cli.command("eval", help="用带评判的查询评测排序", en="Measure the ranking by judged queries")
@click.argument("folder", metavar="DIR")
@json_option
def eval_(folder: str, as_json: bool) -> None:
    """Index the documents of a folder of judgements aside, ask its queries, and print how good the order was."""
    found = trial(Path(folder))
    if as_json:
        print_json(asdict(found))
    else:
        print_lines(evaluation_lines(found))
