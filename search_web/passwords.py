"""A file of names and hashed passwords in, whether a password is right out; and a new line for such a file.

    lin:scrypt:32768:8:1$salt$hash      one account a line; # begins a comment

A password stands in no file and no log, and is compared in constant time. A check takes a tenth of a second and
32 MB on purpose (scrypt), so at most two run at once and a right one is remembered by a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import threading
from collections.abc import Collection
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from indexer.errors import BadParameter

LEAST, MOST = 12, 128  # signs of a password
NAME = re.compile(r"[^\s:#\x00-\x1f\x7f][^:\x00-\x1f\x7f]{0,63}")
_HASH = re.compile(r"scrypt:[0-9]{1,7}:[0-9]{1,2}:[0-9]{1,2}\$[A-Za-z0-9]{8,64}\$[0-9a-f]{64,256}")
_AT_ONCE = threading.BoundedSemaphore(2)
# What is long enough and yet among the first that anybody tries.
_COMMON = (
    *("password", "passw0rd", "qwerty", "qwertyuiop", "asdfgh", "1q2w3e4r", "1qaz2wsx", "letmein", "welcome", "admin"),
    *("administrator", "iloveyou", "woaini", "gongwen", "huiyijiyao", "mima", "root", "123456", "111111", "abc123"),
)
# What lies side by side: in the alphabet, in rows and columns of keys, and in the ways to go through two of these.
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "qweasdzxcrtyfghvbn"),
    *("qazwsxedcrfvtgbyhnujmikolp", "qazxswedcvfrtgbnhyujmkiolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"),
    *("zaq1xsw2cde3vfr4bgt5nhy6mju7", "1qazxsw23edcvfr45tgbnhy67ujm", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p"),
    *("12qw34er56ty78ui90op", "1qa2ws3ed4rf5tg6yh7uj8ik9ol0", "123qwe456rty789uio", "112233445566778899"),
    *("010203040506070809", "102030405060708090"),
)


class Passwords:
    """The accounts of one file; a change of the file is seen at the next check."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)
        self._stamp: tuple[int, int] | None = None
        self._hashes: dict[str, str] = {}
        self._right: dict[str, bytes] = {}
        # An unknown name costs what a known one does, so that time tells nothing about names.
        self._nobody = generate_password_hash(secrets.token_hex(16))
        self._read()

    def known(self, name: str, password: str) -> bool:
        """Return whether this very pair was found right before, which costs no scrypt."""
        with self._lock:
            self._read()
            digest = self._right.get(name, b"")
        return hmac.compare_digest(digest, self._digest(name, password))

    def right(self, name: str, password: str) -> bool:
        """Return whether this is the password of an account."""
        with self._lock:
            self._read()
            stored = self._hashes.get(name)
        if len(password) > MOST:
            return False
        with _AT_ONCE:
            matches = check_password_hash(stored or self._nobody, password)
        if stored is None or not matches:
            return False
        with self._lock:
            if self._hashes.get(name) == stored:
                self._right[name] = self._digest(name, password)
        return True

    def _digest(self, name: str, password: str) -> bytes:
        said = f"{len(name)}:{name}{password}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, said, hashlib.sha256).digest()

    def _read(self) -> None:
        """Read the file if it is another one than before.

        Raises:
            BadParameter: it cannot be read, or a line is no account.
        """
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == self._stamp:
                return
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BadParameter("passwords", self._path, f"无法读取密码文件（{error}）") from error
        self._hashes, self._right, self._stamp = _accounts(lines, self._path), {}, stamp


def _accounts(lines: list[str], path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        if not NAME.fullmatch(name) or not _HASH.fullmatch(stored) or name in found:
            raise BadParameter("passwords", path, f"第 {number} 行须为 用户名:散列值，且用户名不重复")
        found[name] = stored
    if not found:
        raise BadParameter("passwords", path, "密码文件中没有账号；请运行 gongwen password 用户名 --file 文件")
    return found


def weakness(name: str, password: str) -> str | None:
    """Say why a password may not be used; None if it may. Any signs are welcome, none are asked for."""
    if not LEAST <= len(password) <= MOST:
        return f"密码须为 {LEAST} 至 {MOST} 字，现有 {len(password)} 字"
    plain = password.casefold()
    rest = plain
    for common in sorted((*_COMMON, name.casefold()), key=len, reverse=True):
        rest = rest.replace(common, "") if len(common) > 2 else rest
    if len(set(plain)) < 5 or len(_without_rows(rest)) < LEAST // 2 or _repeated(plain) < LEAST:
        return "密码太容易猜到：多为重复、连续的字符，常见的密码或用户名"
    return None


def _repeated(text: str) -> int:
    """Return the length of what a text repeats from its beginning to its end; its own length where it does not."""
    return next(size for size in range(1, len(text) + 1) if text == (text[:size] * len(text))[: len(text)])


def _without_rows(text: str) -> str:
    """Return a text without runs of four or more signs that follow each other on a keyboard or in the alphabet."""
    kept, start = [], 0
    while start < len(text):
        end = next((end for end in range(len(text), start + 3, -1) if _in_row(text[start:end])), start)
        kept.append(text[start] if end == start else "")
        start = max(end, start + 1)
    return "".join(kept)


def _in_row(part: str) -> bool:
    return any(part in row or part[::-1] in row for row in _ROWS)


def common(path: Path | str) -> frozenset[str]:
    """Read a list of passwords that many people use, one a line; none where no list is named.

    Raises:
        BadParameter: it cannot be read.
    """
    if not path:
        return frozenset()
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as lines:
            return frozenset(line.rstrip("\r\n").casefold() for line in lines if len(line) > LEAST)
    except OSError as error:
        raise BadParameter("common_passwords", path, f"无法读取常用密码的列表（{error}）") from error


def line_of(name: str, password: str, known: Collection[str] = ()) -> str:
    """Return the line of an account; `known` are passwords that are refused, in small letters.

    Raises:
        BadParameter: the name cannot be one, or the password is weak.
    """
    if not NAME.fullmatch(name):
        raise BadParameter("name", name, "须为 1 至 64 字，不含冒号和控制字符，不以空白或 # 开头")
    why = weakness(name, password)
    if not why and password.casefold() in known:
        why = "密码在常用密码的列表中"
    if why:
        raise BadParameter("password", "…", why)
    return f"{name}:{generate_password_hash(password, 'scrypt')}"


def put(path: Path, line: str) -> bool:
    """Write an account into a file that its owner alone may read; return whether it replaces one of that name."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    name = line.partition(":")[0]
    others = [one for one in lines if one.strip().partition(":")[0] != name]
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    opened = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "w", encoding="utf-8") as stream:  # noqa: PTH123  # a descriptor, not a path
        stream.write("\n".join([*others, line]) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    made.replace(path)
    return len(others) < len(lines)
