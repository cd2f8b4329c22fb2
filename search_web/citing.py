"""Citations to copy: of a meeting, a document or one passage, in the styles of `indexer.citations`."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, make_response, request

from indexer.citations import MEDIA_TYPES, STYLES, anchors, cite, written
from indexer.model import Record
from search_web import params
from search_web.described import described
from search_web.holder import held_index
from search_web.parameters import ANCHOR, STYLE
from search_web.sentences import told

blueprint = Blueprint("citing", __name__)

STYLE_LABELS = dict(zip(STYLES, ("GB/T 7714-2015", "BibTeX", "RIS", "CSL-JSON"), strict=True))
_SUFFIXES = {"gbt7714": "txt", "bibtex": "bib", "ris": "ris", "csl": "json"}


@blueprint.get("/cite/<id>")
@described("引文", ANCHOR, STYLE, media=tuple(MEDIA_TYPES.values()), statuses=(404,), indexed=False)
def cited(id: str) -> Response:
    """会议、文件或其中一段的引文，引用日期为今天；文中没有的不写。"""
    style = params.choice(request.args, "style", STYLES)
    anchor = request.args.get("anchor", "").strip()
    text = written(cite(held_index().record(id), anchor, base_url=_site(), accessed=date.today()), style)
    response = make_response(text + "\n")
    media = MEDIA_TYPES[style]
    response.content_type = f"{media}; charset=utf-8" if media.startswith("text/") else media
    if style != "gbt7714":
        name = f"{id.encode('ascii', 'replace').decode().replace('?', '_')}.{_SUFFIXES[style]}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.app_template_global()
def citation_of(record: Record) -> str:
    """Return the citation of a whole record in the Chinese standard's form, for its page."""
    return written(cite(record, base_url=_site(), accessed=date.today()), "gbt7714")


@blueprint.app_template_global()
def citable(record: Record) -> list[tuple[str, str]]:
    """Return the anchors that a page offers to cite: items, resolutions and headings, with their places."""
    return [(anchor, f"{anchor}　{told(place)}") for anchor, place in anchors(record).items() if "p" not in anchor]


@blueprint.app_template_global()
def citation_styles() -> dict[str, str]:
    """Return the styles with what they are called."""
    return {str(style): label for style, label in STYLE_LABELS.items()}


def _site() -> str:
    return request.url_root.rstrip("/")
