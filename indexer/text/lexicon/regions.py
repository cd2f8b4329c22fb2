"""Administrative regions of mainland China: a name goes in, whether it is a region and where it lies comes out.

Names are the official ones (苏州市) and, on request, those without the class word (苏州).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

REGIONS_FILE = Path(__file__).parent / "regions.tsv"
# 壮族自治区 and the like stand behind a short name too; longest first.
CLASSES = (
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治县",
    "自治州",
    "自治旗",
    "地区",
    "林区",
    "新区",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
)


def is_region(name: str) -> bool:
    """Tell whether a name is the official name of a province, prefecture or county."""
    return name in regions()


def provinces_of(name: str) -> tuple[str, ...]:
    """Return the provinces that a region of this name lies in; several where it is no unique name (朝阳区)."""
    return regions().get(name, ())


def short_name(name: str) -> str:
    """Return a region's name without its class word: 苏州 of 苏州市; names of two characters keep it (沙县)."""
    for word in CLASSES:
        stem = name.removesuffix(word)
        if stem != name and len(stem) > 1:
            return stem
    return name


@cache
def regions() -> dict[str, tuple[str, ...]]:
    """Return every region with the provinces it lies in."""
    found: dict[str, list[str]] = {}
    for name, province in _rows():
        known = found.setdefault(name, [])
        if province not in known:
            known.append(province)
    return {name: tuple(known) for name, known in found.items()}


def _rows() -> Iterator[tuple[str, str]]:
    for line in REGIONS_FILE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            province, prefecture, counties = line.split("\t")
            yield province, province
            if prefecture != "-":
                yield prefecture, province
            for county in counties.split():
                yield county, province
