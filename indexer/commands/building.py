"""Commands that read files: index and sync into an index, parse to show what is read; and remove."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import Any

import click
from tqdm import tqdm

from indexer import wire
from indexer.build import Progress, Report, build
from indexer.build import remove as remove_records
from indexer.console import SOME_FAILED, index_option, json_option, print_json, print_lines
from indexer.errors import UnreadableFile
from indexer.intake import Fault, Marked
from indexer.settings import load
from indexer.terminal import (
    clean,
    record_lines,
    report_lines,
)
from indexer.wording import Command, option, say
from indexer.workers import read_all


def ocr_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --ocr to a command."""
    zh, en = "识别扫描页和图片中的文字（较慢）", "recognise the text of scanned pages and pictures (slow)"
    return option("--ocr", is_flag=True, zh=zh, en=en)(command)


def _build_options(command: Callable[..., Any]) -> Callable[..., Any]:
    public = ("只收录自己标明公开的文件", "keep only what says of itself that it is public")
    marked = ("也收录标有密级、内部资料、不予公开的文件（默认不收）", "take also what is marked secret or internal")
    keep = ("在索引中保存原件，供网页下载", "keep the original files in the index, for download")
    for add in (
        json_option,
        ocr_option,
        option("--public-only", is_flag=True, zh=public[0], en=public[1]),
        option("--allow-marked", is_flag=True, zh=marked[0], en=marked[1]),
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


@click.command("index", cls=Command, help="把文件和文件夹读入索引", en="Read files and folders into the index")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@_build_options
def index_(paths: tuple[str, ...], **options: Any) -> None:
    """Add and update."""
    _build(paths, sync=False, **options)


@click.command(
    cls=Command, help="同 index，并移除文件夹里已不存在的", en="As index, and remove what has gone from the folder"
)
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
    if replace(report, meetings=0, documents=0, passages=0, seconds=0.0, others=()) == Report():
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


@click.command(cls=Command, help="按编号移除会议或文件", en="Remove meetings or documents by id")
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


@click.command(
    cls=Command, help="显示从一个文件里读出了什么，不需要索引", en="Show what is read from one file; needs no index"
)
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
        found.append(record.record if isinstance(record, Marked) else record)
    if as_json:
        print_json(wire.to_json(found[0]) if len(found) == 1 else {"records": [wire.to_json(one) for one in found]})
        return
    for number, record in enumerate(found):
        print_lines(["", "─" * 40] if number else [])
        print_lines(record_lines(record))
