"""The original's pages beside their text in a real browser: pictures load, fit any window, and need no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import served
from playwright.sync_api import Browser
from wrapped import fixed, portable

from indexer.build import build
from indexer.search import open_index

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).resolve().parents[2] / "data/samples/云溯市政府第26次常务会议纪要.txt"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The address of a server with one text as a meeting in PDF and as another in OFD, and the paths of both."""
    folder = tmp_path_factory.mktemp("facsimiles")
    paragraphs = [line.rstrip() for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    (folder / "in").mkdir()
    (folder / "in/26.pdf").write_bytes(portable(paragraphs))
    (folder / "in/27.ofd").write_bytes(fixed([one.replace("第26次", "第27次") for one in paragraphs]))
    assert build(folder / "in", folder / "index", keep_originals=True).failed == ()
    with open_index(folder / "index") as index:
        paths = [f"/meetings/{head.id}" for head in sorted(index.heads(), key=lambda head: head.number or 0)]
        with served(index) as address:
            yield address, paths


@pytest.mark.parametrize("width", [360, 1440])
def test_from_a_hit_to_its_page(browser: Browser, site: tuple[str, list[str]], width: int) -> None:
    """Without scripts, a marked paragraph leads to the picture of its page, beside it or above it; nothing is cut."""
    address, paths = site
    assert len(paths) == 2
    for path in paths:
        context = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=False)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message, to=complaints: to.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}{path}?q=安全生产")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("p.text:has(mark) .leaf-sign").nth(1).click()
        page.wait_for_url("**/pages/*")
        assert page.locator(".leaf .text:target mark").count() > 0
        picture = page.locator(".leaf img")
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 700
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shown, text = picture.bounding_box(), page.locator(".leaf .sheet").bounding_box()
        assert shown
        assert text
        beside = shown["x"] + shown["width"] <= text["x"]
        assert beside is (width > 1000)
        assert shown["x"] >= 0
        assert shown["x"] + shown["width"] <= width
        page.locator(".leaf a[rel=prev]").click()
        assert "上一页" not in (page.locator(".paging").text_content() or "") or "/pages/1" not in page.url
        assert complaints == []
        context.close()
