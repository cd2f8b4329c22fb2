"""The same text in every format that is read gives the same meeting, spans and pages aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from wrapped import WRAPPINGS, plain, workbook

from indexer import wire
from indexer.intake import Fault, records

SAMPLES = Path(__file__).resolve().parents[1] / "data/samples"
# Texts whose lines are whole paragraphs: numbered items with a roll; two counties; no numbers at all; a short notice of
# a plenary meeting; only （一）; Traditional characters with the damage of a mirror.
TEXTS = (
    "云溯市政府第26次常务会议纪要.txt",
    "临沚县政府第33次常务会议纪要.txt",
    "临沚县第71次县政府常务会议纪要.txt",
    "市政府召开第36次常务会议.txt",
    "2025-12-26政府全体会议.txt",
    "市长办公会议纪要2024年第9期.txt",
    "镜像-市政府第45次常务会议纪要.txt",
    "市政府第41次常务会议纪要.txt",
)
# What tells of the file and not of the meeting.
OF_THE_FILE = ("sources", "notices", "source")


def paragraphs(name: str) -> list[str]:
    """Return the paragraphs of a sample, each with the indent of running text that it has."""
    return [line.rstrip() for line in (SAMPLES / name).read_text(encoding="utf-8-sig").splitlines() if line.strip()]


def meeting(path: Path, data: bytes) -> dict[str, Any]:
    """Return the meeting that a file holds, without what the format and the path make different."""
    path.write_bytes(data)
    (record,) = records(str(path))
    assert not isinstance(record, Fault), record.reason
    found = wire.to_json(record)
    assert "items" in found
    if found["roll"]:
        # Names stand in columns, so the roll keeps the lines of its page.
        found["roll"]["text"] = "".join(found["roll"]["text"].split())
    return {key: _placeless(value) for key, value in found.items() if key not in OF_THE_FILE}


def _placeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _placeless(inner) for key, inner in value.items() if key not in ("span", "page")}
    return [_placeless(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("file", WRAPPINGS)
def test_every_format_gives_the_same_meeting(tmp_path: Path, name: str, file: str) -> None:
    """Whatever file a text comes in, each value and each paragraph of the meeting is the same."""
    text = paragraphs(name)
    assert meeting(tmp_path / file, WRAPPINGS[file](text)) == meeting(tmp_path / "given.txt", plain(text))


def test_a_workbook_adds_the_name_of_its_sheet(tmp_path: Path) -> None:
    """Rows of a workbook are the paragraphs; the sheet's name is one more, and nothing else differs."""
    text = paragraphs(TEXTS[0])
    found, given = meeting(tmp_path / "a.xlsx", workbook(text)), meeting(tmp_path / "given.txt", plain(text))
    texts = [one["text"] for one in found.pop("paragraphs")]
    assert texts.pop(0) == "Sheet"
    assert texts == [one["text"] for one in given.pop("paragraphs")]
    assert found == given
