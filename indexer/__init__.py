"""Full-text search for Chinese government documents: the public verbs.

indexer.build(["minutes/"], "data/index")
with indexer.open_index("data/index") as index:
    answer = index.search("职业教育")
"""

from __future__ import annotations

from indexer.answer import Answer, Hit, Total
from indexer.build import build
from indexer.model import Document, Meeting
from indexer.outcome import Report
from indexer.search import Index, open_index

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Document",
    "Hit",
    "Index",
    "Meeting",
    "Report",
    "Total",
    "__version__",
    "build",
    "open_index",
]
