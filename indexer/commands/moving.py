"""The command that copies an index between engines: move."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
from tqdm import tqdm

from indexer.console import json_option, print_json, print_lines
from indexer.move import move
from indexer.wording import Command, say


@click.command(
    "move", cls=Command, help="把索引复制到另一处，可换引擎", en="Copy an index elsewhere, to another engine if wanted"
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
def move_(source: str, target: str, as_json: bool) -> None:
    """Copy, with a bar where somebody looks, and tell what the copy holds."""
    with tqdm(unit="", disable=as_json or not sys.stderr.isatty(), leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        moved = move(source, target, progress)
    if as_json:
        print_json(asdict(moved))
    else:
        print_lines(
            [
                say(
                    f"已复制：会议 {moved.meetings} 份，文件 {moved.documents} 份，段落 {moved.passages} 个，"
                    f"用时 {moved.seconds:.1f} 秒",
                    f"copied: {moved.meetings} meetings, {moved.documents} documents, {moved.passages} passages, "
                    f"{moved.seconds:.1f} s",
                )
            ]
        )
