"""What an index holds of each body's meetings, and what it is known to lack: numbers, listed items, further matters.

Numbers come from the heads of records; the rest needs every record read, about a millisecond each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from indexer import gaps
from indexer.engines.engine import Engine, RecordHead
from indexer.errors import NotFound
from indexer.gaps import Gap
from indexer.model import Meeting, Paragraph
from indexer.text.fold import fold, table

NO_BODY = "机关不明"
# 会议还研究了其他事项。 八、研究其他事项
OTHER_MATTERS = re.compile(
    r"(?:研究|讨论|审议|听取|议定|通报)了?[^,。;:]{0,8}其[他它](?:有关|相关|一些)?(?:事项|议题|工作|事宜|问题)"
)


@dataclass(frozen=True, slots=True)
class Series:
    """What is held of the meetings of one body and kind.

    `gaps` come run by run in order of their numbers; None where none can be told.
    """

    body: str
    kind: str
    count: int
    first: date | None
    last: date | None
    gaps: tuple[Gap, ...] | None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A meeting whose opening lists other items than follow, with the number of each."""

    head: RecordHead
    listed: int
    found: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is held and lacking; `compared` meetings list their items, `further` tell that there were others, too.

    The three are None where records were not read. Meetings come newest first.
    """

    series: tuple[Series, ...]
    compared: int | None = None
    mismatches: tuple[Mismatch, ...] | None = None
    further: tuple[RecordHead, ...] | None = None


def coverage(engine: Engine, *, read: bool = True) -> Coverage:
    """Tell what an index holds and lacks; without `read`, what is known without reading records."""
    heads = engine.heads()
    if not read:
        return Coverage(series(heads))
    compared, mismatches, further = 0, [], []
    for head, meeting in _meetings(engine, heads):
        compared += meeting.complete is not None
        if meeting.complete is False:
            mismatches.append(Mismatch(head, len(meeting.agenda), len(meeting.items)))
        if other_matters(meeting):
            further.append(head)
    return Coverage(series(heads), compared, tuple(mismatches), tuple(further))


def other_matters(meeting: Meeting) -> Paragraph | None:
    """Return the last paragraph that tells of further matters without naming them (会议还研究了其他事项)."""
    paragraphs = [*meeting.paragraphs]
    for item in meeting.items:
        paragraphs += [item.heading] if item.heading else []
        paragraphs += (p for resolution in item.resolutions for p in resolution.paragraphs)
    # Most meetings tell of none; to see that takes a tenth of the time that it takes to fold their texts.
    if not any(_begins().search(p.text) for p in paragraphs):
        return None
    found = [p for p in paragraphs if OTHER_MATTERS.search(fold(p.text))]
    return max(found, key=lambda p: p.span, default=None)


@cache
def _begins() -> re.Pattern[str]:
    """Return the pattern of one character that may be the 其 of further matters."""
    return re.compile(f"[{''.join(chr(one) for one, plain in table().items() if plain == ord('其'))}]")


def series(heads: Iterable[RecordHead]) -> tuple[Series, ...]:
    """Tell for each body and kind of meeting what is held and what numbers are missing; largest first."""
    every = list(heads)
    missing = gaps.gaps_before(every)
    order = {later: place for place, later in enumerate(missing)}  # run by run, by number in each
    rows = []
    for (body, _), group in gaps.series(every).items():
        days = [head.date for head in group if head.date]
        first, last = (min(days), max(days)) if days else (None, None)
        after_gaps = sorted((order[head.id], head.id) for head in group if head.id in missing)
        found = tuple(gap for _, later in after_gaps for gap in missing[later])
        told = None if gaps.placeless(body) else found
        rows.append(Series(body_name(group), group[0].kind or "会议", len(group), first, last, told))
    return tuple(sorted(rows, key=lambda row: (-row.count, row.body, row.kind)))


def body_name(group: Iterable[RecordHead]) -> str:
    """The name that most records of a body use."""
    return Counter(head.body or NO_BODY for head in group).most_common(1)[0][0]


def _meetings(engine: Engine, heads: Iterable[RecordHead]) -> Iterator[tuple[RecordHead, Meeting]]:
    for head in heads:
        with suppress(NotFound):  # it went meanwhile, when the index changed
            record = engine.record(head.id) if head.type == "meeting" else None
            if isinstance(record, Meeting):
                yield head, record
