"""Commands that keep an index in order: check."""

from __future__ import annotations

from contextlib import closing

import click

from indexer.console import index_option, json_option, print_json, print_lines
from indexer.engines.choose import open_engine, place_of
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
    try:
        with closing(open_engine(settings.engine)) as engine:
            return [clean(line) for line in (*engine.check(), *Originals(place_of(settings.engine)).check())]
    except IndexDamaged as error:
        return [clean(str(error))]
