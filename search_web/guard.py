"""Who may ask, under which name, and how often: checked before any view, and before a server is started at all.

Nothing here looks at an index.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer.errors import BadParameter
from indexer.settings import Settings, listed
from search_web import failures, origin
from search_web.clients import SCHEME

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
ANYWHERE = ("0.0.0.0", "::")  # addresses to listen at, all of a machine's own
RATE = 600  # requests a minute of one client: ten a second, twice what somebody who types and clicks makes
HEAVY = 10  # what a whole file counts for

_ASKED = "gongwen.asked"
# As names and addresses are: labels of up to 63 signs, 253 in all (RFC 1035), with a port or without.
_HOST = re.compile(
    r"(?=.{1,259}$)([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?",
    re.ASCII | re.IGNORECASE,
)
# What tells nothing of the records and must be had by whoever checks on this server or sees a refusal; /metrics asks
# for its own token.
_OPEN = ("static", "health", "metrics")


def reaches_out(settings: Settings) -> bool:
    """Whether other machines can ask: by the address, by proxies, or by the names that are let in."""
    others = [name for name in listed(settings.hosts) if not origin.loopback(name)]
    return not origin.loopback(settings.host) or settings.proxies > 0 or bool(others)


def check_settings(settings: Settings) -> None:
    """Refuse what would show an index to others without anybody having said so.

    Raises:
        BadParameter: the settings contradict each other, or leave open who may read.
    """
    if settings.auth == "none" and reaches_out(settings) and not settings.public:
        takes = "其他机器可以访问而无须登录；内容可以公开的，请加 --public（public = true），否则请设 auth"
        raise BadParameter("auth", "none", takes)
    if settings.host in ANYWHERE and not settings.hosts:
        raise BadParameter("hosts", "", "监听全部地址时须给出访问所用的主机名，如 --hosts minutes.example.cn")
    if settings.auth == "basic" and not settings.passwords:
        raise BadParameter("passwords", "", "auth = basic 须有密码文件；请运行 gongwen password 用户名 --file 文件")


def names_of(settings: Settings) -> tuple[str, ...]:
    """Return the names under which this site may be asked for; () for any, a leading dot for all below a name."""
    named = listed(settings.hosts)
    if "*" in named:
        return ()
    own = () if settings.host in ANYWHERE else (settings.host,)
    return tuple(dict.fromkeys(name.strip("[]").lower() for name in (*LOOPBACK_NAMES, *own, *named)))


def rate_of(settings: Settings) -> int:
    """Return how many requests a minute one client has; 0 for any number."""
    if settings.rate == "auto":
        return RATE if reaches_out(settings) else 0
    return int(settings.rate)


def is_open() -> bool:
    """Whether the request is for what nobody signs in for: a style sheet, whether the server is well, its figures."""
    return (request.endpoint or "").rpartition(".")[2] in _OPEN


def register(app: Flask, settings: Settings) -> None:
    """Set up the checks of an application that come before anybody is known: proxies and names."""
    app.config[origin.SETTINGS] = settings
    app.wsgi_app = _NameApart(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    names = names_of(settings)
    app.before_request(lambda: _refuse_name(names))
    app.before_request(_refuse_others)


def register_rate(app: Flask, settings: Settings) -> None:
    """Set up how often a client may ask; comes after sign-in, which tells who a client is."""
    rate = rate_of(settings)
    app.register_error_handler(RateLimitExceeded, _too_many)
    Limiter(
        origin.client,
        app=app,
        enabled=rate > 0,
        application_limits=[f"{max(rate, 1)} per minute"],
        application_limits_cost=_cost,
        application_limits_exempt_when=lambda: request.endpoint == "static",
        storage_uri=f"{SCHEME}://",
        strategy="fixed-window",
        request_identifier=lambda: "site",
    )


def _cost() -> int:
    rule = request.url_rule.rule if request.url_rule else ""
    return HEAVY if is_heavy(rule) else 1


def is_heavy(path: str) -> bool:
    """Whether a path gives a whole file, which keeps a thread for as long as the client takes to read it."""
    return path == "/export" or path.endswith(".csv") or "/original/" in path


class _NameApart:
    """Puts the name that was asked for where no URL is made of it, until it is known to be ours.

    An application that is asked under a name that can be none (a label of 3,000 letters) could not even say so: what
    makes the links of its page refuses the name, too.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("HTTP_HOST", "")
        environ[_ASKED] = asked
        if not _HOST.fullmatch(asked):
            environ["HTTP_HOST"] = "invalid"
        return self._app(environ, start_response)


def _refuse_name(names: tuple[str, ...]) -> Response | None:
    """Answer under our own names alone, so that no page of another site can ask in the name of one that is ours."""
    if request.path == "/healthz":
        return None  # asked for by address by whoever checks on servers; nothing in it depends on the name
    asked = str(request.environ.get(_ASKED, ""))
    found = _HOST.fullmatch(asked)
    host = found[1].strip("[]").lower().rstrip(".") if found else ""
    if found and (not names or any(host == one or (one[0] == "." and host.endswith(one)) for one in names)):
        return None
    what = f"这里不以“{asked[:100]}”为名；管理员可在设置项 hosts 中写明访问所用的主机名"
    return failures.answer(failures.Failure(400, what))


def _refuse_others() -> Response | None:
    """With nothing that lets others in, answer no machine but this one, whatever server runs the application."""
    settings = origin.settings_now()
    if settings.auth != "none" or settings.public or origin.loopback(origin.peer()):
        return None
    return failures.answer(failures.Failure(403, "只限本机访问；管理员可设 public = true 或 auth 以供他人使用"))


def _too_many(error: HTTPException) -> Response:
    """Tell when to come again: at the end of the minute that is counted."""
    limiter = next(iter(current_app.extensions["limiter"]))
    current = limiter.current_limit
    seconds = min(60, max(1, math.ceil(current.reset_at - time.time()))) if current else 60
    told = f"一分钟内请求过多，请在 {seconds} 秒后再试"
    response = failures.answer(failures.Failure(429, told))
    response.headers["Retry-After"] = str(seconds)
    return response
