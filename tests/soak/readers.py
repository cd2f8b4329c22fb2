"""Threads that search while another process commits: `python tests/soak/readers.py --threads 16 --seconds 60`.

One index is shared by all threads, as in a server. The writer adds a document with every commit, changes one and
removes one with some. Every answer must be that of one generation: the ids that are found, the texts that are shown,
the record that is opened after it; and no older one than what was committed before the question.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent), str(ROOT / "tests/support")]

from made import document  # noqa: E402

from indexer.engines.choose import open_engine  # noqa: E402
from indexer.errors import NotFound  # noqa: E402
from indexer.search import Index, open_index  # noqa: E402

WORD = "凤栖梧桐"


@dataclass
class Tally:
    """What the threads have seen; `told` is the writer's last commit."""

    answers: int = 0
    told: int = 0
    generations: set[int] = field(default_factory=set)
    wrong: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Run as long as asked; return 1 if an answer was wrong or failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--writer", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.writer:
        write(given.writer)
    with tempfile.TemporaryDirectory(prefix="gongwen-readers-") as folder:
        tally = run(Path(folder), given.threads, given.seconds)
    print(f"{given.threads} threads, {given.seconds:g} seconds, {tally.told} commits by another process: ", end="")
    print(f"{tally.answers:,} answers of {len(tally.generations)} generations, {sum(tally.wrong.values())} wrong")
    for what, times in tally.wrong.most_common(20):
        print(f"{times} × {what}", file=sys.stderr)
    return int(bool(tally.wrong))


def run(folder: Path, count: int, seconds: float) -> Tally:
    """Have so many threads search for so long while another process writes."""
    place = folder / "index"
    open_engine(place, create=True).close()
    tally, stop = Tally(), threading.Event()
    command = [sys.executable, __file__, "--writer", str(place)]
    with open_index(place) as index, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        follower = threading.Thread(target=follow, args=(writer, tally))
        follower.start()
        while not tally.told and follower.is_alive():
            time.sleep(0.05)
        threads = [follower, *(threading.Thread(target=read, args=(index, tally, stop)) for _ in range(count))]
        for thread in threads[1:]:
            thread.start()
        stop.wait(seconds)
        stop.set()
        writer.kill()
        for thread in threads:
            thread.join()
    return tally


def follow(writer: subprocess.Popen[str], tally: Tally) -> None:
    """Keep up with what the writer tells."""
    assert writer.stdout is not None
    for line in writer.stdout:
        word, number = line.split()
        if word == "built":
            tally.told = int(number)


def read(index: Index, tally: Tally, stop: threading.Event) -> None:
    """Search again and again; whatever is not the answer of one generation is noted."""
    while not stop.is_set():
        low = tally.told
        try:
            answer = index.search(WORD, match="exact", limit=1000)
            shown = {hit.id.partition("#")[0]: hit.text for hit in answer.hits}
            # The newest document tells the step; what the writer says may be heard later than what it wrote is seen.
            step = max((int(record_id.removeprefix("d-")) for record_id in shown), default=0)
            if step < low or state(step) != shown or answer.total.exact != len(shown):
                tally.wrong[f"step {step} of {low} or later: {len(shown)} hits, {answer.total.exact} told"] += 1
            else:
                tally.generations.add(step)
            for record_id in sorted(shown)[:1]:
                index.record(record_id)
        except NotFound:
            pass  # it was removed after it was found
        except Exception as error:  # noqa: BLE001  any error of a reader is what is looked for
            tally.wrong[repr(error)[:200]] += 1
        tally.answers += 1


def state(step: int) -> dict[str, str]:
    """Return the text of each document of a step: one comes with each, one changes, and every third one goes."""
    first = max(1, step - 20)
    return {
        f"d-{number}": f"{WORD}第{number}号，第{step if number == step - 1 else number}次改。"
        for number in range(first, step + 1)
        if number % 3 or number >= step - 5
    }


def write(place: Path) -> None:
    """Commit one state after the other, and tell each; ends only by being killed."""
    parent, step = os.getppid(), 0
    before: dict[str, str] = {}
    with closing(open_engine(place)) as engine:
        while os.getppid() == parent:
            step += 1
            now = state(step)
            print("building", step, flush=True)
            with engine.writing() as writing:
                for record_id in before.keys() - now.keys():
                    writing.remove(record_id)
                for record_id, text in now.items():
                    if before.get(record_id) != text:
                        writing.put(document(record_id.removeprefix("d-"), [text]), ())
                writing.commit()
            print("built", step, flush=True)
            before = now
            time.sleep(0.02)
    sys.exit()


if __name__ == "__main__":
    sys.exit(main())
