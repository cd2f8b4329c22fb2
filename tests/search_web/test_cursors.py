"""A walk by cursor gives every hit once, in one state of the index; `fields` chooses members."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.report import RecordHead, path_of
from search_web import create_app

Heads = dict[int | None, RecordHead]


def walked(client: FlaskClient, url: str, member: str) -> list[Any]:
    """Walk a whole result."""
    found: list[Any] = []
    cursor: str | None = "*"
    while cursor:
        answer = client.get(f"{url}&cursor={cursor}").get_json()
        assert len(answer[member]) <= answer["limit"]
        found += answer[member]
        cursor = answer["next"]
        assert len(found) < 5000
    return found


@pytest.mark.parametrize("match", ["auto", "exact", "related"])
@pytest.mark.parametrize("sort", ["relevance", "-date"])
def test_walk_gives_every_hit_once(sample_client: FlaskClient, match: str, sort: str) -> None:
    """All hits come in the order of the pages, as many as are counted; facets are told once."""
    url = f"/api/v1/search?q=职业教育 发展&match={match}&sort={sort}&limit=7"
    hits = walked(sample_client, url, "hits")
    first = sample_client.get(f"{url}&cursor=*").get_json()
    total = first["total"]
    assert len(hits) == {"auto": total["exact"] + total["related"], **total}[match]
    assert len({hit["id"] for hit in hits}) == len(hits) > 7
    paged = [
        hit for offset in range(0, len(hits), 7) for hit in sample_client.get(f"{url}&offset={offset}").json["hits"]
    ]  # type: ignore[index]
    assert hits == paged
    assert first["facets"]
    assert sample_client.get(f"{url}&cursor={first['next']}").get_json()["facets"] == {}


def test_list_of_meetings_is_walked(sample_client: FlaskClient) -> None:
    """The list comes whole, whatever the step; no `next` stands where no cursor is asked for."""
    every = sample_client.get("/api/v1/meetings").get_json()
    assert walked(sample_client, "/api/v1/meetings?limit=4", "meetings") == every["meetings"]
    assert "next" not in every
    assert walked(sample_client, "/api/v1/meetings?year=1900", "meetings") == []


def test_cursor_is_of_one_request(sample_client: FlaskClient) -> None:
    """Another query, another path or an offset beside it are refused; other fields and steps are not."""
    cursor = sample_client.get("/api/v1/search?q=市&limit=5&cursor=*").get_json()["next"]
    assert sample_client.get(f"/api/v1/search?q=市&limit=9&fields=id&cursor={cursor}").status_code == 200
    for url in (f"search?q=局&cursor={cursor}", f"search?q=市&sort=date&cursor={cursor}", f"meetings?cursor={cursor}"):
        problem = sample_client.get(f"/api/v1/{url}")
        assert (problem.status_code, problem.get_json(force=True)["parameter"]) == (400, "cursor")
    problem = sample_client.get("/api/v1/search?q=市&cursor=*&offset=5")
    assert (problem.status_code, problem.get_json(force=True)["parameter"]) == (400, "offset")


def test_changed_index_ends_a_walk(tmp_path: Path, write_minutes: Callable[..., Path]) -> None:
    """After a commit a cursor is gone, as is told; a new walk goes over the new state."""
    build([write_minutes(1)], tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()
    url = "/api/v1/search?q=市&limit=1"
    cursor = client.get(f"{url}&cursor=*").get_json()["next"]
    build([write_minutes(2)], tmp_path / "index")
    response = client.get(f"{url}&cursor={cursor}")
    assert response.status_code == 410
    assert "cursor=*" in response.get_json(force=True)["detail"]
    assert walked(client, url, "hits")


def test_fields_choose_members(client: FlaskClient, heads: Heads) -> None:
    """Hits, meetings, records and passages have the chosen members alone, in the order of the answer."""
    assert [list(hit) for hit in client.get("/api/v1/search?q=市&limit=2&fields=text,id").json["hits"]] == [  # type: ignore[index]
        ["id", "text"]
    ] * 2
    assert client.get("/api/v1/meetings?fields=number&limit=1").get_json()["meetings"] == [{"number": 16}]
    assert list(client.get(f"/api/v1{path_of(heads[12])}?fields=title,type").get_json()) == ["type", "title"]
    assert list(client.get(f"/api/v1/passages/{heads[12].id}%231.1?fields=section").get_json()) == ["section"]
    problem = client.get("/api/v1/search?q=市&fields=id,colour").get_json(force=True)
    assert problem["parameter"] == "fields"
    assert "verdicts" in problem["takes"]
