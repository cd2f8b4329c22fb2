"""Measures rankings on judged queries and writes docs/relevance.md: `python tests/benchmarks/relevance.py`.

Plain BM25 (bm25.py) over words, pairs and characters shows what each part of the ranking gives; the last rows are
the engine's own, as `gongwen eval` measures them. The lay questions stand beside the checkout, where they are.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import bm25  # noqa: E402
from bm25 import Field, Scores  # noqa: E402
from run import processor  # noqa: E402

from indexer import evaluate as judge  # noqa: E402
from indexer.evaluate import Evaluation, Judged  # noqa: E402
from indexer.query.parse import parse  # noqa: E402
from indexer.search import Index  # noqa: E402
from indexer.text import words  # noqa: E402
from indexer.text.fold import fold  # noqa: E402
from indexer.trial import trial_index  # noqa: E402

SETS = (("Judged queries (`data/judged`)", ROOT / "data/judged"), ("Lay questions", ROOT / "../shared/ir/stard-dev"))
B, B_MIXED = 0.75, 0.95
COMMAND = "python tests/benchmarks/relevance.py"
SHARES = (0.4, 0.4, 0.4)
# Feedback: so many of the best texts, so many of their words, at this share of the question's own weight.
BEST, WORDS_BACK, BACK = 5, 10, 0.3
READ_AGAIN = 100

Ranked = Callable[[str], Scores]


def main() -> None:
    """Measure what is there and write the page."""
    parts = ["\n".join(_measured(name, folder)) for name, folder in SETS if folder.exists()]
    prose = (Path(__file__).parent / "relevance.md").read_text(encoding="utf-8")
    top, _, rest = prose.partition("<!-- figures -->\n")
    machine = f"{processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    head = f"Measured on {date.today()} on {machine}, with `{COMMAND}`, which writes this page.\n"
    (ROOT / "docs/relevance.md").write_text(f"{top}{head}\n" + "\n".join(parts) + rest, encoding="utf-8")


def _measured(name: str, folder: Path) -> Iterator[str]:
    judged = judge.read(folder)
    ids, titles, bodies = _documents(judged.documents)
    yield from (f"## {name}", "", f"{len(judged.queries):,} queries over {len(ids):,} texts.", "")
    yield from ("| ranking | nDCG@10 | MRR@10 | recall@100 | ms a query |", "|---|---:|---:|---:|---:|")
    for label, ranked in _rankings([t + b for t, b in zip(titles, bodies, strict=True)], bodies):
        yield _row(label, _judge(judged, ids, ranked))
    yield from _engine(folder)
    yield ""


def _rankings(streams: Sequence[str], bodies: Sequence[str]) -> Iterator[tuple[str, Ranked]]:
    """Yield every ranking with its name; each is used before the next is asked for."""
    for hmm in (False, True):
        words.HMM = hmm
        yield f"jieba words alone, HMM {'on' if hmm else 'off'}", _alone(streams, words.cut, bm25.question_words)
    pairs, singles = bm25.counted(bm25.bigrams), bm25.counted(bm25.characters)
    yield "pairs of characters alone", _alone(streams, bm25.bigrams, pairs)
    yield "single characters alone", _alone(streams, bm25.characters, singles)
    yield "mixed, without titles", _mixed(bodies)
    mixed = _mixed(streams)
    yield "mixed (0.4, 0.4, 0.4), titles in the text", mixed
    yield "mixed + proximity", lambda q: _closer(streams, mixed(q), bm25.question_words(q))
    field = Field(streams, words.cut, B_MIXED)
    yield "mixed + feedback", lambda q: _fed(field, streams, mixed(q), q)


def _alone(streams: Sequence[str], cut: Callable[[str], Iterable[str]], asked: Callable[[str], bm25.Weights]) -> Ranked:
    field = Field(streams, cut, B)
    return lambda plain: field.scores(asked(plain))


def _mixed(streams: Sequence[str]) -> Ranked:
    by_words, by_pairs = Field(streams, words.cut, B_MIXED), Field(streams, bm25.bigrams, B_MIXED)
    by_characters = Field(streams, bm25.characters, B_MIXED)
    pairs, singles = bm25.counted(bm25.bigrams), bm25.counted(bm25.characters)

    def ranked(plain: str) -> Scores:
        found = SHARES[0] * by_words.scores(bm25.question_words(plain)) + SHARES[1] * by_pairs.scores(pairs(plain))
        return np.asarray(found + SHARES[2] * by_characters.scores(singles(plain)), dtype=np.float32)

    return ranked


def _closer(streams: Sequence[str], scores: Scores, terms: bm25.Weights) -> Scores:
    """Let the best texts gain up to a tenth by the share of the question's words in their best 60 characters."""
    found, whole = scores.copy(), sum(w for t, w in terms.items() if len(t) > 1) or 1
    for number in np.argsort(-scores, kind="stable")[:READ_AGAIN].tolist():
        found[number] *= 1 + 0.1 * bm25.window(streams[number], terms) / whole
    return found


