"""Read who was there: the roll of minutes, or their opening sentence, goes in, attendance in reading order comes out.

Names are told from units by a model of both (names.py, people.py), since rolls are set in columns, broken by line
and page ends, and glue a unit to a name. People who are only counted or described (各部门负责人) give nothing.
"""

from __future__ import annotations

from indexer.minutes.entries import entries
from indexer.minutes.people import pieces
from indexer.minutes.presence import read_opening
from indexer.minutes.roll import find_roll, sections
from indexer.model import Attendance

__all__ = ["find_roll", "read_attendance", "read_opening"]


def read_attendance(roll: str) -> tuple[Attendance, ...]:
    """Read a roll: its lines from the first label to before the tail, joined by line feeds.

    Returns:
        One entry for each name, and one without name for each unit that sent an unnamed representative, in
        reading order. `note` holds the agenda items, the office, the reason of leave, as far as given.
    """
    return tuple(
        entry for section in sections(roll) for entry in entries(pieces(section.text), section.role, section.note)
    )
