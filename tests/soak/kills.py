"""Kills builds at any moment and looks at what is left: `python tests/soak/kills.py --count 200`.

A child builds one state of a folder after the other into one index (files come, change and go; every build is written
in several segments, every few of them are merged, originals are kept) and tells each build that has returned. The
parent kills it with SIGKILL while it builds. Then the index must open, its check must be clean, and what it holds must
be the last state told or the one being built: each record whole, and nothing beside. The next child goes on from there
and removes what the dead one left.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from indexer.build import build  # noqa: E402
from indexer.engines.choose import open_engine  # noqa: E402
from indexer.engines.whoosh import manifest, writer  # noqa: E402
from indexer.engines.whoosh.snapshot import open_snapshot  # noqa: E402
from indexer.minutes.parse import parse  # noqa: E402
from indexer.model import Record  # noqa: E402
from indexer.originals import Originals  # noqa: E402
from indexer.readers import read_bytes  # noqa: E402

FILES = 40
SEGMENT = 6_000


def main() -> int:
    """Kill as often as asked; return 1 if an index was ever not what it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(Path(given.child[0]), int(given.child[1]))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gongwen-kills-") as folder:
        print(f"seed {given.seed}")
        moments: Counter[str] = Counter()
        sound = 0
        for number, (moment, damage) in enumerate(kill(Path(folder), given.count, given.seed), 1):
            moments[moment] += 1
            sound += not damage
            for line in damage:
                print(f"kill {number}, {moment}: {line}", file=sys.stderr)
            if number % 20 == 0:
                print(f"{number} kills, {sound} times sound", file=sys.stderr)
    print(f"\n{sound} of {given.count} times the index was what it must be ({time.monotonic() - began:.0f} s)\n")
    print("| killed | times |\n|---|---|")
    for moment, times in moments.most_common():
        print(f"| {moment} | {times} |")
    return int(sound < given.count)


def kill(folder: Path, count: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """Kill a building child again and again; yield in what each was killed, and what was wrong after it."""
    chance = random.Random(seed)
    step, killed = 0, 0
    usual = 0.1
    while killed < count:
        with subprocess.Popen(
            [sys.executable, __file__, "--child", str(folder), str(step)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(chance.randrange(3)):
                step = _built(process.stdout, step + 1)
            began = time.monotonic()
            step = _built(process.stdout, step + 1)
            usual = 0.7 * usual + 0.3 * (time.monotonic() - began)
            assert process.stdout.readline().split() == ["building", str(step + 1)]
            time.sleep(chance.uniform(0, usual * 1.2))
            process.kill()
            # It may have come further than one build meanwhile.
            step = max([step, *(int(line.split()[1]) for line in process.stdout if line.startswith("built "))])
            process.wait()
        killed += 1
        step, moment, damage = look(folder, step)
        yield moment, damage


def _built(stream: IO[str], step: int) -> int:
    """Wait until a step is told as built."""
    assert [stream.readline().split(), stream.readline().split()] == [["building", str(step)], ["built", str(step)]]
    return step


def look(folder: Path, step: int) -> tuple[int, str, list[str]]:
    """Return the step that the index holds, in what the child was killed, and what is wrong."""
    index = folder / "index"
    if not (index / manifest.NAME).exists():
        return 0, "before the first commit", ["the index is gone"] if step else []
    moment = _moment(index)
    with closing(open_engine(index)) as engine:
        damage = [*engine.check(), *Originals(index).check()]
        held: dict[str, Record] = {}
        for path, state in engine.sources().items():
            held[path] = replace(engine.record(state.record_id), sources=())
        if len(engine.heads()) != len(held):
            damage.append(f"{len(engine.heads())} records of {len(held)} files")
    for now in (step + 1, step):
        if held == expected(folder, now):
            return now, moment if now == step else "after the commit, before it was told", damage
    return step, moment, [*damage, f"neither step {step} nor {step + 1} is what the index holds"]


def _moment(index: Path) -> str:
    """Tell by what was left how far a build had come."""
    names = {path.name for path in index.iterdir()}
    snapshot = open_snapshot(index)
    listed = {entry.filename for entry in snapshot.entries}
    if any(name.startswith("manifest") and name.endswith(".new") for name in names):
        return "while the commit was written"
    if manifest.toc_name(snapshot.generation + 1) in names:
        return "between list and commit"
    if any(".toc." in name for name in names):
        return "while the list was written"
    fresh = [name for name in names if name.endswith(".arr") and name not in listed]
    if len(fresh) > 1:
        return "with several segments written"
    return "with a segment written, or in the midst of it" if fresh else "before a segment was written"


def expected(folder: Path, step: int) -> dict[str, Record]:
    """Return the records of a state, by path."""
    found = {}
    for name, text in state(step).items():
        path = str((folder / "in").resolve() / name)
        (source,) = read_bytes(path, text.encode())
        found[path] = replace(parse(source), sources=())
    return found


def state(step: int) -> dict[str, str]:
    """Return the files of a step: two come or change with every step, and one goes with every third."""
    made: dict[str, str] = {}
    for now in range(1, step + 1):
        for number in (now * 2 % FILES, now * 3 % FILES):
            made[f"{number}.txt"] = minutes(number, now)
        if now % 3 == 0:
            made.pop(f"{now * 5 % FILES}.txt", None)
    return made


def minutes(number: int, step: int) -> str:
    """Return invented minutes of a meeting as they are at a step."""
    chance = random.Random(number * 1_000_003 + step)
    topics = [
        f"听取关于第{chance.randrange(10**6)}号{what}情况的汇报"
        for what in ("教育发展", "排水改造", "安全生产", "养老服务")
    ]
    lines = [
        f"云州市人民政府第{number + 1}次常务会议纪要",
        f"2023年{number % 12 + 1}月{number % 28 + 1}日，林致远市长主持召开会议。",
    ]
    for at, topic in enumerate(topics):
        lines.append(f"{'一二三四'[at]}、{topic}")
        lines += [
            f"（{'一二三'[n]}）会议要求第{chance.randrange(10**9)}项工作由市教育局牵头，于年底前完成。" * 4
            for n in range(3)
        ]
    return "\n".join([*lines, "出席：林致远 周明", "（此件公开发布）", ""])


def child(folder: Path, step: int) -> None:
    """Build one state after the other, and tell each; ends only by being killed."""
    writer.SEGMENT_CHARACTERS = SEGMENT  # as a build of millions of characters would be written, in several segments
    source = folder / "in"
    source.mkdir(exist_ok=True)
    parent = os.getppid()
    while os.getppid() == parent:
        step += 1
        wanted = state(step)
        for path in source.iterdir():
            if path.name not in wanted:
                path.unlink()
        for name, text in wanted.items():
            if not (source / name).exists() or (source / name).read_text(encoding="utf-8") != text:
                (source / name).write_text(text, encoding="utf-8")
        print("building", step, flush=True)
        report = build([source], folder / "index", sync=True, keep_originals=True)
        assert not report.failed, report.failed
        print("built", step, flush=True)
    sys.exit()


if __name__ == "__main__":
    sys.exit(main())
