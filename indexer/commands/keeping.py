"""Commands that keep an index in order: check, snapshot and restore."""

from __future__ import annotations

from contextlib import closing

import click

from indexer.console import index_option, json_option, print_json, print_lines
from indexer.engines.choose import folder_of, open_engine
from indexer.errors import IndexDamaged
from indexer.originals import Originals
from indexer.settings import Settings, load
from indexer.terminal import (
    clean,
)
from indexer.wording import Command, say


@click.command(cls=Command, help="核对索引的校验和与数目", en="Verify the checksums and counts of the index")
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
    from indexer import similar

    try:
        with closing(open_engine(settings.engine)) as engine:
            folder = folder_of(settings.engine)
            kept = (*Originals(folder).check(), *similar.check(folder)) if folder else ()
            return [clean(line) for line in (*engine.check(), *kept)]
    except IndexDamaged as error:
        return [clean(str(error))]


@click.command(
    cls=Command, help="把索引写成一个文件，检索不中断", en="Write the index into one file while it is searched"
)
@click.argument("file", metavar="FILE")
@index_option
@json_option
def snapshot(file: str, index: str | None, as_json: bool) -> None:
    """Write a snapshot of the newest generation, with the originals."""
    from indexer.snapshots import snapshot as write

    made = write(load(index=index).engine, file)
    if as_json:
        print_json(made.to_json())
    else:
        size = f"{made.bytes / 1e6:,.1f} MB"
        print_lines(
            [
                say(
                    f"已写入 {file}（{size}，版次 {made.generation}）",
                    f"wrote {file} ({size}, generation {made.generation})",
                )
            ]
        )


@click.command(
    cls=Command, help="用快照文件换下索引，检索不中断", en="Put a snapshot in place of the index while it is searched"
)
@click.argument("file", metavar="FILE")
@index_option
@json_option
def restore(file: str, index: str | None, as_json: bool) -> None:
    """Compare a snapshot with its checksums, and make it the newest generation."""
    from indexer.snapshots import restore as take

    made = take(file, load(index=index).engine)
    if as_json:
        print_json(made.to_json())
    else:
        size = f"{made.bytes / 1e6:,.1f} MB"
        print_lines([say(f"已从 {file} 恢复（{size}）", f"restored from {file} ({size})")])
