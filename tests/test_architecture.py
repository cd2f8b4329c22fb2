"""The import rules and file sizes of docs/architecture.md, read off the source with `ast`.

Every rule is a function from the modules to the list of its breaches; the tests say that the lists are empty, and
that each rule does see a breach when there is one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("indexer", "search_web")
WALL = 400

FORMAT_LIBRARIES = {
    *("selectolax", "trafilatura", "lxml", "bs4", "pypdfium2", "pdfplumber", "pypdf", "docx", "olefile"),
    *("chardet", "rapidocr", "onnxruntime", "PIL", "openpyxl"),
}
# Library -> the module or folder that alone may import it.
HOMES = {
    "flask": "search_web",
    "werkzeug": "search_web",
    "jinja2": "search_web",
    "waitress": "search_web",
    "flask_limiter": "search_web.guard",
    "limits": "search_web",
    "prometheus_client": "search_web.metrics",
    "whoosh": "indexer.engines.whoosh",
    "numba": "indexer.engines.whoosh.kernels.compiling",
    "opensearchpy": "indexer.engines.opensearch",
    "jieba": "indexer.text.words",
    "rjieba": "indexer.text.words",
    "watchfiles": "indexer.watch",
    **dict.fromkeys(FORMAT_LIBRARIES, "indexer.readers"),
}
# Ground floors: what of the package each may import besides itself.
FLOORS: dict[str, tuple[str, ...]] = {
    "indexer.model": (),
    "indexer.errors": (),
    "indexer.text": ("indexer.errors",),
    "indexer.query": ("indexer.errors", "indexer.model", "indexer.text"),
}
# Module or folder -> what it must never import.
STRANGERS: dict[str, tuple[str, ...]] = {
    "indexer": ("search_web",),
    "indexer.readers": (
        *("indexer.minutes", "indexer.model", "indexer.engines", "indexer.query"),
        *("indexer.build", "indexer.search", "indexer.answer", "indexer.wire"),
    ),
    "indexer.engines": ("indexer.readers", "indexer.minutes", "indexer.build", "indexer.search"),
    "indexer.build": ("indexer.search",),
    "indexer.search": ("indexer.build",),
    "search_web": ("indexer.engines", "indexer.readers", "indexer.minutes"),
}


@dataclass(frozen=True)
class Import:
    """One name imported: the full dotted target, and whether the import stands at the top of its module."""

    target: str
    top: bool


@dataclass(frozen=True)
class Module:
    """A source file with what it imports; imports for type checkers alone are left out."""

    name: str
    imports: tuple[Import, ...]
    lines: int


def within(name: str, place: str) -> bool:
    """Return whether a dotted name is `place` or below it."""
    return name == place or name.startswith(place + ".")


def imports_of(tree: ast.AST, name: str, package: bool, top: bool = True) -> Iterator[Import]:
    """Walk a syntax tree; `from a import b` gives `a.b`, so that a submodule is seen as itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                parts = name.split(".")[: None if package and node.level == 1 else -(node.level - package)]
                start = ".".join([*parts, *([node.module] if node.module else [])])
            yield from (Import(f"{start}.{alias.name}", top) for alias in node.names)
        else:
            inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports_of(node, name, package, top and not inner)


def module(name: str, source: str, package: bool = False) -> Module:
    return Module(name, tuple(imports_of(ast.parse(source), name, package)), len(source.splitlines()))


def modules() -> dict[str, Module]:
    found = {}
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if package else parts)
        found[name] = module(name, path.read_text(encoding="utf-8"), package)
    return found


def outside_home(mods: dict[str, Module]) -> list[str]:
    """Imports of a library by a module that is not its home."""
    breaches = []
    for mod in mods.values():
        for imported in mod.imports:
            library = imported.target.split(".")[0]
            home = HOMES.get(library)
            if home and not within(mod.name, home):
                breaches.append(f"{mod.name} imports {library}, which belongs to {home}")
    return breaches


def before_use(mods: dict[str, Module]) -> list[str]:
    """Modules that load a format library as they are imported, and are no reader that is imported when it is used."""
    heavy = {mod.name for mod in mods.values() if any(_is_format(imported) for imported in mod.imports)}
    grown = 0
    while grown < len(heavy):
        grown = len(heavy)
        heavy |= {
            mod.name
            for mod in mods.values()
            if any(imported.top and _known(imported.target, mods) in heavy for imported in mod.imports)
        }
    return [
        f"{name} loads a format library before it is used"
        for name in sorted(heavy)
        if not name.startswith("indexer.readers.")
    ]


def _is_format(imported: Import) -> bool:
    return imported.top and imported.target.split(".")[0] in FORMAT_LIBRARIES


def above_floor(mods: dict[str, Module]) -> list[str]:
    """Imports by the ground floors of anything above them."""
    return [
        f"{mod.name} imports {imported.target}, which is above it"
        for mod in mods.values()
        for floor, allowed in FLOORS.items()
        if within(mod.name, floor)
        for imported in mod.imports
        if imported.target.split(".")[0] in PACKAGES
        and not any(within(imported.target, place) for place in (floor, *allowed))
    ]


def strangers(mods: dict[str, Module]) -> list[str]:
    """Imports between parts that must not know each other; minutes know of the readers only their seam."""
    breaches = [
        f"{mod.name} imports {imported.target}"
        for mod in mods.values()
        for place, forbidden in STRANGERS.items()
        if within(mod.name, place)
        for imported in mod.imports
        if any(within(imported.target, other) for other in forbidden)
    ]
    for mod in mods.values():
        if within(mod.name, "indexer.minutes"):
            breaches += [
                f"{mod.name} imports {imported.target}"
                for imported in mod.imports
                if within(imported.target, "indexer.readers") and not within(imported.target, "indexer.readers.source")
            ]
    return breaches


