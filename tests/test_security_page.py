"""docs/security.md goes through every item of ASVS 5.0.0 level 1, and the tests that it names exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/security.md"
LEVEL_1 = (
    *("1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.3.1", "1.3.2", "1.5.1", "2.1.1", "2.2.1", "2.2.2", "2.3.1"),
    *("3.2.1", "3.2.2", "3.3.1", "3.4.1", "3.4.2", "3.5.1", "3.5.2", "3.5.3", "4.1.1", "4.4.1"),
    *("5.2.1", "5.2.2", "5.3.1", "5.3.2", "6.1.1", "6.2.1", "6.2.2", "6.2.3", "6.2.4", "6.2.5", "6.2.6", "6.2.7"),
    *("6.2.8", "6.3.1", "6.3.2", "6.4.1", "6.4.2", "7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.4.1", "7.4.2"),
    *("8.1.1", "8.2.1", "8.2.2", "8.3.1", "9.1.1", "9.1.2", "9.1.3", "9.2.1"),
    *("10.4.1", "10.4.2", "10.4.3", "10.4.4", "10.4.5", "11.3.1", "11.3.2", "11.4.1", "12.1.1", "12.2.1", "12.2.2"),
    *("13.4.1", "14.2.1", "14.3.1", "15.1.1", "15.2.1", "15.3.1"),
)
STATES = {"met", "partly", "not met", "not here"}
SOURCES = sorted(path for package in ("indexer", "search_web") for path in (ROOT / package).rglob("*.py"))


def rows() -> list[tuple[str, str, str, str]]:
    """Return the rows of the page: item, what it asks, state, and what shows it."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$", text, re.MULTILINE)


def test_every_item_is_there_once() -> None:
    """The page has the 70 items of level 1 in their order, each with a state and a reason."""
    assert len(LEVEL_1) == 70
    assert [item for item, *_ in rows()] == list(LEVEL_1)
    assert [item for item, asks, state, shown in rows() if state not in STATES or not asks or len(shown) < 10] == []


def test_what_is_named_exists() -> None:
    """Every test and document that the page names is there."""
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 50
    missing = [
        f"{path}::{name}"
        for path, name in sorted(set(named))
        if not re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []
    documents = re.findall(r"`((?:docs/)?[\w-]+\.md)`", text)
    assert [name for name in documents if not (ROOT / name).is_file()] == []


def test_what_is_met_is_shown() -> None:
    """An item that is met names a test, or the document or window of the browser that meets it."""
    for item, _, state, shown in rows():
        if state == "met":
            assert "::" in shown or ".md`" in shown or "browser" in shown, item


def test_nothing_is_evaluated() -> None:
    """No code of ours evaluates text, starts a shell, marks input as safe HTML, or puts HTML into a page by script."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords)
            if name in ("eval", "exec", "compile", "os.system", "os.popen", "render_template_string") or shell:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert found == []
    scripts = [path for path in (ROOT / "search_web/static").iterdir() if path.suffix == ".js"]
    assert scripts
    unsafe = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage")
    assert [path.name for path in scripts if unsafe.search(path.read_text(encoding="utf-8"))] == []
    templates = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "search_web/templates").glob("*"))
    assert "autoescape false" not in templates
    # A snippet is escaped where it is made, and the other is a constant.
    assert set(re.findall(r"([\w.\"&;=]+) *\| *safe\b", templates)) <= {"hit.snippet", '"&amp;lang=en"'}


def test_hashes_are_sound() -> None:
    """Wherever a hash is made it is one that nobody can make collide, and secrets come from the system."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(md5|sha1)\b", text), path
        if re.search(r"^ *(import|from) random\b", text, re.MULTILINE):
            raise AssertionError(f"{path} uses chance that can be guessed")


def test_reports_reach_no_invented_person() -> None:
    """SECURITY.md says how to report and in what time things are mended, and names no address."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "private vulnerability reporting" in text
    assert re.search(r"within 7 days.*within 30 days", text, re.DOTALL)
    assert "@" not in text
