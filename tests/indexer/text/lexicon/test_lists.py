"""Surnames, regions, agency codes and the segmenter's words are read from their files."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from indexer.text import lexicon
from indexer.text.fold import fold
from indexer.text.lexicon import agency, is_agency_code, is_region, provinces_of, short_name, surname_rank
from indexer.text.lexicon.agency_codes import agency_codes
from indexer.text.lexicon.regions import regions
from indexer.text.lexicon.surnames import COMMON, COMPOUND, FREQUENT, RARE, surnames

FOLDER = Path(lexicon.__file__).parent


@pytest.mark.parametrize(
    ("surname", "rank"),
    [("王", COMMON), ("傅", COMMON), ("洪", FREQUENT), ("仵", RARE), ("欧阳", COMPOUND), ("的", None), ("", None)],
)
def test_surname_rank(surname: str, rank: int | None) -> None:
    """A surname has the rank of its block."""
    assert surname_rank(surname) == rank


def test_surnames_are_folded_and_of_their_length() -> None:
    """All surnames are Simplified; only the compound ones have two characters."""
    assert len(surnames()) > 800
    for surname, rank in surnames().items():
        assert fold(surname) == surname
        assert len(surname) == (2 if rank == COMPOUND else 1)


def test_regions() -> None:
    """Official names are regions, with their provinces; the short name leaves the class word out."""
    assert is_region("苏州市")
    assert is_region("张家港市")
    assert not is_region("苏州")
    assert provinces_of("昆山市") == ("江苏省",)
    assert len(provinces_of("朝阳区")) > 1
    assert provinces_of("无此县") == ()
    assert [short_name(name) for name in ("苏州市", "广西壮族自治区", "沙县", "喀什地区", "别名")] == [
        "苏州",
        "广西",
        "沙县",
        "喀什",
        "别名",
    ]
    assert len(regions()) > 2500


def test_agency_codes() -> None:
    """Known codes are told from others, and the body is named only where it is sure."""
    assert agency("国办发") == "国务院办公厅"
    assert agency("云政发") == "云南省人民政府"
    assert is_agency_code("沪科")
    assert agency("沪科") is None
    assert not is_agency_code("的通知沪府发")
    assert len(agency_codes()) > 800
    assert all(re.fullmatch("[\u4e00-\u9fff]{2,9}", code) for code in agency_codes())


def test_words() -> None:
    """The segmenter's list holds at least 300 folded words of two characters or more, none twice."""
    lines = (FOLDER / "words.txt").read_text("utf-8").splitlines()
    words = [line for line in lines if line and not line.startswith("#")]
    assert len(words) == len(set(words)) >= 300
    assert all(fold(word) == word and len(word) > 1 for word in words)
    assert {"营商环境", "发改委", "实施细则", "自然资源和规划局"} <= set(words)


def test_alias_file() -> None:
    """Each group of the alias file holds different names, two or more."""
    groups = tomllib.loads((FOLDER / "aliases.toml").read_text("utf-8"))["group"]
    assert len(groups) > 100
    for group in groups:
        assert group.keys() == {"names"}
        assert len({fold(name) for name in group["names"]}) == len(group["names"]) > 1


def test_importing_reads_no_file() -> None:
    """The data files are read when they are asked for, not when the package is imported."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import indexer.text.lexicon\n"
        "sys.exit(any(name.endswith(('.tsv', 'surnames.txt', '.toml')) for name in opened))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
