"""A stream becomes the tokens that the server keeps: single characters, pairs of neighbours, and words.

The server only parts them at white space (its built-in analyzer `whitespace`), so that what a string or a word is
stays decided here: no plugin, no dictionary on the server. Every character and every pair has the position at which
it begins, so a string is a phrase of its pairs, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from indexer.engines.engine import Section
from indexer.engines.whoosh import build, columns, streams
from indexer.engines.whoosh import sentences as sentences_of

# The one white space that a stream can hold stands as a control character, which no stream holds.
SPACE = "\x01"
# The built-in analyzer cuts tokens at 255 UTF-16 units; a longer word is kept as its digest.
LONGEST = 120


def characters(stream: str) -> str:
    """Return the characters of a stream as tokens."""
    return " ".join(stream.replace(" ", SPACE))


def pairs(stream: str) -> str:
    """Return the pairs of neighbouring characters of a stream as tokens; none for a single character."""
    return " ".join(map("".join, pairwise(stream.replace(" ", SPACE))))


def word(text: str) -> str:
    """Return a word as a token."""
    if len(text) > LONGEST:
        text = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return text.replace(" ", SPACE)


def words(pieces: Iterable[str]) -> str:
    """Return words as tokens."""
    return " ".join(map(word, pieces))


def sentence(number: int) -> str:
    """Return a sentence, as its number (see engines/whoosh/sentences.py), as a token."""
    return f"{number:08x}"


def sentences(texts: Sequence[str], sections: Sequence[Section]) -> str:
    """Return the different sentences of a record's passages as tokens."""
    laid = streams.lay_out(texts)
    silent = np.array([section in columns.SECTION_BITS for section in sections], dtype=np.bool_)
    said = sentences_of.sentences(laid, build.fold_codes(laid), silent)["said"]
    return " ".join(map(sentence, np.unique(said).tolist()))
