"""Thirty minutes as an office has them: `python tests/soak/mixed.py --minutes 30 --clients 8`.

Clients search, read meetings, open lists and export, on a real server over 365,000 passages, while another process adds
and removes meetings. Every answer is compared with a model: how many passages hold a string is counted in the texts
themselves before, and which of the added meetings are there is what the writer has told. An answer is right if it is
that of a generation that was the newest at some moment of the request. Prints a block for docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent), str(ROOT / "tests/support")]

import load  # noqa: E402

from indexer.engines.choose import open_engine  # noqa: E402
from indexer.text.fold import fold  # noqa: E402

# Strings that are counted beforehand; the first ones also stand in every meeting that is added.
COUNTED = ("安全生产", "人民政府", "职业教育", "第三十二条", "环境保护", "食品安全", "公共文化服务", "农民工工资")
OFTEN = ("安全生产", "职业教育")
WORD = "凤栖梧桐"
KEPT = 12


@dataclass
class Tally:
    """What the clients have seen."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float, float]] = field(default_factory=list)  # minutes, MB, MB without maps
    told: int = 0
    told_at: float = 0.0
    began: int = 0
    delays: list[float] = field(default_factory=list)


def main() -> int:
    """Run the load; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.05, help="seconds between two requests of a client")
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two commits")
    parser.add_argument("--documents", type=int, default=None, help="take only so many documents of the corpus")
    parser.add_argument("--index", type=Path, help="copy an index of them that was made before")
    parser.add_argument("--threads", default="4")
    parser.add_argument("--processes", default="1")
    parser.add_argument("--writer", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.writer:
        return write(Path(given.writer[0]), float(given.writer[1]))
    with tempfile.TemporaryDirectory(prefix="gongwen-soak-") as folder:
        place = Path(folder) / "index"
        passages = load.indexed(place, given.documents, given.index)
        base = counted(place)
        options = ["--threads", given.threads, "--processes", given.processes]
        tally = run(place, base, given.minutes * 60, given.clients, given.pause, given.every, options)
    show(tally, given, passages)
    return int(bool(tally.errors or tally.wrong))


def counted(place: Path) -> dict[str, int]:
    """Count the passages that hold each string by looking into every text, with no index in between."""
    found = dict.fromkeys((*COUNTED, WORD), 0)
    with closing(open_engine(place)) as engine:
        for head in engine.heads():
            record = engine.record(head.id)
            for paragraph in record.paragraphs:
                stream = fold(paragraph.text)
                for string in found:
                    found[string] += string in stream
    return found


def run(
    place: Path, base: dict[str, int], seconds: float, clients: int, pause: float, every: float, options: list[str]
) -> Tally:
    """Serve an index, write to it, and have clients ask, for so long."""
    tally, stop = Tally(), threading.Event()
    command = [sys.executable, __file__, "--writer", str(place), str(every)]
    with (
        load.served(place, *options) as server,
        subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as writer,
    ):
        following = threading.Thread(target=follow, args=(writer, tally, stop))
        following.start()
        while not tally.told and following.is_alive():  # it has to be started, too
            time.sleep(0.05)
        threads = [
            threading.Thread(target=ask, args=(server.port, base, tally, stop, pause, number))
            for number in range(clients)
        ]
        threads.append(threading.Thread(target=watch, args=(server.port, tally, stop)))
        for thread in threads:
            thread.start()
        threads.append(following)
        began = time.monotonic()
        while (now := time.monotonic() - began) < seconds:
            tally.memory.append((now / 60, *server.memory()))
            time.sleep(min(10.0, max(0.0, seconds - now)))
        tally.memory.append((seconds / 60, *server.memory()))
        stop.set()
        writer.kill()
        for thread in threads:
            thread.join()
    return tally


def follow(writer: subprocess.Popen[str], tally: Tally, stop: threading.Event) -> None:
    """Keep up with what the writer tells, and do nothing else, so that no commit is heard of late."""
    assert writer.stdout is not None
    for line in writer.stdout:
        word, number = line.split()
        if word == "building":
            tally.began = int(number)
        else:
            tally.told_at = time.monotonic()
            tally.told = int(number)
    if not stop.is_set():
        tally.errors["the writer has ended"] += 1


def watch(port: int, tally: Tally, stop: threading.Event) -> None:
    """See how soon a server answers from a new generation, of those that come when the one before was seen."""
    seen = 0
    with closing(load.Client(port)) as client:
        while not stop.is_set():
            number, began = tally.told, tally.told_at
            if number == seen:
                time.sleep(0.005)
                continue
            seen = number
            while not stop.is_set() and tally.told < number + KEPT:
                status, body, _ = client.get(f"/api/v1/search?q={quote(mark(number))}&match=exact")
                if status != 200:
                    tally.errors[f"{status} for a new meeting"] += 1
                    break
                if json.loads(body)["total"]["exact"]:
                    tally.delays.append(time.monotonic() - began)
                    break


def ask(port: int, base: dict[str, int], tally: Tally, stop: threading.Event, pause: float, number: int) -> None:
    """Ask one thing after the other, and compare each answer with the model."""
    chance = random.Random(number)
    kinds: tuple[tuple[str, float, Callable[[random.Random, Tally], str]], ...] = (
        ("search", 0.55, lambda c, t: f"/api/v1/search?q={quote(c.choice(COUNTED))}&match=exact&limit=10"),
        ("search page", 0.15, lambda c, t: f"/search?q={quote(c.choice(COUNTED))}"),
        ("new meetings", 0.1, lambda c, t: f"/api/v1/search?q={quote(WORD)}&match=exact&limit=100"),
        ("meeting", 0.1, lambda c, t: "/meetings/" + meeting_id(max(1, t.told - c.randrange(KEPT // 2)))),
        ("list", 0.08, lambda c, t: "/meetings"),
        ("export", 0.02, lambda c, t: f"/export?q={quote('农民工工资')}&format=csv"),
    )
    with closing(load.Client(port)) as client:
        while not stop.is_set():
            # Meetings are asked for once there is one.
            kind, _, path = chance.choices(kinds, [w if tally.told or k != "meeting" else 0 for k, w, _ in kinds])[0]
            low = tally.told
            address = path(chance, tally)
            status, body, took = client.get(address)
            if stop.is_set():
                return
            tally.taken[kind].append(took)
            if status != 200:
                tally.errors[f"{status} for {kind}"] += 1
            else:
                for fault in faults(kind, address, body, base, low, tally):
                    tally.wrong[f"{kind}: {fault}"[:200]] += 1
            time.sleep(chance.uniform(0, 2 * pause))


def faults(kind: str, address: str, body: bytes, base: dict[str, int], low: int, tally: Tally) -> list[str]:
    """Return what is wrong with an answer; a writer that has begun to build may have committed, unheard as yet."""
    states = range(low, max(tally.told, tally.began) + 2)
    if kind == "search":
        found = json.loads(body)
        string = (
            found["query"]["text"]
            if isinstance(found.get("query"), dict)
            else next(s for s in COUNTED if quote(s) in address)
        )
        legal = {base[string] + (len(present(now)) if string in OFTEN else 0) for now in states}
        return (
            [] if found["total"]["exact"] in legal else [f"{string} {found['total']['exact']} and not {sorted(legal)}"]
        )
    if kind == "new meetings":
        ids = {hit["id"].partition("#")[0] for hit in json.loads(body)["hits"]}
        legal_ids = [{meeting_id(one) for one in present(now)} for now in states]
        return [] if ids in legal_ids else [f"{sorted(ids)} and not one of {len(legal_ids)} generations"]
    text = body.decode("utf-8", "replace")
    if kind == "meeting":
        number = int(address[-5:])
        return [] if mark(number) in text else [f"not the meeting {number}"]
    if kind == "export":
        rows = text.count("农民工工资")
        return [] if rows >= base["农民工工资"] else [f"{rows} and not {base['农民工工资']} rows"]
    return [] if "</html>" in text else ["a page that is cut"]


def present(step: int) -> range:
    """Return the numbers of the meetings that a state holds: the last KEPT."""
    return range(max(1, step - KEPT + 1), step + 1)


def meeting_id(number: int) -> str:
    return f"20300101-{number + 0x10000000:08x}"[:-5] + f"{number:05d}"


def mark(number: int) -> str:
    """Return a string that only one added meeting has."""
    return "编号" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:06d}")


def write(place: Path, every: float) -> int:
    """Add a meeting and remove the oldest one, in one commit, again and again; ends by being killed."""
    from datetime import date

    from made import meeting

    from indexer.model import Paragraph

    parent, step = os.getppid(), 0
    with closing(open_engine(place)) as engine:
        while os.getppid() == parent:
            step += 1
            said = (f"{WORD}{mark(step)}，会议要求抓好安全生产和职业教育。",)
            paragraphs = tuple(Paragraph(f"p{n}", text, (0, len(text))) for n, text in enumerate(said, 1))
            made = meeting(step, date(2030, 1, 1), id=meeting_id(step), paragraphs=paragraphs, items=(), agenda=())
            print("building", step, flush=True)
            with engine.writing() as writing:
                writing.put(made, ())
                if step > KEPT:
                    writing.remove(meeting_id(step - KEPT))
                writing.commit()
            print("built", step, flush=True)
            time.sleep(every)
    return 0


def show(tally: Tally, given: argparse.Namespace, passages: int) -> None:
    """Print the block for docs/reliability.md."""
    every = [took for taken in tally.taken.values() for took in taken]
    print(
        f"\n{passages:,} passages, {given.clients} clients, {given.minutes:g} minutes, {os.cpu_count()} cores, ", end=""
    )
    print(f"{tally.told} commits, {len(every):,} requests ({len(every) / given.minutes / 60:.0f} a second): ", end="")
    print(f"{sum(tally.errors.values())} errors, {sum(tally.wrong.values())} wrong answers\n")
    print("| request | count | p50 ms | p95 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|")
    for kind, taken in (*sorted(tally.taken.items()), ("all", every)):
        figures = " | ".join(f"{load.percentile(taken, share):.1f}" for share in (0.5, 0.95, 0.99, 1.0))
        print(f"| {kind} | {len(taken):,} | {figures} |")
    print(f"\nA new generation was answered from after {load.percentile(tally.delays, 0.5):.0f} ms (median), ", end="")
    print(f"{load.percentile(tally.delays, 1.0):.0f} ms at most.\n")
    print("| minute | resident MB | without maps MB |\n|---|---|---|")
    step = max(1, len(tally.memory) // 10)
    for minute, total, anonymous in [*tally.memory[::step], tally.memory[-1]]:
        print(f"| {minute:.1f} | {total:.0f} | {anonymous:.0f} |")
    for name, counter in (("error", tally.errors), ("wrong", tally.wrong)):
        for what, times in counter.most_common(20):
            print(f"{name}: {times} × {what}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
