"""Pictures of every page, for docs/screenshots: a folder to write to in, PNG files with few colours out.

    PYTHONPATH=.:tests/support python tests/browser/screenshots.py [FOLDER] [NAME …]

Needs pillow. Pages are those of data/samples; the name of a picture tells its page, `en` where it is
English, its width, and `dark` where it is dark.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from browsing import launched, served
from PIL import Image
from playwright.sync_api import Browser

from indexer.build import build
from indexer.search import Index, open_index

ROOT = Path(__file__).resolve().parents[2]
HEIGHTS = {360: 780, 768: 1024, 1440: 900}
COLOURS = 128
MEETING = "/meetings/20240321-9495dff5"


class Shot(NamedTuple):
    """One picture: page, how wide, whether in English, dark, and how far down it goes at most."""

    name: str
    path: str
    width: int = 1440
    english: bool = False
    dark: bool = False
    tallest: int = 1400

    @property
    def file(self) -> str:
        """search-en-360-dark.png"""
        parts = (self.name, "en" if self.english else "", str(self.width), "dark" if self.dark else "")
        return "-".join(part for part in parts if part) + ".png"


PAGES = {
    "home": "/",
    "search": "/search?q=养老 服务",
    "filtered": "/search?q=市发改委&year=2024&verdict=原则同意",
    "empty": "/search?q=量子计算机",
    "meeting": f"{MEETING}?q=安全#{{anchor}}",
    "meeting-head": MEETING,
    "document": "/documents/{document}",
    "meetings": "/meetings",
    "documents": "/documents",
    "people": "/people",
    "person": "/people/殷学礼",
    "departments": "/departments?by=count",
    "department": "/departments/市发改委",
    "instruments": "/instruments",
    "instrument": "/instruments/城镇老旧小区改造管理办法",
    "timeline": "/timeline?q=养老&q=营商环境",
    "timeline-mean": "/timeline?q=市财政局&by=year&per=meetings",
    "compare": "/compare?a={a}&b={b}",
    "about": "/about",
    "help": "/help",
    "docs": "/docs",
    "404": "/meetings/20240321-9495dff6",
}
MAIN = ("home", "search", "meeting", "timeline")
DARK = (*MAIN, "meeting-head", "instrument", "help")


def shots() -> list[Shot]:
    """Every page in Chinese at both ends of widths, in English once; the main ones in between and dark."""
    found = [Shot(name, path, width) for name, path in PAGES.items() for width in (360, 1440)]
    found += [Shot(name, PAGES[name], 768) for name in MAIN]
    found += [Shot(name, path, 1440, english=True, tallest=1000) for name, path in PAGES.items()]
    found += [Shot(name, PAGES[name], 360, english=True) for name in MAIN]
    found += [Shot(name, PAGES[name], 1440, dark=True, tallest=1000) for name in DARK]
    return found + [Shot(name, PAGES[name], 360, dark=True) for name in MAIN]


def take(browser: Browser, index: Index, site: str, shot: Shot, folder: Path) -> None:
    """Take one picture; a page that leads to a passage is shown where it leads, others from their top."""
    document = next(
        head.id for head in index.heads() if head.type == "document" and (head.title or "").endswith("意见")
    )
    anchor = next(
        hit.passage.anchor for hit in index.search("安全", match="exact", limit=50).hits if MEETING in hit.url
    )
    story = index.instrument("城镇老旧小区改造管理办法").considerations
    pairs = combinations([f"{c.head.id}#{c.item.anchor}" for c in story], 2)
    a, b = max(pairs, key=lambda pair: index.compare(*pair).alike)
    values = {"document": document, "anchor": anchor, "a": quote(a), "b": quote(b)}
    path = shot.path
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    if shot.english:
        head, sign, tail = path.partition("#")
        path = f"{head}{'&' if '?' in head else '?'}lang=en{sign}{tail}"
    scheme = "dark" if shot.dark else "light"
    size = {"width": shot.width, "height": HEIGHTS[shot.width]}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(site + path)
    page.wait_for_timeout(100)
    tall = page.evaluate("document.documentElement.scrollHeight")
    file = folder / shot.file
    if "#" in path:
        page.screenshot(path=file)
    else:
        whole = {"x": 0, "y": 0, "width": shot.width, "height": min(tall, shot.tallest)}
        page.screenshot(path=file, full_page=True, clip=whole)  # type: ignore[arg-type]
    context.close()
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE).save(file, optimize=True)


def main(folder: Path, names: list[str]) -> None:
    """Take all pictures, or those of some pages."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        build([ROOT / "data/samples"], Path(place) / "index")
        with open_index(Path(place) / "index") as index, served(index) as site, launched() as browser:
            for shot in shots():
                if not names or shot.name in names:
                    take(browser, index, site, shot, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/screenshots", sys.argv[2:])
