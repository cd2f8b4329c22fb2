"""Records made up for tests: a document of plain paragraphs, and a meeting with an item, two resolutions and a roll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from indexer.model import (
    AgendaItem,
    Attendance,
    Dates,
    Decision,
    Document,
    Meeting,
    NextStep,
    Paragraph,
    Resolution,
    Source,
)


def document(name: str, paragraphs: Sequence[str], day: date | None = None, **values: str) -> Document:
    """A document of plain paragraphs p1, p2, …"""
    return Document(
        id=f"d-{name}",
        title=values.get("title", name),
        body=values.get("body"),
        genre=values.get("genre"),
        date=day,
        doc_number=None,
        dates=Dates(),
        source=None,
        disclosure=None,
        paragraphs=tuple(Paragraph(f"p{i}", text, (0, len(text))) for i, text in enumerate(paragraphs, 1)),
        notices=(),
        sources=(Source(f"{name}.txt", "0" * 64, "txt"),),
    )


def meeting(number: int, day: date, **changes: object) -> Meeting:
    """A meeting with an opening, one item of two resolutions (the second of two paragraphs) and a roll."""
    first = "（一）原则同意《云川市职业教育条例》。由市教育局修改完善后，按程序印发。"
    second = ("（二）各部门要抓好落实。", "市财政局要保障经费。")
    base = 100
    roll = "出席：林远 周方\n列席：市教育局何平"
    made = Meeting(
        id=f"{day:%Y%m%d}-{number:08x}",
        title=f"市政府第{number}次常务会议纪要",
        body="云川市人民政府",
        kind="常务会议",
        term=None,
        number=number,
        date=day,
        chair=None,
        doc_number=None,
        dates=Dates(printed=day),
        source=None,
        disclosure="此件公开发布",
        distribution=None,
        agenda=("审议《云川市职业教育条例》",),
        complete=True,
        items=(
            AgendaItem(
                number=1,
                anchor="1",
                action="审议",
                title="审议《云川市职业教育条例》",
                heading=Paragraph("1", "一、审议《云川市职业教育条例》", (50, 65)),
                instruments=("云川市职业教育条例",),
                resolutions=(
                    Resolution(
                        number=1,
                        anchor="1.1",
                        text=first,
                        paragraphs=(Paragraph("1.1p1", first, (base, base + len(first))),),
                        verdicts=(Decision("原则同意", "云川市职业教育条例", "修改完善后"),),
                        lead_department="市教育局",
                        next_step=NextStep("按程序印发", "印发"),
                    ),
                    Resolution(
                        number=2,
                        anchor="1.2",
                        text="\n".join(second),
                        paragraphs=(
                            Paragraph("1.2p1", second[0], (150, 162)),
                            Paragraph("1.2p2", second[1], (163, 173)),
                        ),
                        departments=("市财政局",),
                    ),
                ),
            ),
        ),
        paragraphs=(Paragraph("p1", f"{day.year}年市政府召开第{number}次常务会议。", (0, 20)),),
        attendance=(Attendance("出席", "林远"), Attendance("出席", "周方"), Attendance("列席", "何平", "市教育局")),
        roll=Paragraph("attendance", roll, (200, 200 + len(roll))),
        notices=(),
        sources=(Source(f"{number}.txt", "0" * 64, "txt"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]
