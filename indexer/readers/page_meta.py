"""A flattened page goes in, what it says of itself comes out: title, dates, issuer, numbers, address, attachments.

Values are verbatim. Tables of 索引号, 发文字号 … are read wherever they stand outside the document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from indexer.readers.chrome import facts, words
from indexer.readers.labels import PAIR, labelled
from indexer.readers.page import Page, names
from indexer.readers.page_lines import lines_of, shown

# <meta name=…> of the national standard for government sites, and of page systems.
META_NAMES = {
    "articletitle": "title",
    "og:title": "title",
    "pubdate": "published",
    "publishdate": "published",
    "article:published_time": "published",
    "contentsource": "source",
    "source": "source",
    "columnname": "column",
    "sitename": "site",
    "og:url": "url",
    "url": "url",
}
ATTACHMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|ofd|rtf|zip|rar|7z|csv|txt)$", re.IGNORECASE)
SITE_CUT = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s+|-(?=[^-]{2,30}$)")
TITLE_NAMES = words("title article-title article_title articletitle bt wzbt arti_title ucap-title artitle title1")
DOC_NUMBER = re.compile(r"[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\])）】]\s*第?\s*\d{1,5}\s*号")
LONGEST_VALUE = 300
# A shorter part of <title> may be the name of a column that also stands in the text.
TITLE_LENGTH = 8
# An element with more parts is no title, whatever its name.
TITLE_ITEMS = 30


def page_facts(page: Page, roots: Sequence[int]) -> dict[str, str]:
    """Return what a page says of its document; `roots` are the elements that hold the document itself."""
    meta = _from_head(page)
    outside = lines_of(page, 0, skip=frozenset(roots), chrome=True) if page.items else []
    for key, value in labelled(outside).items():
        meta.setdefault(key, value)
    for line in outside:
        for key, value in facts(line.text).items():
            meta.setdefault(key, value)
    title = _visible_title(page, roots, meta)
    if title:
        meta["title"] = title
    return meta


def attachments(page: Page, base: str) -> tuple[str, ...]:
    """Return each linked file once, as its name and its address with a space between."""
    for tag, attributes, _ in page.head:
        if tag == "base":
            base = _absolute(base, attributes.get("href") or "")
    found: dict[str, str] = {}
    for at, item in enumerate(page.items):
        address = item.attributes.get("href") if item.tag == "a" else item.attributes.get("src")
        if not address or item.tag not in ("a", "iframe", "embed") or not _is_file(address):
            continue
        address = _absolute(base, address)
        found.setdefault(address, f"{shown(page.text(at))[:200]} {address}".strip())
    return tuple(found.values())


def same(one: str, other: str) -> bool:
    """Compare two titles without their white space."""
    return "".join(one.split()) == "".join(other.split())


def heads(page: Page, roots: Sequence[int], title: str) -> list[str]:
    """Return the title and the document number where the page shows them before its document and not in it."""
    first = roots[0] if roots else 0
    before = lines_of(page, 0, skip=frozenset(range(first, len(page.items))), chrome=True) if first else []
    texts = [line.text for line in before if len(line.text) <= LONGEST_VALUE]
    at = next((at for at in range(len(texts) - 1, -1, -1) if title and same(texts[at], title)), None)
    if at is None:
        return []
    numbers = (text for text in texts[at + 1 :] if DOC_NUMBER.search(text) and not PAIR.match(text))
    return [texts[at], *list(numbers)[:1]]


def _from_head(page: Page) -> dict[str, str]:
    meta: dict[str, str] = {}
    for tag, attributes, _ in page.head:
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        value = shown(attributes.get("content") or "")
        if tag == "meta" and name in META_NAMES and value:
            meta.setdefault(META_NAMES[name], value[:LONGEST_VALUE])
        if tag == "link" and (attributes.get("rel") or "").lower() == "canonical" and attributes.get("href"):
            meta["url"] = attributes["href"] or ""
    if "url" in meta and not meta["url"].startswith(("http://", "https://")):
        del meta["url"]
    return meta


def _visible_title(page: Page, roots: Sequence[int], meta: dict[str, str]) -> str:
    """Take the title from the page's metadata, else from its heading, else from <title> without the site's name."""
    if meta.get("title"):
        return meta["title"]
    tag = next((shown(text) for name, _, text in page.head if name == "title" and text.strip()), "")
    headings = [
        shown(page.text(at))
        for at, item in enumerate(page.items)
        if item.end - at <= TITLE_ITEMS and (item.tag == "h1" or not TITLE_NAMES.isdisjoint(names(item)))
    ]
    fitting = [text for text in headings if 4 <= len(text) <= LONGEST_VALUE]
    named = [text for text in fitting if "".join(text.split()) in "".join(tag.split())]
    if named or (fitting and not tag):
        return max(named or fitting[:1], key=len)
    parts = [part for part in SITE_CUT.split(tag) if part]
    stream = "".join("".join(item.text.split()) for item in page.items)
    present = [part for part in parts if len(part) >= TITLE_LENGTH and "".join(part.split()) in stream]
    whole = [tag] if "".join(tag.split()) in stream else []
    return max(whole or present or parts[:1], key=len, default="")


def _is_file(address: str) -> bool:
    try:
        return ATTACHMENT.search(urlsplit(address.strip()).path) is not None
    except ValueError:
        return False


def _absolute(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address.strip()
