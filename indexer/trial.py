"""A file of documents becomes an index of its own aside, for a trial of the ranking: an open Index, gone afterwards.

Each document is one passage, its title as the first line and then its text, so that what is ranked is what is judged.
No index of the user is read or written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.engines.choose import open_engine
from indexer.evaluate import Evaluation, evaluate
from indexer.model import Dates, Document, Paragraph
from indexer.readers import read
from indexer.readers.source import SourceText
from indexer.search import Index, open_index


@contextmanager
def trial_index(documents: Path) -> Iterator[Index]:
    """Index the documents of a `.jsonl` or `.jsonl.gz` file in a temporary folder and give the index, open.

    Raises:
        UnreadableFile: The file is absent, or a line of it holds no document.
    """
    with tempfile.TemporaryDirectory(prefix="gongwen-trial-") as folder:
        engine = open_engine(folder, create=True)
        try:
            with engine.writing() as writing:
                for source in read(documents):
                    writing.put(_document(source), ())
                writing.commit()
        finally:
            engine.close()
        with open_index(folder) as index:
            yield index


def trial(folder: Path) -> Evaluation:
    """Judge the search as people meet it, exact hits first, by a folder of judgements (see evaluate.py)."""
    return evaluate(folder, trial_index, match="auto")


def _document(source: SourceText) -> Document:
    """Return a document of one paragraph under the id that the judgements name, with d- before it."""
    title = source.meta.get("title")
    text = "\n".join([*([title] if title else []), *(line.text for line in source.lines)])
    paragraph = Paragraph("p1", text, (0, len(text)))
    name = f"d-{source.meta['id']}"
    return Document(name, title, None, None, None, None, Dates(), None, None, (paragraph,), (), ())
