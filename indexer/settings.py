"""What an installation may set, as one frozen value: defaults < gongwen.toml < environment < arguments.

A face calls `load` once and hands on what each part needs; nothing below a face reads a file or the environment
for itself. Paths in gongwen.toml count from the folder that the file lies in.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

from indexer.engines.choose import engine_string
from indexer.errors import BadParameter

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)

FILE = "gongwen.toml"
PREFIX = "GONGWEN_"

# The highest port, and as many threads and processes as any machine of an office has use for.
_ORIGIN = re.compile(r"https?://[^/\s,*]+")
_LIMITS = {"port": (0, 65535), "threads": (1, 256), "jobs": (1, 256)}


@dataclass(frozen=True, slots=True)
class Settings:
    """`engine` is "whoosh:PATH" or "opensearch:URL"; `port` 0 lets the system choose one.

    `cors` names the other sites whose pages may read the API: "" none, * all, or origins with commas between.
    """

    engine: str = "whoosh:data/index"
    lang: Lang = "zh"
    jobs: int = 1
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 4
    cors: str = ""

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


def _with(settings: Settings, given: Mapping[str, object]) -> Settings:
    """Return the settings with the values given; `index` is another word for `engine`."""
    known = {field.name for field in fields(Settings)}
    for name, value in given.items():
        if value is None:
            continue
        if name == "index":
            name, value = "engine", engine_string(_text("index", value))
        if name not in known:
            raise BadParameter(name, value, f"没有这一设置项，可用的有 index、{'、'.join(sorted(known))}")
        settings = replace(settings, **{name: _checked(name, value)})  # type: ignore[arg-type]  # checked by name
    return settings


def _checked(name: str, value: object) -> str | int:
    if name in _LIMITS:
        return _number(name, value)
    text = _text(name, value)
    if name == "lang" and text not in LANGS:
        raise BadParameter(name, text, f"须为以下之一：{'、'.join(LANGS)}")
    if name == "cors" and text != "*" and not all(_ORIGIN.fullmatch(one.strip()) for one in text.split(",")):
        raise BadParameter(name, text, "须为 *，或以逗号分隔的来源，如 https://example.cn")
    return engine_string(text) if name == "engine" else text


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
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """Read GONGWEN_INDEX, GONGWEN_PORT …; an empty one is as good as none."""
    names = ("index", *(field.name for field in fields(Settings)))
    given = {name: environ.get(PREFIX + name.upper()) for name in names}
    return {name: value for name, value in given.items() if value}
