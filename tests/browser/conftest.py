"""One browser for all tests of pages, and the address of the samples that come with the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import launched, served
from playwright.sync_api import Browser

from indexer.search import Index


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def site(sample_index: Index) -> Iterator[str]:
    """The address of the real application on a real server, with an index of data/samples."""
    with served(sample_index) as address:
        yield address
