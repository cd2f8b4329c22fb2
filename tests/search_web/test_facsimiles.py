"""A record's page leads to the pages of its original, each shown beside its text; only of what the index keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from ofd_file import ofd, page, text
from pdf_file import pdf

from indexer.build import build
from indexer.facsimile import Facsimiles
from indexer.search import Index, open_index
from search_web import create_app

FIRST = (
    "云州市人民政府第1次常务会议纪要",
    "2024年3月1日，林致远市长主持召开市政府第1次常务会议，听取汇报。",
    "一、听取关于供水工作情况的汇报",
    "（一）原则同意关于供水工作情况的汇报。",
)
SECOND = ("二、审议《云州市节水办法》", "（一）原则通过《云州市节水办法》。")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a meeting of two pages in PDF, a notice in OFD and one in text, and an index that keeps them."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "in").mkdir()
    pages = [[(70.0, 90.0 + 28 * at, row) for at, row in enumerate(rows)] for rows in (FIRST, SECOND)]
    (folder / "in/1.pdf").write_bytes(pdf(*pages, []))
    rows = (text(20, 20 + 10 * at, row) for at, row in enumerate(("关于节水工作的通知", "各单位要做好节水工作。")))
    (folder / "in/2.ofd").write_bytes(ofd(page(*rows)))
    (folder / "in/3.txt").write_text("关于防汛工作的通知\n各单位要做好防汛工作。", encoding="utf-8")
    assert build(folder / "in", folder / "index", keep_originals=True).failed == ()
    return folder


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    with open_index(folder / "index") as opened:
        yield opened


@pytest.fixture
def client(index: Index) -> FlaskClient:
    return create_app(index).test_client()


def path_of(index: Index, format: str) -> str:
    """Return the path of the record that was read from a file of this format."""
    records = [index.record(head.id) for head in index.heads()]
    (found,) = [record for record in records if record.sources[0].format == format]
    return f"/{'meetings' if hasattr(found, 'items') else 'documents'}/{found.id}"


def links(answer: str) -> list[tuple[str, str]]:
    """Return the texts and addresses of the links to pages of originals."""
    found = html.fromstring(answer).iter("a")
    return [(link.text_content(), link.get("href") or "") for link in found if "/pages/" in (link.get("href") or "")]


def test_paragraphs_lead_to_their_pages(client: FlaskClient, index: Index) -> None:
    """Beside each paragraph stands the page on which it begins, with what is marked; above all, those with marks."""
    path = path_of(index, "pdf")
    told = links(client.get(f"{path}?q=节水办法").text)
    marked = "?q=%E8%8A%82%E6%B0%B4%E5%8A%9E%E6%B3%95"
    assert told[0] == ("对照原件看（共 3 页）", f"{path}/pages/1{marked}")
    assert told[1] == ("第 2 页", f"{path}/pages/2{marked}#2")
    assert ("第 1 页原件", f"{path}/pages/1{marked}#1.1p1") in told
    assert ("第 2 页原件", f"{path}/pages/2{marked}#2.1p1") in told
    assert "Original, page 2" in client.get(f"{path}?lang=en").text


def test_a_page_stands_beside_its_text(client: FlaskClient, index: Index) -> None:
    """The page shows its picture, what begins on it with marks, and the end of the page before; others are near."""
    path = path_of(index, "pdf")
    answer = client.get(f"{path}/pages/2?q=节水")
    tree = html.fromstring(answer.text)
    (picture,) = tree.iter("img")
    assert (picture.get("src"), picture.get("alt")) == (f"{path}/pages/2/image", "第 2 页的图像")
    begun = [p.get("id") for p in tree.xpath("//section/p[@id]")]
    assert begun == ["2", "2.1p1"]
    assert [p.get("id") for p in tree.xpath("//section/details/p")] == ["1.1p1"]
    assert len(tree.xpath("//mark")) == 2
    assert [link.get("rel") for link in tree.xpath("//nav[@class='paging']/a")] == ["prev", "next"]
    assert [link.get("href") for link in tree.xpath("//header/p/a") if "meetings" in link.get("href")] == [
        f"{path}?q=%E8%8A%82%E6%B0%B4"
    ]
    assert "没有从本页开始的段落" in client.get(f"{path}/pages/3").text
    assert "由 PDF 原件绘出" in answer.text
    assert "drawn from" in client.get(f"{path}/pages/2?lang=en").text.lower()


def test_pictures_are_safe_and_stay(client: FlaskClient, index: Index) -> None:
    """A picture has its type, may run and fetch nothing, and is asked for once."""
    for name, media, start in (("pdf", "image/png", b"\x89PNG"), ("ofd", "image/svg+xml", b"<svg ")):
        url = f"{path_of(index, name)}/pages/1/image"
        found = client.get(url)
        assert (found.status_code, found.mimetype, found.data[:4]) == (200, media, start[:4])
        assert found.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; img-src data:"
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert "max-age=86400" in found.headers["Cache-Control"]
        again = client.get(url, headers={"If-None-Match": found.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert "字体、电子印章和底纹可能与原件不同" in client.get(f"{path_of(index, 'ofd')}/pages/1").text


def test_pages_that_are_not_there(client: FlaskClient, index: Index, folder: Path) -> None:
    """A number beyond the pages, a text, an unknown record, and an index that keeps no originals have no pages."""
    path = path_of(index, "pdf")
    gone = ("/meetings/none/pages/1", f"{path}/pages/0", f"{path}/pages/4", f"{path}/pages/4/image", f"{path}/pages/x")
    for url in (*gone, f"{path_of(index, 'txt')}/pages/1"):
        assert client.get(url).status_code == 404, url
    assert links(client.get(path_of(index, "txt")).text) == []
    build(folder / "in", folder / "bare")
    with open_index(folder / "bare") as bare:
        other = create_app(bare).test_client()
        assert links(other.get(path).text) == []
        assert other.get(f"{path}/pages/1").status_code == 404


def test_a_page_that_cannot_be_drawn_is_told(
    client: FlaskClient, index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no picture the page says why, and has the text all the same."""
    path = path_of(index, "pdf")
    original = index.original(index.record(path.rpartition("/")[2]).sources[0].sha256)
    assert original is not None
    monkeypatch.setattr("indexer.facsimile.LARGEST", 10)
    answer = client.get(f"{path}/pages/1")
    assert answer.status_code == 200
    assert "原件太大" in answer.text
    assert "原则同意关于供水工作情况的汇报" in answer.text
    assert client.get(f"{path}/pages/1/image").status_code == 404
    assert "too large" in client.get(f"{path}/pages/1?lang=en").text


def test_each_application_has_its_own_pictures(index: Index) -> None:
    """Two applications in one process do not share what they drew."""
    held = [create_app(index).extensions["gongwen-facsimiles"] for _ in range(2)]
    assert all(isinstance(one, Facsimiles) for one in held)
    assert held[0] is not held[1]
