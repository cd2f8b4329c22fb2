"""Originals are given as downloads with their own names and types, and only where the index keeps them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.search import Index, open_index
from search_web import create_app

TEXT = """云州市人民政府第{0}次常务会议纪要
2024年3月{0}日，林致远市长主持召开市政府第{0}次常务会议，听取汇报。
一、听取汇报
（一）原则同意。"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / '纪"要\n1.txt').write_text(TEXT.format(1), encoding="utf-8")
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT.format(2).splitlines())
    (folder / "2.html").write_text(f"<html><body>{paragraphs}<script>alert(1)</script></body></html>", encoding="utf-8")
    with zipfile.ZipFile(folder / "3.zip", "w") as archive:
        archive.writestr("内/3.txt", TEXT.format(3))
    (folder / "4.txt").write_text("关于供水工作的通知\n各单位要做好供水工作。", encoding="utf-8")
    return folder


@pytest.fixture
def index(folder: Path) -> Iterator[Index]:
    assert build(folder, folder.parent / "index", keep_originals=True).failed == ()
    with open_index(folder.parent / "index") as opened:
        yield opened


@pytest.fixture
def client(index: Index) -> FlaskClient:
    return create_app(index).test_client()


def path_of(index: Index, number: int | None) -> str:
    (head,) = [head for head in index.heads() if head.number == number]
    return f"/{head.type}s/{head.id}"


@pytest.mark.parametrize(
    ("number", "file", "type_", "name"),
    [
        (1, '纪"要\n1.txt', "text/plain; charset=utf-8", "1.txt"),
        (2, "2.html", "text/html; charset=utf-8", "2.html"),
        (3, None, "text/plain; charset=utf-8", "3.txt"),
        (None, "4.txt", "text/plain; charset=utf-8", "4.txt"),
    ],
)
def test_a_page_offers_its_original(
    client: FlaskClient, index: Index, folder: Path, number: int, file: str | None, type_: str, name: str
) -> None:
    """The page links the file; the link gives its very bytes to be saved, and never to be shown or run."""
    path = path_of(index, number)
    assert f'href="{path}/original/1" download' in client.get(path).text
    found = client.get(f"{path}/original/1")
    assert found.data == ((folder / file).read_bytes() if file else TEXT.format(3).encode())
    assert found.headers["Content-Type"] == type_
    assert found.headers["Content-Length"] == str(len(found.data))
    disposition = found.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert name in disposition
    assert "\n" not in disposition
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Content-Security-Policy"].startswith("sandbox")
    again = client.get(f"{path}/original/1", headers={"If-None-Match": found.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_is_not_there_is_not_found(client: FlaskClient, index: Index, folder: Path) -> None:
    """A number that no source has, a record that is not there, and an index that keeps none have no original."""
    path = path_of(index, 1)
    for url in (f"{path}/original/0", f"{path}/original/2", f"{path}/original/x", "/meetings/none/original/1"):
        assert client.get(url).status_code == 404
    build(folder, folder.parent / "bare")
    with open_index(folder.parent / "bare") as bare:
        other = create_app(bare).test_client()
        assert "original" not in other.get(path).text
        assert other.get(f"{path}/original/1").status_code == 404
