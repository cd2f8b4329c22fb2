"""The console script `gongwen`: the command line of `indexer` with the commands that serve pages added.

Starts a server and prints its address; everything that is shown comes from the application.
"""

from __future__ import annotations

import errno
import gc
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from flask import Flask

from indexer.build import build
from indexer.cli import cli
from indexer.console import index_option, print_lines
from indexer.errors import BadParameter, GongwenError, IndexUnavailable
from indexer.report import FACETS
from indexer.search import open_index
from indexer.settings import Settings, load
from indexer.terminal import report_lines
from indexer.wording import complaint, option, say
from search_web import guard, logs, metrics, passwords, processes, serving
from search_web.app import create_app
from search_web.holder import EXTENSION, Holder

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
    settings = checked(load(**given))
    try:
        open_index(settings.engine).close()
    except IndexUnavailable as error:
        click.echo(complaint(error), err=True)
    _run(settings)


@cli.command(help="把 data/samples 的示例纪要建成索引并启动网页", en="Index the samples of data/samples and serve them")
@_server_options
def demo(**given: Any) -> None:
    """Show the whole way on invented minutes."""
    settings = checked(load(**given))
    if not SAMPLES.is_dir():
        raise GongwenError(
            say(f"没有示例文件夹 {SAMPLES}；请在源代码目录中运行", f"no samples at {SAMPLES}; run this in a checkout")
        )
    here = Path.cwd()
    folder = SAMPLES.relative_to(here) if SAMPLES.is_relative_to(here) else SAMPLES
    print_lines(report_lines(build([folder], settings.engine, sync=True)))
    _run(settings)


@cli.command(help="为网页登录生成带散列密码的账号", en="Make an account with a hashed password for signing in")
@click.argument("name", metavar="NAME")
@option("--file", "file", metavar="FILE", zh="写入密码文件（只限本人读写）", en="write it into a file of passwords")
def password(name: str, file: str | None) -> None:
    """Ask for a password twice, or read one line where nobody types; print the line of the account, or keep it."""
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


# What is told of settings that contradict each other or leave open who may read, by the setting to change.
_ENGLISH = {
    "auth": "other machines can ask and nobody signs in: add --public if the content is public, else set auth",
    "hosts": "with all addresses, name those under which the site is asked for: --hosts minutes.example.cn",
    "passwords": "auth = basic needs a file of accounts: gongwen password NAME --file FILE",
}


def checked(settings: Settings) -> Settings:
    """Return the settings if a server may be started with them."""
    try:
        guard.check_settings(settings)
        if settings.auth == "basic":
            passwords.Passwords(settings.passwords)
    except BadParameter as error:
        raise BadParameter(error.name, error.value, say(error.takes, _ENGLISH[error.name])) from error
    if settings.processes > 1 and not processes.possible():
        raise BadParameter("processes", settings.processes, "本系统只能用一个进程")
    if settings.auth == "basic" and guard.reaches_out(settings) and not settings.https:
        click.echo(
            say(
                "注意：密码将以明文经过网络；请置于 TLS 代理之后，并设 https = true",
                "note: passwords cross the network unencrypted; put a TLS proxy in front and set https = true",
            ),
            err=True,
        )
    return settings


def _run(settings: Settings) -> None:
    """Serve an index at the address of the settings until interrupted."""
    with _bound(settings) as bound, tempfile.TemporaryDirectory(prefix="gongwen-") as folder:
        if settings.processes > 1:
            metrics.share(folder)
        logs.set_up(settings.log, settings.access_log)
        app = create_app(settings)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{bound.getsockname()[1]}/"
        click.echo(say(f"检索网页：{address}（按 Ctrl+C 停止）", f"Serving {address} (stop with Ctrl+C)"))
        sys.stdout.flush()
        if settings.processes == 1:
            _serve(app, settings, bound)
        else:
            processes.serve(settings.processes, lambda: _serve(app, settings, bound), settings.timeout + 5)


def _serve(app: Flask, settings: Settings, bound: socket.socket) -> None:
    warm(app)
    server = serving.Server(app, settings, bound.dup(), metrics.of(app).turned_away)
    serving.stop_on_signals(server)
    try:
        server.run()
    finally:
        server.close()
    if server.gave_up:
        raise GongwenError(say("所有线程都被超时的请求占住，服务已停止", "every thread was lost to a request"))


def warm(app: Flask) -> None:
    """Ask the index, so that the first who comes does not wait for it, and keep what stays out of collections.

    What templates and dictionaries are made of never goes; to look through it again and again takes 10 to 20 ms.
    """
    holder: Holder = app.extensions[EXTENSION]
    with suppress(IndexUnavailable):  # told before, and opened once it is there
        index = holder.index()
        for query in ("会议", "会议 办法"):  # with the second one an engine knows that there is more to come
            index.search(query, limit=1, facets=FACETS)
        index.engine.let_go()  # the system keeps what was read; a search maps of it what it needs
    gc.collect()
    gc.freeze()


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
