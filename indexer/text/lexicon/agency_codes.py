"""机关代字, the agency codes of document numbers: a code goes in, whether it is known and whose it is comes out.

A code that the list does not know may still be one; local bodies make their own (常务会议纪要, 长府会议纪要).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

CODES_FILE = Path(__file__).parent / "agency_codes.tsv"


def is_agency_code(code: str) -> bool:
    """Tell whether a code is one of the list: 国办发, 沪府规."""
    return code in agency_codes()


def agency(code: str) -> str | None:
    """Return the body that numbers its documents with a code; None where it is not known for sure."""
    return agency_codes().get(code)


@cache
def agency_codes() -> dict[str, str | None]:
    """Return all codes with their bodies."""
    rows = (line.split("\t") for line in CODES_FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {row[0]: row[1] if len(row) > 1 else None for row in rows}
