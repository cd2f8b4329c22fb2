"""Commands that carry what an index holds elsewhere and back: export, import, cite and mcp."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from indexer.assistant import serve
from indexer.bulk import export_lines, import_file
from indexer.citations import STYLES, Style, cite, written
from indexer.commands.narrowing import filter_options
from indexer.console import SOME_FAILED, index_option, json_option, print_json, print_lines
from indexer.export import FORMATS, Format, export, write_whole
from indexer.search import open_index
from indexer.settings import load
from indexer.terminal import (
    report_lines,
)
from indexer.wording import Command, option, say


@click.command(
    "export",
    cls=Command,
    help="导出督办台账或检索结果；不写 QUERY 则导出全部",
    en="Write a ledger, or what a query finds",
)
@click.argument("query", metavar="[QUERY]", nargs=-1)
@option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    zh="ledger 督办台账（默认），xlsx 督办台账工作簿，csv 每段一行，jsonl 每行一段，docx 供阅读的摘录",
    en="ledger: a row a resolution (default), xlsx: as a workbook; csv: a row a passage; jsonl: a passage a line; "
    "docx: an extract to be read",
)
@option(
    "--all", "whole", is_flag=True, zh="整个索引，每行一项 JSON，供 import 收录", en="the index itself, for `import`"
)
@option("--output", "-o", metavar="FILE", zh="写入文件（默认标准输出）", en="file to write (default standard output)")
@option("--site", default="", metavar="URL", zh="链接前面的网址", en="address to put in front of links")
@filter_options
@index_option
def export_(
    query: tuple[str, ...], index: str | None, form: Format, output: str | None, site: str, whole: bool, **filters: Any
) -> None:
    """Write a file part by part; one that was begun and could not be finished does not stay."""
    if whole and (query or site or form in ("csv", "xlsx", "docx") or any(filters.values())):
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


@click.command("cite", cls=Command, help="写出会议、文件或其中一段的引文", en="Cite a meeting, a document or a passage")
@click.argument("id", metavar="ID[#ANCHOR]")
@option(
    "--style",
    type=click.Choice(STYLES),
    default=STYLES[0],
    zh="gbt7714 国标 GB/T 7714-2015（默认），bibtex，ris，csl（CSL-JSON）",
    en="gbt7714: the Chinese standard GB/T 7714-2015 (default); bibtex; ris; csl: CSL-JSON",
)
@option("--base-url", default="", metavar="URL", zh="检索网页的网址，写在链接前面", en="where the pages are served")
@index_option
def cite_(id: str, style: Style, base_url: str, index: str | None) -> None:
    """Print one citation, with today as the day of access."""
    record_id, _, anchor = id.partition("#")
    with open_index(load(index=index).engine) as held:
        citation = cite(held.record(record_id), anchor, base_url=base_url, accessed=date.today())
    print_lines(written(citation, style).splitlines())


@click.command(
    "import", cls=Command, help="收录 export --all 写出的文件，重建索引", en="Index what `export --all` has written"
)
@click.argument("file", metavar="FILE")
@index_option
@json_option
def import_(file: str, index: str | None, as_json: bool) -> None:
    """Add and update the records of a file, and print the report."""
    report = import_file(file, load(index=index).engine)
    if as_json:
        print_json(report.to_json())
    else:
        print_lines(report_lines(report))
    if report.failed:
        raise click.exceptions.Exit(SOME_FAILED)


@click.command("mcp", cls=Command, help="供人工智能助手检索（MCP，标准输入输出）", en="Serve assistants (MCP on stdio)")
@option("--base-url", default="", metavar="URL", zh="检索网页的网址，写在链接前面", en="where the pages are served")
@option(
    "--http",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    zh="改用 HTTP，地址为 http://127.0.0.1:PORT/mcp",
    en="use HTTP at http://127.0.0.1:PORT/mcp",
)
@index_option
def mcp_(base_url: str, http: int | None, index: str | None) -> None:
    """Answer until the assistant goes away; nothing else is printed."""
    with open_index(load(index=index).engine) as held:
        serve(held, base_url, http)
