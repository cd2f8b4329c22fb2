"""An index goes out as lines of JSON and comes back equal: ids, anchors and answers."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from indexer.build import build
from indexer.bulk import export_lines, import_file, read_line
from indexer.engines.choose import open_engine
from indexer.engines.engine import Sort
from indexer.errors import UnreadableFile
from indexer.search import Index, open_index

Write = Callable[..., Path]
SAMPLES = Path(__file__).resolve().parents[2] / "data/samples"
SORTS: tuple[Sort, ...] = get_args(Sort)


@pytest.fixture
def carried(tmp_path: Path, sample_index: Index) -> Path:
    """The file of all records of the samples."""
    path = tmp_path / "all.jsonl"
    path.write_text("".join(export_lines(sample_index.engine)), encoding="utf-8")
    return path


def queries(index: Index, count: int) -> list[str]:
    """Return strings of the texts, pairs of them and questions, the same ones each time."""
    chance = random.Random(7)
    texts = [text for text in index.engine.sample(400) if len(text) > 12]
    made = []
    for number in range(count):
        text = chance.choice(texts)
        start = chance.randrange(len(text) - 8)
        one = text[start : start + chance.randint(1, 6)]
        made.append(f"{one} {chance.choice(texts)[2:5]}" if number % 3 == 1 else one)
    return made


def found(index: Index, query: str) -> object:
    """Return all that holds the query."""
    answer = index.search(query, match="exact", limit=1000, facets=("year", "department"))
    hits = {(hit.id, hit.text, hit.marks) for hit in answer.hits}
    return hits, answer.total, answer.facets, answer.notices, answer.terms


def ranked(index: Index, query: str, sort: Sort) -> object:
    """Return the best hits in order, with their scores."""
    answer = index.search(query, limit=20, sort=sort)
    return [(hit.id, hit.tier, hit.score, hit.snippet) for hit in answer.hits], answer.total, answer.suggestions


def test_imported_index_answers_as_the_exported_one(tmp_path: Path, carried: Path, sample_index: Index) -> None:
    """Records, passages and what 200 random queries find are the same."""
    report = import_file(carried, tmp_path / "again")
    assert not report.failed
    assert report.added == len(sample_index.heads())
    with open_index(tmp_path / "again") as again:
        assert again.heads() == sample_index.heads()
        for head in again.heads():
            assert again.record(head.id) == sample_index.record(head.id)
        before, after = sample_index.stats(), again.stats()
        assert (after.meetings, after.documents, after.passages) == (before.meetings, before.documents, before.passages)
        for query in queries(sample_index, 200):
            assert found(again, query) == found(sample_index, query), query
        assert again.check() == ()
        assert "".join(export_lines(again.engine)) == carried.read_text(encoding="utf-8")


def test_order_and_scores_are_the_same(tmp_path: Path) -> None:
    """200 random queries are answered alike in both tiers, with order and scores, where nothing had been replaced.

    A passage that another took the place of (a mirror's, say) counts for the ranking until its segment is merged.
    """
    mirrors = {Path(path).name for path, _ in build([SAMPLES], tmp_path / "all").duplicates}
    files = [path for path in sorted(SAMPLES.iterdir()) if path.name not in mirrors]
    assert not build(files, tmp_path / "one").duplicates
    with open_index(tmp_path / "one") as one:
        (tmp_path / "one.jsonl").write_text("".join(export_lines(one.engine)), encoding="utf-8")
        import_file(tmp_path / "one.jsonl", tmp_path / "two")
        with open_index(tmp_path / "two") as two:
            for number, query in enumerate(queries(one, 200)):
                sort = SORTS[number % 3]
                assert ranked(two, query, sort) == ranked(one, query, sort), query


def test_import_again_changes_nothing(tmp_path: Path, carried: Path) -> None:
    """What the index has as it is stays, and no generation is made."""
    packed = tmp_path / "all.jsonl.gz"
    packed.write_bytes(gzip.compress(carried.read_bytes()))
    first = import_file(packed, tmp_path / "again")
    with closing(open_engine(tmp_path / "again")) as engine:
        generation = engine.generation()
        second = import_file(carried, tmp_path / "again")
        assert (second.added, second.updated, second.unchanged) == (0, 0, first.added)
        assert engine.generation() == generation


def test_changed_record_is_updated(tmp_path: Path, carried: Path) -> None:
    """A record of the same id takes the place of the one that is there."""
    import_file(carried, tmp_path / "again")
    data = json.loads(carried.read_text(encoding="utf-8").splitlines()[0])
    data["title"] = "改过的标题"
    one = tmp_path / "one.jsonl"
    one.write_text(json.dumps(data) + "\n\n", encoding="utf-8")
    report = import_file(one, tmp_path / "again")
    assert (report.added, report.updated) == (0, 1)
    with open_index(tmp_path / "again") as again:
        assert again.record(data["id"]).title == "改过的标题"


def test_index_knows_the_sources_of_what_was_imported(tmp_path: Path, write_minutes: Write) -> None:
    """A folder that was read before is read again after an import, and gives the same records."""
    folder = write_minutes(3).parent
    write_minutes(4)
    (folder / "list.jsonl").write_text('{"id": "a", "title": "甲", "text": "第一段"}\n', encoding="utf-8")
    build([folder], tmp_path / "index")
    with closing(open_engine(tmp_path / "index")) as engine:
        (tmp_path / "all.jsonl").write_text("".join(export_lines(engine)), encoding="utf-8")
        paths = set(engine.sources())
    import_file(tmp_path / "all.jsonl", tmp_path / "again")
    with closing(open_engine(tmp_path / "again")) as engine:
        assert set(engine.sources()) == paths
    report = build([folder], tmp_path / "again", sync=True)
    assert (report.added, report.removed, report.failed, report.meetings) == (0, 0, (), 2)


BAD = [
    "no json",
    "[]",
    "1",
    "{}",
    '{"type": "meeting"}',
    '{"id": "a", "title": "甲", "text": "乙"}',
    "[" * 5000,
    '{"type": "document", "id": 7}',
]


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_line_that_is_no_record_is_a_row_of_the_report(tmp_path: Path, carried: Path, line: str) -> None:
    """The line is told by its number, and the record after it is taken."""
    good = carried.read_text(encoding="utf-8").splitlines()[0]
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(f"{line}\n{good}\n", encoding="utf-8")
    report = import_file(mixed, tmp_path / "again")
    assert report.added == 1
    assert [row.path for row in report.failed] == [f"{mixed} 第1行"]


WRONG = [
    ("title", 5),
    ("number", "十二"),
    ("date", "x"),
    ("items", {}),
    ("notices", [1]),
    ("id", ""),
    ("sources", [{}]),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_value_of_a_wrong_type_is_refused(carried: Path, name: str, value: object) -> None:
    """A record one of whose values is not what the model says is none."""
    data = json.loads(carried.read_text(encoding="utf-8").splitlines()[0])
    assert read_line(json.dumps(data)).id == data["id"]
    with pytest.raises(ValueError, match="export --all"):
        read_line(json.dumps(data | {name: value}))


def test_file_that_is_not_there_or_cut_changes_nothing(tmp_path: Path, carried: Path) -> None:
    """A missing file and a gzip file that is cut are told as such, and the index stays empty."""
    with pytest.raises(UnreadableFile):
        import_file(tmp_path / "none.jsonl", tmp_path / "again")
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(carried.read_bytes())[:-200])
    with pytest.raises(UnreadableFile):
        import_file(cut, tmp_path / "again")
    with open_index(tmp_path / "again") as again:
        assert again.heads() == ()
