"""Settings of the server: switches, lists and forms, and what is told of a value that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import BadParameter
from indexer.settings import Settings, listed, load


def test_nothing_is_open_unless_set(tmp_path: Path) -> None:
    """The defaults listen on this machine alone, believe no proxy and write down nobody's queries."""
    settings = load(tmp_path, {})
    assert (settings.host, settings.public, settings.proxies, settings.hosts) == ("127.0.0.1", False, 0, "")
    assert (settings.auth, settings.access_log, settings.metrics_token) == ("none", "no", "")


def test_values_of_a_file_and_of_the_environment(tmp_path: Path) -> None:
    """TOML has values of its own for switches and numbers; the environment has words."""
    (tmp_path / "gongwen.toml").write_text(
        'public = true\nrate = 120\nproxies = 1\npasswords = "users"\ncommon_passwords = "known"\n'
        'hosts = "a.example.cn, .b.example.cn"\n',
        encoding="utf-8",
    )
    settings = load(tmp_path, {"GONGWEN_HTTPS": "Yes", "GONGWEN_PUBLIC": "no", "GONGWEN_AUTH": "basic"})
    assert settings == Settings(
        rate="120",
        proxies=1,
        passwords=str(tmp_path / "users"),
        common_passwords=str(tmp_path / "known"),
        hosts="a.example.cn, .b.example.cn",
        https=True,
        auth="basic",
    )
    assert listed(settings.hosts) == ("a.example.cn", ".b.example.cn")
    assert load(tmp_path, {}, public=False).public is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public", "perhaps"),
        ("https", 2),
        ("auth", "oauth"),
        ("auth_header", "X Remote"),
        ("auth_header", "X_Remote_User"),
        ("trusted", "203.0.113.300"),
        ("trusted", "localhost"),
        ("hosts", "https://a.cn"),
        ("hosts", "a.cn:80"),
        ("hosts", "a.cn,,b.cn"),
        ("rate", "fast"),
        ("rate", "-1"),
        ("rate", True),
        ("waiting", 0),
        ("timeout", "0"),
        ("processes", 65),
        ("log", "xml"),
        ("access_log", "yes"),
        ("metrics_token", "short"),
    ],
)
def test_bad_value_is_named(tmp_path: Path, name: str, value: str | int) -> None:
    """A value that a setting does not take is refused with the setting's name and what it takes."""
    with pytest.raises(BadParameter) as caught:
        load(tmp_path, {}, **{name: value})
    assert caught.value.name == name
    assert caught.value.takes


def test_a_secret_is_not_repeated(tmp_path: Path) -> None:
    """A token is in no message and in no description of the settings."""
    with pytest.raises(BadParameter) as caught:
        load(tmp_path, {"GONGWEN_METRICS_TOKEN": "too short"})
    assert "too short" not in str(caught.value)
    token = "0123456789abcdef"
    settings = load(tmp_path, {"GONGWEN_METRICS_TOKEN": token})
    assert settings.metrics_token == token
    assert token not in repr(settings)
