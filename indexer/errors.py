"""Every error that leaves the package, as one tree; faces turn them into exit codes and HTTP statuses.

    GongwenError
    ├── BadParameter        a parameter of a call has a value it does not take
    ├── UnreadableFile      one file could not be read; a build makes it a row of its report
    ├── NotFound            no meeting, document or passage has this id
    │   └── UnknownName     no meeting held names this person, department or instrument
    └── IndexUnavailable    no answer can come from this index
        ├── IndexMissing    there is none at the place named
        ├── IndexLocked     another process writes to it
        ├── IndexUnwritable the system refuses to write it: a full disk, no permission
        ├── IndexOutdated   written by another version or with another segmenter
        ├── IndexDamaged    a file of it is cut, changed or gone
        ├── IndexUnreachable  no node of its server answers
        ├── IndexRefused    its server does not know who asks, or does not let them
        └── IndexFailed     its server answers with an error

Messages are Chinese, one line: what, why, what to do.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path


class GongwenError(Exception):
    """The root of the tree; `str(error)` is the line that a person reads."""

    def __reduce__(self) -> tuple[object, ...]:
        """Come out of a pipe as what went in; by itself an exception is made once more, of its line alone."""
        return _again, (type(self), self.args, vars(self))


def _again(kind: type[GongwenError], line: tuple[object, ...], told: Mapping[str, object]) -> GongwenError:
    error = kind.__new__(kind, *line)
    vars(error).update(told)
    return error


class BadParameter(GongwenError):
    """A parameter has a value that it does not take."""

    def __init__(self, name: str, value: object, takes: str) -> None:
        super().__init__(f"参数 {name} 的值“{str(value)[:60]}”无效：{takes}")
        self.name = name
        self.value = value
        self.takes = takes


class UnreadableFile(GongwenError):
    """One file could not be read as text."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}：{reason}")
        self.path = str(path)
        self.reason = reason


class NotFound(GongwenError):
    """No record has this id; `near` lists ids that look alike (may be empty)."""

    def __init__(self, id: str, near: tuple[str, ...] = ()) -> None:
        hint = f"，相近的有：{'、'.join(near)}" if near else ""
        super().__init__(f"没有编号为“{id}”的会议、文件或段落{hint}")
        self.id = id
        self.near = near


class UnknownName(NotFound):
    """No meeting held names this person, department or instrument; `near` lists names that look alike."""

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        hint = f"，相近的有：{'、'.join(near)}" if near else ""
        GongwenError.__init__(self, f"收录的会议里没有“{name}”{hint}")
        self.id = name
        self.near = near


class IndexUnavailable(GongwenError):
    """No answer can come from the index at `path`."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"索引 {path} {reason}")
        self.path = str(path)
        self.reason = reason


class IndexMissing(IndexUnavailable):
    """There is no index at this place."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "不存在；请先运行：gongwen index 文件夹 --index " + str(path))


class IndexLocked(IndexUnavailable):
    """Another process writes to the index; `holder` names it where it is known."""

    def __init__(self, path: Path | str, holder: str = "") -> None:
        who = f"（{holder}）" if holder else ""
        super().__init__(path, f"正在由另一个程序写入{who}；请等它结束后再试")
        self.holder = holder


class IndexUnwritable(IndexUnavailable):
    """The system refuses to write the index; what was committed stands."""

    def __init__(self, path: Path | str, error: OSError) -> None:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        why = "空间不足（磁盘已满或超出限额）" if full else error.strerror or str(error)
        super().__init__(path, f"无法写入：{why}；这次没有改动，原有内容仍可检索")
        self.full = full
        self.told = error.strerror or str(error)


class IndexOutdated(IndexUnavailable):
    """The index was written by another version or with another segmenter."""

    def __init__(self, path: Path | str, found: str, expected: str) -> None:
        super().__init__(
            path,
            f"由另一版本写成（索引为 {found}，本程序为 {expected}）；请换用相应版本的程序，"
            f"或用 gongwen index 文件夹 --index 新目录 重建",
        )
        self.found = found
        self.expected = expected


class IndexDamaged(IndexUnavailable):
    """A file of the index is cut, changed or gone."""

    def __init__(self, path: Path | str, file: str, reason: str) -> None:
        super().__init__(path, f"已损坏：{file} {reason}；请从备份恢复，或用 gongwen index 文件夹 --index 新目录 重建")
        self.file = file
        self.why = reason


class IndexUnreachable(IndexUnavailable):
    """No node of the server that keeps the index answers."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(str(path), f"所在的服务器没有回答：{reason}；请检查地址、网络和服务器，恢复后即可再试")


class IndexRefused(IndexUnavailable):
    """The server that keeps the index does not know who asks, or does not let them."""

    def __init__(self, path: object, status: int) -> None:
        why = "用户名或密码不对" if status == 401 else "这个用户没有权限"
        super().__init__(
            str(path), f"所在的服务器拒绝了请求：{why}；请检查环境变量 GONGWEN_OPENSEARCH_USER 和 _PASSWORD"
        )
        self.status = status


class IndexFailed(IndexUnavailable):
    """The server that keeps the index answers with an error; nothing of the answer is shown."""

    def __init__(self, path: object, status: int, reason: str) -> None:
        super().__init__(str(path), f"所在的服务器报错 {status}：{reason}；请稍后再试，并查看服务器的日志")
        self.status, self.reason = status, reason
