"""A browser that was let in by a password keeps it until its user signs out, and then no longer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from browsing import opened
from playwright.sync_api import Browser, Error, Page
from served import waiting

from indexer.search import Index
from indexer.settings import Settings
from search_web import create_app
from search_web.passwords import line_of

PASSWORD = "sturdy-lantern-cup"


def test_a_browser_forgets_the_password(browser: Browser, sample_index: Index, tmp_path: Path) -> None:
    """After /signout every page asks again; before it none did."""
    users = tmp_path / "users"
    users.write_text(line_of("lin", PASSWORD) + "\n", encoding="utf-8")
    app = create_app(sample_index, replace(Settings(), auth="basic", passwords=str(users)))
    with waiting(app) as port, opened(browser, failing=True) as page:
        site = f"127.0.0.1:{port}"
        assert refused(page, f"http://{site}/meetings")
        assert not refused(page, f"http://lin:{PASSWORD}@{site}/")
        assert not refused(page, f"http://{site}/meetings")
        assert refused(page, f"http://{site}/signout")
        assert refused(page, f"http://{site}/meetings")
        assert not refused(page, f"http://lin:{PASSWORD}@{site}/about")


def refused(page: Page, address: str) -> bool:
    """Open an address in another tab, and return whether a password was asked for.

    A driven browser stops where others open a box, and is at a page of its own then.
    """
    tab = page.context.new_page()
    try:
        response = tab.goto(address)
    except Error as error:
        if "ERR_INVALID_AUTH_CREDENTIALS" not in str(error):
            raise
        return True
    finally:
        tab.close()
    assert response is not None
    assert response.status in (200, 401)
    return response.status == 401
