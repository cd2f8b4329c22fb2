"""Chinese surnames: a surname goes in, how common it is comes out.

The list is in Simplified characters; fold a Traditional name first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

SURNAMES_FILE = Path(__file__).parent / "surnames.txt"
COMMON, FREQUENT, RARE, COMPOUND = range(4)


def surname_rank(surname: str) -> int | None:
    """Return COMMON, FREQUENT, RARE or COMPOUND, or None for what is no surname."""
    return surnames().get(surname)


@cache
def surnames() -> dict[str, int]:
    """Return all surnames with their rank."""
    lines = [line for line in SURNAMES_FILE.read_text("utf-8").split("\n") if not line.startswith("#")]
    blocks = "\n".join(lines).strip().split("\n\n")
    return {surname: rank for rank, block in enumerate(blocks) for surname in block.split()}
