"""The API answers with the contract's JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from indexer import wire
from indexer.report import FACETS, RecordHead, path_of
from indexer.search import Index
from search_web.holder import ask
from search_web.params import search_request

Heads = dict[int | None, RecordHead]


def get(client: FlaskClient, url: str, status: int = 200) -> Any:
    response = client.get(url)
    assert response.status_code == status, response.text
    assert response.mimetype == ("application/json" if status == 200 else "application/problem+json")
    return response.get_json(force=True)


def test_search_answers_with_the_report(client: FlaskClient, heads: Heads) -> None:
    """The answer has every member of the contract, and marks are code points of the text."""
    answer = get(client, "/api/v1/search?q=进一步修改完善")
    assert set(answer) == {
        *("query", "terms", "notices", "match", "total", "offset", "limit", "took_ms", "hits", "facets"),
        "suggestions",
    }  # fmt: skip
    assert (answer["query"], answer["match"], answer["total"]["exact"]) == ("进一步修改完善", "exact", 1)
    assert set(answer["facets"]) == set(FACETS)
    assert answer["facets"]["verdict"][0][0] == "原则同意"
    hit = answer["hits"][0]
    assert hit["id"] == f"{heads[12].id}#1.1"
    assert [hit["text"][start:end] for start, end in hit["marks"]] == ["进一步修改完善"]
    assert "<mark>进一步修改完善</mark>" in hit["snippet"]
    assert hit["meeting"]["date"] == "2023-05-18"
    assert (hit["level"], hit["tier"], hit["item"]["number"]) == ("resolution", "exact", 1)
    assert hit["url"] == f"{path_of(heads[12])}#1.1"


@pytest.mark.parametrize(
    "query",
    [
        "q=市&limit=2&offset=1&sort=-date",
        "q=市教育局&match=exact&level=paragraph",
        "q=补贴&year=2024&body=云川市人民政府&kind=常务会议",
        "q=市&from=2023-06&to=2023-12",
        "verdict=暂缓&department=市交通局",
    ],
)
def test_parameters_reach_the_index(client: FlaskClient, index: Index, query: str) -> None:
    """The hits are those that the index gives for the same request."""
    wanted = search_request(MultiDict(pair.split("=") for pair in query.split("&")))
    expected = [hit.id for hit in ask(index, wanted, ()).hits]
    assert [hit["id"] for hit in get(client, f"/api/v1/search?{query}")["hits"]] == expected


def test_meetings_are_listed(client: FlaskClient) -> None:
    """The list is newest first, counted, narrowed and cut."""
    listed = get(client, "/api/v1/meetings?limit=2")
    assert (listed["total"], [m["number"] for m in listed["meetings"]]) == (3, [16, 13])
    assert [m["number"] for m in get(client, "/api/v1/meetings?offset=2")["meetings"]] == [12]
    assert get(client, "/api/v1/meetings?year=2024&body=云川市人民政府")["total"] == 1
    assert get(client, "/api/v1/meetings?kind=专题会议")["total"] == 0


def test_record_is_the_wire_form(client: FlaskClient, index: Index, heads: Heads) -> None:
    """A meeting or document comes out whole, as the CLI writes it."""
    for head in (heads[12], heads[None]):
        assert get(client, f"/api/v1{path_of(head)}") == wire.to_json(index.record(head.id))


def test_document_as_meeting_is_pointed_to(client: FlaskClient, heads: Heads) -> None:
    """A document asked for among the meetings is redirected within the API."""
    assert client.get(f"/api/v1/meetings/{heads[None].id}").location == f"/api/v1/documents/{heads[None].id}"


def test_passage_by_id(client: FlaskClient, heads: Heads) -> None:
    """A passage is got by its id with the # encoded."""
    passage_id = f"{heads[12].id}#1.1"
    passage = get(client, f"/api/v1/passages/{quote(passage_id, safe='')}")
    assert passage["id"] == passage_id
    assert passage["verdicts"] == ["原则同意"]
    assert passage["url"] == f"{path_of(heads[12])}#1.1"


PROBLEMS = [
    ("/api/v1/search", 400, "q"),
    ("/api/v1/search?q=a&limit=many", 400, "limit"),
    ("/api/v1/meetings?year=x", 400, "year"),
    ("/api/v1/meetings/20230518-00000000", 404, None),
    ("/api/v1/passages/nothing", 404, None),
    ("/api/v1/passages/nothing%231.1", 404, None),
    ("/api/v1/nowhere", 404, None),
]


@pytest.mark.parametrize(("url", "status", "parameter"), PROBLEMS)
def test_problems_are_told(client: FlaskClient, url: str, status: int, parameter: str | None) -> None:
    """What cannot be answered comes back as problem details with its status, and names a bad parameter."""
    problem = get(client, url, status)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["instance"] == url.partition("?")[0].replace("%23", "#")
    assert problem.get("parameter") == parameter


def test_health_needs_a_query_to_work(client: FlaskClient) -> None:
    """The state of a sound index is ok, with its counts."""
    state = get(client, "/healthz")
    assert (state["status"], state["meetings"]) == ("ok", 3)
