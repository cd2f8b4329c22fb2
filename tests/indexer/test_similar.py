"""Documents that say nearly the same are found whenever the second of them comes, and told until one of them goes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from made import document, meeting

import indexer
from indexer.build import build
from indexer.cli import cli
from indexer.errors import IndexDamaged
from indexer.similar import ALIKE, PAIRS, PRINTS, _runs, check, fingerprint, similar_to

SIGNS = [chr(0x4E00 + at) for at in range(3000)]


def prose(seed: int, count: int = 1200) -> str:
    """Return a text that shares nothing with that of another seed."""
    chosen = random.Random(seed)
    return "".join(chosen.choice(SIGNS) for _ in range(count))


def write(folder: Path, name: str, title: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.txt"
    rows = "\n".join(f"　　{text[at : at + 150]}。" for at in range(0, len(text), 150))
    path.write_text(f"关于{title}的通知\n各区县人民政府：\n{rows}\n", encoding="utf-8")
    return path


def ids(index: Path) -> dict[str, str]:
    with indexer.open_index(index) as opened:
        return {head.title or "": head.id for head in opened.heads()}


def test_reprints_are_told(tmp_path: Path) -> None:
    """A reprint with a head and a tail of its own is told with its like, in the report and for both of them."""
    folder, index = tmp_path / "in", tmp_path / "index"
    write(folder, "1", "供水", prose(1))
    write(folder, "2", "绿化", prose(2))
    assert build(folder, index).near_duplicates == ()
    reprint = write(folder, "3", "转发供水", prose(9, 40) + prose(1) + prose(8, 40))
    report = build(folder, index)
    known = ids(index)
    ((path, other, share),) = report.near_duplicates
    assert (path, other) == (str(reprint), known["关于供水的通知"])
    assert ALIKE <= share < 1
    with indexer.open_index(index) as opened:
        ((head, told),) = opened.similar(known["关于供水的通知"])
        assert (head.id, told) == (known["关于转发供水的通知"], share)
        assert [head.id for head, _ in opened.similar(known["关于转发供水的通知"])] == [other]
        assert opened.similar(known["关于绿化的通知"]) == ()
    assert build(folder, index).near_duplicates == ()


def test_two_of_one_build_are_one_row(tmp_path: Path) -> None:
    """Two new documents that are like each other are told once, in words and as JSON."""
    write(tmp_path / "in", "1", "供水", prose(1))
    write(tmp_path / "in", "2", "转发供水", prose(9, 40) + prose(1))
    run, index = CliRunner(), str(tmp_path / "index")
    found = run.invoke(cli, ["index", str(tmp_path / "in"), "--index", index])
    assert found.stdout.count("相近：") == 1
    found = run.invoke(cli, ["index", str(tmp_path / "in"), "--index", index + "2", "--json"])
    assert len(json.loads(found.stdout)["near_duplicates"]) == 1


def test_pairs_end_with_their_documents(tmp_path: Path) -> None:
    """A document that is changed is compared anew, and one that is gone is not told any more."""
    folder, index = tmp_path / "in", tmp_path / "index"
    write(folder, "1", "供水", prose(1))
    second = write(folder, "2", "转发供水", prose(9, 40) + prose(1))
    third = write(folder, "3", "再次转发供水", prose(7, 40) + prose(1))
    assert len(build(folder, index).near_duplicates) == 2
    first = ids(index)["关于供水的通知"]
    assert len(similar_to(index, first)) == 2
    write(folder, "2", "转发供水", prose(9, 40) + prose(5))
    assert build(folder, index).near_duplicates == ()
    assert [other for other, _ in similar_to(index, first)] == [ids(index)["关于再次转发供水的通知"]]
    third.unlink()
    build(folder, index, sync=True)
    with indexer.open_index(index) as opened:
        assert opened.similar(first) == ()
    assert second.exists()


@pytest.mark.parametrize("share", [0.7, 0.78, 0.82, 0.9, 0.97])
def test_fingerprints_agree_with_a_comparison_of_all_runs(tmp_path: Path, share: float) -> None:
    """Of forty pairs that share so much of their runs, those above the limit are found, and none below it."""
    folder, index = tmp_path / "in", tmp_path / "index"
    folder.mkdir()
    count = round(1500 * (1 - share) / (1 + share))  # each has so many signs of its own, beside what both have
    rows = []
    for pair in range(20):
        both = prose(pair, 1500 - 2 * count)
        for side in (0, 1):
            text = both + prose(1000 + 2 * pair + side, count)
            rows.append({"id": f"{pair}-{side}", "title": f"甲{pair}-{side}", "text": text})
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "a.jsonl").write_text(lines, encoding="utf-8")
    found = {row[1][2:].split("-")[0] for row in build(folder, index).near_duplicates}
    expected = set()
    with indexer.open_index(index) as opened:
        for pair in range(20):
            left, right = (_runs(opened.record(f"d-{pair}-{side}")) for side in (0, 1))  # type: ignore[arg-type]
            assert left is not None
            assert right is not None
            if len(np.intersect1d(left, right)) / len(np.union1d(left, right)) >= ALIKE:
                expected.add(str(pair))
    assert found == expected
    assert bool(expected) == (share > ALIKE)


def test_a_form_filled_in_often_is_not_compared(tmp_path: Path) -> None:
    """A hundred documents of one form are no reprints, and cost no comparison of each with each."""
    rows = [{"id": str(at), "title": f"表{at}", "text": prose(1) + str(at)} for at in range(100)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert build(tmp_path / "a.jsonl", tmp_path / "index").near_duplicates == ()


def test_what_has_no_fingerprint() -> None:
    """A meeting has its id to be known by, and a short document is like others by its form alone."""
    from datetime import date

    assert fingerprint(meeting(1, date(2024, 1, 2))) is None
    assert fingerprint(document("a", [prose(1, 150)])) is None
    assert fingerprint(document("a", [prose(1, 300)])) is not None


def test_damaged_files_are_told_and_made_anew(tmp_path: Path) -> None:
    """A changed byte of either file is found, the page of a document is no guess, and the next build compares again."""
    folder, index = tmp_path / "in", tmp_path / "index"
    write(folder, "1", "供水", prose(1))
    write(folder, "2", "转发供水", prose(9, 40) + prose(1))
    assert len(build(folder, index).near_duplicates) == 1
    first = ids(index)["关于供水的通知"]
    right = similar_to(index, first)
    assert len(right) == 1
    for number, name in enumerate((PAIRS, PRINTS), 3):
        sound = (index / name).read_bytes()
        for at in range(0, len(sound), 7):
            (index / name).write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
            assert list(check(index)) == [f"{name}：校验和不符"]
        for cut in (sound[:-1], sound[: len(sound) // 2], b""):
            (index / name).write_bytes(cut)
            assert list(check(index)) == [f"{name}：校验和不符"]
        if name == PAIRS:
            with pytest.raises(IndexDamaged, match=name):
                similar_to(index, first)
        write(folder, str(number), f"第{number}件", prose(number * 11))
        build(folder, index)
        assert list(check(index)) == []
        assert similar_to(index, first) == right


def test_lost_files_cost_only_themselves(tmp_path: Path) -> None:
    """Without fingerprints nothing is like anything; documents read from then on are compared."""
    folder, index = tmp_path / "in", tmp_path / "index"
    write(folder, "1", "供水", prose(1))
    build(folder, index)
    (index / PRINTS).unlink()
    (index / PAIRS).unlink()
    write(folder, "2", "转发供水", prose(9, 40) + prose(1))
    assert build(folder, index).near_duplicates == ()
    assert similar_to(index, ids(index)["关于供水的通知"]) == ()
    assert similar_to(tmp_path, "d-1") == ()
    write(folder, "3", "再次转发供水", prose(7, 40) + prose(1))
    assert len(build(folder, index).near_duplicates) == 1
