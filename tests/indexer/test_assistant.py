"""Assistants: the tools on a real index, and the protocol spoken by its official client, on stdio and by HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from indexer.assistant import Desk, serve, server
from indexer.errors import BadParameter, GongwenError, NotFound
from indexer.search import Index

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://gongwen.example.cn"
T = TypeVar("T")


def run(asked: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: a browser that other tests use keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


@pytest.fixture
def desk(sample_index: Index) -> Desk:
    """The tools on the samples."""
    return Desk(sample_index, SITE)


def test_search_gives_verbatim_passages_with_permalinks(desk: Desk, sample_index: Index) -> None:
    """Texts are those of the index, and each has the address of its page."""
    found = desk.search("营商环境", level="resolution", limit=3, year=["2024"], first_day="2024", last_day="2024-12")
    assert found.exact > 0
    assert found.passages
    for passage in found.passages:
        held = sample_index.passage(passage.id)
        assert passage.text == held.text
        assert passage.url == f"{SITE}/meetings/{passage.id}"
        assert (passage.date or "").startswith("2024")
        assert desk.get_passage(passage.id) == passage


def test_wrong_arguments_are_told(desk: Desk) -> None:
    """A limit or day out of bounds and an unknown id are errors that say so."""
    with pytest.raises(BadParameter):
        desk.search("市", limit=51)
    with pytest.raises(BadParameter):
        desk.search("市", first_day="昨天")
    with pytest.raises(NotFound):
        desk.get_meeting("none")


def test_meeting_timeline_and_citation(desk: Desk, sample_index: Index) -> None:
    """A meeting comes whole with its permalink, mentions by year, a citation with its address."""
    passage = desk.search("原则同意", level="resolution", limit=1).passages[0]
    meeting = desk.get_meeting(passage.id.partition("#")[0])
    assert meeting["items"]
    assert meeting["url"] == f"{SITE}/meetings/{meeting['id']}"
    found = desk.timeline("营商环境", by="year")
    assert found.total == sample_index.timeline("营商环境", "year").mentions
    assert sum(period.mentions for period in found.periods) <= found.total
    assert desk.timeline("营商环境", department=["市教育局"]).total < found.total
    cited = desk.cite(passage.id, "ris")
    assert cited.url == passage.url
    assert cited.url in cited.citation


def test_missing_extra_is_told(sample_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the command says what to install."""
    monkeypatch.setitem(sys.modules, "mcp.server", None)  # importing it is then an ImportError
    with pytest.raises(GongwenError, match=r"gongwen\[mcp\]"):
        serve(sample_index)


async def conversation(place: str) -> dict[str, Any]:
    """Let the official client start the server and use every tool."""
    from mcp import Client, StdioServerParameters

    arguments = ["-m", "search_web", "mcp", "--index", place, "--base-url", SITE]
    told: dict[str, Any] = {}
    async with Client(StdioServerParameters(command=sys.executable, args=arguments, cwd=str(ROOT))) as client:
        told["tools"] = {tool.name: tool for tool in (await client.list_tools()).tools}
        found = await client.call_tool("search", {"query": "营商环境", "level": "resolution", "limit": 2})
        told["search"] = found.structured_content
        passage = told["search"]["passages"][0]["id"]
        meeting = passage.partition("#")[0]
        for name, wanted in (
            ("get_passage", {"id": passage}),
            ("get_meeting", {"id": meeting}),
            ("timeline", {"query": "营商环境", "by": "year"}),
            ("cite", {"id": passage, "style": "bibtex"}),
        ):
            told[name] = (await client.call_tool(name, wanted)).structured_content
        told["error"] = await client.call_tool("get_passage", {"id": "none#1"})
        told["resource"] = (await client.read_resource(f"gongwen://records/{meeting}")).contents[0].text
    return told


def test_official_client_uses_every_tool(sample_index: Index) -> None:
    """Over standard input and output the client finds the tools with typed results, and texts are verbatim."""
    place = str(sample_index.engine._folder)  # type: ignore[attr-defined]  # of the embedded engine
    told = run(conversation(place))
    assert set(told["tools"]) == {"search", "get_meeting", "get_passage", "timeline", "cite"}
    assert all(tool.description and tool.output_schema for tool in told["tools"].values())
    passage = told["search"]["passages"][0]
    assert passage["text"] == sample_index.passage(passage["id"]).text
    assert passage["url"] == f"{SITE}/meetings/{passage['id']}"
    assert told["get_passage"] == passage
    assert told["get_meeting"]["id"] == passage["id"].partition("#")[0]
    assert told["timeline"]["by"] == "year"
    assert passage["url"] in told["cite"]["citation"]
    assert told["error"].is_error
    assert "none#1" in told["error"].content[0].text
    assert json.loads(told["resource"])["id"] == told["get_meeting"]["id"]


def test_official_client_asks_by_http(sample_index: Index) -> None:
    """The same tools answer by streamable HTTP on a port of this machine."""
    from mcp import Client

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = str(sample_index.engine._folder)  # type: ignore[attr-defined]  # of the embedded engine
    command = [sys.executable, "-m", "search_web", "mcp", "--index", place, "--http", str(port)]

    async def ask() -> Any:
        async with Client(f"http://127.0.0.1:{port}/mcp") as client:
            return (await client.call_tool("search", {"query": "营商环境", "limit": 1})).structured_content

    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        try:
            for _ in range(150):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            found = run(ask())
        finally:
            running.terminate()
            running.communicate()
    assert found["passages"][0]["url"].startswith("/meetings/")


def test_tools_are_described(sample_index: Index) -> None:
    """Every tool has Chinese words on what it does, its arguments by name, and errors that an assistant can read."""
    from mcp.server.mcpserver.exceptions import ToolError

    made = server(sample_index, f"{SITE}/")
    tools = {tool.name: tool for tool in run(made.list_tools())}
    assert {"query", "level", "department", "first_day"} <= set(tools["search"].input_schema["properties"])
    assert all("。" in (tool.description or "") for tool in tools.values())
    with pytest.raises(ToolError, match="没有编号"):
        run(made.call_tool("get_passage", {"id": "none#1"}))
    cited = run(made.call_tool("cite", {"id": sample_index.heads()[0].id}))
    assert cited.structured_content["url"].startswith(f"{SITE}/")
