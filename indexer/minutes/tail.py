"""The lines behind the last item go in; dates, disclosure and distribution come out.

`某市人民政府办公室整理` / `2021年4月12日` · `（此件公开发布）` · `分送：…` · `2021年4月14日印发`. A date that the
source destroyed is kept as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indexer.minutes import dates, marks
from indexer.minutes.paragraphs import Block

PRINTED = re.compile(rf"{dates.FULL}(?:印发|印制|印)")
COMPILED_INLINE = re.compile(rf"(?:整理|编印|编发)[^\d一二]{{0,6}}{dates.FULL}")
BROKEN_DATE = re.compile(r"\d{5,8}")


@dataclass(frozen=True, slots=True)
class Tail:
    """What the tail says; None where it says nothing. `damaged` is a compile date that no longer is one."""

    compiled: date | None = None
    damaged: str | None = None
    printed: date | None = None
    disclosure: str | None = None
    distribution: str | None = None
    signed: date | None = None


def read(blocks: Sequence[Block]) -> Tail:
    """Read the tail's paragraphs, in order."""
    compiled, damaged = _compiled(blocks)
    printed = next((d for b in blocks if (m := PRINTED.search(b.stream[:200])) and (d := dates.full(m[0]))), None)
    signed = next((d for b in blocks if marks.date_alone(b.stream[:40]) and (d := dates.full(b.stream))), None)
    return Tail(compiled, damaged, printed, disclosure(blocks), _distribution(blocks), signed)


def disclosure(blocks: Sequence[Block]) -> str | None:
    """Return the wording of the disclosure line, without its brackets."""
    for block in blocks:
        match = marks.DISCLOSURE.fullmatch(block.stream) if len(block.stream) < 60 else None
        if match:
            return block.view.group(match, "text") or block.view.group(match, "plain")
    return None


def _compiled(blocks: Sequence[Block]) -> tuple[date | None, str | None]:
    """The day stands on the line of the compiler or on the next one."""
    for at, block in enumerate(blocks):
        inline = COMPILED_INLINE.search(block.stream[:200])
        if inline:
            return dates.full(inline[0]), None
        if not marks.COMPILED.fullmatch(block.stream[:100]) or at + 1 == len(blocks):
            continue
        following = blocks[at + 1].stream
        if marks.date_alone(following[:40]):
            return dates.full(following), None
        if BROKEN_DATE.fullmatch(following[:20]):
            return None, blocks[at + 1].view.value(0, len(following))
    return None, None


def _distribution(blocks: Sequence[Block]) -> str | None:
    """Return the list of addressees behind its label; further labelled lines right behind it belong to it."""
    first = next((at for at, b in enumerate(blocks) if marks.DISTRIBUTION.match(b.stream[:20])), None)
    if first is None:
        return None
    label = marks.DISTRIBUTION.match(blocks[first].stream[:20])
    assert label is not None
    parts = [blocks[first].view.value(label.end(), len(blocks[first].stream))]
    for block in blocks[first + 1 :]:
        if not marks.DISTRIBUTION.match(block.stream[:20]):
            break
        parts.append(block.view.value(0, len(block.stream)))
    return "\n".join(part for part in parts if part) or None
