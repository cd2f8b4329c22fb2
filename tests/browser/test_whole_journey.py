"""From a search over facet and hit to a passage, its link and back: by mouse, by keyboard, without scripts."""

from __future__ import annotations

import pytest
from browsing import HEIGHT, opened
from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

MEETING = "/meetings/20240321-9495dff5"
PATHS = (
    *(
        "/",
        "/search?q=养老",
        "/search?q=量子计算机",
        MEETING,
        f"{MEETING}?q=安全",
        "/meetings",
        "/documents",
        "/people",
    ),
    *("/people/殷学礼", "/departments", "/departments/市发改委", "/instruments", "/timeline?q=养老&q=教育", "/help"),
    *("/instruments/城镇老旧小区改造管理办法", "/about", "/docs"),
)
SHIFTS = """
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted = (window.shifted ?? 0) + entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def in_view(place: Locator) -> bool:
    """Whether a part of the page is seen where the page is scrolled to."""
    box = place.bounding_box()
    return box is not None and 0 <= box["y"] < HEIGHT - 20


def text_of(page: Page, anchor: str) -> str:
    return page.locator(f"[id='{anchor}']").text_content() or ""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["", "&lang=en"], ids=["zh", "en"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_whole_journey(browser: Browser, site: str, width: int, scripts: bool, language: str) -> None:
    """Search, narrow, open a hit, see its marks, take its link to a new window, see the same; back keeps the place."""
    with opened(browser, width, scripts) as page:
        page.goto(f"{site}/search?q=方案{language}")
        facet = page.locator("section[aria-labelledby=facet-year] a", has_text="2024")
        facet.click()
        assert page.locator(".chips a", has_text="2024").count() == 1
        assert facet.get_attribute("aria-current") == "true"
        hits = page.locator(".hit h3 a")
        last = hits.nth(7)
        last.scroll_into_view_if_needed()
        scrolled = page.evaluate("scrollY")
        assert scrolled > 0
        last.click()
        page.wait_for_url("**/meetings/**")
        anchor = page.url.partition("#")[2]
        mark = page.locator(f"[id='{anchor}'] mark").first
        assert mark.text_content() == "方案"
        assert in_view(page.locator(f"[id='{anchor}']"))
        told = text_of(page, anchor)
        link = taken(page, site, anchor, scripts)
        with opened(browser, width, scripts) as other:
            other.goto(link)
            assert text_of(other, anchor) == told
            assert in_view(other.locator(f"[id='{anchor}']"))
            assert other.locator("html").get_attribute("lang") == ("en" if language else "zh-Hans")
        back_to_hits(page)
        assert abs(page.evaluate("scrollY") - scrolled) <= 2
        assert in_view(last)


def taken(page: Page, site: str, anchor: str, scripts: bool) -> str:
    """The link of a passage: copied by its sign where there are scripts, else what the sign leads to."""
    sign = page.locator(f"a.sign[href='#{anchor}']").first
    if scripts:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        sign.click()
        page.locator("#said:not(:empty)").wait_for()
        link: str = page.evaluate("navigator.clipboard.readText()")
        assert "q=" not in link
        return link
    sign.click()
    return page.url


def back_to_hits(page: Page) -> None:
    while "/search" not in page.url:
        page.go_back()
    page.locator(".hit").first.wait_for()


def focused(page: Page) -> str:
    """What has the focus; that it does is seen by an outline of its own."""
    style = page.evaluate(
        """() => {
            const style = getComputedStyle(document.activeElement);
            return [style.outlineStyle, parseFloat(style.outlineWidth)];
        }"""
    )
    assert style[0] == "solid"
    assert style[1] >= 2
    told: str = page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")
    return told


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what begins with a text has the focus; everything on the way shows its focus, too."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if focused(page).startswith(text):
            return
    raise AssertionError(f"{text} is not reached")


def test_the_journey_by_keyboard(browser: Browser, site: str) -> None:
    """Tab and Enter alone lead from the first page to the link of a passage, and the focus is seen at every step."""
    with opened(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        page.goto(site)
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("养老")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        tab_to(page, "2024")
        page.keyboard.press("Enter")
        page.wait_for_url("**year=2024*")
        first = page.locator(".hit h3 a").first
        tab_to(page, (first.text_content() or "").strip())
        page.keyboard.press("Enter")
        page.wait_for_url("**/meetings/**#*")
        anchor = page.url.partition("#")[2]
        # The browser goes on from the target, so the first sign after it is that of the passage.
        tab_to(page, "#" if "p" in anchor else anchor)
        page.keyboard.press("Enter")
        page.locator("#said:not(:empty)").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").startswith(f"{site}/meetings/")


@pytest.mark.parametrize("path", PATHS)
def test_everything_that_takes_the_focus_shows_it(browser: Browser, site: str, path: str) -> None:
    """The first thirty stops of the Tab key each have an outline, are seen, and are not covered."""
    with opened(browser) as page:
        page.goto(site + path)
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            focused(page)
            seen = page.evaluate(
                """() => {
                    const box = document.activeElement.getBoundingClientRect();
                    return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
                }"""
            )
            assert seen, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("language", ["", "lang=en"], ids=["zh", "en"])
@pytest.mark.parametrize(("width", "scale"), [(360, 1), (640, 2), (768, 1), (1440, 1)])
def test_no_page_scrolls_sideways(browser: Browser, site: str, width: int, scale: int, language: str) -> None:
    """Every page fits its window, also at 200 per cent on a screen of 1280 px, which is a window of 640."""
    with opened(browser, width, device_scale_factor=scale) as page:
        for path in PATHS:
            page.goto(site + path + (f"{'&' if '?' in path else '?'}{language}" if language else ""))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_while_a_page_loads(browser: Browser, site: str, width: int) -> None:
    """The layout of a page never shifts, from its first paint on."""
    with opened(browser, width) as page:
        page.add_init_script(SHIFTS)
        for path in PATHS:
            page.goto(site + path, wait_until="networkidle")
            assert page.evaluate("window.shifted ?? 0") == 0, path


def test_counts_are_announced_and_named(browser: Browser, site: str) -> None:
    """How many passages were found is a status and in the title, so that it is heard when the page comes."""
    with opened(browser) as page:
        for path, said in (("/search?q=养老", "精确命中"), ("/search?q=养老&lang=en", "exact hits")):
            page.goto(site + path)
            status = page.locator(".counts [role=status]").text_content() or ""
            assert said in status
            number = "".join(c for c in status.partition("，" if "，" in status else ",")[0] if c.isdigit())
            assert number in page.title()


def test_a_search_page_takes_three_requests(browser: Browser, site: str) -> None:
    """The page, its style and its script: nothing else is asked for, of this host or another."""
    asked: list[str] = []
    with opened(browser) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site}/search?q=量子计算机", wait_until="networkidle")
    assert len([url for url in asked if not url.startswith("data:")]) == 3
    assert all(url.startswith((site, "data:")) for url in asked)
