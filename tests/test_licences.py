"""What docs/dependencies.md says of licences is what the packages say; nothing that is installed is under a GPL."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# How licences are written: by SPDX as we do, in trove classifiers, and freely in older metadata.
WRITTEN = {
    "MIT": ("mit",),
    "MIT-0": ("mit-0", "mit no attribution"),
    "MIT-CMU": ("mit-cmu", "hpnd"),
    "BSD-2-Clause": ("bsd-2", "bsd license", "bsd 2", "two-clause", "2-clause", "bsd"),
    "BSD-3-Clause": ("bsd-3", "bsd license", "bsd 3", "new bsd", "3-clause", "bsd"),
    "Apache-2.0": ("apache",),
    "MPL-2.0": ("mpl-2.0", "mpl 2.0", "mozilla public license 2.0"),
    "PSF-2.0": ("psf", "python software foundation"),
    "its runtime GPL-2.0 with Classpath Exception": ("gnu general public license v2",),
    "ZPL-2.1": ("zpl", "zope public license"),
}
BARRED = re.compile(r"agpl|affero|sspl|busl|business source|commons clause|non-?commercial")
BARRED_FROM_INSTALLATIONS = re.compile(rf"{BARRED.pattern}|gpl|gnu general")


def listed() -> dict[str, tuple[str, ...]]:
    """Return the licences of each package in the tables of the document."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w.-]+) \| ([\w., -]+) \| (.+) \|$", text, re.MULTILINE)
    return {
        name.lower(): tuple(one.strip() for one in licences.split(","))
        for name, licences, _ in rows
        if licences != "licence"
    }


def locked(lock: str) -> set[str]:
    """Return the packages of a lock file."""
    return set(
        re.findall(r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    )


def said(package: Distribution) -> str:
    """Return what a package says of its licence, in small letters: expression, classifiers, and a short free text."""
    about = package.metadata
    free = about.get("License") or ""
    told = [about.get("License-Expression") or "", free if len(free) < 200 else free[:80]]
    told += [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    return " | ".join(told).lower()


def installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not for {sys.platform} or this Python")


@pytest.mark.parametrize("name", sorted(locked("requirements-test.lock") | locked("requirements-build.lock")))
def test_licence_is_the_one_that_is_listed(name: str) -> None:
    """Each package that an installation or a test gets says of itself what the document says."""
    ours = listed().get(name) or {"setuptools": ("MIT",)}[name]
    known = [licence for licence in ours if licence in WRITTEN]
    assert known, ours
    theirs = said(installed(name))
    assert not BARRED.search(theirs), theirs
    if name in locked("requirements.lock"):
        assert set(known) == set(ours)
        assert not BARRED_FROM_INSTALLATIONS.search(theirs), theirs
    if theirs.strip(" |"):
        assert any(sign in theirs for licence in known for sign in WRITTEN[licence]), (ours, theirs)


def test_every_package_that_is_installed_with_ours_is_locked() -> None:
    """What the packages of the lock ask for, all the way down, is in the lock: nothing comes unlisted."""
    known, missing = locked("requirements.lock"), []
    for name in sorted(known):
        try:
            asked = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for line in asked:
            needed = re.split(r"[ ;<>=!~\[(]", line)[0].lower().replace("_", "-").replace(".", "-")
            # What is for an extra, another system or another Python is somebody else's.
            if ";" not in line and needed not in known:
                missing.append(f"{name} needs {needed}")
    assert missing == []


def test_every_row_has_a_reason() -> None:
    """No package is listed without what it is for."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w.-]+) \| [^|]+ \| *([^|]*?) *\|$", text, re.MULTILINE)
    assert len(rows) > 40
    assert [name for name, reason in rows if len(reason) < 3] == []
