"""docs/extraction.md tells what the benchmark counts today."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def extraction() -> ModuleType:
    """Return tests/benchmarks/extraction.py as a module."""
    spec = importlib.util.spec_from_file_location("extraction", ROOT / "tests/benchmarks/extraction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_counts_of_the_unseen_set(extraction: ModuleType) -> None:
    """The row of the unseen set is what its facts give, and every field of the table is explained by the page."""
    text = extraction.PAGE.read_text("utf-8")
    tally = extraction.Tally()
    for name, expected, found in extraction.unseen():
        tally.add(name, expected, found)
    row = re.search(r"^\| unseen \| \d+ \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|$", text, re.MULTILINE)
    assert row is not None
    assert row[1] == f"{tally.wanted.total():,}"
    assert (float(row[2]), float(row[3])) == (round(tally.precision(), 3), round(tally.recall(), 3))
    assert {field for field in tally.wanted if f"| {field} |" not in text} == set()


@pytest.mark.shared
@pytest.mark.skipif(not (ROOT / "../shared/gold").is_dir(), reason="the material beside the checkout is absent")
def test_figures_of_all_sets(extraction: ModuleType) -> None:
    """With the real minutes at hand, the tables are those that the command writes."""
    figures, _ = extraction.tables()
    assert f"{extraction.START}\n{figures}\n{extraction.END}" in extraction.PAGE.read_text("utf-8")
