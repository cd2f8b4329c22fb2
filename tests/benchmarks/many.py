"""Records of an invented city in any number, put into an index without files: what exports and pages are measured on.

Each meeting has sixty agenda items of three resolutions; a person attends two of three meetings, a department leads one
resolution in twenty, and an instrument comes up again every few meetings, so that what gathers them has much to gather.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import meetings as words

from indexer.engines.choose import open_engine
from indexer.model import (
    AgendaItem,
    Attendance,
    Chair,
    Dates,
    Decision,
    DocNumber,
    Meeting,
    NextStep,
    Paragraph,
    Resolution,
)

ITEMS, RESOLUTIONS = 60, 3
BATCH = 250  # meetings of one transaction
CHAIR = "林致远"
REGULAR = ("周明远", "何一帆", "钱立新", "孙衡书")


def build(folder: Path, count: int) -> None:
    """Make an index of so many meetings."""
    with closing(open_engine(folder, create=True)) as engine:
        made = records(count)
        for _ in range(0, count, BATCH):
            with engine.writing() as writing:
                for record in islice(made, BATCH):
                    writing.put(record, ())
                writing.commit()


def records(count: int) -> Iterator[Meeting]:
    """Yield meetings, a day apart."""
    chance = random.Random(count)
    sentences = [words._sentence(chance, words._thing(chance), words._thing(chance)) for _ in range(20_000)]
    for number in range(1, count + 1):
        yield _meeting(number, chance, sentences)


def _meeting(number: int, chance: random.Random, sentences: list[str]) -> Meeting:
    day = date(2005, 1, 4) + timedelta(days=number)
    opening = f"{day.year}年{day.month}月{day.day}日，{CHAIR}市长主持召开市政府第{number}次常务会议。现纪要如下："
    place = len(opening) + 1
    items = []
    for position in range(1, ITEMS + 1):
        item, place = _item(position, chance, sentences, place)
        items.append(item)
    people = [name for name in REGULAR if chance.random() < 2 / 3] + [words._name(chance) for _ in range(8)]
    roll = f"出席：{'  '.join(people)}"
    return Meeting(
        id=f"{day:%Y%m%d}-{number:08x}",
        title=f"云州市人民政府第{number}次常务会议纪要",
        body="云州市人民政府",
        kind="常务会议",
        term=None,
        number=number,
        date=day,
        chair=Chair(CHAIR, "市长"),
        doc_number=DocNumber(f"云府常会纪〔{day.year}〕{number}号", "云府常会纪", day.year, number),
        dates=Dates(printed=day),
        source=None,
        disclosure="此件公开发布",
        distribution=None,
        agenda=tuple(item.title for item in items),
        complete=True,
        items=tuple(items),
        paragraphs=(Paragraph("p1", opening, (0, len(opening))),),
        attendance=tuple(Attendance("出席", name) for name in people),
        roll=Paragraph("attendance", roll, (place, place + len(roll))),
        notices=(),
        sources=(),
    )


def _item(number: int, chance: random.Random, sentences: list[str], place: int) -> tuple[AgendaItem, int]:
    title = f"云州市{words._thing(chance)}{chance.choice(words.KINDS)}"
    heading = f"第{number}项 审议《{title}》"
    headed = Paragraph(f"{number}", heading, (place, place + len(heading)))
    place += len(heading) + 1
    office = chance.choice(words.OFFICES)
    resolutions = []
    for which in range(1, RESOLUTIONS + 1):
        lead = f"（{'一二三'[which - 1]}）"
        text = (
            f"{lead}原则同意《{title}》，由{office}修改完善后按程序印发。"
            if which == 1
            else lead + chance.choice(sentences)
        )
        resolutions.append(
            Resolution(
                number=which,
                anchor=f"{number}.{which}",
                text=text,
                paragraphs=(Paragraph(f"{number}.{which}p1", text, (place, place + len(text))),),
                verdicts=(Decision("原则同意", title, "修改完善后"),) if which == 1 else (),
                lead_department=office if which == 1 else None,
                departments=() if which == 1 else (chance.choice(words.OFFICES),),
                next_step=NextStep("按程序印发", "印发") if which == 1 else None,
            )
        )
        place += len(text) + 1
    item = AgendaItem(number, f"{number}", "审议", f"审议《{title}》", headed, (title,), (), tuple(resolutions))
    return item, place
