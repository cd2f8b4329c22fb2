"""Citations over HTTP, and the fold of a record's page."""

from __future__ import annotations

from datetime import date

import bibtexparser
import pytest
import rispy
from flask.testing import FlaskClient

from indexer.citations import MEDIA_TYPES, STYLES, Style, cite, written
from indexer.report import RecordHead, path_of
from indexer.search import Index

Heads = dict[int | None, RecordHead]


@pytest.mark.parametrize("style", STYLES)
def test_citation_is_that_of_the_package(client: FlaskClient, index: Index, heads: Heads, style: Style) -> None:
    """Each style comes in its own medium, with the server's own address in the permalink."""
    response = client.get(f"/cite/{heads[12].id}?anchor=1.1&style={style}")
    record = index.record(heads[12].id)
    expected = cite(record, "1.1", base_url="http://localhost", accessed=date.today())
    assert response.text == written(expected, style) + "\n"
    assert response.mimetype == MEDIA_TYPES[style]
    assert f"http://localhost/meetings/{heads[12].id}#1.1" in response.text
    assert ("Content-Disposition" in response.headers) == (style != "gbt7714")


def test_downloads_are_parsed_back(client: FlaskClient, heads: Heads) -> None:
    """What a reference manager takes over has the address and the body."""
    bib = client.get(f"/cite/{heads[12].id}?anchor=1.1&style=bibtex").text
    assert bibtexparser.parse_string(bib).entries[0].fields_dict["url"].value.endswith("#1.1")
    ris = client.get(f"/cite/{heads[12].id}?style=ris").data.decode()
    assert rispy.loads(ris)[0]["authors"] == [heads[12].body]


def test_page_has_the_citation(client: FlaskClient, heads: Heads) -> None:
    """The fold shows the citation of the whole, offers its parts and all styles; a document has one, too."""
    for head in (heads[12], heads[None]):
        page = client.get(path_of(head)).text
        assert '<details class="cite"' in page
        assert f"http://localhost{path_of(head)}." in page
        assert f'action="/cite/{head.id}"' in page
        assert all(f'<option value="{style}">' in page for style in STYLES)
    assert '<option value="1.1">' in client.get(path_of(heads[12])).text
    assert client.get(f"/cite/{heads[12].id}?anchor=&style=ris").status_code == 200


def test_what_is_not_there_is_a_problem(client: FlaskClient, heads: Heads) -> None:
    """An unknown record, anchor or style is told as the API tells it."""
    for url, status in (("/cite/none", 404), (f"/cite/{heads[12].id}?anchor=9", 404), ("/cite/x?style=apa", 400)):
        response = client.get(url)
        assert response.status_code == status
        assert response.mimetype == "application/problem+json"
