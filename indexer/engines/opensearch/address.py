"""Where an index is: the text behind `opensearch:` in the settings goes in; nodes, name and way of signing in come out.

    opensearch:https://a.example:9200,b.example:9200/minutes?shards=6&replicas=1

Several nodes of one cluster may be named. `shards` and `replicas` count only when the index is made. Who signs in, and
by which authority the server's certificate is checked, comes from the environment, so that no settings file, list of
processes or log holds a password: GONGWEN_OPENSEARCH_USER, GONGWEN_OPENSEARCH_PASSWORD, GONGWEN_OPENSEARCH_CA.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from indexer.errors import BadParameter

USER, PASSWORD, AUTHORITY = "GONGWEN_OPENSEARCH_USER", "GONGWEN_OPENSEARCH_PASSWORD", "GONGWEN_OPENSEARCH_CA"
DEFAULT_NAME = "gongwen"
# What the server takes as a name, less what would need to be escaped in a path.
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,100}")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
LIMITS = {"shards": (1, 1024), "replicas": (0, 10)}


@dataclass(frozen=True, slots=True)
class Address:
    """The nodes as URLs, the name of the index, what it is made with, and who signs in (None for nobody)."""

    nodes: tuple[str, ...]
    name: str
    shards: int = 3
    replicas: int = 1
    user: tuple[str, str] | None = field(default=None, repr=False)
    authority: str | None = None

    def __str__(self) -> str:
        return f"opensearch:{self.nodes[0]}/{self.name}"


def read(place: str, environ: Mapping[str, str] | None = None) -> Address:
    """Read a place.

    Raises:
        BadParameter: it is no URL of this kind, or a password would travel unencrypted.
    """
    environ = os.environ if environ is None else environ
    scheme, _, rest = place.partition("://")
    parts = urlsplit(f"//{rest}")
    name = parts.path.strip("/") or DEFAULT_NAME
    hosts = [host for host in parts.netloc.split(",") if host]
    if scheme not in ("http", "https") or not hosts or not NAME.fullmatch(name):
        raise BadParameter(
            "engine", place, "须如 opensearch:https://主机:9200/索引名，索引名用小写字母、数字、-、_ 和 ."
        )
    if any("@" in host for host in hosts):
        raise BadParameter("engine", "opensearch:…@…", f"用户名和密码请写在环境变量 {USER} 和 {PASSWORD} 里")
    user = (environ[USER], environ.get(PASSWORD, "")) if environ.get(USER) else None
    if user and scheme == "http" and not all(_host(host) in LOOPBACK for host in hosts):
        raise BadParameter("engine", place, "密码不可明文传送：请用 https")
    made = {key: _number(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True)}
    nodes = tuple(f"{scheme}://{host}" for host in hosts)
    return Address(nodes, name, user=user, authority=environ.get(AUTHORITY) or None, **made)


def _host(netloc: str) -> str:
    return re.sub(r":\d*$", "", netloc).lower()


def _number(name: str, text: str) -> int:
    low, high = LIMITS.get(name, (1, 0))
    number = int(text) if re.fullmatch("[0-9]{1,6}", text) else -1
    if not low <= number <= high:
        raise BadParameter(
            name, text, f"须为 {low} 至 {high} 的整数" if name in LIMITS else "可用的有 shards、replicas"
        )
    return number
