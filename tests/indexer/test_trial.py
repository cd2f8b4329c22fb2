"""A folder of judgements is tried on an index of its own, and the command line tells the figures."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli import cli
from indexer.errors import UnreadableFile
from indexer.trial import trial, trial_index


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Judgements of two queries over three invented documents; temporary folders are made beside them."""
    docs = [
        {"id": "a/1", "title": "河道保洁办法", "text": "镇街负责清理。\n\n每周一次。"},
        {"id": "b", "title": "夜间施工规定", "text": "须经许可。"},
        {"id": "c", "title": "", "text": "河道与夜间照明。"},
    ]
    lines = "".join(json.dumps(doc, ensure_ascii=False) + "\n" for doc in docs)
    judged = tmp_path / "judged"
    judged.mkdir()
    (judged / "docs.jsonl").write_text(lines, encoding="utf-8")
    (judged / "queries.tsv").write_text("1\t河道保洁\n2\t夜间能不能施工\n", encoding="utf-8")
    (judged / "qrels.tsv").write_text("1\t0\ta/1\t3\n1\t0\tc\t1\n2\t0\tb\t2\n", encoding="utf-8")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return judged


def test_a_document_is_one_passage_with_its_title_first(folder: Path) -> None:
    """Title and text are found together under the document's own id, and nothing stays behind."""
    with trial_index(folder / "docs.jsonl") as index:
        assert index.stats().passages == 3
        texts = {hit.id: hit.text for hit in index.search('"河道"').hits}
        assert len(list((folder.parent / "tmp").iterdir())) == 1
    assert texts == {"d-a/1#p1": "河道保洁办法\n镇街负责清理。\n\n每周一次。", "d-c#p1": "河道与夜间照明。"}
    assert list((folder.parent / "tmp").iterdir()) == []


def test_judged_queries_are_tried(folder: Path) -> None:
    """Exact hits and related ones make one order, which is compared with the judgements."""
    found = trial(folder)
    assert (found.queries, found.ndcg, found.mrr, found.recall) == (2, 1.0, 1.0, 1.0)


def test_a_trial_of_no_documents_is_an_error(folder: Path) -> None:
    """A file without documents is named, and nothing stays behind."""
    (folder / "docs.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="没有一篇"):
        trial(folder)
    assert list((folder.parent / "tmp").iterdir()) == []


def test_the_command_line_tells_the_figures(folder: Path) -> None:
    """`eval` prints a line for each figure, in the language asked for, and one object with --json."""
    lines = CliRunner().invoke(cli, ["eval", str(folder)]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["查询", "nDCG@10", "MRR@10", "recall@100", "每次查询"]
    assert lines[1].split()[1] == "1.0000"
    found = json.loads(CliRunner().invoke(cli, ["eval", str(folder), "--json"]).stdout)
    assert found.pop("ms") > 0
    assert found == {"queries": 2, "ndcg": 1.0, "mrr": 1.0, "recall": 1.0}
    assert "Queries" in CliRunner().invoke(cli, ["--lang", "en", "eval", str(folder)]).stdout


def test_a_folder_without_judgements_is_refused(tmp_path: Path) -> None:
    """A folder that holds no judgements gives exit code 1 and one line."""
    result = CliRunner().invoke(cli, ["eval", str(tmp_path)])
    assert result.exit_code == 1
    assert "docs.jsonl" in result.stderr
