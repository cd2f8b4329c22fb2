"""The beginning of a file and its name go in, the name of its format comes out; content counts before the suffix."""

from __future__ import annotations

import re
from typing import Literal

from indexer.readers.jsonl import GZIP
from indexer.readers.markdown import looks_like

Format = Literal["txt", "md", "html", "mhtml", "jsonl", "pdf", "ole", "rtf", "zip", "image"]

# What files begin with that are read by it alone. OLE is DOC, XLS, encrypted DOCX …; ZIP is DOCX, XLSX, OFD ….
MAGIC: tuple[tuple[bytes, Format], ...] = (
    (GZIP, "jsonl"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
)
# Some programs write a line or a mark before %PDF-.
PDF_WITHIN = 1024
# What other files begin with, and why each is refused.
REFUSED = (
    (b"GIF8", "是 GIF 图片，没有读取"),
    (b"Rar!", "是 RAR 压缩包，请先解压"),
    (b"7z\xbc\xaf\x27\x1c", "是 7z 压缩包，请先解压"),
    (b"BZh", "是压缩文件，请先解压"),
    (b"\xfd7zXZ", "是压缩文件，请先解压"),
    (b"MZ", "是程序，不是文字文件"),
    (b"\x7fELF", "是程序，不是文字文件"),
    (b"SQLite format 3", "是数据库，不是文字文件"),
)
# A page's own first tags; a saved page begins with a comment, some begin with empty lines or a stray <meta>.
MARKUP = re.compile(
    rb"\s*(?:<!--(?:(?!-->)[\s\S]){0,3000}-->\s*|<\?xml[^>]{0,200}>\s*){0,5}<(?:!doctype\s{1,9}html|html|head|body|meta|title|div"
    rb"|table|p|h1|script|center|article)[\s/>]",
    re.IGNORECASE,
)
# What a page that a browser saved in one file (MHTML) begins with: From: <Saved by Blink>, MIME-Version: 1.0 …
FIELDS = re.compile(
    rb"\s{0,9}(?:from|subject|date|mime-version|content-[a-z-]{1,30}|snapshot-content-location|x-[\w-]{1,40})"
    rb":[^\n]{0,2000}\n",
    re.IGNORECASE,
)
PARTS = re.compile(
    rb"^content-type:\s{0,9}(?:multipart/(?:related|alternative|mixed)|text/html)", re.IGNORECASE | re.MULTILINE
)
# Enough for a comment and a head before the first tag.
HEAD = 8192
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# BM and MZ are two letters, so text may begin with them; a program or a picture has zero bytes at once.
WITH_ZEROS = (b"BM", b"MZ", b"BZh")


def refusal(head: bytes) -> str | None:
    """Return why a file that begins so is not read; None where nothing speaks against it."""
    for start, reason in REFUSED:
        if head.startswith(start) and (start not in WITH_ZEROS or b"\0" in head[:64]):
            return reason
    return None


def sniff(name: str, head: bytes) -> Format:
    """Return the format of a file by its first bytes (see HEAD) and its name."""
    for start, found in MAGIC:
        if head.startswith(start) and (start not in WITH_ZEROS or b"\0" in head[:64]):
            return found
    lower = name.lower()
    if b"%PDF-" in head[:PDF_WITHIN] and lower.endswith(".pdf"):
        return "pdf"
    if lower.endswith(".jsonl"):
        return "jsonl"
    # Zero bytes out: the tags of a UTF-16 page show, too.
    plain = head.replace(b"\0", b"")
    for bom in BOMS:
        plain = plain.removeprefix(bom)
    if MARKUP.match(plain):
        return "html"
    if _saved_page(plain) or lower.endswith((".mht", ".mhtml")):
        return "mhtml"
    if lower.endswith((".html", ".htm", ".shtml", ".xhtml")) and b"<" in plain:
        return "html"
    if lower.endswith((".md", ".markdown")) or looks_like(plain.decode("utf-8", "ignore")):
        return "md"
    return "txt"


def _saved_page(head: bytes) -> bool:
    """Tell whether a file begins with header fields, one of which tells of parts or HTML."""
    return FIELDS.match(head) is not None and PARTS.search(head) is not None
