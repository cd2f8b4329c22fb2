"""What fuzz.py throws and at what: for each target how its cases are made, and what must hold for every one of them."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pdf_file
import wrapped
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.build import build
from indexer.errors import BadParameter, UnreadableFile
from indexer.minutes.parse import parse as parse_minutes
from indexer.query.parse import parse as parse_query
from indexer.readers import read_bytes
from indexer.readers.source import Line, SourceText
from indexer.search import Index, open_index
from indexer.secrecy import mark
from search_web import create_app

SAMPLES = Path(__file__).resolve().parents[2] / "data/samples"
READERS = ("txt", "md", "html", "mht", "docx", "doc", "rtf", "pdf", "ofd", "xlsx", "zip", "jsonl", "odd")
NAMES = ("query", "minutes", "url", *(f"reader-{form}" for form in READERS))
PAGES = (
    *(
        "/search",
        "/api/v1/search",
        "/api/v1/suggest",
        "/meetings",
        "/documents",
        "/timeline",
        "/people",
        "/departments",
    ),
    *("/instruments", "/export", "/feed.atom", "/api/v1/meetings", "/api/v1/timeline", "/api/v1/departments"),
)
FIELDS = (
    *("q", "level", "limit", "offset", "sort", "match", "year", "person", "from", "to", "body", "kind", "expand"),
    *("department", "verdict", "instrument", "cursor", "fields", "format", "facets", "page", "by", "lang", "style"),
)
SIGNS = (
    '"',
    "“",
    "”",
    "-",
    "|",
    "OR",
    "或",
    "~3",
    "^2",
    ":",
    "：",
    "(",
    ")",
    "（",
    "）",
    "*",
    "…",
    "?",
    "[",
    "]",
    "/",
    "\\",
)
WORDS = (
    "教育",
    "职业教育",
    "人民政府",
    "原则同意",
    "部门",
    "人",
    "年",
    "2024",
    "第34次",
    "第三十四次",
    "a",
    "é",
    "𠀀",
    "\u200b",
)
EDITS = ("flip", "cut", "copy", "put", "drop", "number", "swap")
BLOBS = (
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"<",
    b"&#x110000;",
    b"]]>",
    b"\n",
    "　".encode(),
    b"\\u-1?",
    b"{",
    b"stream",
)


@dataclass(frozen=True)
class Target:
    """How cases are made, and the check that each must pass without an error."""

    cases: SearchStrategy[Any]
    check: Callable[[Any], None]


@cache
def target(name: str) -> Target:
    """Return the target of a name."""
    if name in ("query", "url"):
        client()  # so that no case has to wait for the index
    if name == "query":
        return Target(queries(), check_query)
    if name == "minutes":
        return Target(texts(), check_minutes)
    if name == "url":
        return Target(addresses(), check_url)
    form = name.removeprefix("reader-")
    seeds = tuple(seeds_of(form))
    return Target(
        st.builds(lambda n, edits: (form, changed(seeds[n % len(seeds)], edits)), st.integers(0, 99), edits()),
        check_reader,
    )


def queries() -> SearchStrategy[str]:
    """Signs and words in any order, and any characters at all."""
    piece = st.one_of(st.sampled_from(SIGNS), st.sampled_from(WORDS), st.text(max_size=6))
    return st.one_of(
        st.lists(piece, max_size=30).map("".join),
        st.lists(piece, max_size=30).map(" ".join),
        st.text(max_size=200),
        st.builds(lambda sign, times: sign * times, st.sampled_from(SIGNS), st.integers(1, 2000)),
    )


def check_query(text: str) -> None:
    """No query raises, and an index answers it."""
    parse_query(text)
    with suppress(BadParameter):
        sample().search(text, limit=3)


def texts() -> SearchStrategy[list[tuple[str, str, bool]]]:
    """Lines of real layouts in any order, cut, joined and with anything between."""
    lines = tuple(dict.fromkeys(line for path in sorted(SAMPLES.glob("*.txt")) for line in _read(path)))
    pieces = tuple(dict.fromkeys(part for line in lines for part in re.split("[，。：、（）]", line) if part))
    line = st.one_of(
        st.sampled_from(lines),
        st.lists(
            st.one_of(
                st.sampled_from(pieces),
                st.sampled_from("，。：、（）《》〔〕一二三（一）第1次 　12"),
                st.text(max_size=5),
            ),
            max_size=12,
        ).map("".join),
        st.text(max_size=60),
        st.builds(lambda part, times: part * times, st.sampled_from(pieces), st.integers(1, 300)),
    )
    style = st.sampled_from(("", "", "", "title", "heading", "table", "list", "furniture"))
    return st.lists(st.tuples(line, style, st.booleans()), max_size=60)


def check_minutes(rows: list[tuple[str, Any, bool]]) -> None:
    """Every text is a record, and its mark, if any, is told."""
    lines = tuple(Line(text.replace("\n", " "), style=style, whole=whole) for text, style, whole in rows)
    source = SourceText("a.txt", "txt", "0" * 64, lines)
    parse_minutes(source)
    mark(source)


def addresses() -> SearchStrategy[str]:
    """Paths with parameters that are right, wrong, repeated or nothing of the kind."""
    value = st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(("1", "-1", "0", "2024", "2024-07", "date", "csv", "*", "all", "bogus")),
        st.text(max_size=40),
    )
    pairs = st.lists(st.tuples(st.one_of(st.sampled_from(FIELDS), st.text(max_size=8)), value), max_size=7)
    path = st.one_of(
        st.sampled_from(PAGES),
        st.builds(
            lambda page, part: f"{page}/{part}",
            st.sampled_from(PAGES),
            st.text(max_size=30).map(lambda t: t.replace("\0", "")),
        ),
    )
    return st.builds(lambda p, q: f"{p}?{urlencode(q, errors='replace')}", path, pairs)


def check_url(address: str) -> None:
    """Every address is answered, and no answer is a 500."""
    path, _, query = address.partition("?")
    response = client().get(path.encode("utf-8", "replace").decode(), query_string=query)
    assert response.status_code < 500, f"{response.status_code} at {address}"
    response.close()


def edits() -> SearchStrategy[list[tuple[str, float, int, bytes]]]:
    """Changes of bytes: what, where (as a share of all), how much, and with what."""
    what = st.one_of(st.sampled_from(BLOBS), st.binary(max_size=8))
    return st.lists(st.tuples(st.sampled_from(EDITS), st.floats(0, 1), st.integers(1, 300), what), max_size=12)


def changed(data: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    """Apply changes; within the members of an archive where it is one, so that they get past its checksums."""
    if zipfile.is_zipfile(io.BytesIO(data)) and edits and edits[0][2] % 8:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            members = {name: held.read(name) for name in held.namelist()}
        names = sorted(members)
        for edit in edits:
            name = names[edit[2] % len(names)]
            members[name] = _edited(members[name], edit)
        return wrapped.zipped(members)
    for edit in edits:
        data = _edited(data, edit)
    return data


def _edited(data: bytes, edit: tuple[str, float, int, bytes]) -> bytes:
    kind, share, size, put = edit
    at = int(share * len(data))
    part = data[at : at + size]
    if kind == "flip":
        return data[:at] + bytes(byte ^ 1 << size % 8 for byte in part[:1]) + data[at + 1 :]
    if kind == "cut":
        return data[:at]
    if kind == "copy":
        return data[:at] + part * 3 + data[at:]
    if kind == "drop":
        return data[:at] + data[at + size :]
    if kind == "swap":
        return data[:at] + data[at + size : at + 2 * size] + part + data[at + 2 * size :]
    if kind == "number":
        found = re.compile(rb"\d+").search(data, at)
        return (
            data
            if found is None
            else data[: found.start()] + str(size * 10**9 if size % 2 else -size).encode() + data[found.end() :]
        )
    return data[:at] + put + data[at + len(put) :]


def check_reader(case: tuple[str, bytes]) -> None:
    """A file is read and parsed, or refused with a reason."""
    form, data = case
    try:
        for source in read_bytes(f"a.{form if form != 'odd' else 'bin'}", data):
            parse_minutes(source)
    except (UnreadableFile, MemoryError):
        pass


def seeds_of(form: str) -> list[bytes]:
    """Return sound files of a format."""
    samples = [path for path in sorted(SAMPLES.iterdir()) if path.suffix == ".txt"][:6]
    paragraphs = [[line for line in _read(path) if line.strip()] for path in samples]
    makers: dict[str, Callable[[Any], bytes]] = {
        "txt": wrapped.gb18030,
        "md": wrapped.markdown,
        "html": wrapped.web_page,
        "mht": wrapped.web_archive,
        "docx": wrapped.word_document,
        "doc": wrapped.old_word,
        "rtf": wrapped.rich_text,
        "pdf": wrapped.portable,
        "ofd": wrapped.fixed,
        "xlsx": wrapped.workbook,
        "zip": wrapped.archive,
    }
    if form == "jsonl":
        rows = [{"id": str(n), "title": one[0], "text": "\n".join(one)} for n, one in enumerate(paragraphs)]
        return ["\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()]
    if form == "odd":
        return [b"", *(maker(paragraphs[0])[:3000] for maker in makers.values()), pdf_file.pdf([(100, 100, "会议")])]
    found = [makers[form](one) for one in paragraphs]
    return found + [path.read_bytes() for path in sorted(SAMPLES.glob(f"*.{form}"))]


@cache
def sample() -> Index:
    """An index of the samples."""
    folder = Path(tempfile.mkdtemp(prefix="gongwen-fuzz-"))
    build([SAMPLES], folder / "index")
    return open_index(folder / "index")


@cache
def client() -> Any:
    return create_app(sample()).test_client()


def _read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
