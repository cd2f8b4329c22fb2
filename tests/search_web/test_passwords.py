"""Files of hashed passwords: what they take, what they tell, and that no password stands in them."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import BadParameter
from indexer.settings import Settings
from search_web.passwords import LEAST, MOST, Passwords, common, line_of, put, weakness

ROOT = Path(__file__).resolve().parents[2]
GOOD = "十二个字以上的口令即可使用"


@pytest.fixture(scope="module")
def line() -> str:
    """The line of an account."""
    return line_of("lin", GOOD)


def test_right_and_wrong(tmp_path: Path, line: str) -> None:
    """The one password of an account is right, no other, and none of a name that is not there."""
    path = tmp_path / "users"
    put(path, line)
    passwords = Passwords(path)
    assert GOOD not in path.read_text(encoding="utf-8")
    assert not passwords.known("lin", GOOD)
    assert passwords.right("lin", GOOD)
    assert passwords.known("lin", GOOD)
    for name, password in (("lin", GOOD + "x"), ("lin", ""), ("Lin", GOOD), ("zhou", GOOD), ("lin", "x" * 10_000)):
        assert not passwords.right(name, password)
        assert not passwords.known(name, password)
    assert not passwords.known("li", "n" + GOOD)


def test_a_changed_file_counts_at_once(tmp_path: Path, line: str) -> None:
    """Who is taken out of the file is out, also when the password was found right before."""
    path = tmp_path / "users"
    put(path, line)
    passwords = Passwords(path)
    assert passwords.right("lin", GOOD)
    path.write_text("# nobody but\n\n" + line_of("zhou", GOOD) + "\n", encoding="utf-8")
    assert not passwords.known("lin", GOOD)
    assert not passwords.right("lin", GOOD)
    assert passwords.right("zhou", GOOD)


def test_file_is_its_owners_alone(tmp_path: Path, line: str) -> None:
    """An account is put in or replaced, others stay, and nobody else may read the file."""
    path = tmp_path / "users"
    assert not put(path, line)
    assert not put(path, line_of("zhou", GOOD))
    assert put(path, line_of("lin", GOOD + "2"))
    assert [one.partition(":")[0] for one in path.read_text(encoding="utf-8").splitlines()] == ["zhou", "lin"]
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["users"]
    assert Passwords(path).right("lin", GOOD + "2")


@pytest.mark.parametrize(
    "content",
    ["", "# none\n", "lin", "lin:plain", "lin:scrypt:1:1:1$x$y", ":scrypt:32768:8:1$saltsalt$" + "0" * 128, "\udcff"],
)
def test_file_that_is_none(tmp_path: Path, content: str) -> None:
    """A file without accounts, or with a line that is none, is refused, and its content is not repeated."""
    path = tmp_path / "users"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadParameter) as caught:
        Passwords(path)
    assert caught.value.name == "passwords"
    assert "plain" not in str(caught.value)


def test_the_same_name_twice(tmp_path: Path, line: str) -> None:
    """It would be chance which one counts."""
    path = tmp_path / "users"
    path.write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadParameter, match="第 2 行"):
        Passwords(path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """Nobody gets in where there is no file."""
    with pytest.raises(BadParameter, match="passwords"):
        Passwords(tmp_path / "none")


@pytest.mark.parametrize(
    "password",
    [
        *("short", "x" * (LEAST - 1), "x" * (MOST + 1), "aaaaaaaaaaaaaaaa", "123456789012", "password1234"),
        *("abcdefghijklmnop", "administrator1", "linlinlinlin1", "gongwen123456", "1q2w3e4r1q2w3e4r"),
        *("Passw0rdPassw0rd", "qwertyuiop[]", "1qaz2wsx3edc", "q1w2e3r4t5y6u7", "QAZwsxEDCrfv", "zaq1xsw2cde3"),
        *("112233445566", "grapegrapegrape", "rainrainrainrai", "123qweasdzxc"),
    ],
)
def test_weak_passwords(password: str) -> None:
    """What is short, repeated, in a row of keys, or among the first that are tried is refused."""
    assert weakness("lin", password)
    with pytest.raises(BadParameter) as caught:
        line_of("lin", password)
    assert password not in str(caught.value)


def test_a_list_of_common_passwords(tmp_path: Path) -> None:
    """What stands in the list of the setting is refused, in large letters, too; a list that is not there is told."""
    path = tmp_path / "common.txt"
    path.write_bytes(b"short\nGreenteaandrice\r\ncaf\xe9 creme brulee\n")
    known = common(path)
    for password in ("greenteaandrice", "GREENTEAANDRICE"):
        assert weakness("lin", password) is None
        with pytest.raises(BadParameter, match="常用密码"):
            line_of("lin", password, known)
    assert line_of("lin", GOOD, known).startswith("lin:scrypt:")
    assert common("") == frozenset()
    with pytest.raises(BadParameter, match="common_passwords"):
        common(tmp_path / "none")


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery", "tr0ub4dor&3xyz", "  spaces count too ", "🦊🐻🐼🐯🦁🐮🐷🐸🐵🐔🐧🐦"]
)
def test_good_passwords(password: str) -> None:
    """Any signs are welcome and none are asked for."""
    assert weakness("lin", password) is None


@pytest.mark.parametrize("name", ["", "a:b", " a", "#a", "a\nb", "a\0", "x" * 65])
def test_bad_names(name: str) -> None:
    """A name is what a line of the file can hold."""
    with pytest.raises(BadParameter, match="name"):
        line_of(name, GOOD)


def test_command_reads_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gongwen password` takes a password from another program and prints or keeps the account, never the password."""
    from search_web.cli import cli

    def run(*arguments: str, typed: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        with pytest.raises(SystemExit) as left:
            cli.main(["password", *arguments], prog_name="gongwen")
        out, err = capsys.readouterr()
        assert typed not in out + err
        return int(left.value.code or 0), out + err

    code, out = run("lin", typed=GOOD)
    assert (code, out.startswith("lin:scrypt:")) == (0, True)
    path = tmp_path / "users"
    assert run("lin", "--file", str(path), typed=GOOD) == (0, "已添加 lin\n")
    assert run("lin", "--file", str(path), typed=GOOD + "1") == (0, "已更换 lin 的密码\n")
    assert Passwords(path).right("lin", GOOD + "1")
    assert run("lin", typed="short")[0] == 1
    assert run("a:b", typed=GOOD)[0] == 2


def test_command_hides_what_is_typed(tmp_path: Path) -> None:
    """At a terminal the password is asked for twice and not shown; two that differ are refused."""
    pty = pytest.importorskip("pty")
    for second, told in ((GOOD, "已添加"), (GOOD + "x", "不同")):
        path = tmp_path / f"users-{told}"
        master, slave = pty.openpty()
        command = [sys.executable, "-m", "search_web", "password", "lin", "--file", str(path)]
        process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, start_new_session=True)
        os.close(slave)
        shown = b""
        for typed, prompt in ((GOOD, "密码"), (second, "再输一次")):
            while prompt.encode() not in shown:
                shown += os.read(master, 4096)
            os.write(master, f"{typed}\n".encode())
        with contextlib.suppress(OSError):  # the end of a terminal whose other side is closed
            while part := os.read(master, 4096):
                shown += part
        process.wait(60)
        os.close(master)
        assert told in shown.decode()
        assert GOOD not in shown.decode()
        assert path.exists() == (told == "已添加")


def test_passwords_without_tls_are_told(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A server whose passwords would cross a network in the open says so before it starts."""
    from search_web.running import checked

    put(tmp_path / "users", line)
    settings = Settings(auth="basic", passwords=str(tmp_path / "users"), host="192.0.2.1")
    assert checked(settings) is settings
    assert "https = true" in capsys.readouterr().err
    checked(replace(settings, https=True))
    checked(replace(settings, host="127.0.0.1"))
    assert capsys.readouterr().err == ""


def test_settings_that_cannot_be_served_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is one line with what to do, in either language, and the server does not start."""
    from search_web.cli import cli

    def told(*arguments: str) -> str:
        with pytest.raises(SystemExit) as left:
            cli.main(list(arguments), prog_name="gongwen")
        out, err = capsys.readouterr()
        assert (left.value.code, out, err.count("\n")) == (2, "", 1)
        return err

    index = ("--index", str(tmp_path / "none"))
    assert "--public" in told("serve", "--host", "192.0.2.1", *index)
    assert "--hosts" in told("serve", "--host", "0.0.0.0", "--public", *index)
    english = told("--lang", "en", "serve", "--hosts", "minutes.example.cn", *index)
    assert "--public" in english
    assert english.isascii()