def _fed(field: Field, streams: Sequence[str], scores: Scores, plain: str) -> Scores:
    told = bm25.feedback(field, scores, lambda number: words.cut(streams[number]), BEST, WORDS_BACK)
    whole = sum(bm25.question_words(plain).values())
    return scores + SHARES[0] * field.scores({term: BACK * whole * share for term, share in told.items()})


def _judge(judged: Judged, ids: Sequence[str], ranked: Ranked) -> Evaluation:
    """Judge a ranking of all texts as evaluate.py judges the answers of an index."""
    sums, seconds, count = [0.0, 0.0, 0.0], 0.0, 0
    for query, text in judged.queries.items():
        relevance = judged.relevance.get(query, {})
        if not any(value > 0 for value in relevance.values()):
            continue
        plain = parse(text, expand=False).plain
        started = time.perf_counter()
        scores = ranked(plain)
        best = np.argpartition(-scores, min(judge.DEPTH, len(scores) - 1))[: judge.DEPTH]
        best = best[np.lexsort((best, -scores[best]))]
        seconds += time.perf_counter() - started
        names = [ids[number] for number in best.tolist() if scores[number] > 0]
        figures = (judge.ndcg(names, relevance), judge.mrr(names, relevance), judge.recall(names, relevance))
        sums = [total + figure for total, figure in zip(sums, figures, strict=True)]
        count += 1
    gain, rank, part = (total / count for total in sums)
    return Evaluation(count, gain, rank, part, seconds * 1000 / count)


def _engine(folder: Path) -> Iterator[str]:
    """Yield the rows of the engine, the last two on every other query, which tell how far weights fit by chance."""
    judged = judge.read(folder)
    with trial_index(judged.documents) as index:
        yield _row("the engine, related tier alone", judge.ask(judged, index, match="related"))
        yield _row("**the engine** (`gongwen eval`)", judge.ask(judged, index, match="auto"))
        for name, first in (("odd", 0), ("even", 1)):
            half = dict(list(judged.queries.items())[first::2])
            of_half = Judged(judged.documents, half, judged.relevance)
            yield _row(f"the engine, {name} queries", judge.ask(of_half, index, match="auto"))
        for tiers in (("exact",), ("exact", "related")):
            yield f"| its {' and '.join(tiers)} hits in the best order | {_ideal(judged, index, tiers):.4f} | | | |"


def _ideal(judged: Judged, index: Index, tiers: Sequence[str]) -> float:
    """Return nDCG@10 with the first hundred hits of these tiers sorted by their judgements, each tier in its place."""
    gains = []
    for query, relevance in judged.relevance.items():
        if query not in judged.queries or not any(value > 0 for value in relevance.values()):
            continue
        hits = index.search(judged.queries[query], limit=judge.DEPTH).hits
        named = [(hit.tier, hit.id.partition("#")[0].removeprefix("d-")) for hit in hits]
        order = sorted(named, key=lambda h: (h[0] != "exact", -relevance.get(h[1], 0) if h[0] in tiers else 0))
        gains.append(judge.ndcg([name for _, name in order], relevance))
    return sum(gains) / len(gains)


def _row(label: str, found: Evaluation) -> str:
    return f"| {label} | {found.ndcg:.4f} | {found.mrr:.4f} | {found.recall:.4f} | {found.ms:.2f} |"


def _documents(path: Path) -> tuple[list[str], list[str], list[str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [r["id"] for r in rows], [fold(r["title"]) + "\n" for r in rows], [fold(r["text"]) for r in rows]


if __name__ == "__main__":
    main()
