"""The box of a page suggests while one types: by keys, by mouse, for a screen reader, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import opened, served
from playwright.sync_api import Browser, Page, expect

from indexer.build import build
from indexer.search import open_index

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[1] / "search_web" / "samples"


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of the real application in a real browser; what the browser complains of fails the test."""
    place = tmp_path_factory.mktemp("box") / "index"
    build([SAMPLES], place)
    with open_index(place) as index, served(index) as address, opened(browser, 360, base_url=address) as shown:
        yield shown


@pytest.mark.parametrize("path", ["/", "/search?q=市"])
def test_keys_choose(page: Page, path: str) -> None:
    """Typing opens the list, arrows go round it, the box names the chosen option, and Enter searches for it."""
    page.goto(path)
    box = page.get_by_role("combobox", name="检索词")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.fill("")
    box.press_sequentially("zhiyej")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 360
    text = options.first.get_attribute("data-text")
    box.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.get_by_role("combobox").input_value() == text


def test_mouse_chooses(page: Page) -> None:
    """A click on a suggestion searches for it; what it is and how often it occurs stands beside it."""
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("教育局")
    option = page.get_by_role("option").filter(has_text="市教育局")
    expect(option).to_contain_text("部门")
    option.click()
    page.wait_for_url("**/search?q=*")
    assert page.get_by_role("combobox").input_value() == "市教育局"


def test_list_goes_away(page: Page) -> None:
    """Escape, leaving the box and emptying it close the list; Enter without a choice searches for what is typed."""
    page.goto("/")
    box = page.get_by_role("combobox")
    listed = page.locator("#suggested")
    for close in (lambda: box.press("Escape"), lambda: box.blur(), lambda: box.fill("")):
        box.fill("职业")
        expect(listed).to_be_visible()
        close()
        expect(listed).to_be_hidden()
    box.fill("职业")
    expect(listed).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.get_by_role("combobox").input_value() == "职业"


def test_proposal_is_followed(page: Page) -> None:
    """A query with a slip leads to what was meant in one click."""
    page.goto("/search?q=职业叫育")
    page.get_by_role("link", name="职业教育", exact=True).first.click()
    expect(page.get_by_role("heading", name="精确命中")).to_be_visible()
