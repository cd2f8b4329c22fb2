"""A plain text file goes in, its lines come out with page numbers counted and page and web furniture marked.

Lines are never joined or trimmed on the left: an indent may mean a paragraph. Form feeds and printed page numbers
end pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from indexer.readers.chrome import facts, furniture, page_number, rule
from indexer.readers.encoding import decode
from indexer.readers.labels import card
from indexer.readers.source import Line, SourceText, Style


def read(path: str, data: bytes) -> SourceText:
    """Return the lines of a TXT file."""
    decoded = decode(path, data)
    return from_text(path, "txt", data, decoded.text, decoded.notices)


def from_text(path: str, format: str, data: bytes, text: str, notices: Sequence[str] = ()) -> SourceText:
    """Return the lines of a text that was decoded before, as another format's reader needs it."""
    rows = paged(text)
    texts = [row for row, _ in rows]
    chrome = furniture(texts)
    lines = tuple(Line(row, page, _style(row, at in chrome)) for at, (row, page) in enumerate(rows))
    meta: dict[str, str] = {}
    for line in lines:
        if line.style == "furniture":
            meta = facts(line.text.strip()) | meta
    for key, value in card([line.text for line in lines]).items():
        meta.setdefault(key, value)
    last = lines[-1].page if lines else None
    return SourceText(path, format, hashlib.sha256(data).hexdigest(), lines, meta, last, notices=tuple(notices))


def paged(text: str) -> list[tuple[str, int | None]]:
    """Return each line, without white space at its end, with its page; None where nothing divides pages."""
    rows: list[tuple[str, bool]] = []
    for part_number, part in enumerate(text.split("\f")):
        for row_number, row in enumerate(part.split("\n")):
            rows.append((row.rstrip(), part_number > 0 and row_number == 0))
    while rows and not rows[-1][0]:
        rows.pop()
    if not any(turned for _, turned in rows):
        return _by_numbers([row for row, _ in rows])
    page = 1
    paged_rows: list[tuple[str, int | None]] = []
    for row, turned in rows:
        page += turned
        paged_rows.append((row, page))
    return paged_rows


def _by_numbers(rows: list[str]) -> list[tuple[str, int | None]]:
    """Count pages by printed numbers: at the foot of a page, unless the first line of all is one."""
    if not any(map(page_number, rows)):
        return [(row, None) for row in rows]
    first = next(row for row in rows if row)
    at_head = page_number(first)
    page = 0 if at_head else 1
    paged_rows: list[tuple[str, int | None]] = []
    for row in rows:
        turn = page_number(row)
        page += turn and at_head
        paged_rows.append((row, max(page, 1)))
        page += turn and not at_head
    return paged_rows


def _style(row: str, chrome: bool) -> Style:
    return "furniture" if row and (chrome or page_number(row) or rule(row)) else ""
