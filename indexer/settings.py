"""What an installation may set, as one frozen value: defaults < gongwen.toml < environment < arguments.

A face calls `load` once and hands on what each part needs; nothing below a face reads a file or the environment
for itself. Paths in gongwen.toml count from the folder that the file lies in.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, get_args

from indexer.engines.choose import engine_string
from indexer.errors import BadParameter

Lang = Literal["zh", "en"]
Auth = Literal["none", "basic", "header"]
LogForm = Literal["text", "json"]
AccessLog = Literal["no", "route", "full"]
LANGS: tuple[Lang, ...] = get_args(Lang)

FILE = "gongwen.toml"
PREFIX = "GONGWEN_"

# The highest port, and as many threads and processes as any machine of an office has use for.
_LIMITS = {
    "port": (0, 65535),
    "threads": (1, 256),
    "jobs": (1, 256),
    "processes": (1, 64),
    "proxies": (0, 8),
    "waiting": (1, 10_000),
    "timeout": (1, 3600),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "lang": LANGS,
    "auth": get_args(Auth),
    "log": get_args(LogForm),
    "access_log": get_args(AccessLog),
}
_SWITCHES = ("public", "https")
_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")
_ORIGIN = re.compile(r"https?://[^/\s,*]+")
_HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[?[0-9A-Fa-f:.]+\]?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_TOKEN = re.compile(r"[!-~]{16,200}")
_RATE = re.compile(r"auto|[0-9]{1,6}")
# Settings that are texts of one form: the form, and what is said of another one.
_FORMS = {
    "auth_header": (_HEADER, "须为请求头的名称，如 X-Remote-User"),
    "metrics_token": (_TOKEN, "须为 16 至 200 个可见的 ASCII 字符"),
    "rate": (_RATE, "须为 auto，或每个客户端每分钟的请求数，0 为不限"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be set; docs/operations.md tells what each is for.

    `engine` is "whoosh:PATH" or "opensearch:URL", whose password is no setting (engines/opensearch/address.py);
    `port` 0 lets the system choose one. `cors` names the other sites whose pages may read the API ("" none, * all, or
    origins with commas between), `hosts` the names under which this one is asked for, `trusted` the addresses whose
    `auth_header` is believed. `rate` is requests a minute of one client, `waiting` how many requests may wait for a
    thread, `timeout` seconds.
    """

    engine: str = "whoosh:data/index"
    lang: Lang = "zh"
    jobs: int = 1
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    processes: int = 1
    cors: str = ""
    hosts: str = ""
    public: bool = False
    proxies: int = 0
    https: bool = False
    auth: Auth = "none"
    passwords: str = ""
    common_passwords: str = ""
    auth_header: str = "X-Remote-User"
    trusted: str = "127.0.0.1,::1"
    rate: str = "auto"
    waiting: int = 32
    timeout: int = 30
    metrics_token: str = field(default="", repr=False)
    log: LogForm = "text"
    access_log: AccessLog = "no"

    @property
    def index(self) -> str:
        """Where the index is: the engine string without the name of the default engine."""
        return self.engine.removeprefix("whoosh:")


def load(
    folder: Path | None = None, environ: Mapping[str, str] | None = None, **arguments: str | int | None
) -> Settings:
    """Read the settings of this installation.

    Args:
        folder: where gongwen.toml may lie; the working directory if None.
        environ: the environment; the process's own if None.
        arguments: values of the command line, which win; None means not given. `index` is a path or engine string.

    Raises:
        BadParameter: a value cannot be what its field takes, or gongwen.toml is not TOML or has an unknown key.
    """
    environ = os.environ if environ is None else environ
    settings = Settings()
    for given in (_from_file((folder or Path()) / FILE), _from_environment(environ), arguments):
        settings = _with(settings, given)
    return settings


def listed(text: str) -> tuple[str, ...]:
    """Return the values of a setting that has commas between them."""
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _with(settings: Settings, given: Mapping[str, object]) -> Settings:
    """Return the settings with the values given; `index` is another word for `engine`."""
    known = {one.name for one in fields(Settings)}
    for name, value in given.items():
        if value is None:
            continue
        if name == "index":
            name, value = "engine", engine_string(_text("index", value))
        if name not in known:
            raise BadParameter(name, value, f"没有这一设置项，可用的有 index、{'、'.join(sorted(known))}")
        settings = replace(settings, **{name: _checked(name, value)})  # type: ignore[arg-type]  # checked by name
    return settings


def _checked(name: str, value: object) -> str | int | bool:
    if name in _LIMITS:
        return _number(name, value)
    if name in _SWITCHES:
        return _switch(name, value)
    text = _text(name, str(value) if name == "rate" and type(value) is int else value)
    if name in _CHOICES and text not in _CHOICES[name]:
        raise BadParameter(name, text, f"须为以下之一：{'、'.join(_CHOICES[name])}")
    if name in _FORMS and not _FORMS[name][0].fullmatch(text):
        raise BadParameter(name, "…" if name == "metrics_token" else text, _FORMS[name][1])
    if name == "cors" and text != "*" and not all(_ORIGIN.fullmatch(one.strip()) for one in text.split(",")):
        raise BadParameter(name, text, "须为 *，或以逗号分隔的来源，如 https://example.cn")
    if name == "hosts" and not all(_HOST.fullmatch(one.strip()) for one in text.split(",")):
        raise BadParameter(name, text, "须为以逗号分隔的主机名，不含端口，如 minutes.example.cn；* 为任意")
    if name == "trusted":
        _networks(text)
    return engine_string(text) if name == "engine" else text


def _networks(text: str) -> None:
    for one in text.split(","):
        try:
            ip_network(one.strip())
        except ValueError as error:
            raise BadParameter("trusted", text, "须为以逗号分隔的地址或网段，如 127.0.0.1,172.16.5.0/24") from error


def _text(name: str, value: object) -> str:
    text = str(value).strip() if isinstance(value, str | Path) else ""
    if not text:
        raise BadParameter(name, value, "须为非空的文字")
    return text


def _number(name: str, value: object) -> int:
    low, high = _LIMITS[name]
    text = str(value).strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
    if isinstance(value, bool) or not low <= number <= high:
        raise BadParameter(name, value, f"须为 {low} 至 {high} 的整数")
    return number


def _switch(name: str, value: object) -> bool:
    text = str(value).strip().lower()
    if text not in (*_YES, *_NO):
        raise BadParameter(name, value, "须为 yes 或 no")
    return text in _YES


def _from_file(path: Path) -> dict[str, object]:
    """Read gongwen.toml; a file that is not there sets nothing."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadParameter(FILE, path, f"无法读作 TOML 设置文件（{error}）") from error
    for name in ("index", "engine"):
        engine, _, place = engine_string(_text(name, values[name])).partition(":") if name in values else ("", "", "")
        if engine == "whoosh":
            values[name] = f"whoosh:{path.parent / place}"
    for name in ("passwords", "common_passwords"):
        if name in values:
            values[name] = str(path.parent / _text(name, values[name]))
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """Read GONGWEN_INDEX, GONGWEN_PORT …; an empty one is as good as none."""
    names = ("index", *(one.name for one in fields(Settings)))
    given = {name: environ.get(PREFIX + name.upper()) for name in names}
    return {name: value for name, value in given.items() if value}
