"""The console script `gongwen`: the command line of `indexer` with the commands that serve pages added.

Starts a server and prints its address; everything that is shown comes from the application.
"""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from waitress.server import create_server

from indexer.build import build
from indexer.cli import cli
from indexer.console import index_option, print_lines
from indexer.errors import GongwenError, IndexUnavailable
from indexer.search import open_index
from indexer.settings import Settings, load
from indexer.terminal import report_lines
from indexer.wording import complaint, option, say
from search_web.app import create_app

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"


def _server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for add in (
        option(
            "--threads",
            type=click.IntRange(1, 256),
            metavar="N",
            zh="同时应答的线程数（默认 4）",
            en="threads (default 4)",
        ),
        option(
            "--port",
            type=click.IntRange(0, 65535),
            metavar="N",
            zh="端口（默认 8000，0 为任选）",
            en="port (default 8000, 0: any)",
        ),
        option("--host", zh="地址（默认 127.0.0.1，只限本机）", en="address (default 127.0.0.1: this machine alone)"),
        index_option,
    ):
        command = add(command)
    return command


@cli.command(help="启动检索网页", en="Serve the web pages")
@_server_options
def serve(**given: Any) -> None:
    """Serve until interrupted; an index that is not there yet is told and opened once it is."""
    settings = load(**given)
    try:
        open_index(settings.engine).close()
    except IndexUnavailable as error:
        click.echo(complaint(error), err=True)
    _run(settings)


@cli.command(help="把 data/samples 的示例纪要建成索引并启动网页", en="Index the samples of data/samples and serve them")
@_server_options
def demo(**given: Any) -> None:
    """Show the whole way on invented minutes."""
    settings = load(**given)
    if not SAMPLES.is_dir():
        raise GongwenError(
            say(f"没有示例文件夹 {SAMPLES}；请在源代码目录中运行", f"no samples at {SAMPLES}; run this in a checkout")
        )
    here = Path.cwd()
    folder = SAMPLES.relative_to(here) if SAMPLES.is_relative_to(here) else SAMPLES
    print_lines(report_lines(build([folder], settings.engine, sync=True)))
    _run(settings)


def _run(settings: Settings) -> None:
    """Serve an index at the address of the settings until interrupted."""
    root = logging.getLogger()
    root.setLevel(min(root.level, logging.WARNING))
    with _bound(settings) as bound:
        server = create_server(create_app(settings), sockets=[bound], threads=settings.threads, ident="")
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{bound.getsockname()[1]}/"
        click.echo(say(f"检索网页：{address}（按 Ctrl+C 停止）", f"Serving {address} (stop with Ctrl+C)"))
        sys.stdout.flush()
        try:
            server.run()
        finally:
            server.close()


def _bound(settings: Settings) -> socket.socket:
    """Return a socket of the address and port; waitress leaves its own behind when it cannot bind them."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((str(address[0]), settings.port), family=family)
    except OSError as error:
        raise GongwenError(_why_not(settings, error)) from error


def _why_not(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return say(
            f"{where} 已被另一个程序占用；请用 --port 换一个端口",
            f"{where} is taken by another program; choose another --port",
        )
    return say(
        f"无法在 {where} 提供服务（{error.strerror or error}）", f"cannot serve at {where} ({error.strerror or error})"
    )


def main() -> None:
    """Run the command line; the console script starts here."""
    cli(prog_name="gongwen")
