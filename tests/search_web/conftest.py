"""A real index of four small records of an invented city, and the application on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.build import build
from indexer.report import RecordHead
from indexer.search import Index, open_index
from search_web import create_app

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="session")
def index_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of an index of all samples."""
    path = tmp_path_factory.mktemp("web") / "index"
    report = build([SAMPLES], path)
    assert (report.meetings, report.documents) == (3, 1)
    return path


@pytest.fixture(scope="session")
def index(index_path: Path) -> Iterator[Index]:
    """The index, open."""
    opened = open_index(index_path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(index: Index) -> Flask:
    """The application on the open index."""
    return create_app(index)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def heads(index: Index) -> dict[int | None, RecordHead]:
    """The heads of the samples by meeting number; None is the document."""
    return {head.number: head for head in index.heads()}


@pytest.fixture
def sample_client(sample_index: Index) -> FlaskClient:
    """A client of the application on an index of data/samples."""
    return create_app(sample_index).test_client()
