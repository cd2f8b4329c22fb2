"""The command line: arguments in, text or one JSON object out; it and `commands` are what prints in this package.

Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 3 done but some files could not be read. A failure is one
line on standard error. Nothing is decided here that another face would need too.
"""

from __future__ import annotations

import logging
import sys

import click

from indexer import __version__
from indexer.commands.building import index_, parse, remove, sync
from indexer.commands.keeping import check, restore, snapshot
from indexer.commands.moving import move_
from indexer.commands.searching import eval_, search, show, stats
from indexer.commands.sharing import cite_, export_, import_, mcp_
from indexer.wording import Group, lang_option, option, version_option


@click.group(cls=Group, help="政府会议纪要全文检索", en="Full-text search for government meeting minutes")
@lang_option
@option("-v", "--verbose", is_flag=True, zh="把运行日志写到标准错误", en="write the log to standard error")
@version_option(__version__)
def cli(verbose: bool) -> None:
    """Configure what all commands share."""
    logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL + 1, stream=sys.stderr, force=True)


for command in (
    index_,
    sync,
    remove,
    parse,
    search,
    show,
    export_,
    import_,
    cite_,
    mcp_,
    check,
    stats,
    eval_,
    snapshot,
    restore,
    move_,
):
    cli.add_command(command)
