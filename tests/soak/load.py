"""What the load runs share: an index of the size of an office's record, a real server on it, clients, and figures."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from indexer.build import build  # noqa: E402
from indexer.engines.choose import open_engine  # noqa: E402

CORPUS = ROOT / "../shared/corpus/laws.jsonl.gz"
# Invented meetings that make as many passages where there is no corpus.
MADE = 9_000


@dataclass
class Server:
    """A server that runs; `pids` are its process and those that it has started."""

    process: subprocess.Popen[str]
    port: int

    def pids(self) -> list[int]:
        """Return the server's processes."""
        found = [self.process.pid]
        with suppress(OSError):
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            found += map(int, children.split())
        return found

    def memory(self) -> tuple[float, float]:
        """Return resident megabytes of all processes: in all, and without the maps of files, which they share."""
        total = anonymous = 0
        for pid in self.pids():
            with suppress(OSError):
                for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                    total += int(line.split()[1]) if line.startswith("VmRSS") else 0
                    anonymous += int(line.split()[1]) if line.startswith("RssAnon") else 0
        return total / 1024, anonymous / 1024


@contextmanager
def served(index: Path, *options: str) -> Iterator[Server]:
    """Start `gongwen serve` on an index, without a limit per client, and end it afterwards."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "GONGWEN_RATE": "0", "GONGWEN_LANG": "zh"}
    command = [sys.executable, "-m", "search_web", "serve", "--index", str(index), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ, cwd=index.parent) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "http://" in line)
            yield Server(process, int(line.partition("http://")[2].partition(":")[2].partition("/")[0]))
        finally:
            process.terminate()


class Client:
    """One client with one connection, which it opens again when it is gone."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> tuple[int, bytes, float]:
        """Return the status, the body and the seconds that it took; status 0 for an answer that did not come."""
        began = time.perf_counter()
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b"", time.perf_counter() - began
        return response.status, body, time.perf_counter() - began

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def indexed(place: Path, count: int | None = None, made: Path | None = None) -> int:
    """Make an index of the documents at a place, or copy one that was made before; return how many passages it has."""
    if made is not None:
        shutil.copytree(made, place)
    else:
        print("building …", file=sys.stderr)
        build([documents(place.parent, count)], place)
    with closing(open_engine(place)) as engine:
        return engine.stats().passages


def documents(folder: Path, count: int | None = None) -> Path:
    """Return a list of documents of the size of 365,000 passages: the corpus, or invented minutes; or the first few."""
    if CORPUS.exists() and count is None:
        return CORPUS
    if CORPUS.exists():
        with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
            kept = [line for _, line in zip(range(count or 0), lines, strict=False)]
        path = folder / "base.jsonl"
        path.write_text("".join(kept), encoding="utf-8")
        return path
    sys.path.insert(0, str(ROOT / "tests/benchmarks"))
    import meetings

    path = folder / "base.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(1, (count or MADE) + 1):
            text = meetings.text(number)
            row = {"id": f"made-{number}", "title": text.split("\n")[0], "text": text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile of seconds, in milliseconds."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
