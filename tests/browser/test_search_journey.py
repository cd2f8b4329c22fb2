"""A real browser searches, follows a hit and sees the marked passage, with and without scripts, at every width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import opened, served
from playwright.sync_api import Browser

from indexer.build import build
from indexer.search import open_index

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[1] / "search_web" / "samples"
WIDTHS = (360, 768, 1440)
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application on an index of the small records of the tests of pages."""
    place = tmp_path_factory.mktemp("journey") / "index"
    build([SAMPLES], place)
    with open_index(place) as index, served(index) as address:
        yield address


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_box_to_the_passage(browser: Browser, site: str, width: int, scripts: bool) -> None:
    """Typing a query and following the first hit ends at the marked passage, in view and set off."""
    with opened(browser, width, scripts) as page:
        page.goto(site)
        page.get_by_label("检索词").fill("排水管网")
        page.get_by_label("检索词").press("Enter")
        assert page.get_by_role("heading", name="精确命中").is_visible()
        assert page.locator(".snippet mark").first.text_content() == "排水管网"
        page.locator(".hit h3 a").first.click()
        place = page.locator("[id='2.2']")
        marked = place.locator("mark").first
        assert marked.text_content() == "排水管网"
        box = marked.bounding_box()
        assert box
        assert 0 <= box["y"] <= 740 - box["height"]
        shade = "element => getComputedStyle(element).backgroundColor"
        assert place.evaluate(shade) != page.locator("[id='2.1']").evaluate(shade)


PATHS = ["/", "/search?q=市", "/search?q=量子", "/meetings", "/documents", "/about", "/help", "{meeting}?q=市教育局"]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(browser: Browser, site: str, width: int) -> None:
    """Every page fits its window."""
    with opened(browser, width) as page:
        page.goto(f"{site}/meetings")
        meeting = page.locator(".rows a").first.get_attribute("href") or ""
        for path in PATHS:
            page.goto(site + path.replace("{meeting}", meeting))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_keyboard(browser: Browser, site: str) -> None:
    """The skip link comes first; / goes to the box, j to the first hit, Enter to its place, j to its first mark."""
    with opened(browser) as page:
        page.goto(f"{site}/search?q=市教育局")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.press("Tab")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.closest('.hit') === document.querySelector('.hit')")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url("**/meetings/**")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.tagName") == "MARK"


def test_link_sign_copies_its_link(browser: Browser, site: str) -> None:
    """The sign beside a resolution copies the permalink, without the query, and says so."""
    with opened(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        page.goto(f"{site}/meetings")
        page.locator(".rows a").first.click()
        page.locator("a.sign[href='#1.1']").first.click()
        page.get_by_text("链接已复制").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == page.url
        assert page.url.endswith("#1.1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(browser: Browser, site: str, scheme: str) -> None:
    """Every text stands out from its ground at least 4.5 to 1 (WCAG 2.2, 1.4.3), in both colour schemes."""
    with opened(browser) as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{site}/meetings")
        meeting = page.locator(".rows a").first.get_attribute("href") or ""
        for path in ("/search?q=市&year=2023", f"{meeting}?q=市#1.1", "/help"):
            page.goto(site + path)
            assert page.evaluate(CONTRAST) == [], path


def test_minutes_print_without_the_site(browser: Browser, site: str) -> None:
    """On paper there are the minutes with their verdicts, and neither bar nor link signs."""
    with opened(browser) as page:
        page.goto(f"{site}/meetings")
        page.locator(".rows a").first.click()
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert page.locator(".notes .verdict").first.is_visible()
        for gone in (".bar", ".contents", "a.sign >> nth=0"):
            assert not page.locator(gone).is_visible(), gone
