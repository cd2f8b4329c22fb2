"""What all office files of ECMA-376 share: escaping, the list of their parts, how the parts relate, and what they are.

Knows no rows and no paragraphs; `workbook` and `extract` write those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from indexer import __version__
from indexer.archive import Member

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def escaped(text: str) -> str:
    """Return a text as it may stand between tags or quotes; what XML cannot hold is a question mark."""
    return escape(_NOT_XML.sub("?", text), {'"': "&quot;", "\r": "&#13;"})


def package(main: str, kind: str, parts: Mapping[str, str], told: str) -> Iterator[Member]:
    """Yield what makes parts a file that office programs open.

    Args:
        main: The name of the part that is opened, and `kind` its content type.
        parts: The content types of the other parts, in the order of their relations rId1, rId2, …
        told: What the file is, for its properties.
    """
    folder, _, name = main.rpartition("/")
    types = {main: kind, **parts, "docProps/core.xml": _CORE}
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{type_}"/>' for part, type_ in types.items())
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{_relation(type_)}" Target="{part.removeprefix(folder + "/")}"/>'
        for n, (part, type_) in enumerate(parts.items(), 1)
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield (
        "[Content_Types].xml",
        (
            f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="{main}"/>'
            f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>',
        ),
    )
    yield (
        f"{folder}/_rels/{name}.rels",
        (f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',),
    )
    yield (
        "docProps/core.xml",
        (
            f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:creator>gongwen {__version__}</dc:creator><dc:description>{escaped(told)}</dc:description>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{now}</dcterms:created></cp:coreProperties>',
        ),
    )


def _relation(kind: str) -> str:
    """worksheet, styles: the relation that a content type stands in."""
    return kind.rpartition(".")[2].removesuffix("+xml")
