"""Phrases of a corpus: streams of its texts go in, pairs of neighbouring words that come together often come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from indexer.text import words

# Words that join or introduce others: what begins or ends with one is no phrase of its own.
_JOINTS = """
应当 或者 以及 以上 以下 按照 依照 依据 根据 有关 相关 可以 不得 必须 需要 进行 其他 下列 上述 关于 由于 对于 并且
其中 同时 以后 之后 以前 之前 因此 如果 但是 还是 不是 没有 由其 及其 通过 作为 为了 所述 或是 从而 已经 未经
第一 第二 第三 第四 第五 第六 第七 第八 第九 第十 前款 本法 本条 本条例 本办法
"""
JOINTS = frozenset(_JOINTS.split())
# Seen so often, two words are a phrase; fewer texts than MANY_TEXTS need less.
OFTEN, MANY_TEXTS = 3, 500
LONGEST = 12


def is_word(word: str) -> bool:
    """Tell whether a word may stand in a list of suggestions: letters of two characters or more, no number."""
    return len(word) > 1 and word.isalpha() and word not in JOINTS


def pairs(streams: Iterable[str]) -> Counter[str]:
    """Return the pairs of words that stand together often, with the number of streams that hold each so."""
    found: Counter[str] = Counter()
    texts = 0
    for stream in streams:
        texts += 1
        # Search mode gives 教育 and 职业教育 after 职业: neighbours are those that stand together in the text.
        cut = pairwise(words.cut(stream))
        found.update({a + b for a, b in cut if is_word(a) and is_word(b) and len(a + b) <= LONGEST and a + b in stream})
    least = OFTEN if texts >= MANY_TEXTS else OFTEN - 1
    return Counter({phrase: count for phrase, count in found.items() if count >= least})
