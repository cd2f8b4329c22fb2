"""Whatever stands in a text is found as a scan would find it: the promise of the exact tier, on real texts.

GONGWEN_EXACTNESS sets how many random strings are tried (1,000 without it), GONGWEN_SEED another beginning.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from indexer.build import build
from indexer.engines.passages import IN_ALL, passages
from indexer.search import Index, open_index
from indexer.text.fold import fold

SHARED = Path(__file__).resolve().parents[1] / "../shared"
COUNT = int(os.environ.get("GONGWEN_EXACTNESS", "1000"))
SEED = int(os.environ.get("GONGWEN_SEED", "20260"))
PARAGRAPHS = 30_000
PAGE = 1000
HALF_TO_FULL = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}
BRACKETS = str.maketrans("〔〕［］【】[]", "【】〔〕[]［］")

Scanned = dict[str, str]


def lines() -> Iterator[str]:
    """Yield the paragraphs of the corpus, in its order."""
    with gzip.open(SHARED / "corpus/laws.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in file:
            yield from (line for line in json.loads(row)["text"].split("\n") if line.strip())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of minutes and of the first paragraphs of the corpus."""
    if not (SHARED / "corpus/laws.jsonl.gz").exists():
        pytest.skip("no ../shared beside the checkout")
    folder = tmp_path_factory.mktemp("exactness")
    taken = list(islice(lines(), PARAGRAPHS))
    docs = [
        json.dumps({"id": f"{i}", "title": f"第{i}篇", "text": "\n".join(taken[i : i + 50])}, ensure_ascii=False)
        for i in range(0, len(taken), 50)
    ]
    (folder / "corpus.jsonl").write_text("\n".join(docs), encoding="utf-8")
    build([folder / "corpus.jsonl", SHARED / "minutes"], folder / "index")
    with open_index(folder / "index") as opened:
        yield opened


@pytest.fixture(scope="module")
def texts(index: Index) -> dict[str, str]:
    """The texts of all passages that the default level shows, by id."""
    return {
        f"{head.id}#{passage.anchor}": passage.text
        for head in index.heads()
        for passage in passages(index.record(head.id))
        if passage.levels & IN_ALL
    }


@pytest.fixture(scope="module")
def scanned(texts: dict[str, str]) -> Scanned:
    """The streams of all passages by id."""
    return {name: fold(text) for name, text in texts.items()}


def scan(scanned: Scanned, stream: str) -> set[str]:
    """Return the ids of the passages whose stream contains a stream."""
    return {name for name, text in scanned.items() if stream in text}


def found(index: Index, query: str) -> set[str]:
    """Return the ids of all exact hits, page by page, each told once and as many as are counted."""
    ids: list[str] = []
    total = 1
    while len(ids) < total:
        answer = index.search(query, match="exact", limit=PAGE, offset=len(ids))
        total = answer.total.exact
        ids += [hit.id for hit in answer.hits]
        assert answer.hits or not total
    assert len(ids) == len(set(ids)) == total
    return set(ids)


def cut(chance: random.Random, texts: list[str]) -> str:
    """Return 1 to 20 characters of some text that leave something when they are folded."""
    while True:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        part = text[start : start + chance.randint(1, 20)]
        if fold(part):
            return part


def spaced(text: str, chance: random.Random) -> str:
    """Put white space beside ideographs and digits, where it counts for nothing."""
    apart = ("", "", " ", "  ", "　")
    put = ((chance.choice(apart), c, chance.choice(apart)) if "一" <= c <= "鿿" or c.isdigit() else (c,) for c in text)
    return "".join("".join(parts) for parts in put)


def variants() -> dict[str, Callable[[str, random.Random], str]]:
    """The forms in which a string may be typed."""
    import opencc

    traditional = opencc.OpenCC("s2t")
    return {
        "as it is": lambda text, chance: text,
        "full-width": lambda text, chance: text.translate(HALF_TO_FULL),
        "Traditional": lambda text, chance: str(traditional.convert(text)),
        "other brackets": lambda text, chance: text.translate(BRACKETS),
        "spaces": spaced,
    }


@pytest.mark.shared
def test_strings_are_found_as_by_a_scan(index: Index, texts: dict[str, str], scanned: Scanned) -> None:
    """For random strings of the texts, in every form, the passages found are those that a scan finds."""
    chance = random.Random(SEED)
    every = [text for text in texts.values() if text]
    assert len(every) > PARAGRAPHS
    minutes = [text for name, text in texts.items() if text and not name.startswith("d-")]
    forms = list(variants().items())
    same = dict.fromkeys(variants(), 0)
    wrong = []
    for number in range(COUNT):
        name, form = forms[number % len(forms)]
        part = cut(chance, minutes if chance.random() < 0.3 else every)
        typed = form(part, chance)
        same[name] += fold(typed) == fold(part)
        expected = scan(scanned, fold(typed))
        if (got := found(index, f'"{typed}"')) != expected:
            wrong.append((name, typed, len(expected - got), len(got - expected)))
    assert not wrong, f"{len(wrong)} of {COUNT}: {wrong[:10]}"
    # Only a character that Traditional writes in two ways may read as another string.
    assert all(count >= 0.97 * (COUNT // len(forms)) for count in same.values()), same


@pytest.mark.shared
def test_boolean_queries_are_set_algebra(index: Index, texts: dict[str, str], scanned: Scanned) -> None:
    """Random trees of AND, OR and NOT over strings of the texts select what the algebra of scans does."""
    chance = random.Random(SEED + 1)
    every = [text for text in texts.values() if len(text) > 3]
    everything = set(scanned)

    def leaf() -> tuple[str, set[str]]:
        part = ""
        while not part or '"' in part or "“" in part or "”" in part:
            text = chance.choice(every)
            start = chance.randrange(len(text) - 1)
            part = text[start : start + chance.randint(1, 4)].strip()
            part = part if fold(part) else ""
        return f'"{part}"', scan(scanned, fold(part))

    def tree(depth: int) -> tuple[str, set[str]]:
        if depth == 0 or chance.random() < 0.2:
            return leaf()
        (left, a), (right, b) = tree(depth - 1), tree(depth - 1)
        kind = chance.randrange(4)
        if kind == 0:
            return f"({left} {right})", a & b
        if kind == 1:
            return f"({left} OR {right})", a | b
        if kind == 2:
            return f"({left} -{right})", a - b
        return f"({left} | (NOT {right} {left}) | {right})", a | b

    for _ in range(max(20, COUNT // 20)):
        query, expected = tree(3)
        assert found(index, query) == expected, query
    assert found(index, '-"的"') == everything - scan(scanned, "的")
