"""The samples, their hand-noted facts and the judged queries fit together and are our own writing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"
JUDGED = ROOT / "data" / "judged"
GOLD = json.loads((ROOT / "tests" / "gold" / "samples.json").read_text(encoding="utf-8"))["samples"]
SHARED = ROOT / ".." / "shared"
# Formulas of the genre reach some thirty characters; a longer common run would be a copied sentence.
COPIED = 40


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _bare(text: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", text)


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (JUDGED / name).read_text(encoding="utf-8").splitlines()]


def test_every_sample_has_its_facts() -> None:
    """Files and facts name each other one to one."""
    assert sorted(fact["file"] for fact in GOLD) == sorted(path.name for path in SAMPLES.iterdir())


def test_samples_are_many_and_long_enough() -> None:
    """Twenty-four meetings and five documents hold at least 60,000 characters without white space and tags."""
    meetings = [fact for fact in GOLD if fact["type"] == "meeting"]
    twice = sum("same_as" in fact for fact in meetings) // 2
    assert (len(meetings) - twice, len(GOLD) - len(meetings)) == (24, 5)
    assert {fact["genre"] for fact in GOLD if fact["type"] == "document"} == {"通知", "意见", "办法", "方案"}
    assert sum(len(_bare(_text(path))) for path in SAMPLES.iterdir()) >= 60_000


@pytest.mark.parametrize("fact", [fact for fact in GOLD if fact.get("encoding") == "gb18030"], ids=lambda f: f["file"])
def test_gb18030_samples_are_not_utf8(fact: dict[str, str]) -> None:
    """Files noted as GB18030 are that and nothing else."""
    data = (SAMPLES / fact["file"]).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "云溯" in data.decode("gb18030")


def test_one_page_declares_less_than_it_holds() -> None:
    """The page that says gb2312 holds characters that neither gb2312 nor gbk has."""
    data = (SAMPLES / "20240725_changwu_44.html").read_bytes()
    assert b'charset="gb2312"' in data
    for codec in ("gb2312", "gbk"):
        with pytest.raises(UnicodeDecodeError):
            data.decode(codec)
    assert "王𫖮" in data.decode("gb18030")


def test_facts_stand_in_the_text() -> None:
    """Names, short names and mended passages that the facts assert are found in the file, line ends aside."""
    for fact in GOLD:
        bare = _bare(_text(SAMPLES / fact["file"]))
        asserted = [*fact.get("people", {}), *fact.get("short_names", {}), *fact.get("mended", [])]
        missing = [text for text in asserted if text not in re.sub(r"—\d?—|\f", "", bare)]
        assert not missing, fact["file"]


def test_judgements_name_known_queries_and_passages() -> None:
    """Every judgement joins a query and a passage that exist, with grade 1 to 3; every query has an answer."""
    docs = [json.loads(line) for line in (JUDGED / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    ids = {doc["id"] for doc in docs}
    assert len(ids) == len(docs)
    assert not any(re.search(r"[\s#]", key) for key in ids)
    queries = dict(_rows("queries.tsv"))
    assert len(queries) >= 60
    judged = _rows("qrels.tsv")
    assert {row[0] for row in judged} == set(queries)
    assert {row[2] for row in judged} <= ids
    assert {row[3] for row in judged} == {"1", "2", "3"}
    assert len({(row[0], row[2]) for row in judged}) == len(judged)


def test_judged_passages_stand_in_the_samples() -> None:
    """Each passage is a run of some sample's text, so that judging it judges the sample."""
    bare = "\n".join(re.sub(r"—\d?—|\f|\*\*|#|---", "", _bare(_text(path))) for path in SAMPLES.iterdir())
    bare = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    lost = []
    for line in (JUDGED / "docs.jsonl").read_text(encoding="utf-8").splitlines():
        parts = json.loads(line)["text"].split("\n")
        lost += [part for part in parts if len(part) > 60 and _bare(part) not in bare]
    assert not lost


@pytest.mark.shared
def test_no_sentence_is_taken_from_real_minutes() -> None:
    """No sample shares a run of 40 characters with a real document."""
    real = [path for folder in ("minutes", "minutes-excerpts") for path in (SHARED / folder).glob("*.txt")]
    real += (SHARED / "documents").glob("*.html")
    if not real:
        pytest.skip("the shared material is not here")
    known: set[str] = set()
    for path in real:
        text = _bare(path.read_text(encoding="utf-8", errors="replace"))
        known.update(text[start : start + COPIED] for start in range(len(text) - COPIED + 1))
    for path in SAMPLES.iterdir():
        text = _bare(_text(path))
        assert not any(text[start : start + COPIED] in known for start in range(len(text) - COPIED + 1)), path.name
