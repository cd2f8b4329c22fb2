"""Archives that are written without seeking: whole, in parts, and no further than somebody takes them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from indexer import workbook as module
from indexer.archive import PART, archive
from indexer.workbook import workbook


def test_members_come_back() -> None:
    """Texts of any size are read again as they were, in order."""
    members = [("a.xml", ["甲", "", "乙" * 100_000]), ("b/c.xml", []), ("d.xml", (str(i) for i in range(100_000)))]
    data = b"".join(archive([(name, list(parts) if name == "a.xml" else parts) for name, parts in members]))
    with ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["a.xml", "b/c.xml", "d.xml"]
        assert opened.read("a.xml").decode() == "甲" + "乙" * 100_000
        assert opened.read("b/c.xml") == b""
        assert opened.read("d.xml").decode() == "".join(map(str, range(100_000)))


def test_equal_members_give_equal_archives() -> None:
    """Nothing of the time stands in an archive."""
    assert list(archive([("a", ["甲"])])) == list(archive([("a", ["甲"])]))


def test_rows_are_made_as_they_are_taken() -> None:
    """The first bytes come before the last row is made; who takes no more lets go of the rows."""
    made = []
    ended = []

    def rows() -> Iterator[tuple[str]]:
        try:
            for number in range(300_000):
                made.append(number)
                yield (f"{number * 7919 % 100_003}-{number}",)
        finally:
            ended.append(True)

    parts = workbook(("甲",), rows(), (10,))
    first = next(parts)
    assert len(first) >= PART
    assert 0 < len(made) < 100_000
    parts.close()  # type: ignore[attr-defined]  # it is a generator
    assert ended
    assert len(made) < 100_000


def test_sheet_ends_before_its_format_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet whose text grows too large for the format is followed by another, as one with too many rows is."""
    monkeypatch.setattr(module, "MOST_BYTES", 5_000)
    data = b"".join(workbook(("甲",), ((f"第{i}行",) for i in range(200)), (10,)))
    with ZipFile(io.BytesIO(data)) as opened:
        sheets = [name for name in opened.namelist() if "worksheets" in name]
        assert len(sheets) > 2
        assert sum(opened.read(name).decode().count("<row ") for name in sheets) == 200 + len(sheets)
