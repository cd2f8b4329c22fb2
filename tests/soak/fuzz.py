"""Throws changed inputs at what reads the inputs of others: `python tests/soak/fuzz.py --target all --minutes 10`.

Targets are the query parser with a search behind it, the parser of minutes, each reader with the parser behind it, and
the parameters of URLs. A case fails if it raises what it may not, takes more than 5 seconds, or ends the process. Each
target runs in a process of its own, limited in memory as a build's readers are, which writes every case down before it
tries it; what failed is left in --out, named by target, to become a test. The table tells how many minutes of a
processor each target had, which are fewer beside other work.
"""

from __future__ import annotations

import argparse
import faulthandler
import pickle
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support"), str(Path(__file__).parent)]

import targets  # noqa: E402
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import seed as seeded  # noqa: E402
from hypothesis.errors import HypothesisException  # noqa: E402

# Of processor time, so that a busy machine makes no case slow.
SECONDS = 5.0
# A case in C code cannot be interrupted: the process ends over it. So it does over one that waits for what never comes,
# in wall time, which goes on where a run is paused.
HARD_SECONDS = 30.0
WAITING_SECONDS = 1800.0
MEMORY = 3 << 30
BATCH = 500
NOT_STARTED = 3


class Slow(BaseException):
    """A case has taken too long."""


def main() -> int:
    """Run the targets one after the other; return 1 if any case failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="all", help="all, or of: " + ", ".join(targets.NAMES))
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "gongwen-fuzz")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given_ = parser.parse_args()
    if given_.child:
        return child(given_.target, given_.minutes * 60, given_.seed, given_.out)
    given_.out.mkdir(parents=True, exist_ok=True)
    chosen = targets.NAMES if given_.target == "all" else given_.target.split(",")
    print(f"seed {given_.seed}, {given_.minutes:g} minutes for each of {len(chosen)} targets, cases in {given_.out}")
    print("| target | minutes | of processor | cases | failed |\n|---|---|---|---|---|", flush=True)
    failed = 0
    for name in chosen:
        began, before = time.monotonic(), used()
        count, bad = run(name, given_.minutes * 60, given_.seed, given_.out)
        failed += bad
        minutes = (time.monotonic() - began) / 60
        print(f"| {name} | {minutes:.1f} | {(used() - before) / 60:.1f} | {count:,} | {bad} |", flush=True)
    return int(failed > 0)


def used() -> float:
    """Return the seconds of processor that children have taken that ended."""
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


def run(name: str, seconds: float, seed: int, out: Path) -> tuple[int, int]:
    """Run one target until its time is up, again after each case that ended it; return its cases and failures."""
    count = bad = 0
    end = time.monotonic() + seconds
    for attempt in range(1000):
        left = end - time.monotonic()
        if left <= 0:
            break
        command = [sys.executable, __file__, "--child", "--target", name, "--minutes", str(left / 60)]
        ended = subprocess.run([*command, "--seed", str(seed + attempt), "--out", str(out)], check=False)
        tally = out / f"{name}.tally"
        done, failed = map(int, tally.read_text().split()) if tally.exists() else (0, 0)
        tally.unlink(missing_ok=True)
        count, bad = count + done, bad + failed
        if ended.returncode == NOT_STARTED:
            raise SystemExit(f"{name}: could not be started")
        current = out / f"{name}.now"
        if current.exists():  # which a child removes at its end
            bad += 1
            kept = out / f"{name}-died-{seed + attempt}.pickle"
            current.replace(kept)
            print(f"{name}: the process ended with {ended.returncode}: {kept}", file=sys.stderr)
    return count, bad


def child(name: str, seconds: float, seed: int, out: Path) -> int:
    """Try cases of one target until the time is up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, _slow)  # SIGVTALRM ends the process
    try:
        target = targets.target(name)
    except Exception:  # noqa: BLE001  the parent would take it for a failed case
        traceback.print_exc()
        return NOT_STARTED
    seen: set[str] = set()
    tally = [0, 0]
    now = out / f"{name}.now"
    end = time.monotonic() + seconds

    def case(value: object) -> None:
        if time.monotonic() >= end:
            return
        tally[0] += 1
        now.write_bytes(pickle.dumps(value))
        trace = attempt(target.check, value)
        if trace:
            ours = [line for line in trace.splitlines() if "/indexer/" in line or "/search_web/" in line]
            place = trace.strip().splitlines()[-1].partition(":")[0] + "".join(ours[-1:])
            if place not in seen:
                seen.add(place)
                tally[1] += 1
                kept = out / f"{name}-{seed}-{tally[0]}"
                kept.with_suffix(".pickle").write_bytes(pickle.dumps(value))
                kept.with_suffix(".txt").write_text(trace, encoding="utf-8")
                print(f"{name}: {trace.strip().splitlines()[-1][:200]}: {kept}.pickle", file=sys.stderr)

    batch = 0
    while time.monotonic() < end:
        # Without phases that repeat what is known: what fails is kept as it is, and the search goes on.
        wanted = settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=False,
        )
        tried: Callable[[], None] = seeded(seed * 1000 + batch)(wanted(given(target.cases)(case)))
        try:
            tried()
        except HypothesisException as error:
            print(f"{name}: {error}", file=sys.stderr)
        batch += 1
        (out / f"{name}.tally").write_text(f"{tally[0]} {tally[1]}")
    now.unlink(missing_ok=True)
    return int(tally[1] > 0)


def attempt(check: Callable[[object], None], value: object) -> str:
    """Try one case; return the trace of what it may not do, or nothing."""
    faulthandler.dump_traceback_later(WAITING_SECONDS, exit=True)
    signal.setitimer(signal.ITIMER_VIRTUAL, HARD_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        check(value)
    except Slow:
        return f"{traceback.format_exc()}\nslower than {SECONDS:g} seconds"
    except Exception:  # noqa: BLE001  any other error of the thing under test is what is looked for
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        faulthandler.cancel_dump_traceback_later()
    return ""


def _slow(_: int, __: FrameType | None) -> None:
    raise Slow


if __name__ == "__main__":
    sys.exit(main())
