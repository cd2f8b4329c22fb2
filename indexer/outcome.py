"""What became of a build: the Report with its failed files, and its JSON. Reads and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """One file, or one document of a list, that could not be read."""

    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; `meetings`, `documents` and `passages` count what the index holds after it.

    `added`, `updated` and `removed` count records, `unchanged` counts sources that were not read again.
    `duplicates` are (path, id of the record that is shown from another path); `withheld` are paths left out
    because only public records were wanted; `refused` tells what was left out for a mark of secrecy;
    `near_duplicates` are (path, id of a document that says nearly the same,
    share of the text that is in both); `others` counts by suffix the files in folders that are of no kind that is read.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: tuple[tuple[str, str], ...] = ()
    failed: tuple[Failure, ...] = ()
    meetings: int = 0
    documents: int = 0
    passages: int = 0
    seconds: float = 0.0
    withheld: tuple[str, ...] = ()
    near_duplicates: tuple[tuple[str, str, float], ...] = ()
    refused: tuple[Failure, ...] = ()
    others: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the report of `index --json`."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "duplicates": [list(pair) for pair in self.duplicates],
            "near_duplicates": [list(row) for row in self.near_duplicates],
            "failed": [{"path": row.path, "error": row.error} for row in self.failed],
            "refused": [{"path": row.path, "error": row.error} for row in self.refused],
            "withheld": list(self.withheld),
            "others": dict(self.others),
            "meetings": self.meetings,
            "documents": self.documents,
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
        }
