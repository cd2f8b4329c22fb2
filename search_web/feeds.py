"""Atom feeds (RFC 4287): the newest passages that a query or filter finds, or the newest records of a body or of all.

An entry's id is a tag URI of this server and the passage's own id, so that a reader shows it once. Entries are dated
by their meeting, the feed by the last commit of the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from indexer.report import head_json, name_of, path_of
from indexer.search import Index
from search_web import listing, params
from search_web import parameters as p
from search_web.described import described
from search_web.holder import ask, held_index
from search_web.params import SearchRequest
from search_web.present import LABELS

blueprint = Blueprint("feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
DEFAULT_ENTRIES = 30
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_CHINA = "+08:00"  # days of minutes are days there
_UNDATED = date(1970, 1, 1)  # an entry must have a day; nothing is older than one that has none
_OF_RECORDS = ("year", "body", "kind")
_Q = replace(p.Q, text=f"{p.Q.text}；不给则为最新的会议和文件")
_ENTRIES = replace(p.LIMIT, schema={**p.LIMIT.schema, "default": DEFAULT_ENTRIES})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `id` is the record's or passage's own, `path` where it is shown."""

    id: str
    title: str
    path: str
    day: date | None
    author: str | None
    text: str | None


@blueprint.get("/feed.atom")
@described("订阅", _Q, p.LEVEL, p.EXPAND, _ENTRIES, *p.FILTERS, media=(MEDIA,))
def feed() -> Response:
    """Atom：检索式、部门、议题文件、人员或结论的最新段落；只给机关、类别或年份，或都不给时，为最新的会议和文件。"""
    wanted = params.search_request(request.args)
    if not request.args.get("limit", "").strip():
        wanted = replace(wanted, limit=DEFAULT_ENTRIES)
    index = held_index()
    found = passages(index, wanted) if wanted.text or _beside_records(wanted) else records(index, wanted)
    # The shortest address that asks for the same names the feed, however it was asked for and how much of it.
    here = replace(wanted, match="auto", sort="relevance", limit=SearchRequest().limit, offset=0).url("/feed.atom")
    root = atom(here, _title(wanted), found, index.committed())
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")
    return Response(text, content_type=f"{MEDIA}; charset=utf-8")


def passages(index: Index, wanted: SearchRequest) -> Iterator[Entry]:
    """Yield the newest passages that hold what is asked, those of the last meeting first."""
    answer = ask(index, replace(wanted, match="exact", sort="-date", offset=0), ())
    for hit in answer.hits:
        head = hit.passage.head
        place = f"：{hit.passage.item_title}" if hit.passage.item_title else ""
        yield Entry(hit.id, name_of(head) + place, hit.url, head.date, head.body, hit.text)


def records(index: Index, wanted: SearchRequest) -> Iterator[Entry]:
    """Yield the newest records of the bodies, kinds and years asked for."""
    first, last = wanted.first or date.min, wanted.last or date.max
    heads = [head for head in index.heads() if first <= (head.date or _UNDATED) <= last]
    for head in listing.chosen(heads, wanted.body, wanted.kind, wanted.year)[: wanted.limit]:
        told = [str(value) for name, value in head_json(head).items() if value and name in ("date", "body", "kind")]
        yield Entry(head.id, name_of(head), path_of(head), head.date, head.body, " ".join(told) or None)


def atom(here: str, title: str, entries: Iterator[Entry], updated: datetime) -> ElementTree.Element:
    """Return a feed; `here` is its path and query."""
    site = request.url_root.rstrip("/")
    authority = f"tag:{urlsplit(site).hostname or 'localhost'},2026:"
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "zh-Hans"})
    _add(root, "id", f"{authority}{here}")
    _add(root, "title", title)
    _add(root, "updated", updated.isoformat(timespec="seconds"))
    _add(root, "link", rel="self", type=MEDIA, href=f"{site}{here}")
    _add(root, "link", rel="alternate", type="text/html", href=f"{site}/")
    _add(_add(root, "author"), "name", "公文检索")
    for entry in entries:
        element = _add(root, "entry")
        _add(element, "id", f"{authority}{quote(entry.id.replace('#', '/'), safe='/')}")
        _add(element, "title", entry.title)
        _add(element, "updated", f"{(entry.day or _UNDATED).isoformat()}T00:00:00{_CHINA}")
        _add(element, "link", rel="alternate", type="text/html", href=site + quote(entry.path, safe="/#"))
        if entry.author:
            _add(_add(element, "author"), "name", entry.author)
        if entry.text:
            _add(element, "content", entry.text, type="text")
    return root


def _beside_records(wanted: SearchRequest) -> bool:
    """Return whether a filter is of passages, and not of their records."""
    return any(wanted.values(name) for name in params.FILTERS if name not in _OF_RECORDS)


def _title(wanted: SearchRequest) -> str:
    parts = [f"“{wanted.text}”"] if wanted.text else []
    parts += [f"{LABELS[name]}：{'、'.join(wanted.values(name))}" for name in params.FILTERS if wanted.values(name)]
    return "公文检索 " + " ".join(parts) if parts else "公文检索：最新收录"


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    """Add an element; characters that XML cannot hold are left out."""
    child = ElementTree.SubElement(parent, name, attributes)
    if text is not None:
        child.text = _NOT_XML.sub("", text)
    return child
