"""A Markdown file goes in, its lines come out without the marks: headings as styled lines, emphasis as plain text.

Only marks that minutes use are known (headings, emphasis, rules, hard breaks, quotes, comments, escapes, links);
lines are not joined, since minutes in Markdown break lines and even words at blank lines.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.readers.encoding import decode
from indexer.readers.source import Line, SourceText
from indexer.readers.text import from_text

HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t\u3000]+|(?=[^#\s]))(.*)")
CLOSING = re.compile(r"(?:^|(?<=\s))#+$")
EMPHASIS = re.compile(
    r"(\*\*|__)(?=\S)((?:(?!\1).){1,2000}?)(?<=\S)\1|(?<!\*)\*(?=[^\s*])([^*]{1,2000}?)(?<=\S)\*(?!\*)"
)
LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
QUOTE = re.compile(r" {0,3}(?:> ?){1,9}")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
TAG = re.compile(r"</?(?:br|u|b|i|p|div|span|center|font|sup|sub)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)
BULLET = re.compile(r"[ \t]*[-*+•●][ \t]+(?=\S)")
# A comment of its own line, the line under a table's head, a fence.
NOTHING = re.compile(r"[ \t]*<!--(?:(?!-->).)*-->[ \t]*|\|?[ \t]*:?---[|\s:-]*|[ \t]*```\w*")
HEADED = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
BOLD = re.compile(r"^\*\*\S", re.MULTILINE)
# A mark of emphasis is looked for only in lines of a text's usual length, so that one huge line costs nothing.
LONGEST = 20_000


def looks_like(text: str) -> bool:
    """Tell whether a text without a suffix of its own is Markdown: two headings, or one and bold lines."""
    head = text[:200_000]
    headings = len(HEADED.findall(head))
    return headings > 1 or (headings == 1 and BOLD.search(head) is not None)


def read(path: str, data: bytes) -> SourceText:
    """Return the lines of a Markdown file."""
    decoded = decode(path, data)
    source = from_text(path, "md", data, decoded.text, decoded.notices)
    return replace(source, lines=tuple(map(_line, source.lines)))


def _line(line: Line) -> Line:
    if line.style == "furniture" or not line.text:
        return line
    if len(line.text) > LONGEST:
        return line
    if NOTHING.fullmatch(line.text):
        return replace(line, style="furniture")
    heading = HEADING.fullmatch(line.text)
    if heading:
        return replace(line, text=plain(CLOSING.sub("", heading[2]).rstrip()), style="heading", level=len(heading[1]))
    if line.text.startswith("|") and line.text.endswith("|") and len(line.text) > 2:
        cells = [plain(cell.strip()) for cell in line.text[1:-1].split("|")]
        return replace(line, text=" | ".join(cells), style="table")
    bullet = BULLET.match(line.text)
    if bullet:
        return replace(line, text=plain(line.text[bullet.end() :]), style="list")
    return replace(line, text=plain(line.text))


def plain(text: str) -> str:
    """Return a line without its quote, emphasis, link and escape marks."""
    quote = QUOTE.match(text)
    text = TAG.sub("", LINK.sub(r"\1", text[quote.end() :] if quote else text))
    # Twice: emphasis inside emphasis.
    for _ in range(2):
        text = EMPHASIS.sub(lambda mark: mark[2] or mark[3], text)
    # Bold that goes on over a line end leaves one mark on each line.
    return ESCAPE.sub(r"\1", text.replace("**", "")).removesuffix("\\")
