"""Feeds are valid Atom, keep the ids of their entries, and change when a meeting is added."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.report import RecordHead
from search_web import create_app
from search_web.feeds import DEFAULT_ENTRIES

Heads = dict[int | None, RecordHead]


def read(client: FlaskClient, url: str) -> Any:
    """Read a feed as a feed reader does."""
    response = client.get(url)
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/atom+xml"
    found = feedparser.parse(response.data)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    assert {"id", "title", "updated"} <= set(found.feed)
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    for entry in found.entries:
        assert {"id", "title", "updated", "link"} <= set(entry)
        assert entry.updated_parsed
    return found


def test_query_gives_its_passages(client: FlaskClient, heads: Heads) -> None:
    """An entry has the passage's text, its meeting, its day and its permalink."""
    found = read(client, "/feed.atom?q=进一步修改完善")
    (entry,) = found.entries
    assert entry.id == f"tag:localhost,2026:{heads[12].id}/1.1"
    assert entry.link == f"http://localhost/meetings/{heads[12].id}#1.1"
    assert "进一步修改完善" in entry.content[0].value
    assert entry.updated == "2023-05-18T00:00:00+08:00"
    assert entry.author == heads[12].body
    assert found.feed.links[0].href == "http://localhost/feed.atom?q=" + quote("进一步修改完善")


@pytest.mark.parametrize(
    ("query", "passages"),
    [
        ("", False),
        ("body=云川市人民政府", False),
        ("kind=常务会议&year=2024", False),
        ("from=2024", False),
        ("department=市交通局", True),
        ("verdict=原则同意", True),
        ("q=市&level=resolution&body=云川市人民政府", True),
    ],
)
def test_filters_give_records_or_passages(client: FlaskClient, query: str, passages: bool) -> None:
    """Filters of records alone list records; a department, a verdict or an instrument their passages."""
    found = read(client, f"/feed.atom?{query}")
    assert found.entries
    assert all(("#" in entry.link) == passages for entry in found.entries)
    days = [entry.updated for entry in found.entries]
    assert days == sorted(days, reverse=True)


def test_instrument_has_a_feed(sample_client: FlaskClient) -> None:
    """The feed of an instrument of the samples holds the passages of its items."""
    facets = sample_client.get("/api/v1/search?q=市").get_json()["facets"]
    title = facets["instrument"][0][0]
    assert read(sample_client, f"/feed.atom?instrument={quote(title)}").entries
    assert len(read(sample_client, "/feed.atom?q=市").entries) == DEFAULT_ENTRIES
    assert len(read(sample_client, "/feed.atom?q=市&limit=3").entries) == 3
    assert read(sample_client, "/feed.atom?q=不会有的字串").entries == []


def test_added_meeting_updates_the_feed(tmp_path: Path, minutes_of: Callable[..., str]) -> None:
    """A new meeting is a new entry; the others keep their ids, and the feed's day and ETag are newer."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "1.txt").write_text(minutes_of(1), encoding="utf-8")
    build([folder], tmp_path / "index")
    for name in ("manifest.json",):  # as if it had been made a minute ago
        os.utime(tmp_path / "index" / name, (time.time() - 60,) * 2)
    client = create_app(tmp_path / "index").test_client()
    tag = client.get("/feed.atom?q=实施方案").headers["ETag"]
    before = read(client, "/feed.atom?q=实施方案")
    assert client.get("/feed.atom?q=实施方案", headers={"If-None-Match": tag}).status_code == 304
    (folder / "2.txt").write_text(minutes_of(2), encoding="utf-8")
    build([folder], tmp_path / "index")
    time.sleep(1.1)
    assert client.get("/feed.atom?q=实施方案", headers={"If-None-Match": tag}).status_code == 200
    after = read(client, "/feed.atom?q=实施方案")
    assert after.feed.updated_parsed > before.feed.updated_parsed
    assert after.feed.id == before.feed.id
    assert {entry.id for entry in before.entries} < {entry.id for entry in after.entries}


def test_text_that_xml_cannot_hold_is_left_out(tmp_path: Path) -> None:
    """Control characters of a query or a text make no broken feed, and markup is escaped."""
    (tmp_path / "d.jsonl").write_text(
        '{"id": "a b", "title": "<甲> & \\u000b乙", "text": "第一段 <b>\\u0001\\ufffe 完"}\n', encoding="utf-8"
    )
    build([tmp_path / "d.jsonl"], tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()
    (entry,) = read(client, "/feed.atom?q=第一段%0B").entries
    assert "<b>" in entry.content[0].value
    assert "甲" in read(client, "/feed.atom").entries[0].title
    assert " " not in entry.id


def test_pages_name_their_feed(sample_client: FlaskClient) -> None:
    """A search, a list, a department and an instrument have a feed of their own, and each is one."""
    answer = sample_client.get("/api/v1/search?q=市").get_json()
    department, instrument = (answer["facets"][name][0][0] for name in ("department", "instrument"))
    pages = [
        "/",
        "/search?q=职业教育&year=2024",
        "/meetings?body=云溯市人民政府",
        f"/departments/{quote(department)}",
        f"/instruments/{quote(instrument)}",
    ]
    feeds = set()
    for url in pages:
        page = sample_client.get(url)
        assert page.status_code == 200, url
        link = page.text.partition('type="application/atom+xml"')[2].partition('href="')[2].partition('"')[0]
        feeds.add(link)
        assert read(sample_client, unescape(link)).entries, url
    assert len(feeds) == len(pages)
