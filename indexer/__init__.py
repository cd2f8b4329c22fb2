"""Full-text search for Chinese government documents: the public verbs.

    with indexer.open_index("data/index") as index:
        answer = index.search("职业教育")
"""

from __future__ import annotations

from indexer.answer import Answer, Hit, Total
from indexer.model import Document, Meeting

__version__ = "0.1.0"
__all__ = ["Answer", "Document", "Hit", "Meeting", "Total", "__version__"]
