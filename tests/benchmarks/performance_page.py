"""What performance.py measured becomes docs/performance.md; nothing is measured here."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

OURS = "gongwen"
KINDS = {"words": "words: all of them", "exact": "exact string", "any": "question in plain words"}
PACKAGES = ("numpy", "rjieba", "whoosh3", "tantivy")
LEAST = 1e-4
Found = dict[str, Any]


def page(found: Found, command: str) -> str:
    """Return the page."""
    parts = [_top(found, command)]
    for name, write in (
        ("main", _main),
        ("first", _first),
        ("growth", _growth),
        ("crowd", _crowd),
        ("facets", _facets),
        ("peers", _peers),
    ):
        if name in found:
            parts.append(write(found[name]))
    return "\n".join(line for part in parts for line in part)


def _top(found: Found, command: str) -> Iterator[str]:
    corpus = "the laws and the queries of ../shared" if found["shared"] else "invented texts and queries (corpora.py)"
    yield "# Performance beside other engines"
    yield ""
    yield f"Measured on {date.today():%Y-%m-%d} with `{command}`, which writes this page, on {corpus}."
    yield ""
    yield f"- Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}; load {found['load']:.1f} before"
    yield f"- Python {platform.python_version()}, {', '.join(_versions())}"
    yield "- Every step in a process of its own, one after the other; files are in the page cache"
    yield f"- Each query {found['runs']} times, its median in ms: parsed, all hits counted, the best ten texts read"
    yield "- Nothing keeps answers: there is no cache of queries to be switched off"
    yield ""


def _main(found: Found) -> Iterator[str]:
    yield f"## {found['size']:,} paragraphs"
    yield ""
    yield f"Indexed and asked {found['rounds']} times, the engines by turns; times are the medians of these."
    yield ""
    yield from _built(found["engines"])
    yield ""
    yield from _asked(found["engines"])
    yield ""
    nowhere = [f"{name} {one['nowhere']:.3f} ms" for name, one in found["engines"].items() if "nowhere" in one]
    yield f"A string that is nowhere, the least that a query takes: {', '.join(nowhere)}."
    yield ""


def _built(engines: Found) -> Iterator[str]:
    yield "| engine | index s | processor s | paragraphs/s | MB on disk | peak MB indexing | MB searching, of files |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    rows = [(name, one["build"], one) for name, one in engines.items()]
    if "build2" in engines.get(OURS, {}):
        rows = [(f"{OURS}, jobs=1", *rows[0][1:]), (f"{OURS}, jobs=2", engines[OURS]["build2"], {}), *rows[1:]]
    for name, built, one in rows:
        resident = f"{one['resident'] / 1e6:,.0f}, {one['of_files'] / 1e6:,.0f}" if one.get("resident") else ""
        rate = built.get("passages", 0) / built["seconds"]
        yield (
            f"| {name} | {built['seconds']:.2f} | {built['processor']:.1f} | {rate:,.0f} | {built['bytes'] / 1e6:.1f} "
            f"| {built['peak'] / 1e6:,.0f} | {resident} |"
        )
    if "tantivy" in engines and OURS in engines:
        other = engines["tantivy"]["build"]
        for name, ours, _ in rows:
            if name.startswith(OURS):
                keys = ("seconds", "processor", "bytes", "peak")
                times, used, sizes, peaks = (ours[k] / other[k] if other[k] else 0 for k in keys)
                told = f"**ours / tantivy**{name.removeprefix(OURS)}"
                yield f"| {told} | {times:.2f} | {used:.2f} | | {sizes:.2f} | {peaks:.2f} | |"
        if len(rows) > len(engines):
            yield ""
            yield (
                "Tantivy is given one thread to index; beside it, Python segments and feeds, and other threads merge, "
                "so it keeps more than one core busy. With `jobs=2` ours has two processes: one reads, parses, lays "
                "out and inverts pairs of characters, the other segments and inverts words. Seconds of the processors "
                "are those of all threads and processes."
            )


def _asked(engines: Found) -> Iterator[str]:
    yield "| kind | engine | sum | geometric mean | p50 | p95 | max | sum, asked for the first time |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for kind, told in KINDS.items():
        rows = {name: figures(one["queries"][kind]) for name, one in engines.items()}
        for name, row in rows.items():
            yield f"| {told} | {name} | {' | '.join(_ms(row[k]) for k in row)} |"
        if "tantivy" in rows and OURS in rows:
            ratios = [_ratio(rows[OURS][k], rows["tantivy"][k]) for k in rows[OURS]]
            yield f"| {told} | **ours / tantivy** | {' | '.join(ratios)} |"


def figures(asked: Found) -> dict[str, float | None]:
    """Return sum, geometric mean, p50, p95 (nearest rank) and max of the medians, and the sum of first askings."""
    times = sorted(max(one["median"], LEAST) for one in asked.values())
    firsts = [one["first"] for one in asked.values() if "first" in one]
    return {
        "sum": sum(times),
        "mean": statistics.geometric_mean(times),
        "p50": statistics.median(times),
        "p95": times[math.ceil(0.95 * len(times)) - 1],
        "max": times[-1],
        "first": sum(firsts) if len(firsts) == len(times) else None,
    }


def _first(found: Found) -> Iterator[str]:
    yield (
        f"A new process takes {found['import']:.0f} ms to import the package, {found['open']:.1f} ms to open the index "
        f"and {found['answer']:.0f} ms for its first answer; to open an index again takes {found['again']:.1f} ms. "
        f"To parse a query takes {found['parse']:.3f} ms on average."
    )
    yield ""


def _growth(rows: list[Found]) -> Iterator[str]:
    yield "## Growth"
    yield ""
    yield "More paragraphs than the corpus has are its sentences dealt out anew. Times of queries in milliseconds."
    yield ""
    yield (
        "| paragraphs | engine | index s | two writers s | MB on disk | peak MB indexing | MB searching "
        "| words p50 | words sum | exact p50 | exact sum | any p50 | any sum |"
    )
    yield f"|---:|---|{'---:|' * 11}"
    for row in rows:
        two = f"{row['build2']['seconds']:.1f}" if "build2" in row else ""
        kinds = [figures(row["queries"][kind]) for kind in KINDS]
        times = " | ".join(f"{_ms(one['p50'])} | {_ms(one['sum'])}" for one in kinds)
        yield (
            f"| {row['size']:,} | {row['engine']} | {row['build']['seconds']:.1f} | {two} "
            f"| {row['build']['bytes'] / 1e6:.1f} | {row['build']['peak'] / 1e6:,.0f} "
            f"| {row.get('resident', 0) / 1e6:,.0f} | {times} |"
        )
    yield ""
    yield from _in_turn(rows)
    yield ""
    yield "| paragraphs | to open ms | one meeting more, until found, s |"
    yield "|---:|---:|---:|"
    for row in rows:
        if "add" in row:
            yield f"| {row['size']:,} | {row['first']['again']:.1f} | {row['add']['seconds']:.3f} |"
    yield ""


def _in_turn(rows: list[Found]) -> Iterator[str]:
    yield (
        "The same queries asked in turn, each of them once in every round: what is repeated many times, as above, the "
        "processor learns as far as lists are short, down to which comparisons will fail. Sums of medians in "
        "milliseconds, with the hits of all queries of a kind."
    )
    yield ""
    yield "| paragraphs | engine | words hits | words sum | exact hits | exact sum | any sum |"
    yield f"|---:|---|{'---:|' * 5}"
    for row in rows:
        (words, one), (exact, other), (_, question) = (turns(row["queries"][kind]) for kind in KINDS)
        times = f"{words:,} | {_ms(one)} | {exact:,} | {_ms(other)} | {_ms(question)}"
        yield f"| {row['size']:,} | {row['engine']} | {times} |"
    for engine in dict.fromkeys(row["engine"] for row in rows):
        before, after = [row for row in rows if row["engine"] == engine][-2:]
        factors = [
            f"{b / a:.2f}"
            for kind in KINDS
            for a, b in zip(turns(before["queries"][kind]), turns(after["queries"][kind]), strict=True)
        ]
        told = f"{after['size'] / before['size']:.2f} times | {engine}"
        yield f"| **{told}** | {' | '.join(f'**{factor}**' for factor in factors[:4])} | **{factors[5]}** |"


def turns(asked: Found) -> tuple[int, float]:
    """Return the hits of all queries, and the sum of their medians in turn."""
    return sum(one["total"] for one in asked.values()), sum(one["turn"] for one in asked.values())


def _crowd(found: Found) -> Iterator[str]:
    yield "## Queries a second"
    yield ""
    yield f"Threads of one process over {found['size']:,} paragraphs, each asking at random."
    yield ""
    yield f"| engine | threads | {' | '.join(KINDS.values())} |"
    yield f"|---|---:|{'---:|' * len(KINDS)}"
    for row in found["rows"]:
        rates = " | ".join(f"{row['rates'][kind]:,.0f}" for kind in KINDS)
        yield f"| {row['engine']} | {row['threads']} | {rates} |"
    yield ""


def _facets(found: Found) -> Iterator[str]:
    yield "## Facets"
    yield ""
    yield "Counting all seven, over generated minutes; the empty query is everything."
    yield ""
    yield "| query | hits | without ms | with ms | they add ms |"
    yield "|---|---:|---:|---:|---:|"
    for row in found["rows"]:
        added = row["with"] - row["without"]
        times = f"{row['without']:.2f} | {row['with']:.2f} | {added:.2f}"
        yield f"| {row['query'] or '（空）'} | {row['total']:,} | {times} |"
    yield ""


def _peers(found: Found) -> Iterator[str]:
    yield f"## All engines on {found['size']:,} paragraphs"
    yield ""
    yield "fts5 holds trigrams and finds no shorter string; it and the scan know no words and look for them as strings."
    yield ""
    yield from _built(found["engines"])
    yield ""
    yield from _asked(found["engines"])
    yield ""


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if value < 10 else f"{value:,.1f}"


def _ratio(ours: float | None, other: float | None) -> str:
    return f"**{ours / other:.2f}**" if ours and other else ""


def _versions() -> Iterator[str]:
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue


def _processor() -> str:
    from run import processor

    return processor()
