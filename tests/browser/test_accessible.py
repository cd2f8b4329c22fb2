"""axe-core finds nothing on any page: rules of WCAG 2.0 to 2.2, A and AA, both languages, both colour schemes.

axe-core comes with the package axe-playwright-python; target size (2.5.8) is a rule that it leaves out unless asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import HEIGHT, opened, served
from playwright.sync_api import Browser, Page

from indexer.build import build
from indexer.search import Index, open_index

pytestmark = pytest.mark.browser

OPTIONS: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
WIDTHS = (360, 1440)
SCHEMES = ("light", "dark")
MEETING = "/meetings/20240321-9495dff5"
# Every kind of page, with and without what it may show; the last two are failures.
PATHS = (
    *("/compare?a=20240321-9495dff5%231&b=20240725-d61e232c%233", "/compare?a=20240321-9495dff5%231"),
    *("/", "/search?q=养老", "/search?q=量子计算机", "/search?q=市发改委&year=2024&verdict=原则同意", MEETING),
    *(f"{MEETING}?q=安全", "/documents/{document}", "/meetings", "/documents", "/people", "/people/殷学礼"),
    *("/departments?by=count", "/departments/市发改委", "/instruments", "/instruments/城镇老旧小区改造管理办法"),
    *("/timeline", "/timeline?q=养老&q=营商环境", "/help", "/about", "/docs"),
    *("/meetings/20240321-9495dff6", "/search?q=a&from=x"),
)


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page that is open: rule, how often, and the first element that breaks it."""
    found = page.evaluate("options => axe.run(options).then(({ violations }) => violations)", OPTIONS)
    return [f"{one['id']}: {len(one['nodes'])} × {one['nodes'][0]['html'][:200]}" for one in found]


def found_on(browser: Browser, address: str) -> dict[tuple[int, str], list[str]]:
    """What axe-core finds on a page, by width and colour scheme."""
    found = {}
    with opened(browser, failing=True) as page:
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                found[width, scheme] = violations(page)
    return {at: rules for at, rules in found.items() if rules}


@pytest.mark.parametrize("language", ["", "lang=en"], ids=["zh", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(browser: Browser, site: str, sample_index: Index, path: str, language: str) -> None:
    """No page breaks a rule, with all its folds open, at 360 and 1440 px, light and dark."""
    document = next(head.id for head in sample_index.heads() if head.type == "document")
    address = site + path.replace("{document}", document)
    assert found_on(browser, address + (f"{'&' if '?' in path else '?'}{language}" if language else "")) == {}


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/meetings", "/people?lang=en", "/timeline?q=a", "/about"])
def test_axe_finds_nothing_where_nothing_is_held(browser: Browser, tmp_path: Path, path: str) -> None:
    """The pages of an empty index break no rule either."""
    (tmp_path / "in").mkdir()
    build([tmp_path / "in"], tmp_path / "index")
    with open_index(tmp_path / "index") as index, served(index) as address:
        assert found_on(browser, address + path) == {}


def test_axe_finds_what_is_wrong(browser: Browser, site: str) -> None:
    """The rules are at work: a picture without words, a small target and faint letters are found."""
    with opened(browser) as page:
        page.goto(site)
        page.evaluate(AXE_SCRIPT)
        page.evaluate(
            """() => {
                const main = document.querySelector("main");
                main.append(document.createElement("img"));
                const faint = document.createElement("p");
                faint.textContent = "faint";
                faint.style.color = "#ddd";
                main.append(faint);
                for (const name of ["a", "b"]) {
                    const small = document.createElement("button");
                    small.textContent = name;
                    small.style.cssText = "font-size: 8px; padding: 0; border: 0; display: block";
                    main.append(small);
                }
            }"""
        )
        assert {line.partition(":")[0] for line in violations(page)} >= {"image-alt", "target-size", "color-contrast"}