def face_imports(mods: dict[str, Module]) -> list[str]:
    """Imports of a cli, but for the one that joins both command lines and the doors of `python -m`."""
    return [
        f"{mod.name} imports {imported.target}"
        for mod in mods.values()
        for imported in mod.imports
        for face in ("indexer.cli", "search_web.cli")
        if within(imported.target, face)
        and (mod.name, face) not in {("search_web.cli", "indexer.cli"), ("search_web.__main__", "search_web.cli")}
    ]


def circle(mods: dict[str, Module]) -> list[str]:
    """Return one import circle as the names along it, or []; imports inside functions count too."""
    edges = {
        name: {_known(imported.target, mods) for imported in mod.imports} - {None, name} for name, mod in mods.items()
    }
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in sorted(other for other in edges[name] if other):
            found = walk(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in mods if (found := walk(name, []))), [])


def _known(target: str, mods: dict[str, Module]) -> str | None:
    """Return the module that a dotted target lies in: the longest known beginning."""
    while target and target not in mods:
        target = target.rpartition(".")[0]
    return target or None


def too_long(mods: dict[str, Module]) -> list[str]:
    return [f"{mod.name} has {mod.lines} lines" for mod in mods.values() if mod.lines > WALL]


RULES: dict[str, Callable[[dict[str, Module]], list[str]]] = {
    "libraries stay at home": outside_home,
    "formats are loaded when used": before_use,
    "ground floors know nothing above": above_floor,
    "strangers stay strangers": strangers,
    "nobody imports a cli": face_imports,
    "no import circle": circle,
    "no giant file": too_long,
}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_holds(rule: Callable[[dict[str, Module]], list[str]]) -> None:
    """The packages keep every rule of the architecture."""
    assert rule(modules()) == []


def test_modules_are_found() -> None:
    """The rules look at both packages, so that they cannot hold for want of files."""
    names = modules()
    assert {"indexer", "indexer.model", "indexer.errors", "indexer.engines.engine"} <= set(names)
    assert any(name.startswith("search_web") for name in names)


BREACHES = [
    ("libraries stay at home", "indexer.search", "from flask import Flask"),
    ("libraries stay at home", "indexer.build", "def f():\n    import whoosh.index"),
    ("libraries stay at home", "indexer.engines.passages", "import jieba"),
    ("libraries stay at home", "indexer.minutes.parse", "from selectolax.parser import HTMLParser"),
    ("formats are loaded when used", "indexer.readers", "import selectolax"),
    ("ground floors know nothing above", "indexer.model", "from indexer import errors"),
    ("ground floors know nothing above", "indexer.text.fold", "from indexer.query.nodes import Text"),
    ("ground floors know nothing above", "indexer.query.parse", "import indexer.engines.engine"),
    ("strangers stay strangers", "indexer.cli", "import search_web"),
    ("strangers stay strangers", "indexer.readers.text", "from indexer.model import Meeting"),
    ("strangers stay strangers", "indexer.minutes.parse", "from indexer.readers import read"),
    ("strangers stay strangers", "indexer.minutes.parse", "from indexer.readers.html import read"),
    ("strangers stay strangers", "indexer.engines.passages", "from indexer.readers.source import SourceText"),
    ("strangers stay strangers", "indexer.build", "from indexer import search"),
    ("strangers stay strangers", "indexer.search", "from . import build"),
    ("strangers stay strangers", "search_web.pages", "from indexer.engines.engine import Filters"),
    ("nobody imports a cli", "indexer.build", "from indexer.cli import cli"),
    ("nobody imports a cli", "search_web.app", "from search_web import cli"),
    ("no giant file", "indexer.search", "x = 1\n" * 401),
]


@pytest.mark.parametrize(
    ("rule", "name", "source"), BREACHES, ids=[f"{name}: {source[:40]!r}" for _, name, source in BREACHES]
)
def test_rule_sees_a_breach(rule: str, name: str, source: str) -> None:
    """A module that breaks a rule is named by it."""
    assert [line for line in RULES[rule]({name: module(name, source)}) if line.startswith(name)]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("indexer.minutes.parse", "from indexer.readers.source import SourceText"),
        ("indexer.readers", "def f():\n    from selectolax.parser import HTMLParser"),
        ("indexer.readers.html", "from selectolax.parser import HTMLParser"),
        ("search_web.cli", "from indexer.cli import cli"),
        ("indexer.query.parse", "from indexer.text.fold import fold\nfrom indexer.model import VERDICTS"),
        ("indexer.model", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from indexer import build"),
    ],
)
def test_rule_allows(name: str, source: str) -> None:
    """What the architecture allows breaks no rule."""
    assert [line for rule in RULES.values() for line in rule({name: module(name, source)})] == []


def test_format_library_is_seen_through_others() -> None:
    """A format library that comes with a chain of imports is seen, unless one of them waits until it is used."""
    sources = {
        "indexer.readers.page": "import selectolax",
        "indexer.readers.html": "from indexer.readers.page import x",
        "indexer.build": "from indexer.readers import html",
    }
    assert before_use({name: module(name, source) for name, source in sources.items()})
    sources["indexer.build"] = "def f():\n    from indexer.readers import html"
    assert before_use({name: module(name, source) for name, source in sources.items()}) == []


def test_circle_is_seen() -> None:
    """Three modules that import each other around are told as the way around, wherever the imports stand."""
    sources = {
        "indexer.a": "from indexer import b",
        "indexer.b": "def f():\n    from indexer.c import x",
        "indexer.c": "import indexer.a",
        "indexer.d": "from indexer.a import y",
    }
    found = circle({name: module(name, source) for name, source in sources.items()})
    assert found == ["indexer.a", "indexer.b", "indexer.c", "indexer.a"]
