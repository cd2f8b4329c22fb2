"""Words as jieba defines them: a folded stream goes in, its words in search mode come out. The only jieba import.

`rjieba` does the work where it is installed and cuts as jieba does; an index is the same either way, only the speed
differs. (Nonsense like 日日日 may be cut otherwise, as both cuts are equally probable; words rank, they never exclude.)
Signs and white space are no words; every letter, digit and ideograph is kept, single ones too. The project's own words
(lexicon/words.txt, and the terms of lexicon/related.txt) are added to the dictionary.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from indexer.text.fold import TABLE_FILE, fold

LEXICONS = tuple(Path(__file__).parent / "lexicon" / name for name in ("words.txt", "related.txt"))
# Measured on 772 lay questions over 139,824 law articles, BM25 of words alone: nDCG@10 0.309 with, 0.310 without;
# recall@100 0.590 and 0.589. It stays on, as jieba has it, because it makes words of names.
HMM = True
# Where rjieba 0.2 departs from jieba, and is therefore not asked: Latin names and numbers joined by . _ - (jieba:
# v2.0 + 1, rjieba: v2 + v2.0.1), and ideographs that jieba 0.42 does not know, which it leaves single.
JOINED = r"[a-z0-9]+(?:[._\-]+[a-z0-9]+)+%?"
UNKNOWN = r"\u3400-\u4dbf\u9fd6-\u9fff\U00020000-\U0003ffff"
# Stands between streams that are segmented together: a piece by itself, which no stream holds.
PARTING = "\uffff"
RARE = re.compile(rf"[._\-{UNKNOWN}]")
APART = re.compile(rf"({JOINED}|[{UNKNOWN}])")
# How many words search mode gives at most, but for very long ones, before the word that they are inside of.
MOST_INSIDE = 8
JOINED_PARTS = re.compile(r"[a-z0-9]+(?:\.\d+)?%?")
# Sentences with jieba's own words: rjieba must give them before it is used.
PROBES = (
    (
        "会议原则同意市总工会关于设立工匠日的汇报",
        "会议 原则 同意 原则同意 市 总工 工会 总工会 关于 设立 工匠 日 的 汇报",
    ),
    ("中华人民共和国国务院", "中华 华人 人民 共和 国务 共和国 国务院 中华人民共和国国务院"),
    ("王颀张剑李亚平同志出席", "王颀 张剑 亚平 李亚平 同志 出席"),
    ("增长3.5%的c++项目", "增长 3.5% 的 c++ 项目"),
)
Cut = Callable[[str], list[str]]
_lock = threading.Lock()
_loaded: Cut | None = None
log = logging.getLogger(__name__)


def cut(stream: str) -> list[str]:
    """Return the words of a folded stream in its order; long words come after the shorter words inside them."""
    return list(filter(is_word, pieces(stream)))


def pieces(streams: str) -> list[str]:
    """Return the words of a folded stream, or of several with PARTING between, with the signs and gaps between them.

    A stream is segmented alike alone and among others, where one of several takes half as long.
    """
    segment = _loaded or _load()
    found, done = list[str](), 0
    while rare := RARE.search(streams, done):
        begin = streams.rfind(PARTING, done, rare.start()) + 1 or done
        end = streams.find(PARTING, rare.start())
        end = len(streams) if end < 0 else end
        found += segment(streams[done:begin])
        found += _apart(streams[begin:end], segment)
        done = end
    return found + segment(streams[done:]) if done else segment(streams)


def is_word(piece: str) -> bool:
    """Tell whether a piece is a word: whether it holds a letter, a digit or an ideograph."""
    return piece.isalnum() or (len(piece) > 1 and any(map(str.isalnum, piece)))


def query_words(text: str) -> tuple[str, ...]:
    """Return the distinct words of what was typed, in its order; white space parts what stands beside it."""
    return tuple(dict.fromkeys(word for chunk in text.split() for word in cut(fold(chunk))))


def weighted_words(text: str) -> tuple[tuple[str, float], ...]:
    """Return the distinct words of what was typed with how much each counts: a word 1 each time, one inside it half."""
    found: dict[str, float] = {}
    for chunk in text.split():
        words = cut(fold(chunk))
        for i, word in enumerate(words):
            inside = any(len(longer) > len(word) and word in longer for longer in words[i + 1 : i + 1 + MOST_INSIDE])
            found[word] = found.get(word, 0.0) + (0.5 if inside else 1.0)
    return tuple(found.items())


def _apart(stream: str, segment: Cut) -> list[str]:
    """Cut a stream in which the two segmenters could differ, with jieba's own rule where they would."""
    words: list[str] = []
    for piece in APART.split(stream):
        if len(piece) > 1 and APART.fullmatch(piece):
            words += JOINED_PARTS.findall(piece)
        elif piece:
            words += segment(piece)
    return words


def _load() -> Cut:
    """Load the one segmenter of this process; once loaded it is only read, so threads may share it."""
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = fast() or definition()
        return _loaded


def fast(*lexicons: Path) -> Cut | None:
    """Return rjieba's cut with the lexicon added; None where it is not installed or not of one mind with jieba."""
    try:
        import rjieba
    except ImportError:
        return None
    engine = rjieba.Jieba()
    cut_for_search: Callable[[str, bool], list[str]] = engine.cut_for_search
    if any(cut_for_search(stream, True) != words.split() for stream, words in PROBES):
        log.warning("rjieba cuts otherwise than jieba; jieba is used, which is slower")
        return None
    for word in own_words(*lexicons or LEXICONS):
        if word not in cut_for_search(word, HMM):
            engine.add_word(word, None, None)
    return lambda stream: cut_for_search(stream, HMM)


def definition(*lexicons: Path) -> Cut:
    """Return jieba's cut with the lexicon added; its dictionary is read without a cache file in a shared folder."""
    with warnings.catch_warnings():
        # jieba 0.42 is from 2020: its pkg_resources and its escapes are deprecated, which is not our caller's affair.
        warnings.simplefilter("ignore")
        import jieba
    untyped: Any = jieba
    untyped.setLogLevel(logging.WARNING)
    tokenizer = untyped.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    cut_for_search: Callable[..., list[str]] = tokenizer.lcut_for_search
    for word in own_words(*lexicons or LEXICONS):
        if word not in cut_for_search(word, HMM=HMM):
            tokenizer.add_word(word)
    return lambda stream: cut_for_search(stream, HMM=HMM)


def own_words(*lexicons: Path) -> Iterator[str]:
    """Yield the words of lexicon files as streams, in their order: words between spaces, # begins a comment."""
    for lexicon in filter(Path.exists, lexicons):
        for line in lexicon.read_text(encoding="utf-8").splitlines():
            yield from (word for word in map(fold, line.partition("#")[0].split()) if len(word) > 1)


def identity() -> str:
    """Return what decides how text becomes words and streams; an index keeps it and refuses any other."""
    return _identity(LEXICONS, HMM)


@cache
def _identity(lexicons: tuple[Path, ...], hmm: bool) -> str:
    from importlib.metadata import version

    parts = {"lexicon": "\n".join(own_words(*lexicons)).encode(), "fold": TABLE_FILE.read_bytes()}
    hashes = " ".join(f"{name}-{hashlib.blake2s(data, digest_size=4).hexdigest()}" for name, data in parts.items())
    return f"jieba-{version('jieba')} search {'hmm' if hmm else 'no-hmm'} {hashes}"


def __getattr__(name: str) -> str:
    if name == "IDENTITY":
        return identity()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
