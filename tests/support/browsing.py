"""A real server and a real browser for tests: an index in, its address and pages that let nothing pass out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from served import waiting

from indexer.search import Index
from search_web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
HEIGHT = 740


@contextmanager
def served(index: Index) -> Iterator[str]:
    """The address of the real application on a real server."""
    with waiting(create_app(index)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's Chromium; a test that needs it is left out where there is none."""
    if not CHROMIUM and not os.environ.get("GONGWEN_REQUIRE_ALL"):
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@contextmanager
def opened(
    browser: Browser, width: int = 1440, scripts: bool = True, failing: bool = False, **more: Any
) -> Iterator[Page]:
    """A page that lets nothing pass that a browser complains of: script errors, refused or failed loads.

    Where a page is to answer with an error status (`failing`), that alone is no complaint.
    """
    viewport = {"width": width, "height": HEIGHT}
    context = browser.new_context(viewport=viewport, java_script_enabled=scripts, **more)  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
        assert [line for line in complaints if not failing or "the server responded with a status" not in line] == []
    finally:
        context.close()
