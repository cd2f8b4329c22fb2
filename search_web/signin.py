"""Who is signed in, where the setting `auth` asks for it: a name and password, or what a trusted proxy says.

    none     nobody is asked
    basic    HTTP Basic (RFC 7617) against a file of hashed passwords; failures are counted and slowed down
    header   the name in `auth_header`, believed from the addresses in `trusted` alone

The whole site is asked for, but for style sheets and whether the server is well. Who comes by a password can go by
/signout.
"""

from __future__ import annotations

import logging
import re

from flask import Flask, Response, g, request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from indexer.errors import BadParameter
from indexer.settings import Settings
from search_web import failures, guard, origin
from search_web.clients import Clients
from search_web.passwords import Passwords

_log = logging.getLogger(__name__)

# A person who has forgotten a password tries a few; who guesses has ten in a quarter of an hour from one address, and
# a hundred an hour for one account from all addresses together (OWASP ASVS 2.2.1).
OF_ADDRESS = RateLimitItemPerMinute(10, 15)
OF_ACCOUNT = RateLimitItemPerHour(100)
SIGN_OUT = "/signout"
# A browser forgets the password that it was let in with when it is refused with it; a secure origin's is also told so.
_FORGET = '"cache", "cookies", "storage"'
_NAME = re.compile(r"[^\x00-\x1f\x7f,]{1,200}")


def register(app: Flask, settings: Settings) -> None:
    """Ask for what the settings say before any view."""
    if settings.auth == "basic":
        door = _Door(Passwords(settings.passwords))
        app.before_request(door.ask)
    elif settings.auth == "header":
        app.before_request(lambda: _named_by_proxy(settings.auth_header))


class _Door:
    """Lets in by name and password; remembers how many failures there were."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords
        self._failures = FixedWindowRateLimiter(Clients())

    def ask(self) -> Response | None:
        """Return None for who may come in."""
        if guard.is_open():
            return None
        if request.path == SIGN_OUT:
            return _signed_out()
        given = request.authorization
        if given is None or given.type != "basic" or not given.username or given.password is None:
            return _refused("请输入用户名和密码")
        try:
            return self._judged(given.username, given.password)
        except BadParameter:
            _log.exception("the file of passwords cannot be used")
            return failures.answer(failures.Failure(503, "密码文件暂不可用，请告知管理员"))

    def _judged(self, name: str, password: str) -> Response | None:
        if not self._passwords.known(name, password):
            tries = ((OF_ADDRESS, origin.client()), (OF_ACCOUNT, f"account {name[:100]}"))
            for limit, key in tries:
                if not self._failures.test(limit, key):
                    return _slowed(limit.get_expiry())
            if not self._passwords.right(name, password):
                for limit, key in tries:
                    self._failures.hit(limit, key)
                _log.warning("sign-in failed from %s", origin.client())
                return _refused("用户名或密码不对")
        g.user, g.by_password = name, True  # whom pages offer the way out
        return None


def _refused(why: str) -> Response:
    response = failures.answer(failures.Failure(401, why))
    response.headers["WWW-Authenticate"] = 'Basic realm="gongwen", charset="UTF-8"'
    return response


def _signed_out() -> Response:
    response = _refused("已退出登录")
    response.headers["Clear-Site-Data"] = _FORGET
    return response


def _slowed(seconds: int) -> Response:
    response = failures.answer(failures.Failure(429, f"登录失败的次数过多，请在 {seconds // 60} 分钟后再试"))
    response.headers["Retry-After"] = str(seconds)
    return response


def _named_by_proxy(header: str) -> Response | None:
    """Believe a name that a trusted proxy gives; one that comes twice or holds a comma was not given by it alone."""
    if guard.is_open():
        return None
    if not origin.trusted():
        return failures.answer(failures.Failure(403, "请经由登录入口访问，不要直接访问本服务"))
    name = request.headers.get(header, "")
    try:
        name = name.encode("latin-1").decode("utf-8").strip()  # a header's bytes, as WSGI gives them
    except UnicodeError:
        name = ""
    if not _NAME.fullmatch(name):
        return failures.answer(failures.Failure(403, f"登录入口没有给出用户名（{header}）"))
    g.user = name
    return None
