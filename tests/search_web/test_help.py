"""What the help page shows can be tried on the samples that come with the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from indexer.build import build
from indexer.search import Index, open_index
from search_web.app import create_app

SAMPLES = Path(__file__).resolve().parents[2] / "data/samples"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of the samples."""
    folder = tmp_path_factory.mktemp("samples")
    build([SAMPLES], folder)
    with open_index(folder) as index:
        yield index


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The examples of the help page."""
    response = create_app(tmp_path_factory.mktemp("none")).test_client().get("/help")
    return [node.text() for node in LexborHTMLParser(response.text).css("td code")]


def test_every_example_finds_something(samples: Index, examples: list[str]) -> None:
    """Each query of the page has exact hits among the samples, fewer than all passages."""
    assert len(examples) > 14
    passages = samples.stats().passages
    found = {example: samples.search(example, match="exact").total.exact for example in examples}
    assert [example for example, count in found.items() if not 0 < count < passages] == []


def test_the_page_shows_every_sign_and_field(examples: list[str]) -> None:
    """No part of the query language is left out."""
    shown = " ".join(examples)
    signs = ('"', " -", " OR ", " | ", "(", "~", "*", "..")
    names = ("部门:", "人员:", "文号:", "标题:", "结论:", "机关:", "年:", "日期:", "文件:")
    assert [part for part in (*signs, *names) if part not in shown] == []
