"""The console script `gongwen`: the command line of `indexer` with the commands that serve pages added.

Starts a server and prints its address; everything that is shown comes from the application.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from indexer.build import build
from indexer.cli import cli
from indexer.console import index_option, print_lines
from indexer.errors import BadParameter, GongwenError, IndexUnavailable
from indexer.search import open_index
from indexer.settings import load
from indexer.terminal import report_lines
from indexer.wording import complaint, option, say

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"


def _server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for add in (
        option(
            "--public", is_flag=True, default=None, zh="内容可以公开：无须登录", en="the content is public: no sign-in"
        ),
        option(
            "--hosts",
            metavar="NAMES",
            zh="访问所用的主机名，以逗号分隔",
            en="names under which the site is asked for, with commas",
        ),
        option(
            "--processes",
            type=click.IntRange(1, 64),
            metavar="N",
            zh="同时应答的进程数（默认 1）",
            en="processes (default 1)",
        ),
        option(
            "--threads",
            type=click.IntRange(1, 256),
            metavar="N",
            zh="每个进程同时应答的线程数（默认 4）",
            en="threads of each process (default 4)",
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
    # Imported by the commands that need them: all others are done before a web server is loaded.
    from search_web import running

    settings = running.checked(load(**given))
    try:
        open_index(settings.engine).close()
    except IndexUnavailable as error:
        click.echo(complaint(error), err=True)
    running.run(settings)


@cli.command(help="把 data/samples 的示例纪要建成索引并启动网页", en="Index the samples of data/samples and serve them")
@_server_options
def demo(**given: Any) -> None:
    """Show the whole way on invented minutes."""
    from search_web import running

    settings = running.checked(load(**given))
    if not SAMPLES.is_dir():
        raise GongwenError(
            say(f"没有示例文件夹 {SAMPLES}；请在源代码目录中运行", f"no samples at {SAMPLES}; run this in a checkout")
        )
    here = Path.cwd()
    folder = SAMPLES.relative_to(here) if SAMPLES.is_relative_to(here) else SAMPLES
    print_lines(report_lines(build([folder], settings.engine, sync=True)))
    running.run(settings)


@cli.command(help="为网页登录生成带散列密码的账号", en="Make an account with a hashed password for signing in")
@click.argument("name", metavar="NAME")
@option("--file", "file", metavar="FILE", zh="写入密码文件（只限本人读写）", en="write it into a file of passwords")
def password(name: str, file: str | None) -> None:
    """Ask for a password twice, or read one line where nobody types; print the line of the account, or keep it."""
    from search_web import passwords

    passwords.line_of(name, "correct horse battery staple")  # the name is looked at before anything is typed
    known = passwords.common(load().common_passwords)
    try:
        typed = _typed()
        line = passwords.line_of(name, typed, known)
    except BadParameter as error:
        english = f"a password has {passwords.LEAST} to {passwords.MOST} signs and is not easily guessed"
        raise GongwenError(say(error.takes, english)) from error
    if file is None:
        click.echo(line)
    elif passwords.put(Path(file), line):
        click.echo(say(f"已更换 {name} 的密码", f"the password of {name} was replaced"))
    else:
        click.echo(say(f"已添加 {name}", f"{name} was added"))


def _typed() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first: str = click.prompt(say("密码", "Password"), hide_input=True)
    if first != click.prompt(say("再输一次", "Once more"), hide_input=True):
        raise GongwenError(say("两次输入的密码不同", "the two passwords differ"))
    return first


def main() -> None:
    """Run the command line; the console script starts here."""
    cli(prog_name="gongwen")
