"""Pages of people, departments, instruments and of time in a real browser: they fit, can be read, and lead on."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import opened
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
PATHS = (
    *("/people", "/people/殷学礼", "/departments?by=count", "/departments/市发改委", "/instruments"),
    *("/instruments/城镇老旧小区改造管理办法", "/timeline", "/timeline?q=养老&q=营商环境&q=市财政局&q=教育&q=安全"),
    *("/about", "/meetings/20240321-9495dff5", "/search?q=养老"),
)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_overview_scrolls_sideways(browser: Browser, site: str, width: int) -> None:
    """Every page fits its window, and the policy refuses nothing of it."""
    with opened(browser, width) as page:
        for path in PATHS:
            page.goto(site + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_overviews_have_contrast(browser: Browser, site: str, scheme: str) -> None:
    """Every text stands out from its ground, in both colour schemes; columns of a chart do by 3 to 1 and more."""
    with opened(browser) as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in PATHS:
            page.goto(site + path)
            assert page.evaluate(CONTRAST) == [], path
        page.goto(f"{site}/timeline?q=养老")
        # A column has the colour of links, whose contrast as text was measured above.
        colours = page.evaluate(
            "[getComputedStyle(document.querySelector('.column')).fill,"
            " getComputedStyle(document.querySelector('.periods a')).color]"
        )
        assert colours[0] == colours[1]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_column_leads_to_its_passages(browser: Browser, site: str, scripts: bool) -> None:
    """A click anywhere in the room of a column narrows the search to its days; the table leads there by keyboard."""
    with opened(browser, scripts=scripts) as page:
        page.goto(f"{site}/timeline")
        page.locator(".compared input").first.fill("养老")
        page.get_by_role("button", name="画出").click()
        page.locator(".chart a:has-text('2024 年 6 月') .slot").click(position={"x": 3, "y": 5})
        page.wait_for_url("**/search?*from=2024-06-01*")
        assert "精确命中 22 段" in (page.locator(".counts").text_content() or "")
        page.go_back()
        assert page.locator(".chart a").first.get_attribute("tabindex") == "-1"
        page.locator(".periods td a").first.press("Enter")
        page.wait_for_url("**/search?*from=2023-02-01*")


def test_columns_stand_where_they_should(browser: Browser, site: str) -> None:
    """What the attributes say is what is drawn: columns on the base line, within the chart, in order."""
    with opened(browser, 360) as page:
        page.goto(f"{site}/timeline?q=养老")
        chart = page.locator(".chart").bounding_box()
        boxes = [column.bounding_box() for column in page.locator(".column").all()]
        assert chart
        assert len(boxes) > 5
        right = chart["x"] - 1
        for box in boxes:
            assert box
            assert box["x"] >= right - 0.5
            assert box["y"] + box["height"] == pytest.approx(chart["y"] + 110, abs=1)
            right = box["x"] + box["width"]
        assert right <= chart["x"] + chart["width"] + 1


def test_from_a_meeting_to_a_person_and_back(browser: Browser, site: str) -> None:
    """A name in the roll leads to the person, and from there to the roll of another meeting."""
    with opened(browser) as page:
        page.goto(f"{site}/meetings/20240321-9495dff5")
        page.locator("#attendance summary").click()
        page.locator("#attendance a", has_text="殷学礼").first.click()
        assert page.locator("h1").text_content() == "殷学礼"
        page.locator("section[aria-labelledby=attended] a").first.click()
        assert page.url.endswith("#attendance")
