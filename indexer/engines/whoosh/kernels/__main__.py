"""Compile the loops of the engine beforehand, so that no process has to: `python -m indexer.engines.whoosh.kernels`."""

from __future__ import annotations

import tempfile

from indexer.engines.whoosh import kernels
from indexer.engines.whoosh.engine import open_engine
from indexer.model import Dates, Document, Paragraph


def main() -> None:
    """Make an index of one document and load the loops over it."""
    text = Paragraph("p1", "市政府常务会议审议办法。", (0, 12))
    none = dict.fromkeys(("body", "genre", "date", "doc_number", "source", "disclosure"))
    document = Document(
        id="d-0",
        title="会议",
        dates=Dates(),
        paragraphs=(text,),
        notices=(),
        sources=(),
        **none,
    )
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(folder, create=True)
        with engine.writing() as writing:
            writing.put(document, ())
            writing.commit()
        kernels.load(engine.snapshot())
        engine.close()


if __name__ == "__main__":
    main()
