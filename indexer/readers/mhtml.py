"""A web page that a browser saved in one file (MHTML, RFC 2557) goes in, the lines of its document come out.

The page is the first HTML part; pictures, styles and frames that were saved with it are left out.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser

from indexer.errors import UnreadableFile
from indexer.readers.html import read as read_page
from indexer.readers.source import SourceText

# A page with its pictures has some hundred parts; each level of parts in parts is looked through once more.
DEEPEST = 20
BOUNDARY = re.compile(rb"boundary\s{0,9}=", re.IGNORECASE)


def read(path: str, data: bytes) -> SourceText:
    """Return the document of a saved web page.

    Raises:
        UnreadableFile: there is no page in it, or the page holds no text.
    """
    if len(BOUNDARY.findall(data)) > DEEPEST:
        raise UnreadableFile(path, "网页存档的结构嵌套过深，没有读取")
    whole = BytesParser().parsebytes(data)
    page = next((part for part in whole.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise UnreadableFile(path, "网页存档里没有网页，可能已损坏；请重新保存后再试")
    source = read_page(path, _content(path, page))
    address = _address(page) or _address(whole)
    meta = {**source.meta, **({"url": address} if address and "url" not in source.meta else {})}
    return replace(source, format="mhtml", sha256=hashlib.sha256(data).hexdigest(), meta=meta)


def _content(path: str, page: Message) -> bytes:
    """Return the page as UTF-8 where its part names an encoding that it keeps, else as its bytes are."""
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        raise UnreadableFile(path, "网页存档里的网页是空的")
    try:
        return content.decode(page.get_content_charset() or "utf-8").encode()
    except (LookupError, ValueError):  # no encoding, not even the name of one, or not this one
        return content


def _address(part: Message) -> str:
    """Return where the page came from; "" where it is not told or no address of the web."""
    for name in ("Snapshot-Content-Location", "Content-Location"):
        address = str(part.get(name, "")).strip()
        if address.lower().startswith(("http://", "https://")):
            return address
    return ""
