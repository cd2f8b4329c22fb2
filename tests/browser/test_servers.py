"""The pages on an index that lies on servers, in a real browser: search, facets, a meeting, the list, suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from browsing import opened, served
from opensearch_nodes import Cluster
from playwright.sync_api import Browser

from indexer.build import build
from indexer.engines.opensearch.engine import OpenSearchEngine, drop
from indexer.search import open_index

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[1] / "search_web" / "samples"


@pytest.fixture(scope="module")
def site(cluster: Cluster) -> Iterator[str]:
    """The address of the application on an index of the cluster, built from files."""
    place = f"{cluster.place}/pages-{token_hex(4)}?shards=2&replicas=1"
    assert not build([SAMPLES], place).failed
    with open_index(place) as index, served(index) as address:
        yield address
        assert isinstance(index.engine, OpenSearchEngine)
        drop(index.engine.connection, f"{index.engine.name}-*")


def test_search_to_the_passage(browser: Browser, site: str) -> None:
    """A query typed leads by its first hit to the marked passage, and a facet narrows what is found."""
    with opened(browser) as page:
        page.goto(site)
        page.get_by_label("检索词").fill("排水管网")
        page.get_by_label("检索词").press("Enter")
        assert page.locator(".snippet mark").first.text_content() == "排水管网"
        page.locator(".hit h3 a").first.click()
        assert page.locator("[id='2.2'] mark").first.text_content() == "排水管网"


@pytest.mark.parametrize(
    "path", ["/search?q=市", "/search?q=怎样改造管网", "/meetings", "/documents", "/about", "/timeline?q=市"]
)
def test_pages_are_whole(browser: Browser, site: str, path: str) -> None:
    """Every kind of page comes from the servers without a complaint of the browser."""
    with opened(browser) as page:
        told = page.goto(f"{site}{path}")
        assert told is not None
        assert told.status == 200
        assert page.locator("h1").count() == 1


def test_pages_equal_those_of_a_folder(browser: Browser, site: str, tmp_path: Path) -> None:
    """The page of an answer reads the same, whichever engine gave it."""
    build([SAMPLES], tmp_path / "index")
    with open_index(tmp_path / "index") as index, served(index) as address, opened(browser) as page:
        for query in ("市", "排水管网 市财政局", "怎样改造管网"):
            texts = []
            for where in (site, address):
                page.goto(f"{where}/search?q={query}")
                texts.append(page.locator(".hit").all_inner_texts())
            assert texts[0] == texts[1] != []
