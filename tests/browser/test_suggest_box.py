"""The box of a page suggests while one types: by keys, by mouse, for a screen reader, and never in the way."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from waitress.server import create_server

from indexer.build import build
from indexer.search import open_index
from search_web import create_app

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[1] / "search_web" / "samples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page of the real application in a real browser; what the browser complains of fails the test."""
    if not CHROMIUM and not os.environ.get("GONGWEN_REQUIRE_ALL"):
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    place = tmp_path_factory.mktemp("box") / "index"
    build([SAMPLES], place)
    index = open_index(place)
    server = create_server(create_app(index), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = chromium.new_page(
            base_url=f"http://127.0.0.1:{server.effective_port}", viewport={"width": 360, "height": 740}
        )
        opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        chromium.close()
    server.close()
    thread.join(5)
    index.close()
    assert complaints == []


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
