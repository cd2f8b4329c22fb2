"""What an exported file says of itself: what was asked, when, and of which state of the index.

Knows the names of filters and how a day is written; asks nothing of an index but its generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from indexer.search import Index

LABELS = {
    "level": "范围",
    "year": "年份",
    "body": "机关",
    "kind": "会议类别",
    "verdict": "结论",
    "department": "部门",
    "instrument": "议题文件",
    "person": "人员",
    "first": "不早于",
    "last": "不晚于",
}
_LEVELS = {"resolution": "议定事项", "paragraph": "段落"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """`query` is "" where all was asked for; `filters` come as they were given; times have a time zone."""

    query: str
    filters: Mapping[str, tuple[str, ...]]
    made: datetime
    generation: int
    committed: datetime

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return names and values for a person to read."""
        committed = self.committed.astimezone(self.made.tzinfo).isoformat(" ", "minutes")
        return (
            ("检索式", self.query or "（未给出）"),
            *((LABELS.get(name, name), "、".join(values)) for name, values in self.filters.items()),
            ("导出时间", self.made.isoformat(" ", "minutes")),
            ("索引版本", f"第 {self.generation} 版，{committed} 更新"),
        )

    def line(self) -> str:
        """Return the same as one line."""
        return "；".join(f"{name}：{value}" for name, value in self.rows())

    def to_json(self) -> dict[str, object]:
        """Return the same for a program."""
        return {
            "query": self.query,
            "filters": {name: list(values) for name, values in self.filters.items()},
            "exported": self.made.isoformat(timespec="seconds"),
            "generation": self.generation,
            "committed": self.committed.isoformat(timespec="seconds"),
        }


def provenance(index: Index, query: str, **asked: Iterable[str] | str | date | None) -> Provenance:
    """Return what a file that is made now says of itself; filters that were not given are left out."""
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in asked.items():
        values = (str(value),) if isinstance(value, str | date) else tuple(value or ())
        if name == "level":
            values = tuple(_LEVELS[one] for one in values if one in _LEVELS)
        if values:
            filters[name] = values
    return Provenance(query, filters, datetime.now().astimezone(), index.generation(), index.committed())
