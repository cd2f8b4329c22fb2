"""More searches than can be answered: `python tests/soak/saturation.py`; prints a block for docs/reliability.md.

Clients ask one search after the other without a pause, in steps from one client to very many, each step for some
seconds. Up to its limit the server answers all; beyond it, it must go on answering as many, and tell the others with
503 (or 429) at once. Clients run in processes of their own, which take some of the machine: the figures are low ones.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import load  # noqa: E402

QUERIES = (
    *(
        "安全生产",
        "人民政府",
        "职业教育",
        "第三十二条",
        "环境保护 处罚",
        "食品安全",
        "公共文化服务",
        "农民工工资",
        "电梯",
    ),
    *(
        "养老服务 补贴",
        "怎样申请法律援助",
        "垃圾分类",
        "未成年人保护",
        "招标投标",
        "财政部门",
        "应急预案",
        "水污染防治",
    ),
)


def main() -> int:
    """Run the steps; return 1 if an answer was neither right nor told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="1,2,4,8,16,32,64,128,256")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each step")
    parser.add_argument("--documents", type=int, default=None, help="take only so many documents of the corpus")
    parser.add_argument("--index", type=Path, help="copy an index of them that was made before")
    parser.add_argument("--processes", default="2")
    parser.add_argument("--threads", default="4")
    given = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="gongwen-saturation-") as folder:
        place = Path(folder) / "index"
        passages = load.indexed(place, given.documents, given.index)
        print(f"\n{passages:,} passages, {given.processes} processes of {given.threads} threads, ", end="")
        print(f"{os.cpu_count()} cores, {given.seconds:g} seconds a step\n")
        print("| clients | answered a second | p50 ms | p99 ms | 503 or 429 a second | p99 ms of these | other |")
        print("|---|---|---|---|---|---|---|")
        with load.served(place, "--processes", given.processes, "--threads", given.threads) as server:
            step(server.port, 2, 2.0)
            for clients in map(int, given.clients.split(",")):
                bad += tell(clients, given.seconds, step(server.port, clients, given.seconds))
            print(f"\nResident at the end: {server.memory()[0]:.0f} MB ({server.memory()[1]:.0f} MB without maps).")
    return int(bad > 0)


Row = tuple[int, float]


def step(port: int, clients: int, seconds: float) -> list[Row]:
    """Have clients ask for so long, divided among a few processes; return status and seconds of every request."""
    count = min(clients, max(2, (os.cpu_count() or 2)))
    shares = [clients // count + (number < clients % count) for number in range(count)]
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        return [row for rows in pool.starmap(ask, [(port, share, seconds) for share in shares]) for row in rows]


def ask(port: int, clients: int, seconds: float) -> list[Row]:
    """Ask with so many clients, one thread each."""
    rows: list[Row] = []
    end = time.monotonic() + seconds

    def one(number: int) -> None:
        chance = random.Random(number)
        with closing(load.Client(port)) as client:
            while time.monotonic() < end:
                status, body, took = client.get(f"/api/v1/search?q={quote(chance.choice(QUERIES))}&limit=10")
                rows.append((status if status != 200 or b'"hits"' in body else -1, took))
                if status in (429, 503):
                    time.sleep(0.05)  # a client that is told to come again later does not come at once

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rows


def tell(clients: int, seconds: float, rows: list[Row]) -> int:
    """Print one step; return how many answers were neither right nor told."""
    answered = [took for status, took in rows if status == 200]
    told = [took for status, took in rows if status in (429, 503)]
    other = Counter(status for status, _ in rows if status not in (200, 429, 503))
    print(
        f"| {clients} | {len(answered) / seconds:.0f} | {load.percentile(answered, 0.5):.1f} "
        f"| {load.percentile(answered, 0.99):.1f} | {len(told) / seconds:.0f} | {load.percentile(told, 0.99):.1f} "
        f"| {', '.join(f'{n} × {status}' for status, n in other.items()) or 0} |",
        flush=True,
    )
    return sum(other.values())


if __name__ == "__main__":
    sys.exit(main())
