"""What the engines are measured on: paragraphs in any number, the queries for them, and both as files that all read.

With ../shared beside the checkout these are the paragraphs of its laws and its queries. Without it they are invented,
the same on every machine: words as frequent as Zipf's law lets them, and queries made of what was invented.
More paragraphs than there are come from the same sentences, dealt out anew.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import meetings

SHARED = Path(__file__).resolve().parents[3] / "shared"
LAWS, QUERIES = SHARED / "corpus" / "laws.jsonl.gz", SHARED / "bench" / "queries.tsv"
KINDS = ("words", "exact", "any")
SHORTEST = 8
# Paragraphs of one file: a build reads files by turns, so a corpus is some twenty of them.
PART = 20_000
INVENTED = 365_035
DOCUMENT = 100
SEED = 20_260
SENTENCE = re.compile(r"[^。；]*[。；]?")
# Characters of invented words, from the more to the less frequent.
CHARACTERS = "的市政府会议工作建设管理发展项目资金安全生产教育改革方案条例办法规定部门单位责任落实推进完善加强"
ASKED = ("怎样{a}", "{a}和{b}的关系是什么", "哪些部门负责{a}", "{a}的{b}由谁安排", "为什么要{a}{b}")

Documents = Iterator[tuple[str, str, list[str]]]


def there() -> bool:
    """Tell whether the corpus and its queries lie beside the checkout."""
    return LAWS.exists() and QUERIES.exists()


def documents() -> Documents:
    """Yield id, title and paragraphs of every document there is."""
    return _laws() if there() else _invented()


def _laws() -> Documents:
    with gzip.open(LAWS, "rt", encoding="utf-8") as file:
        for line in file:
            law = json.loads(line)
            kept = [p.strip() for p in law["text"].split("\n") if len(p.strip()) >= SHORTEST]
            if kept:
                yield law["id"], law["title"], kept


def _vocabulary() -> tuple[list[str], list[float]]:
    """Return the invented words and their cumulative weights."""
    chance = random.Random(SEED)
    rare = [chr(0x4E00 + chance.randrange(0x2000)) for _ in range(1500)]
    made = {"".join(chance.choices(CHARACTERS, k=2)) for _ in range(600)}
    made |= {chance.choice(rare) + chance.choice([*rare, *CHARACTERS]) for _ in range(12_000)}
    words = [*CHARACTERS[:12], *meetings.THINGS, *meetings.KINDS, *sorted(made)]
    total, weights = 0.0, []
    for rank in range(1, len(words) + 1):
        total += 1 / rank
        weights.append(total)
    return words, weights


def _invented() -> Documents:
    chance = random.Random(SEED + 1)
    words, weights = _vocabulary()
    for number in range(-(-INVENTED // DOCUMENT)):
        kept = []
        for _ in range(min(DOCUMENT, INVENTED - number * DOCUMENT)):
            clauses = [
                "".join(chance.choices(words, cum_weights=weights, k=chance.randint(3, 9)))
                for _ in range(chance.randint(1, 6))
            ]
            kept.append("，".join(clauses) + "。")
        yield f"made-{number:05}", f"第{number}号文件", kept


def queries() -> dict[str, list[str]]:
    """Return the queries by kind."""
    if not there():
        return _invented_queries()
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, query = line.split("\t")
            found[kind].append(query)
    return found


def _invented_queries() -> dict[str, list[str]]:
    chance = random.Random(SEED + 2)
    words, weights = _vocabulary()

    def some(most: int) -> list[str]:
        return [w for w in chance.choices(words, cum_weights=weights, k=chance.randint(1, most)) if len(w) > 1]

    texts = [p for _, _, kept in islice(_invented(), 20) for p in kept if len(p) > 40]
    places = [(text, chance.randrange(len(text) - 10)) for text in chance.sample(texts, 50)]
    pairs = [(chance.choice(words), chance.choice(words[:200])) for _ in range(20)]
    return {
        "words": [" ".join(some(3) or [chance.choice(words[20:])]) for _ in range(40)],
        "exact": [text[at : at + chance.randint(1, 10)].strip("，。") or "的" for text, at in places],
        "any": [chance.choice(ASKED).format(a=a, b=b) for a, b in pairs],
    }


def write(folder: Path, sizes: list[int]) -> dict[int, list[Path]]:
    """Write the corpus in as many paragraphs as the greatest size, and return the files that make each size.

    One line of a file is a document with its paragraphs as lines, as `gongwen index` reads it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = _endless(max(sizes))
    made: list[Path] = []
    done = 0
    found: dict[int, list[Path]] = {}
    left: list[tuple[str, str, list[str]]] = []
    for size in sorted(sizes):
        while done < size:
            room = min(PART, size - done)
            made.append(folder / f"{len(made):04}.jsonl")
            with made[-1].open("w", encoding="utf-8") as file:
                while room:
                    name, title, kept = left.pop() if left else next(source)
                    if len(kept) > room:
                        left.append((f"{name}+", title, kept[room:]))
                        kept = kept[:room]
                    row = {"id": name, "title": title, "text": "\n".join(kept)}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    room -= len(kept)
                    done += len(kept)
        found[size] = list(made)
    return found


def _endless(size: int) -> Documents:
    """Yield the documents, and then documents of the same shape with the sentences of all dealt out anew."""
    had = 0
    for document in documents():
        had += len(document[2])
        yield document
    if had >= size:
        return
    every = list(documents())
    parts = [[SENTENCE.findall(p)[:-1] for p in kept] for _, _, kept in every]
    sentences = [s for document in parts for p in document for s in p]
    for copy in count(1):
        random.Random(SEED + copy).shuffle(sentences)
        dealt = iter(sentences)
        for (name, title, _), shape in zip(every, parts, strict=True):
            yield f"{name}-{copy}", title, ["".join(islice(dealt, len(p))) or title for p in shape]


def paragraphs(files: list[Path]) -> Iterator[str]:
    """Yield the paragraphs of files one by one."""
    for path in files:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield from json.loads(line)["text"].split("\n")
