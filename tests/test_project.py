"""The project itself: lock files, documents, and nothing in any file that belongs to one machine alone."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-build.lock", "requirements-whoosh2.lock")
DOCUMENTS = (
    *("README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "Makefile"),
    *(
        "docs/api.md",
        "docs/architecture.md",
        "docs/dependencies.md",
        "docs/figures.md",
        "docs/formats.md",
        "docs/operations.md",
        "docs/query-language.md",
        "docs/security.md",
    ),
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tracked() -> list[Path]:
    """Return the files of the repository, or all files below it where it is no repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, cwd=ROOT, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return [path for name in names if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]


def packages(lock: str) -> dict[str, str]:
    """Return the packages of a lock file, by name, each with its whole entry."""
    entries = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return {re.split(r"\[|==", entry)[0]: entry for entry in entries if entry and not entry.startswith((" ", "#"))}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_file_is_hashes_alone(lock: str) -> None:
    """Every line of a lock file is a pinned package with hashes; none names a host or an option."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|\.org|\.com|\.io\b|^-", text, re.MULTILINE)
    for name, entry in packages(lock).items():
        assert re.match(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[0-9][\w.]*( ;[^-]*)? +--hash=sha256:[0-9a-f]{64}", entry), name


def test_lock_files_hold_all_dependencies() -> None:
    """What pyproject.toml asks for is locked, and the tests run on the very versions that people get."""
    runtime, test = packages("requirements.lock"), packages("requirements-test.lock")
    asked = {re.split(r"[<>=\[; ]", line)[0].lower() for line in PROJECT["dependencies"]}
    asked_by_tests = {re.split(r"[<>=\[; ]", line)[0].lower() for line in PROJECT["optional-dependencies"]["test"]}
    assert asked <= set(runtime)
    assert asked_by_tests <= set(test)
    # A package that people need on some versions of Python alone may be one that tests need on all.
    pinned = [
        {name: re.sub(r" ; .*?(?= +--hash)", "", entry) for name, entry in lock.items()} for lock in (runtime, test)
    ]
    assert {name: pinned[1].get(name) for name in runtime} == pinned[0]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_is_there(document: str) -> None:
    """A document that the project promises exists and says something."""
    assert len((ROOT / document).read_text(encoding="utf-8")) > 400


def test_links_between_documents_lead_somewhere() -> None:
    """Every relative link of a document leads to a file of the project."""
    links = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked()
        if path.suffix == ".md" and "samples" not in path.parts
        for target in links.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_dependency_is_accounted_for() -> None:
    """docs/dependencies.md names every package that people get, with its licence."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    assert [name for name in packages("requirements-test.lock") if f"| {name} |" not in text] == []


def test_both_readmes_hold_the_same_commands() -> None:
    """The Chinese README has every command of the English one."""
    blocks = [
        re.findall(r"```(?:sh|powershell)\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
        for name in ("README.md", "README.zh-CN.md")
    ]
    english, chinese = (
        [line.split("#")[0].strip() for block in found for line in block.splitlines()] for found in blocks
    )
    assert english
    assert english == chinese


def test_version_has_a_chapter_in_the_changelog() -> None:
    """The changelog tells of the version that the package has, or of what is not yet released."""
    import indexer

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{indexer.__version__}]" in changelog or "## [Unreleased]" in changelog


def test_nothing_belongs_to_one_machine() -> None:
    """No file names a place of a machine, a registry of packages, or a host of a private network."""
    places = re.compile(
        r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/\w+|tmp/\w+)/"
        r"|files\.python"
        r"hosted|py"
        r"pi\.org|registry\.npm"
        r"js|\b10\.\d+\.\d+\.\d+\b|\b192\.168\.\d+\.\d+\b"
    )
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or font
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in places.finditer(text)]
    assert found == []


def test_makefile_needs_nothing_but_python() -> None:
    """What people run first asks for no tool besides Python, and names the command that brings what is missing."""
    venv = (ROOT / ".ci/venv").read_text(encoding="utf-8")
    assert "apt-get install -y python3-venv" in venv
    assert "--require-hashes" in venv
    for script in (".ci/venv", ".ci/run"):
        assert (ROOT / script).stat().st_mode & 0o100
