"""Full-text search for Chinese government documents: the public verbs.

    ix = indexer.open_index("data/index")
    answer = ix.search("职业教育")
    indexer.build(["minutes/"], "data/index")
"""

from __future__ import annotations

from indexer.answer import Answer, Hit, Total
from indexer.model import Document, Meeting

__version__ = "0.1.0"
__all__ = ["Answer", "Document", "Hit", "Meeting", "Total", "__version__"]
