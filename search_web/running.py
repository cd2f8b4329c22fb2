"""Settings go in, a server answers at their address until it is interrupted; what speaks against it is told before."""

from __future__ import annotations

import errno
import gc
import socket
import sys
import tempfile
from contextlib import suppress

import click
from flask import Flask

from indexer.errors import BadParameter, GongwenError, IndexUnavailable
from indexer.report import FACETS
from indexer.settings import Settings
from indexer.wording import say
from search_web import guard, logs, metrics, passwords, processes, serving
from search_web.app import create_app
from search_web.holder import EXTENSION, Holder

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


def run(settings: Settings) -> None:
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
