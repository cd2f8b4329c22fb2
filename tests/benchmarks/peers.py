"""The engines that a user would take instead, asked for the same: all of a query's hits counted, the best ten read.

    tantivy   words and pairs of characters as two fields with positions (the optional package `tantivy`)
    whoosh    the same two fields as plain Whoosh keeps them
    fts5      SQLite's full-text index over trigrams; BM25 in their order
    scan      every paragraph looked at, in no order

The three kinds of queries: `words` all jieba words of what was typed occur; `exact` the string occurs; `any` one of the
words occurs, best first. Trigrams know no words: for fts5 and the scan these are the query's words as strings, and
fts5 leaves out strings of less than three characters, which it cannot find; its counts show that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

Answer = tuple[int, list[str]]
Search = Callable[[str, str], Answer]
# What stands for white space in a list of terms parted by spaces.
GAP = "␣"
PARTED = {**{code: GAP for code in range(0x3001) if chr(code).isspace()}, 0: " "}
HEAP = 256_000_000


def words(text: str) -> list[str]:
    """Return the jieba words of a text, in search mode."""
    import rjieba

    found: list[str] = rjieba.cut_for_search(text, True)
    return found


def asked(query: str) -> list[str]:
    """Return the jieba words of a query."""
    import rjieba

    return [word for chunk in query.split() for word in rjieba.cut(chunk, True)]


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring characters; a text of one character as it is."""
    return [a + b for a, b in pairwise(text)] or [text]


class Tantivy:
    """Tantivy by its Python package."""

    def build(self, paragraphs: Iterable[str], folder: Path, threads: int) -> int:
        """Index paragraphs; return how many."""
        import tantivy

        writer = tantivy.Index(_tantivy_schema(), path=str(folder)).writer(HEAP, num_threads=threads)
        done = 0
        for text in paragraphs:
            fields = {"w": _parted(words(text)), "g": _parted(pairs(text))}
            writer.add_document(tantivy.Document(id=done, text=text, **fields))
            done += 1
        writer.commit()
        writer.wait_merging_threads()
        return done

    def open(self, folder: Path) -> Search:
        """Open an index and return what answers."""
        import tantivy

        index = tantivy.Index.open(str(folder))
        searcher: Any = index.searcher()
        schema, make = index.schema, tantivy.Query

        def query(kind: str, typed: str) -> Any:
            if kind == "exact" and len(typed) == 1:
                return make.regex_query(schema, "g", f"{typed}.?")
            if kind == "exact":
                terms: list[Any] = [pair.replace(" ", GAP) for pair in pairs(typed)]
                return make.phrase_query(schema, "g", terms) if len(terms) > 1 else make.term_query(schema, "g", typed)
            how = tantivy.Occur.Must if kind == "words" else tantivy.Occur.Should
            return make.boolean_query([(how, make.term_query(schema, "w", word)) for word in asked(typed)])

        def search(kind: str, typed: str) -> Answer:
            found = searcher.search(query(kind, typed), 10)
            return found.count, [searcher.doc(place)["text"][0] for _, place in found.hits]

        return search


def _tantivy_schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True)
    builder.add_text_field("text", stored=True)
    for field in ("w", "g"):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _parted(terms: Iterable[str]) -> str:
    return "\0".join(terms).translate(PARTED)  # in one go: feeding takes most of the time


class Whoosh:
    """Plain Whoosh with its own codec and writer."""

    def build(self, paragraphs: Iterable[str], folder: Path, threads: int) -> int:
        """Index paragraphs; return how many."""
        from whoosh import analysis, fields, index

        terms = fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer())
        made = index.create_in(str(folder), fields.Schema(text=fields.STORED, w=terms, g=terms))
        writer = made.writer(limitmb=512)
        done = 0
        for text in paragraphs:
            writer.add_document(text=text, w=_parted(words(text)), g=_parted(pairs(text)))
            done += 1
        writer.commit()
        return done

    def open(self, folder: Path) -> Search:
        """Open an index and return what answers."""
        from whoosh import index, query

        searcher = index.open_dir(str(folder)).searcher()

        def wanted(kind: str, typed: str) -> Any:
            if kind == "exact":
                grams = pairs(typed)
                if len(typed) == 1:
                    return query.Prefix("g", typed)
                return query.Phrase("g", grams) if len(grams) > 1 else query.Term("g", typed)
            return (query.And if kind == "words" else query.Or)([query.Term("w", word) for word in asked(typed)])

        def search(kind: str, typed: str) -> Answer:
            found = searcher.search(wanted(kind, typed), limit=10)
            return len(found), [hit["text"] for hit in found]

        return search


class Trigrams:
    """SQLite FTS5 over trigrams."""

    def build(self, paragraphs: Iterable[str], folder: Path, threads: int) -> int:
        """Index paragraphs; return how many."""
        with _connected(folder) as connection:
            connection.execute("create virtual table f using fts5(text, tokenize='trigram')")
            rows = ((text,) for text in paragraphs)
            done = connection.executemany("insert into f(text) values (?)", rows).rowcount
            connection.commit()
        return done

    def open(self, folder: Path) -> Search:
        """Open an index and return what answers."""
        connection = _connected(folder, check_same_thread=False)

        def search(kind: str, typed: str) -> Answer:
            strings = [s for s in ([typed] if kind == "exact" else asked(typed)) if len(s) > 2]
            if not strings:
                return 0, []
            match = (" OR " if kind == "any" else " AND ").join('"' + s.replace('"', '""') + '"' for s in strings)
            best = connection.execute("select text from f where f match ? order by rank limit 10", (match,))
            texts = [text for (text,) in best]
            return connection.execute("select count(*) from f where f match ?", (match,)).fetchone()[0], texts

        return search


def _connected(folder: Path, **options: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(folder / "fts.db", **options)
    return connection


class Scan:
    """No index at all."""

    def build(self, paragraphs: Iterable[str], folder: Path, threads: int) -> int:
        """Write the paragraphs down; return how many."""
        done = 0
        with (folder / "paragraphs.txt").open("w", encoding="utf-8") as file:
            for text in paragraphs:
                file.write(f"{text}\n")
                done += 1
        return done

    def open(self, folder: Path) -> Search:
        """Read the paragraphs and return what looks through them."""
        texts = (folder / "paragraphs.txt").read_text(encoding="utf-8").split("\n")[:-1]

        def search(kind: str, typed: str) -> Answer:
            strings = [typed] if kind == "exact" else asked(typed)
            holds = any if kind == "any" else all
            found: Iterator[str] = (text for text in texts if holds(s in text for s in strings))
            best = list(islice(found, 10))
            return len(best) + sum(1 for _ in found), best

        return search


PEERS: dict[str, Any] = {"tantivy": Tantivy, "whoosh": Whoosh, "fts5": Trigrams, "scan": Scan}
