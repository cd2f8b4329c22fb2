"""Files are downloaded as they are made, with the filters of a search and a name of their own."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from indexer.search import Index
from search_web import create_app


def test_a_ledger_is_downloaded(sample_client: FlaskClient, sample_index: Index) -> None:
    """The ledger of a query comes as CSV with whole links and a Chinese name."""
    response = sample_client.get("/export?q=养老&department=市民政局")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"filename*=UTF-8''{quote('督办台账.csv')}" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"), newline="")))
    assert [row["编号"] for row in rows] == [row.id for row in sample_index.ledger("养老", department="市民政局")]
    assert rows[0]["链接"] == f"http://localhost/meetings/{rows[0]['编号']}"


def test_hits_are_downloaded(sample_client: FlaskClient, sample_index: Index) -> None:
    """The passages of a query come as a table or as JSON lines; of a level if one is asked for."""
    response = sample_client.get("/export?q=养老&format=jsonl&level=resolution")
    assert response.mimetype == "application/x-ndjson"
    _, *lines = [json.loads(line) for line in response.text.splitlines()]
    assert [line["id"] for line in lines] == [hit.id for hit in sample_index.hits("养老", level="resolution")]
    assert len(sample_client.get("/export?q=养老&format=csv").text.splitlines()) > len(lines)


def test_a_workbook_is_downloaded(sample_client: FlaskClient, sample_index: Index) -> None:
    """The ledger comes as a workbook, too."""
    response = sample_client.get("/export?q=养老&format=xlsx")
    assert response.mimetype.endswith("spreadsheetml.sheet")
    sheet = load_workbook(io.BytesIO(response.get_data())).worksheets[0]
    assert sheet.max_row == 1 + len(list(sample_index.ledger("养老")))


def test_everything_is_downloaded(sample_client: FlaskClient, sample_index: Index) -> None:
    """Without a query or filter the ledger holds all resolutions."""
    text = sample_client.get("/export").get_data().decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == len(list(sample_index.ledger()))


@pytest.mark.parametrize("url", ["/export?format=pdf", "/export?q=a&from=x", "/export?verdict=也许"])
def test_wrong_wishes_are_refused(sample_client: FlaskClient, url: str) -> None:
    """A format, day or verdict that is not taken is a 400."""
    assert sample_client.get(url).status_code == 400


def test_no_index_is_told_by_the_status(tmp_path: object) -> None:
    """What cannot be made is a 503 before the first byte, not a file that breaks off."""
    client = create_app(f"{tmp_path}/none").test_client()
    assert client.get("/export?q=养老").status_code == 503


def test_pages_lead_to_their_ledger(sample_client: FlaskClient) -> None:
    """A search and a department offer the ledger of what they show."""
    assert "/export?q=%E5%85%BB%E8%80%81" in sample_client.get("/search?q=养老").text
    assert "/export?department=" in sample_client.get("/departments/市民政局").text
