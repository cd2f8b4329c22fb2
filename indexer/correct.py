"""What a person may have meant: a query without exact hits goes in, queries that have some come out.

A chunk that stands nowhere is mended by one character: put right, put in, left out, or two of them swapped. What may
stand in a gap is asked of the index, so the corpus is the dictionary; characters that sound like the one typed come
first. A chunk of letters is tried as pinyin. Nothing is returned that was not asked of the index first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice, product

from indexer.engines.engine import Engine, Wanted
from indexer.query.nodes import And, Node, Or, Query, Text
from indexer.text import pinyin

MOST = 3
# Longer chunks are sentences, and where more of them stand nowhere, something else is the matter than a slip.
LONGEST, MOST_WRONG = 20, 3
# Characters looked at for one gap beside homophones, and candidates that are counted.
FILLINGS, TRIED = 20, 8
# How likely each slip is beside the others: a candidate is weighed by this and by how often it stands in the index.
HOMOPHONE = SWAPPED = DOUBLED = 30.0
MISSING, EXTRA, WRONG = 10.0, 5.0, 1.0
# Taking a character off an end makes a hit of nearly anything.
CUT = 0.1
# What weighs less than this part of the best candidate is not told.
ENOUGH = 0.2
# In so short a chunk any other character would make another word: only homophones and swaps are tried.
SHORT = 2

Weighed = tuple[float, str]


def corrections(
    engine: Engine, query: str, node: Node, count: Callable[[str], int], spelled: Callable[[str], tuple[str, ...]]
) -> tuple[str, ...]:
    """Return at most MOST queries like the one given that have exact hits, the likeliest first; may be empty.

    Args:
        engine: The index that the query was asked of.
        query: What was typed.
        node: Its tree.
        count: Returns how many exact hits any query has, under the filters of this one.
        spelled: Returns the texts of the index that pinyin spells.
    """
    chunks = (text for text in _texts(node) if text.raw and text.raw in query)
    wrong = list(islice((text for text in chunks if not _hits(engine, text.stream)), MOST_WRONG + 1))
    if not 0 < len(wrong) <= MOST_WRONG:
        return ()
    mended = [_mended(engine, text.stream, spelled) for text in wrong]
    found = (_replaced(query, wrong, choice) for choice in product(*mended))
    return tuple(islice((q for q in islice(dict.fromkeys(found), TRIED) if count(q)), MOST))


def _texts(node: Node) -> Iterator[Text]:
    """Yield the strings that are asked for, those to be excluded left out."""
    match node:
        case Text():
            yield node
        case And() | Or():
            for child in node.children:
                yield from _texts(child)


def _replaced(query: str, wrong: list[Text], choice: tuple[str, ...]) -> str:
    for text, better in zip(wrong, choice, strict=True):
        query = query.replace(text.raw, better, 1)
    return query


def _hits(engine: Engine, stream: str) -> int:
    """Return how many passages hold a stream."""
    return engine.find(Wanted(Query(Text(stream), (), "", ()), match="exact", limit=0)).exact


def _mended(engine: Engine, stream: str, spelled: Callable[[str], tuple[str, ...]]) -> list[str]:
    """Return what a chunk may have been meant to be, the likeliest first; every one of them has hits."""
    if not SHORT <= len(stream) <= LONGEST:
        return []
    typed = pinyin.plain(stream)
    if len(typed) > SHORT and typed.isascii() and typed.isalpha():
        candidates = list(spelled(typed))
        if candidates:
            return candidates[:MOST]
    weights: dict[str, float] = {}
    for weight, text in chain(_filled(engine, stream), _rearranged(engine, stream)):
        weights[text] = max(weight, weights.get(text, 0.0))
    weights.pop(stream, None)
    ranked = sorted(weights, key=lambda text: (-weights[text], text))[:TRIED]
    found = [text for text in ranked if _hits(engine, text)]
    return [text for text in found if weights[text] >= ENOUGH * weights[found[0]]][:MOST]


def _filled(engine: Engine, stream: str) -> Iterator[Weighed]:
    """Yield the stream with one character put right or put in; a few may stand nowhere."""
    for at, wrong in enumerate(stream):
        alike = pinyin.homophones(wrong)
        fitting = engine.fillings(stream[:at], stream[at + 1 :])
        others = 0
        for right, count in fitting:
            likely = right in alike
            others += not likely
            if right.isalnum() and (likely or (others <= FILLINGS and len(stream) > SHORT)):
                yield (HOMOPHONE if likely else WRONG) * count, stream[:at] + right + stream[at + 1 :]
    if len(stream) > SHORT:
        for at in range(1, len(stream)):
            for missing, count in engine.fillings(stream[:at], stream[at:])[:FILLINGS]:
                if missing.isalnum():
                    yield MISSING * count, stream[:at] + missing + stream[at:]


def _rearranged(engine: Engine, stream: str) -> Iterator[Weighed]:
    """Yield the stream with two neighbours swapped, or one character left out, where this stands anywhere."""
    for at in range(len(stream) - 1):
        swapped = stream[:at] + stream[at + 1] + stream[at] + stream[at + 2 :]
        yield SWAPPED * _hits(engine, swapped), swapped
    if len(stream) > SHORT:
        for at, character in enumerate(stream):
            likely = CUT if at in (0, len(stream) - 1) else EXTRA
            if character in stream[max(0, at - 1) : at]:
                likely = DOUBLED
            shorter = stream[:at] + stream[at + 1 :]
            yield likely * _hits(engine, shorter), shorter
