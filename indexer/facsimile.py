"""A kept original and the number of a page go in, a picture of that page comes out, made by a process of its own.

What draws a page is a library that meets whatever a file holds, so it never runs in the process that asks: it has so
much memory and time, and if it dies or gets lost the page has no picture and nothing else has happened. Run as
`python -m indexer.facsimile` by `Facsimiles` alone.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.originals import PACKED, Original
from indexer.readers.drawing import DRAWN, MEDIA, Drawing, draw
from indexer.worker import limit_memory

__all__ = ["DRAWN", "Drawing", "Facsimiles"]

MEMORY = 1 << 30
# A page of text takes a tenth of a second, a plan of a city some seconds.
SECONDS = 15.0
# Pages that are drawn at the same time; whoever comes then waits so long for a place.
AT_ONCE = 2
PATIENCE = 5.0
# A page of text is 100 kB, so these are some hundred pages; none of them is ever written to disk.
KEPT = 32 * 1024 * 1024
# An original is read whole; larger ones are given as downloads.
LARGEST = 256 * 1024 * 1024
LONGEST_REASON = 1000  # bytes


class Facsimiles:
    """Pictures of pages, the last ones kept in memory; safe to share by threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._most = kept
        self._held = 0
        self._pages: OrderedDict[tuple[str, int], Drawing] = OrderedDict()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def draw(self, original: Original, format: str, page: int) -> Drawing:
        """Return a picture of a page, counted from 1.

        Args:
            format: that of the source (`Source.format`).

        Raises:
            UnreadableFile: it cannot be drawn, within these limits.
        """
        key = original.sha256, page
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        if original.size > LARGEST:
            raise UnreadableFile(original.sha256, "原件太大，不绘出页面，请下载原件")
        if not self._places.acquire(timeout=PATIENCE):
            raise UnreadableFile(original.sha256, "同时要看原件的人太多，请稍后再试")
        try:
            drawn = _drawn(original, format, page)
        finally:
            self._places.release()
        self._keep(key, drawn)
        return drawn

    def _keep(self, key: tuple[str, int], drawn: Drawing) -> None:
        if len(drawn.data) > self._most // 4:
            return
        with self._lock:
            if key not in self._pages:
                self._pages[key] = drawn
                self._held += len(drawn.data)
            while self._held > self._most:
                _, last = self._pages.popitem(last=False)
                self._held -= len(last.data)


def _drawn(original: Original, format: str, page: int) -> Drawing:
    """Have a process draw a page."""
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "indexer.facsimile"],
            input=json.dumps([str(original.path), format, page]).encode("ascii"),
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(original.sha256, f"绘出这一页超过 {SECONDS:.0f} 秒，已中止") from error
    # A line that names what follows, and bytes: whatever a file made of that process, nothing it says is run here.
    head, ended, data = done.stdout.partition(b"\n")
    media = next((media for media in MEDIA if head == media.encode("ascii")), None)
    if media and data:
        return Drawing(media, data)
    told = data[:LONGEST_REASON].decode("utf-8", "replace") if ended and not head else ""
    raise UnreadableFile(original.sha256, told or "这一页无法绘出，可能是文件过大或已损坏")


def _answer(path: Path, format: str, page: int) -> bytes:
    """Draw a page of a kept file here; return its medium, a line's end and its bytes, or a line's end and why not."""
    try:
        with gzip.open(path) if path.suffix == PACKED else path.open("rb") as stream:
            data = stream.read(LARGEST)
        if sha256(data).hexdigest() != path.name.removesuffix(PACKED):
            raise UnreadableFile(path, "保存的原件已损坏（校验和不符）")
        drawn = draw(path.name, format, data, page)
        return drawn.media.encode("ascii") + b"\n" + drawn.data
    except UnreadableFile as error:
        reason = error.reason
    except OSError as error:
        reason = f"原件无法打开（{error.strerror or '已损坏'}）"
    except MemoryError:
        reason = "绘出这一页所需的内存超过上限"
    return b"\n" + reason.encode("utf-8")


def main() -> None:
    """Answer one question from standard input on standard output."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    path, kind, page = json.load(sys.stdin)
    limit_memory(MEMORY)
    with pipe:
        pipe.write(_answer(Path(path), kind, page))


if __name__ == "__main__":
    main()
