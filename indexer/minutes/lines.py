"""The lines of a source go in, the rows of its text come out: furniture, blank lines and Markdown marks left out.

Every row knows where it stands in the source's text. Nothing else is dropped here: what a reader did not mark as
furniture is content, except drawn rules and printed page numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.minutes import marks
from indexer.minutes.view import View, lazy
from indexer.readers.source import Line, SourceText, Style

# ## 一、听取…, as a file that its reader took for plain text may hold it; <!-- INFO END -->; — 3 —; -----; |
HASHES = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
COMMENT = re.compile(r"<!--[^\n]{0,200}-->")
DRAWN = re.compile(r"[-—–－─―_=*＊|\s]+|[-—–－─―]+\s{0,4}\d{1,4}\s{0,4}[-—–－─―]+")
BOLD = re.compile(r"\*\*([^*\n]+)\*\*|__([^_\n]+)__")
# Web copies put a whole page on one line; only a space between two sentences then tells where a paragraph began.
RUN_TOGETHER = re.compile(
    r"(?<=[。！？])[ \t\u3000]+(?=[会會][议議](?:[还還]?"
    r"(?:[听聽]取|[审審][议議]|研究|[传傳][达達]|[学學][习習]|[讨討][论論]|通[过過]|原[则則])))"
)


@dataclass(frozen=True)
class Row:
    """A line of text with its range in the source; `gap` tells that blank lines alone parted it from the row before,
    `turned` that furniture (a page number, say) did, `indented` that it begins with an indent."""

    text: str
    start: int
    end: int
    page: int | None = None
    style: Style = ""
    level: int | None = None
    whole: bool = False
    gap: bool = False
    turned: bool = False
    indented: bool = False

    @lazy
    def view(self) -> View:
        """The row as patterns see it."""
        return View(self.text)

    @lazy
    def structural(self) -> bool:
        """Whether the row begins something of its own."""
        return marks.structural(self.stream)

    @lazy
    def stream(self) -> str:
        """The folded text of the row."""
        return self.view.stream


def rows(source: SourceText) -> list[Row]:
    """Return the rows of a source in reading order; none is empty."""
    found: list[Row] = []
    start, gap, turned = 0, False, False
    for line in source.lines:
        if not line.text.strip():
            gap = True
        elif line.style == "furniture" or (len(line.text) < 300 and _drawn(line.text)):
            turned = True
        else:
            parts = list(_parts(line, start, gap, turned))
            found.extend(parts)
            gap, turned = (False, False) if parts else (gap, turned)
        start += len(line.text) + 1
    return found


def furniture(source: SourceText) -> list[str]:
    """Return the texts of the lines that are furniture, for what they say of the page's owner."""
    return [line.text for line in source.lines if line.style == "furniture"]


def _drawn(text: str) -> bool:
    return bool(DRAWN.fullmatch(text) or COMMENT.fullmatch(text.strip()))


def _parts(line: Line, start: int, gap: bool, turned: bool) -> Iterator[Row]:
    indented = line.text[0] in " \t\u3000\xa0"
    last = 0
    hashes = HASHES.match(line.text)
    if hashes and line.style == "":
        last = hashes.end()
    ends = [m.span() for m in RUN_TOGETHER.finditer(line.text)] if len(line.text) > 200 else []
    for stop, following in [*ends, (len(line.text), len(line.text))]:
        text = line.text[last:stop]
        left, right = len(text) - len(text.lstrip()), len(text.rstrip())
        if left < right:
            yield Row(
                text=_plain(text.strip()),
                start=start + last + left,
                end=start + last + right,
                page=line.page,
                style="heading" if hashes and line.style == "" else line.style,
                level=line.level,
                # Two paragraphs of one line are whole in themselves.
                whole=line.whole or bool(ends),
                gap=gap,
                turned=turned,
                indented=indented,
            )
        gap = turned = False
        last = following


def _plain(text: str) -> str:
    return BOLD.sub(lambda bold: bold[1] or bold[2], text) if "**" in text or "__" in text else text
