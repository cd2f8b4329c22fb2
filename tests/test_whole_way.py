"""The whole way: a file on the disk becomes an answer on a page, through build, index, search and application."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

import indexer
from indexer.build import build
from search_web import create_app

Write = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data/samples"


def text_of(html: str) -> str:
    """Return what a page shows, without tags and white space."""
    return "".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_file_becomes_an_answer_on_a_page(tmp_path: Path, write_minutes: Write) -> None:
    """What a file says is found on the search page, with its marks, and its link leads to the meeting's text."""
    write_minutes(7, extra="会议还研究了<夜间>照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()
    page = client.get("/search", query_string={"q": "夜间照明"})
    assert page.status_code == 200
    assert "<mark>" in page.text
    assert "会议还研究了<夜间>照明问题" not in page.text
    link = re.search(r'href="(/meetings/[0-9a-f-]+)[?#"]', page.text)
    assert link
    meeting = client.get(link[1])
    assert meeting.status_code == 200
    assert "会议还研究了<夜间>照明问题。" in text_of(meeting.text)
    assert "林致远" in text_of(meeting.text)


def test_update_shows_on_the_next_page(tmp_path: Path, write_minutes: Write) -> None:
    """A running application answers from the new index within a second of a build's commit."""
    write_minutes(7)
    build(tmp_path / "in", tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()
    assert client.get("/api/v1/search?q=夜间照明&match=exact").json["total"]["exact"] == 0  # type: ignore[index]
    write_minutes(7, extra="会议还研究了夜间照明问题。")
    build(tmp_path / "in", tmp_path / "index")
    time.sleep(1)
    assert client.get("/api/v1/search?q=夜间照明&match=exact").json["total"]["exact"] == 1  # type: ignore[index]


def test_page_api_command_line_and_package_agree(tmp_path: Path) -> None:
    """The four doors give the same passages in the same order."""
    build(SAMPLES, tmp_path / "index")
    with indexer.open_index(tmp_path / "index") as index:
        ids = [hit.id for hit in index.search("职业教育", limit=10).hits]
        totals = [index.search("职业教育", limit=limit).total for limit in (0, 1, 10)]
    assert len(ids) == 10
    assert totals == totals[:1] * 3
    client = create_app(tmp_path / "index").test_client()
    answer = client.get("/api/v1/search?q=职业教育&limit=10").json
    assert answer is not None
    assert [hit["id"] for hit in answer["hits"]] == ids
    page = client.get("/search?q=职业教育").text
    links = re.findall(r'href="/(?:meetings|documents)/([^"?#]+)(?:\?[^"#]*)?#([^"]+)"', page)
    linked = dict.fromkeys(f"{record}#{unquote(anchor)}" for record, anchor in links)
    assert [id_ for id_ in linked if id_ in ids] == ids
    command = [sys.executable, "-m", "search_web", "search", "职业教育", "--index", str(tmp_path / "index")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8").stdout
    assert [line.strip() for line in shown.splitlines() if line.strip() in ids] == ids


def test_every_word_of_the_samples_is_found_again(tmp_path: Path) -> None:
    """Nothing of a sample's paragraphs is lost on the way: each of them finds itself as an exact string."""
    report = build(SAMPLES, tmp_path / "index")
    assert not report.failed
    with indexer.open_index(tmp_path / "index") as index:
        for head in index.heads():
            for paragraph in index.record(head.id).paragraphs:
                part = paragraph.text.replace('"', "")[:80].strip()
                if part and part in paragraph.text:
                    found = index.search(f'"{part}"', match="exact", level="paragraph", limit=1000)
                    assert f"{head.id}#{paragraph.anchor}" in {hit.id for hit in found.hits}


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_server_answers_at_the_address_it_prints(tmp_path: Path, command: str) -> None:
    """`demo` indexes the samples and serves them, `serve` an index; both print where, and end on an interrupt."""
    place = tmp_path / "index"
    if command == "serve":
        build(SAMPLES, place)
    process = subprocess.Popen(
        [sys.executable, "-m", "search_web", command, "--index", str(place), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        with urllib.request.urlopen(f"{address}healthz", timeout=20) as reply:
            assert reply.status == 200
        with urllib.request.urlopen(f"{address}search?q=%E8%81%8C%E4%B8%9A%E6%95%99%E8%82%B2", timeout=20) as reply:
            assert "<mark>" in reply.read().decode()
    finally:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        process.stdout.close()
        process.wait(timeout=20)
    assert process.returncode == 0 or os.name != "posix"


def test_server_waits_for_its_index(tmp_path: Path, write_minutes: Write) -> None:
    """An application whose index is not there says how to make it, and answers once it is made."""
    client = create_app(tmp_path / "index").test_client()
    assert client.get("/search?q=夜间").status_code == 503
    assert "gongwen index" in client.get("/search?q=夜间").text
    write_minutes(7)
    build(tmp_path / "in", tmp_path / "index")
    assert client.get("/search?q=夜间").status_code == 200


@pytest.mark.shared
def test_real_minutes_go_the_whole_way(tmp_path: Path) -> None:
    """Every real file of minutes beside the checkout is read, and each long run of characters in it is found."""
    folder = ROOT / "../shared/minutes"
    if not folder.is_dir():
        pytest.skip("no ../shared beside the checkout")
    files = sorted(folder.glob("*.txt"))
    report = build(files, tmp_path / "index")
    assert (report.failed, report.added + len(report.duplicates)) == ((), len(files))
    assert report.meetings >= len(files) - 1
    with indexer.open_index(tmp_path / "index") as index:
        for file in files:
            text = file.read_text(encoding="utf-8")
            for run in re.findall(r"[\u4e00-\u9fff，、；：]{24,}", text)[:60]:
                assert index.search(f'"{run}"', match="exact", limit=0).total.exact, f"{file.name}: {run}"
