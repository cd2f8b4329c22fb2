"""Files and folders that a person names go in, the files to read come out in a stable order, with what was left out.

Nothing is opened. Hidden files and the lock files of office programs are left out silently; files of other kinds are
counted, and a folder that cannot be listed and a link that leads out of the folder are told.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UnreadableFile

SUFFIXES = (
    *(".txt", ".md", ".markdown", ".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml", ".jsonl", ".jsonl.gz"),
    *(".pdf", ".docx", ".docm", ".doc", ".wps", ".rtf", ".ofd", ".xlsx", ".xlsm", ".et", ".xls", ".zip"),
)
# Pictures are looked for only where their text is to be recognised.
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
# ~$纪要.docx (Word), .~lock.纪要.odt# (LibreOffice; hidden), ~WRL0001.tmp, .~纪要.wps (WPS; hidden)
LOCKS = ("~$", "~WR")
# What Windows leaves in folders.
SYSTEM = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Found:
    """The files in order of their paths, and what could not be looked into; iterating gives the files.

    `others` counts by suffix ("" where there is none) the files in folders that are of no kind that is read.
    """

    files: tuple[Path, ...]
    problems: tuple[UnreadableFile, ...]
    others: tuple[tuple[str, int], ...] = ()

    def __iter__(self) -> Iterator[Path]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def find(paths: Iterable[Path], ocr: bool = False) -> Found:
    """Return the files of all paths, each once: a file named is taken as it is, a folder gives what readers know.

    With `ocr`, pictures are among what a folder gives.
    """
    files: dict[Path, None] = {}
    problems: list[UnreadableFile] = []
    others: Counter[str] = Counter()
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(_walk(path, problems, others, ocr)))
        else:
            files[path] = None
    return Found(tuple(files), tuple(problems), tuple(sorted(others.items(), key=lambda one: (-one[1], one[0]))))


def known(name: str, ocr: bool = False) -> bool:
    """Tell whether a file of this name is read when its folder is."""
    return name.lower().endswith((*SUFFIXES, *PICTURES) if ocr else SUFFIXES) and not name.startswith((".", *LOCKS))


def _walk(top: Path, problems: list[UnreadableFile], others: Counter[str], ocr: bool) -> Iterator[Path]:
    """Go through a folder in the order of names, folders and files together; a loop, so that no depth is too deep."""
    inside = top.resolve()
    waiting = [top]
    while waiting:
        path = waiting.pop()
        if path is not top and not path.is_dir():
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                listed = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            problems.append(UnreadableFile(path, f"文件夹无法打开（{_why(error)}），其中的文件没有读取"))
            continue
        for entry in listed:
            if _wanted(entry, inside, problems, ocr):
                waiting.append(path / entry.name)
            elif _is_other(entry, ocr):
                others[Path(entry.name).suffix.lower()] += 1


def _wanted(entry: os.DirEntry[str], inside: Path, problems: list[UnreadableFile], ocr: bool) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_symlink():
        # A folder inside is walked as itself; following its links could go round in a circle.
        if entry.is_dir() or not known(entry.name, ocr):
            return False
        if not Path(entry.path).resolve().is_relative_to(inside):
            problems.append(UnreadableFile(entry.path, "是指向文件夹之外的链接，没有读取"))
            return False
        return True
    return entry.is_dir() or (entry.is_file() and known(entry.name, ocr))


def _is_other(entry: os.DirEntry[str], ocr: bool) -> bool:
    """Tell whether a person may have meant a file to be read that is of another kind."""
    if entry.is_symlink() or not entry.is_file() or known(entry.name, ocr):
        return False
    return not entry.name.startswith((".", *LOCKS)) and entry.name.lower() not in SYSTEM


def _why(error: OSError) -> str:
    return "没有权限" if isinstance(error, PermissionError) else error.strerror or "系统错误"
