"""The English catalogue holds exactly the texts of the pages, each turned into English, and is compiled as it is."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import catalogue
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from search_web import sentences
from search_web.language import speaking
from search_web.sentences import told

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"%\((\w+)\)s")
# Where the package builds sentences that pages show.
BUILT = (
    *("indexer/query/parse.py", "indexer/query/lexer.py", "indexer/minutes/parse.py", "indexer/minutes/document.py"),
    *("indexer/readers/encoding.py", "indexer/readers/html.py", "indexer/readers/jsonl.py", "indexer/readers/pdf.py"),
    *("indexer/readers/scan.py", "indexer/readers/xlsx.py", "search_web/params.py", "search_web/timelines.py"),
    "search_web/described.py",
)


def test_every_text_of_the_pages_is_in_the_catalogue_and_no_other() -> None:
    """Texts that templates and modules hold now are those of messages.po (`python tests/support/catalogue.py`)."""
    kept = {message.id for message in catalogue.catalogue() if message.id}
    assert kept == set(catalogue.gathered())


def test_every_text_has_its_english() -> None:
    """Each text is turned, in the singular and the plural, with the same values; Chinese in it is a name or a term."""
    for message in catalogue.catalogue():
        if not message.id:
            continue
        for english in [message.string] if isinstance(message.string, str) else message.string:
            assert english, message.id
            whole = message.id if isinstance(message.id, str) else message.id[0]
            assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(whole)), whole
            assert not re.search("[，。：；、（）]", english), english
        assert not message.fuzzy


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    """messages.mo, which the program reads, says what messages.po says."""
    with catalogue.COMPILED.open("rb") as file:
        compiled = read_mo(file)
    made = read_mo(io.BytesIO(catalogue.compiled(catalogue.catalogue())))
    assert _turned(compiled) == _turned(made)


def test_nothing_changes_when_the_catalogue_is_gathered_again() -> None:
    """Gathering keeps what is translated and writes the same file."""
    kept = catalogue.catalogue()
    made = catalogue.renewed(kept)
    assert _turned(made) == _turned(kept)


def _turned(texts: Catalog) -> dict[object, object]:
    told = {(m.id,) if isinstance(m.id, str) else tuple(m.id): m.string for m in texts if m.id}
    return {text: english if isinstance(english, str) else tuple(english) for text, english in told.items()}


def _sentences(path: Path) -> Iterator[str]:
    """The Chinese sentences that a module builds for notices and refusals, with 7 for each value."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="BadParameter") | ast.Attribute(attr="notice")):
                yield from _texts(node)
            case ast.Call(func=ast.Name(id="notice") | ast.Attribute(value=ast.Name(id="notices"), attr="append")):
                yield from _texts(node)
            case ast.keyword(arg="notices") | ast.Assign(targets=[ast.Name(id="notices" | "TAMED")]):
                yield from _texts(node.value)
            case ast.Yield() | ast.Return() if "minutes" in path.parts or path.name == "html.py":
                yield from _texts(node)


def _texts(node: ast.AST) -> Iterator[str]:
    """The whole strings in an expression; values within one stand as 7, conditional parts each."""
    match node:
        case ast.BinOp(left=left, right=right):
            first, second = list(_texts(left)), list(_texts(right))
            yield from (a + b for a in first for b in second) if first and second else first + second
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts(body)
            yield from _texts(orelse)
        case ast.JoinedStr(values=values):
            text = "".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in values)
            if re.search("[一-鿿]", text):
                yield text
        case ast.Constant(value=str(text)) if re.search("[一-鿿]", text):
            yield text
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _texts(child)


@pytest.mark.parametrize("path", BUILT)
def test_every_sentence_that_the_package_builds_is_known(path: str) -> None:
    """No notice and no refusal of a page stays Chinese on an English one."""
    found = [text for text in _sentences(ROOT / path) if len(text) > 3 and not text.endswith("个值")]
    assert found
    with speaking("en"):
        unknown = [text for text in found if re.search("[一-鿿]", told(text)) and not text.startswith("、")]
    assert unknown == []


def test_each_kind_of_sentence_is_told_with_its_values() -> None:
    """A sentence is recognised by the fixed words around its values, whatever these are."""
    for kind in sentences.SENTENCES:
        values = {name: f"<{name}>…" for name in PLACE.findall(kind)}
        with speaking("en"):
            english = told(kind % values)
        assert not re.search("[一-鿿]", english), english
        assert all(value in english for value in values.values())
        assert told(kind % values) == kind % values
