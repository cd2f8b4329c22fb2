"""The English catalogue of the pages: their texts in, `messages.po` with all of them and its compiled form out.

    python tests/support/catalogue.py     gather the texts anew, keep what is translated, compile

Texts stand in templates, in Python (`gettext`, `marked`), in the description of the API and in the errors of pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from search_web import failures, openapi
from search_web.app import create_app
from search_web.language import TRANSLATIONS

PAGES = TRANSLATIONS.parent
SOURCE = TRANSLATIONS / "en/LC_MESSAGES/messages.po"
COMPILED = SOURCE.with_suffix(".mo")
# The function that stands around a text: what of its arguments is one, and twice where it holds a number.
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "marked": None, "many": (1, 1)}
HEADERS = {
    "project": "gongwen",
    "version": "1",
    "last_translator": "gongwen",
    "language_team": "en",
    "msgid_bugs_address": "-",
}
TOLD = ("description", "summary", "title")  # members of the API's description that hold texts
ENGLISH = re.compile("[A-Za-z]+ [a-z]+ [a-z]+ ")  # what shapes are told in
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "encoding": "utf-8"}  # as `language.register` sets them
CHINESE = re.compile("[一-鿿，。：、（]")

Text = str | tuple[str, ...]


def gathered() -> dict[Text, str]:
    """Return every text with the file that it stands in, in order."""
    found: dict[Text, str] = {}
    for path in [*sorted(PAGES.glob("templates/**/*")), *sorted(PAGES.glob("*.py"))]:
        if path.is_file():
            for text in _of_file(path):
                found.setdefault(text, path.relative_to(PAGES.parent).as_posix())
    for text in sorted(set(_of_program())):
        found.setdefault(text, "search_web/openapi.py")
    # A text that is told with a number somewhere is looked up with one there and without one elsewhere.
    return {text: place for text, place in found.items() if isinstance(text, tuple) or (text, text) not in found}


def catalogue() -> Catalog:
    """Return the catalogue as it is kept."""
    with SOURCE.open("rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def renewed(kept: Catalog) -> Catalog:
    """Return a catalogue of exactly the gathered texts, with what is translated of them."""
    made = Catalog(locale="en", domain="messages", fuzzy=False, header_comment="# English pages.", **HEADERS)
    made.creation_date = made.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # no day tells anything here
    for text, place in gathered().items():
        old = kept.get(text if isinstance(text, str) else text[0])
        made.add(text, old.string if old and bool(old.pluralizable) == isinstance(text, tuple) else None, [(place, 0)])
    return made


def compiled(kept: Catalog) -> bytes:
    """Return the catalogue as programs read it."""
    file = io.BytesIO()
    write_mo(file, kept)
    return file.getvalue()


def written(made: Catalog) -> bytes:
    """Return the catalogue as people read it."""
    file = io.BytesIO()
    write_po(file, made, width=120, include_lineno=False, include_previous=False)
    return file.getvalue()


def _of_file(path: Path) -> Iterator[Text]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    with path.open("rb") as file:
        # In Python `_` stands for `marked`, in templates for `gettext`.
        for _, text, _, _ in extract(method, file, KEYWORDS, options=OPTIONS):
            if CHINESE.search("".join(text)):
                yield text


def _of_program() -> Iterator[str]:
    """Texts that a page shows out of tables of the program."""
    yield failures.Failure(0, "").title
    yield from failures._TITLES.values()
    yield from failures._DETAILS.values()
    yield from _chinese(openapi.description(create_app(Path())))


def _chinese(told: Any, name: str = "") -> Iterator[str]:
    if isinstance(told, dict):
        for member, value in told.items():
            yield from _chinese(value, member)
    elif isinstance(told, list):
        for value in told:
            yield from _chinese(value)
    elif isinstance(told, str) and name in TOLD and CHINESE.search(told) and not ENGLISH.search(told):
        yield told


if __name__ == "__main__":
    kept = catalogue() if SOURCE.exists() else Catalog(locale="en")
    SOURCE.write_bytes(written(renewed(kept)))
    COMPILED.write_bytes(compiled(catalogue()))
