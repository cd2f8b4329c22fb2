"""The page of a document names those that say nearly the same."""

from __future__ import annotations

from pathlib import Path

from indexer.build import build
from indexer.search import open_index
from search_web import create_app


def test_a_document_names_its_reprints(tmp_path: Path) -> None:
    """Each of two documents that are alike links the other with the share of the text in both; others link none."""
    text = "".join(chr(0x4E00 + 7 * at) for at in range(800))
    (tmp_path / "1.txt").write_text(f"关于供水工作的通知\n{text}。\n", encoding="utf-8")
    (tmp_path / "2.txt").write_text(f"转发关于供水<工作>的通知\n请执行。\n{text}。\n", encoding="utf-8")
    (tmp_path / "3.txt").write_text("关于绿化的通知\n要做好绿化工作。\n", encoding="utf-8")
    build(tmp_path, tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        client = create_app(index).test_client()
        first, second, third = (
            next(f"/documents/{head.id}" for head in index.heads() if sign in (head.title or ""))
            for sign in ("供水工", "<", "绿")
        )
        page = client.get(first).text
        assert "内容相近的文件" in page
        assert f'<a href="{second}">转发关于供水&lt;工作&gt;的通知</a>' in page
        assert "% 的文字相同" in page
        assert f'<a href="{first}">' in client.get(second).text
        assert "内容相近" not in client.get(third).text
