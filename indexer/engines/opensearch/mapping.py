"""What an index is made with: its fields, how their tokens are scored, and the marks by which it is known again.

    what        passage, record or state: three kinds of documents in one index, so that one alias shifts them all
    rid         the record's id; every document of a record lies on one shard, by this value
    born, died  the transactions that wrote and replaced it; a reader of generation n sees born ≤ n < died
    c, g, w     characters, pairs and words of a passage (tokens.py); hc, hg the same of the heading of its item
    s           sentences of a record (tokens.py), to be counted over records
    len         characters of the stream; order the place in the index; pick a number at random for samples
    v           the different words of two characters or more, to be counted
    t, meta     the text and what a hit shows beside it; nothing is looked up in these
    read        the text once more, in a column: hundreds of them are read for one answer (documents.column)

Tokens are scored by how often they occur and by nothing else: what a string weighs, and how much the length of a
passage counts, comes with each query, so that every shard and every copy of it scores alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.engines.engine import MONTHS
from indexer.engines.passages import FIELDS
from indexer.text import words

Json = dict[str, Any]

# Raised when an index of the version before cannot be answered from.
FORMAT = 3
# Longer values are neither counted nor filtered by; the server's own limit is 32,766 bytes.
LONGEST_VALUE = 8000
# Fields in which a part of a value is looked for, folded.
PARTS = ("title", "docno", "department", "person", "instrument")

KEYWORD = {"type": "keyword", "ignore_above": LONGEST_VALUE}
TOKENS = {"type": "text", "analyzer": "whitespace", "similarity": "times", "norms": False}
NOT_SOUGHT = {"type": "object", "enabled": False}


def body(shards: int, replicas: int) -> Json:
    """Return what an index is created with."""
    times = {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            # Nothing is to be seen before the commit, which refreshes.
            "refresh_interval": "-1",
            "similarity": {"times": times},
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": marks(),
            "_source": {"excludes": ["c", "g", "w", "s", "v", "hc", "hg", "read", *map(folded, PARTS)]},
            "properties": _properties(),
        },
    }


def marks() -> Json:
    """Return what tells that an index is one of ours, and of which version."""
    return {"gongwen": {"format": FORMAT, "segmenter": words.identity()}}


def version(found: Mapping[str, Any]) -> str:
    """Return the version that marks tell, as a person reads it; marks of something else give another text."""
    own = found.get("gongwen", {})
    return f"opensearch {own.get('format', '?')}，{own.get('segmenter', '?')}"


def folded(field: str) -> str:
    """Return the field that holds the folded values of a field."""
    return f"{field}_folded"


def _properties() -> Json:
    tokens = dict.fromkeys(("c", "g", "hc", "hg"), TOKENS)
    values = dict.fromkeys((*FIELDS, *MONTHS, *map(folded, PARTS)), KEYWORD)
    return {
        **tokens,
        **values,
        "w": {**TOKENS, "index_options": "freqs"},
        "s": {**TOKENS, "index_options": "docs"},
        "v": {"type": "keyword", "index": False},
        "what": {"type": "keyword"},
        "type": {"type": "keyword"},
        "rid": {"type": "keyword"},
        "anchor": {"type": "keyword"},
        "levels": {"type": "keyword"},
        "section": {"type": "keyword"},
        "headed": {"type": "boolean"},
        "born": {"type": "long"},
        "died": {"type": "long"},
        "order": {"type": "long"},
        "pick": {"type": "long"},
        "day": {"type": "integer"},
        "len": {"type": "integer"},
        "t": {"type": "text", "index": False},
        "read": {"type": "binary", "doc_values": True},
        "meta": NOT_SOUGHT,
        "head": NOT_SOUGHT,
        "sources": NOT_SOUGHT,
        "state": NOT_SOUGHT,
        "packed": {"type": "binary"},
    }
