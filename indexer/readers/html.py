"""A government web page goes in, the lines of its document come out, with what the page says of it as metadata.

The container that the site's system wrote the document into is found by name, else by text density. Menus, share
rows and footers are left out, hidden elements, scripts and styles too; nothing is fetched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from indexer.errors import UnreadableFile
from indexer.readers.chrome import facts, furniture
from indexer.readers.encoding import decode
from indexer.readers.labels import is_label_row, labelled
from indexer.readers.page import Page, container, flatten, tamed
from indexer.readers.page_lines import lines_of
from indexer.readers.page_meta import attachments, heads, page_facts, same
from indexer.readers.source import Line, SourceText

DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,20})", re.IGNORECASE)
# The tag that declares the encoding stands in the first 1,024 bytes; some pages put scripts before it.
DECLARED_WITHIN = 8192
# The note that browsers put before a page they save.
SAVED_FROM = re.compile(
    r"\s*(?:<!doctype[^<>]*>\s*)?<!--\s*(?:saved from url=\(\d+\)|source )(https?://[^\s>]{4,400})", re.IGNORECASE
)
# A page with pictures and less text than this is a scan.
SCAN_TEXT = 40
TAMED = ("网页标签异常（嵌套过深或属性过多），已整理",)
# One row of 文号 | … may be the document's own table.
LABEL_ROWS = 2


def read(path: str, data: bytes) -> SourceText:
    """Return the document of a web page.

    Raises:
        UnreadableFile: the page holds no text.
    """
    declared = DECLARED.search(data[:DECLARED_WITHIN])
    decoded = decode(path, data, declared[1].decode("ascii") if declared else None)
    markup, flattened = tamed(decoded.text)
    page = flatten(LexborHTMLParser(markup))
    roots = container(page)
    lines = [line for root in roots for line in lines_of(page, root)]
    if not lines:
        raise UnreadableFile(path, "网页里没有正文，可能要在浏览器里运行脚本才显示；请把正文另存为文本后再试")
    meta = page_facts(page, roots)
    saved = SAVED_FROM.match(decoded.text[:1000])
    if saved:
        meta.setdefault("url", saved[1])
    lines = _styled(_headed(lines, heads(page, roots, meta.get("title", ""))), meta)
    notices = decoded.notices + (TAMED if flattened else ()) + _scan(page, roots, lines)
    return SourceText(
        path,
        "html",
        hashlib.sha256(data).hexdigest(),
        tuple(lines),
        meta,
        attachments=attachments(page, meta.get("url", "")),
        notices=notices,
    )


def _headed(lines: list[Line], before: list[str]) -> list[Line]:
    """Put what the page shows above the container before its lines, where they do not begin with it."""
    start = "".join("".join(line.text.split()) for line in lines[:12])
    missing = [text for text in before if "".join(text.split()) not in start]
    return [Line(text, whole=True) for text in missing] + lines


def _styled(lines: list[Line], meta: dict[str, str]) -> list[Line]:
    """Mark the title's lines and chrome that stands inside the container; take what chrome says into `meta`."""
    chrome = furniture([line.text for line in lines])
    labels = {at for at, line in enumerate(lines) if line.style == "table" and is_label_row(line.text)}
    if len(labels) >= LABEL_ROWS:
        chrome |= labels
    marked = [replace(line, style="furniture") if at in chrome else line for at, line in enumerate(lines)]
    said = [facts(line.text) for line in marked if line.style == "furniture"]
    for key, value in [
        pair for found in [labelled([lines[at] for at in sorted(labels)]), *said] for pair in found.items()
    ]:
        meta.setdefault(key, value)
    for at in _title_lines(marked, meta.get("title", "")):
        marked[at] = replace(marked[at], style="title", level=None)
    return marked


def _scan(page: Page, roots: Sequence[int], lines: list[Line]) -> tuple[str, ...]:
    pictures = sum(item.tag == "img" for root in roots for item in page.items[root : page.items[root].end])
    if pictures and sum(len(line.text) for line in lines) < SCAN_TEXT:
        return (f"正文是 {pictures} 张图片，图中文字没有读取",)
    return ()


def _title_lines(lines: list[Line], title: str) -> range:
    """Return the lines among the first that together are the title (it is often broken over two or three)."""
    for start in range(min(len(lines), 12)):
        for end in range(start + 1, min(start + 5, len(lines)) + 1):
            if title and same("".join(line.text for line in lines[start:end]), title):
                return range(start, end)
    return range(0)
