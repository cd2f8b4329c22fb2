"""What commands share: the options that many take, and how lines and JSON are printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import click

from indexer.wording import option

SOME_FAILED = 3  # the exit code of a command that is done but for some files


def index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --index to a command, for `settings.load`."""
    zh, en = "索引所在的文件夹（默认 data/index）", "folder of the index (default data/index)"
    return option("--index", zh=zh, en=en, metavar="DIR")(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json to a command."""
    zh, en = "只输出一个 JSON 对象", "print one JSON object and nothing else"
    return option("--json", "as_json", is_flag=True, zh=zh, en=en)(command)


def print_json(value: object) -> None:
    """Print one JSON object; what no encoding can hold (half a surrogate pair in a file name) becomes a sign."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "replace").decode("utf-8"))


def print_lines(lines: Iterable[str], err: bool = False) -> None:
    """Print lines of text."""
    for line in lines:
        click.echo(line.encode("utf-8", "replace").decode("utf-8"), err=err, color=True)
